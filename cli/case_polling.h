/* `earshot case polling`: remembers its feeds from line to line. */
#ifndef EARSHOT_CLI_CASE_POLLING_H
#define EARSHOT_CLI_CASE_POLLING_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/json.h"

/* {"feed","now" (s),"new","gaps":[s…]} → {"next"} (s): as in ../shared/tools/score_polling.py. */
bool case_polling(struct arena *a, const struct json *line, struct buf *out);

#endif
