/* Bench "neardup": all texts of ../shared/data/text to their stories, post by post as the detector does it for one brand, against
 * a bare hash (FNV-1a, a byte at a time) over the same bytes in the same process, in turns. */
#include "cli/bench.h"

#include "cli/bench_texts.h"
#include "common/base/clock.h"
#include "detector/stories.h"
#include <earshot/limits.h>

#include <stdio.h>

#define MOST_RUNS 101
#define BENCH_ARENA_BYTES ((size_t)1 << 30)

struct neardup_bench {
	struct bench_texts texts;
	struct str *id;
	size_t bytes, copies;
	uint32_t hash; /* of the baseline: what it computes has to be used */
};

static int64_t stories_us(struct neardup_bench *b)
{
	struct stories *stories = stories_new(LIMIT_STORIES);
	const int64_t from = clock_cpu_us();
	b->copies = 0;
	for (size_t i = 0; i < b->texts.n; i++) {
		const struct stories_post post = { b->id[i], b->texts.text[i], (int64_t)i };
		const struct story *story = stories_join(stories, &post);
		b->copies += story != NULL && !str_eqc(post.id, story->id);
	}
	const int64_t took = clock_cpu_us() - from;
	stories_free(stories);
	return took;
}

static int64_t baseline_us(struct neardup_bench *b)
{
	const int64_t from = clock_cpu_us();
	for (size_t i = 0; i < b->texts.n; i++) {
		uint32_t hash = 2166136261u;
		for (size_t k = 0; k < b->texts.text[i].n; k++)
			hash = (hash ^ (unsigned char)b->texts.text[i].p[k]) * 16777619u;
		b->hash ^= hash;
	}
	return clock_cpu_us() - from;
}

static void tell(const struct bench_run *run, struct neardup_bench *b)
{
	double mine[MOST_RUNS], theirs[MOST_RUNS];
	const int runs = run->runs < MOST_RUNS ? run->runs : MOST_RUNS;
	for (int i = 0; i < runs; i++) {
		mine[i] = (double)b->texts.n * 1e6 / (double)stories_us(b);
		theirs[i] = (double)b->texts.n * 1e6 / (double)baseline_us(b);
	}
	const double value = bench_median(mine, (size_t)runs), baseline = bench_median(theirs, (size_t)runs);
	bench_print(run, &(struct bench_measure){ "neardup", "neardup", "posts/s", value, baseline, value / baseline, runs });
	if (!run->json)
		printf("%22zu posts, %.1f MB, %zu copies (hash %08x)\n", b->texts.n, (double)b->bytes / 1e6, b->copies, b->hash);
}

enum outcome bench_neardup(const struct bench_run *run, struct err *e)
{
	struct neardup_bench b = { 0 };
	struct arena arena;
	(void)e;
	arena_init(&arena, BENCH_ARENA_BYTES);
	bench_texts_load(&arena, &b.texts);
	b.id = arena_list(&arena, struct str, b.texts.n);
	for (size_t i = 0; i < b.texts.n; i++) {
		b.bytes += b.texts.text[i].n;
		b.id[i] = arena_printf(&arena, "%032zu", i);
	}
	tell(run, &b);
	arena_release(&arena);
	return OK;
}
