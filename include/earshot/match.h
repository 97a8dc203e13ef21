/* Where a rule hit: half-open ranges of code points in a named field of the ORIGINAL text. */
#ifndef EARSHOT_MATCH_H
#define EARSHOT_MATCH_H

#include <earshot/post.h>
#include <earshot/rule.h>

/* What the normaliser had to do for a match to be seen; a match tells which folds it needed. */
enum fold {
	FOLD_CASE = 1u << 0, /* A → a */
	FOLD_WIDTH = 1u << 1, /* full width → half width and other NFKC compatibility forms */
	FOLD_HANT = 1u << 2, /* Traditional → Simplified */
	FOLD_HIDDEN = 1u << 3, /* zero-width, soft hyphen, bidi, variation selectors dropped */
	FOLD_MARKS = 1u << 4, /* composed or reordered combining marks */
	FOLD_SPACE = 1u << 5, /* runs of white space made one */
};

struct match {
	const struct rule *rule;
	enum post_field field;
	uint32_t from, to; /* code points of the original */
	uint32_t norm_from, norm_to; /* bytes of the normalised field, for those who look at the neighbourhood */
	unsigned folds; /* enum fold bits between from and to */
};

#endif
