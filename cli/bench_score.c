/* Bench "score": what the trained model does with a text (folding, features, the scores of the mood's heads; score_all: of all classes,
 * too), post by post, against bare Vectorscan with 1,000 literals over the same bytes in the same process, in turns. */
#include "cli/bench.h"

#include "cli/bench_keywords.h"
#include "cli/bench_vectorscan.h"
#include "common/base/clock.h"
#include "common/text/normalise.h"
#include "common/text/weights.h"
#include <earshot/limits.h>

#include <stdio.h>

#define MOST_RUNS 101
#define KEYWORDS 1000
#define TEXTS 20000 /* of the corpus, evenly spread: some megabytes */
#define BENCH_ARENA_BYTES ((size_t)1 << 30)

struct score_bench {
	struct arena arena, post;
	struct bench_texts texts;
	size_t bytes; /* of all texts */
	struct rulebook *rules;
	struct bench_vectorscan *baseline;
	double sum; /* of the scores: nobody may leave out what makes it */
};

static int64_t score_us(struct score_bench *b, bool with_classes)
{
	const int64_t from = clock_cpu_us();
	b->sum = 0;
	for (size_t i = 0; i < b->texts.n; i++) {
		struct norm norm;
		struct features features;
		float score[WEIGHTS_HEADS], class[CLASSES_MOST];
		arena_reset(&b->post);
		normalise(&b->post, b->texts.text[i], &norm);
		features_make(&b->post, norm.text, &features);
		weights_score(b->rules->weights, &features, score);
		b->sum += (double)score[0];
		if (!with_classes)
			continue;
		classes_score(&b->rules->weights->classes, &(struct classes_input){ .features = features }, class);
		b->sum += (double)class[0];
	}
	return clock_cpu_us() - from;
}

static void tell(struct score_bench *b, const struct bench_run *run, bool with_classes)
{
	double mine[MOST_RUNS], theirs[MOST_RUNS], ratio[MOST_RUNS];
	const int runs = run->runs < MOST_RUNS ? run->runs : MOST_RUNS;
	size_t hits = 0;
	(void)score_us(b, with_classes); /* once to warm up */
	for (int i = 0; i < runs; i++) {
		mine[i] = (double)b->bytes / (double)score_us(b, with_classes);
		theirs[i] = (double)b->bytes / (double)bench_vectorscan_us(b->baseline, &b->texts, &hits);
		ratio[i] = mine[i] / theirs[i];
	}
	const double value = bench_median(mine, (size_t)runs), baseline = bench_median(theirs, (size_t)runs);
	const struct bench_measure m = { "score", with_classes ? "score_all" : "score", "MB/s", value, baseline,
		bench_median(ratio, (size_t)runs), runs };
	bench_print(run, &m);
	if (!run->json && !with_classes)
		printf("%22zu texts, %.1f MB: mean score of the first head %.3f, %zu hits of the baseline\n", b->texts.n,
			(double)b->bytes / 1e6, b->sum / (double)b->texts.n, hits);
}

static void thin_out(struct bench_texts *texts)
{
	const size_t step = texts->n / TEXTS + 1, n = texts->n;
	texts->n = 0;
	for (size_t i = 0; i < n; i += step)
		texts->text[texts->n++] = texts->text[i];
}

static enum outcome load(struct score_bench *b, const struct bench_run *run, struct err *e)
{
	static struct str keyword[KEYWORDS];
	struct problems p;
	problems_init(&p);
	b->rules = rulebook_load(run->settings->rules_folder, run->settings->rules.n, &p);
	problems_release(&p);
	if (!b->rules || !b->rules->weights)
		return err_set(e, REJECT, "the rules of the settings are wrong, or name no model; earshot check says what");
	bench_texts_load(&b->arena, &b->texts);
	const size_t n = bench_keywords(&b->arena, &b->texts, b->rules, KEYWORDS, keyword);
	thin_out(&b->texts);
	for (size_t i = 0; i < b->texts.n; i++)
		b->bytes += b->texts.text[i].n;
	b->baseline = bench_vectorscan_new(&b->arena, keyword, n, e);
	return b->baseline ? OK : STOP;
}

enum outcome bench_score(const struct bench_run *run, struct err *e)
{
	struct score_bench b = { 0 };
	arena_init(&b.arena, BENCH_ARENA_BYTES);
	arena_init(&b.post, LIMIT_ARENA_BYTES);
	const enum outcome outcome = load(&b, run, e);
	if (outcome == OK) {
		tell(&b, run, false);
		if (b.rules->weights->classes.ngroups > 0)
			tell(&b, run, true);
	}
	bench_vectorscan_free(b.baseline);
	rulebook_free(b.rules);
	arena_release(&b.post);
	arena_release(&b.arena);
	return outcome;
}
