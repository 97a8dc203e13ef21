/* The shape of a regular expression, read without PCRE2: whether a start of a match has a bounded number of ways to go on,
 * and which literal must be in every match. Only regex.c and its tests use this.
 *
 * What it cannot bound it refuses: references to groups, recursion, conditions, verbs, quantifiers in lookbehinds. The
 * number of ways is a product over everything that can be divided in several ways; a repeat whose end is certain, because
 * what follows cannot begin like what is repeated, counts as one way (PCRE2 makes those possessive too). */
#ifndef EARSHOT_TEXT_REGEX_SHAPE_H
#define EARSHOT_TEXT_REGEX_SHAPE_H

#include "common/base/arena.h"

#define REGEX_LITERALS 16 /* alternatives of a required literal: (退款|退钱) has two */

struct regex_shape {
	double ways; /* upper bound, from one start */
	struct str literal[REGEX_LITERALS]; /* one of them is in every match; as written, not folded */
	size_t nliterals; /* 0: none is required */
	struct str trial[4]; /* short strings that a match could be made of, for a trial: repeated they are the worst case */
	size_t ntrials;
};

/* false with one sentence in *why when the expression must be refused; `column` then counts bytes from 0. */
bool regex_shape_read(struct arena *a, struct str pattern, struct regex_shape *out, const char **why, size_t *column);

#endif
