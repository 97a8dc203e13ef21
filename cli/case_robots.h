/* `earshot case robots|robotspath`, and the same question for `earshot robots`. false = the line is not of the kind's shape; `out`
 * then holds nothing. */
#ifndef EARSHOT_CLI_CASE_ROBOTS_H
#define EARSHOT_CLI_CASE_ROBOTS_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/json.h"

/* {"robots" or "robots_latin1" (bytes as latin-1 text),"agent","url"} → {"allowed",…} */
bool case_robots(struct arena *a, const struct json *line, struct buf *out);
/* {"fn":"path" or "escape","in_latin1"} → {"out_latin1"} */
bool case_robotspath(struct arena *a, const struct json *line, struct buf *out);

struct case_robots_question {
	struct str text, agent, url;
};
/* Writes {"allowed","line"?,"rule"?,"crawl_delay"?,"sitemaps"?}; returns whether it is allowed. */
bool case_robots_write(struct arena *a, const struct case_robots_question *q, struct buf *out);

#endif
