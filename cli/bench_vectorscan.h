/* The baseline of benches that read texts: bare Vectorscan with literals, in the same process over the same bytes. */
#ifndef EARSHOT_CLI_BENCH_VECTORSCAN_H
#define EARSHOT_CLI_BENCH_VECTORSCAN_H

#include "cli/bench_texts.h"

struct bench_vectorscan;

/* NULL with the reason in `e` when it refuses the keywords. Free with bench_vectorscan_free. */
struct bench_vectorscan *bench_vectorscan_new(struct arena *a, const struct str *keyword, size_t n, struct err *e);
void bench_vectorscan_free(struct bench_vectorscan *v);
/* CPU time of one scan of all texts; *hits = how many places it reported. */
int64_t bench_vectorscan_us(struct bench_vectorscan *v, const struct bench_texts *texts, size_t *hits);

#endif
