/* The baseline state of one series: plain data of fixed size, so that owners embed arrays of it and copy it as bytes.
 * Only evidence.c and baseline.c look inside; everybody else goes through detector/evidence.h. */
#ifndef EARSHOT_DETECTOR_MODEL_H
#define EARSHOT_DETECTOR_MODEL_H

#include "detector/evidence.h"

#define MODEL_SLOTS 48 /* half hours of the UTC day */
#define MODEL_DEPTHS                                                                                                             \
	{                                                                                                                        \
		1, 12, 36                                                                                                        \
	} /* a window in steps; a step is 5 min, or the bucket when that is wider */
#define MODEL_LAGGED 49 /* 1 + 12 + 36 */
#define MODEL_SHIFTS 4 /* changes of the level that may lie within the longest windows at one time */

/* Something other than the world moved the level: rules or sources were changed (design 4.9). */
struct shift {
	int64_t at_ms;
	float factor; /* level behind over level before */
};

struct model {
	int64_t step_ms; /* 5 min, or the bucket when that is wider */
	int64_t first_ms; /* the first sight with a post in it; 0 = nothing seen yet */
	int64_t learned_ms; /* the last sight learnt */
	int64_t stepped_ms; /* the last sight that went into the baseline */
	int32_t steps; /* sights that went into the baseline */
	float root[EVIDENCE_WINDOWS]; /* baseline: mean square root of a window's sum, time of day taken out */
	float variance[EVIDENCE_WINDOWS]; /* of y = 2 sqrt(sum + 3/8) around the baseline; 1 for a Poisson stream */
	float tail[EVIDENCE_WINDOWS]; /* the z this series reaches by itself now and then */
	float slot[MODEL_SLOTS]; /* rate of a half hour of the day over the mean rate */
	float lagged[MODEL_LAGGED]; /* sums that wait until their window has passed, one ring a window */
	struct shift shift[MODEL_SHIFTS]; /* `root` is the level behind all of them; oldest first */
	int32_t nshifts;
	float doubt; /* relative standard deviation of the level since doubt_ms: the ratio was an estimate */
	int64_t doubt_ms;
	int32_t doubt_step; /* steps at that time */
};

#endif
