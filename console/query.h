/* Parameters of a request: percent-encoded, foreign, each with a form and bounds. Pure. */
#ifndef EARSHOT_CONSOLE_QUERY_H
#define EARSHOT_CONSOLE_QUERY_H

#include "common/base/arena.h"

/* The first value of `name`, decoded (%XX and + as browsers do; a broken %XX stays as it is) into `a`. False when absent. */
bool query_value(struct arena *a, struct str query, const char *name, struct str *out);

struct query_bounds {
	int64_t fallback, min, max;
};
/* A whole number inside its bounds, or the fallback when absent. REJECT names parameter, value and bounds. */
enum outcome query_int(
	struct arena *a, struct str query, const char *name, struct query_bounds bounds, int64_t *out, struct err *e) MUST_CHECK;
/* A brand id, [a-z0-9-]{1,32}; it becomes part of key names, so nothing else gets through. */
enum outcome query_brand(struct arena *a, struct str query, struct str *out, struct err *e) MUST_CHECK;

#endif
