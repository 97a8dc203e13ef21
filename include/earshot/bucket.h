/* Counts of one brand x dimension x minute (rolled up to hour and day, all UTC).
 * Dimensions are names: all negative neutral positive complaint category:NAME source:FAMILY own
 * and, as sums of differences between sights, likes replies shares views. `own` posts count only in "own".
 * What a back-fill counts later counts in `history`, `history:negative`, `history:complaint` besides. */
#ifndef EARSHOT_BUCKET_H
#define EARSHOT_BUCKET_H

#include "common/base/str.h"

#define DIMENSIONS_OF_MENTION 11

/* Adds the dimensions of a mention to `out` and returns how many: a pure function of the verdict's outcome, so that
 * `earshot verify` can recount. Implemented in detector/count.c. */

/* A series read back: one value a minute, oldest first. */
struct series {
	int64_t from_ms;
	double *value;
	size_t n;
	bool *missing; /* NULL = nothing missing */
};

#endif
