/* Verdict -> dimensions a mention counts in. Pure, so that `earshot verify` can recount from the records alone. */
#ifndef EARSHOT_DETECTOR_COUNT_H
#define EARSHOT_DETECTOR_COUNT_H

#include <earshot/bucket.h>
#include <earshot/verdict.h>
#include "common/base/arena.h"

size_t count_dimensions(
	struct arena *a, const struct post *post, const struct verdict *v, const char *out[DIMENSIONS_OF_MENTION]);

#endif
