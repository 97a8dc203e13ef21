/* `earshot case KIND` for addresses: each turns one line of JSON into one line of JSON over the functions of the live path.
 * false = the line is not of the kind's shape; `out` then holds nothing. */
#ifndef EARSHOT_CLI_CASE_NET_H
#define EARSHOT_CLI_CASE_NET_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/json.h"

bool case_ssrf(struct arena *a, const struct json *line, struct buf *out); /* {"url","resolve"?} → {"allow"} */
bool case_psl(struct arena *a, const struct json *line, struct buf *out); /* {"host"} → {"domain"} */
bool case_url(struct arena *a, const struct json *line, struct buf *out); /* {"input","base"?} → {"href"} or {"failure":true} */
bool case_normalize(struct arena *a, const struct json *line, struct buf *out); /* {"input"} → {"href"} */

#endif
