/* `earshot case KIND` for documents: each turns one line of JSON into one line of JSON over the functions of the live path.
 * false = the line is not of the kind's shape; `out` then holds nothing. */
#ifndef EARSHOT_CLI_CASE_H
#define EARSHOT_CLI_CASE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/json.h"

bool case_feeds(struct arena *a, const struct json *line, struct buf *out); /* {"file","url"?,"headers"?} → a feed result */
bool case_survive(struct arena *a, const struct json *line, struct buf *out); /* the same; any file must give an answer */
bool case_feeddates(struct arena *a, const struct json *line, struct buf *out); /* {"date"} → {"unix"}, null when it is none */
bool case_json(struct arena *a, const struct json *line, struct buf *out); /* {"file"} → {"ok"} */
bool case_charset(struct arena *a, const struct json *line, struct buf *out); /* {"charset","bytes_b64"} → {"text"} */

#endif
