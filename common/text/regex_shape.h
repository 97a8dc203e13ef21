/* The shape of a regular expression, read without PCRE2: whether a start of a match has a bounded number of ways to go on,
 * and which literals must be in every match. Only regex.c and its tests use this.
 *
 * What it cannot bound it refuses: references to groups, recursion, conditions, verbs, quantifiers in lookbehinds. The
 * number of ways is a product over everything that can be divided in several ways; a repeat whose end is certain, because
 * what follows cannot begin like what is repeated, counts as one way (PCRE2 makes those possessive too). */
#ifndef EARSHOT_TEXT_REGEX_SHAPE_H
#define EARSHOT_TEXT_REGEX_SHAPE_H

#include "common/base/arena.h"

#define REGEX_LITERALS 48 /* alternatives of a need: (退款|退钱) has two */
#define REGEX_NEEDS 3 /* of one expression: the rarest */
#define REGEX_ANYWHERE UINT32_MAX

/* What a match cannot be without: one of these literals, as written in the expression, not folded. */
struct regex_need {
	const struct str *literal;
	size_t n;
	uint32_t before; /* so many bytes of a match can stand in front of the literal, or REGEX_ANYWHERE */
	double cost; /* about how often a text holds one of them; only to compare needs */
};

struct regex_shape {
	double ways; /* upper bound, from one start */
	struct regex_need
		need[REGEX_NEEDS]; /* the rarest first: an expression is run where that one stands, if the others stand, too */
	size_t nneeds; /* 0: nothing is required */
	struct str trial[4]; /* short strings that a match could be made of, for a trial: repeated they are the worst case */
	size_t ntrials;
};

/* false with one sentence in *why when the expression must be refused; `column` then counts bytes from 0. */
bool regex_shape_read(struct arena *a, struct str pattern, struct regex_shape *out, const char **why, size_t *column);

#endif
