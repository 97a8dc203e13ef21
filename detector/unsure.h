/* Which posts a person should label next: those of which the verdict was least sure, each once (a copy of one that was taken
 * teaches nothing), and in turn from both languages, so that neither starves the other. Pure. */
#ifndef EARSHOT_DETECTOR_UNSURE_H
#define EARSHOT_DETECTOR_UNSURE_H

#include "common/base/arena.h"

struct unsure_post {
	struct str text;
	double confidence; /* of the verdict, 0…1 */
	bool is_chinese;
};

/* Indices of at most `most` posts, the least sure first; returns how many. `out` has room for `most`. */
size_t unsure_pick(struct arena *a, const struct unsure_post *post, size_t n, size_t most, size_t *out);

#endif
