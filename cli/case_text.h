/* `earshot case KIND` for texts: each turns one line of JSON into one line of JSON over the functions of the live path.
 * false = the line is not of the kind's shape; `out` then holds nothing. */
#ifndef EARSHOT_CLI_CASE_TEXT_H
#define EARSHOT_CLI_CASE_TEXT_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/json.h"

bool case_pii(struct arena *a, const struct json *line, struct buf *out); /* {"text"} → {"spans":[[from,to,type]…]} */
bool case_piivectors(struct arena *a, const struct json *line, struct buf *out); /* the same with the vectors' type names */
bool case_obfuscation(struct arena *a, const struct json *line, struct buf *out); /* {"keyword","text"} → {"match"} */
bool case_redos(struct arena *a, const struct json *line, struct buf *out); /* {"pattern","subject"} → {"ok","why"} */

#endif
