/* How much more or less new rules find than old ones in the posts of the past: what a publication carries, so that the
 * detectors can move their baselines (design 4.9, detector/rebase.h). */
#ifndef EARSHOT_CLI_RULES_MEASURE_H
#define EARSHOT_CLI_RULES_MEASURE_H

#include "cli/past.h"

/* Counts both books over `past`. *out: JSON as common/store/rulebooks.h says, in `a`; "" when there was not one post. */
enum outcome rules_measure(const struct rulebook *old, const struct rulebook *new, struct past *past, struct arena *a,
	struct str *out, struct err *e) MUST_CHECK;
/* A line a brand that gains or loses, for people. */
void rules_measure_tell(struct buf *out, struct str ratios);

#endif
