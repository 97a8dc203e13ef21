/* Two rulebooks side by side: which rule of the one is which rule of the other, and what changed in it. The order of files and
 * lines plays no part. A rule is the same rule when list, brand, alias and folded term are; a query when list, brand and name
 * are. Leaves of queries are not listed: their query is. */
#ifndef EARSHOT_TEXT_RULEDIFF_H
#define EARSHOT_TEXT_RULEDIFF_H

#include "common/text/rulebook.h"

enum rule_change {
	RULE_ADDED = 1u << 0,
	RULE_REMOVED = 1u << 1,
	RULE_WEIGHT = 1u << 2,
	RULE_CATEGORY = 1u << 3,
	RULE_URGENCY = 1u << 4,
	RULE_NATURE = 1u << 5,
	RULE_FOLDS = 1u << 6,
	RULE_AMBIGUOUS = 1u << 7,
	RULE_SPELLING = 1u << 8, /* written otherwise, the same once folded */
	RULE_QUERY = 1u << 9, /* a query that says something else */
};

struct rule_pair {
	const struct rule *old, *new; /* at most one is NULL */
	unsigned changes; /* enum rule_change bits */
};
struct brand_pair {
	const struct brand *old, *new; /* same id; at most one is NULL */
};

/* Sorted by list, brand id, alias, folded term. `old` may be NULL: everything is new. Everything lives in `a`. */
size_t rulediff_rules(struct arena *a, const struct rulebook *old, const struct rulebook *new, struct rule_pair **out);
/* Sorted by id. */
size_t rulediff_brands(struct arena *a, const struct rulebook *old, const struct rulebook *new, struct brand_pair **out);

#endif
