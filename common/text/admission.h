/* Which brands a post is about: alias hits that survive exclusion and whose context speaks for the brand (小米 the firm, not
 * the grain), and brand queries that are true of the post. Pure. */
#ifndef EARSHOT_TEXT_ADMISSION_H
#define EARSHOT_TEXT_ADMISSION_H

#include "common/text/scan.h"

struct admission {
	int brand; /* index into rulebook.brand */
	const struct match *const *place; /* where it is named; of a brand query the places of its terms */
	size_t nplaces;
};

/* Returns how many; the list and its places live in `a`, the matches in `s`. */
size_t admission_find(struct arena *a, const struct rulebook *book, const struct scanned *s, struct admission **out);

#endif
