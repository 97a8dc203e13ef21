/* Which brands a post is about: alias hits that survive exclusion and whose context speaks for the brand (小米 the firm, not
 * the grain), and brand queries that are true of the post. Pure. */
#ifndef EARSHOT_TEXT_ADMISSION_H
#define EARSHOT_TEXT_ADMISSION_H

#include "common/text/sense.h"

struct admission {
	int brand; /* index into rulebook.brand */
	const struct match *const *place; /* where it is named; of a brand query the places of its terms */
	size_t nplaces;
	bool is_meant; /* false: an everyday word, as far as can be told; only admission_weigh_all() returns such */
	const struct sense *sense; /* why, of the ambiguous place that speaks loudest; NULL when no alias is ambiguous */
};

/* Brands that are given: a source of theirs is about them whatever its words. By id or name; those the book does not have are left
 * out, and so are repeats. */
size_t admission_given(
	struct arena *a, const struct rulebook *book, const struct str *id_or_name, size_t n, struct admission **out);

/* Returns how many; the list and its places live in `a`, the matches in `s`. */
size_t admission_find(struct arena *a, const struct rulebook *book, struct scanned *s, struct admission **out);

/* The same with the brands whose aliases stand there as everyday words, for those who want to know why. */
size_t admission_weigh_all(struct arena *a, const struct rulebook *book, struct scanned *s, struct admission **out);

#endif
