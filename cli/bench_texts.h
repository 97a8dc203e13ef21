/* Texts for benches: what people really wrote, from ../shared/data/text beside the checkout, else made up. */
#ifndef EARSHOT_CLI_BENCH_TEXTS_H
#define EARSHOT_CLI_BENCH_TEXTS_H

#include "common/base/arena.h"

struct bench_texts {
	struct str *text;
	size_t n;
	bool is_real;
};

/* Texts live in `a` (some 100 MB). */
void bench_texts_load(struct arena *a, struct bench_texts *out);

#endif
