/* Traps: addresses of next pages that lead on for ever. A site need not mean harm: a relative link without its slash, a calendar, or a
 * list of what was seen already does it, too. Pure.
 *
 * Judged is the address alone, against the one that the operator configured: whatever stands in that is no sign. How many pages are read
 * at all is capped elsewhere (paging.h); this ends it where nothing but more of the same can follow.
 *
 *     path      the same piece of it three times in a row (numbers: four, as in /11/11/11/), one word in it four times, or too deep
 *     query     one name=value three times, too many parameters, or escapes of escapes of escapes (%2525), as of addresses in addresses
 *     length    far longer than the configured one: something is added with every page
 *     calendar  a date before 1990 or in more than a year */
#ifndef EARSHOT_CRAWLER_TRAP_H
#define EARSHOT_CRAWLER_TRAP_H

#include "common/base/url.h"

struct trap_sight {
	struct str next; /* where the page leads */
	struct str own; /* the source's own address */
	int64_t now_ms; /* 0 = not known: dates say nothing */
};

/* Why it is one, as the end of a sentence ("repeats /a/b/ in its path"); NULL when it is none, or no address. */
const char *trap_find(struct arena *a, const struct trap_sight *sight);
/* Two addresses of one page: they differ in session ids, tracking and fragment at most. */
bool trap_is_same(struct arena *a, struct str one, struct str other);

#endif
