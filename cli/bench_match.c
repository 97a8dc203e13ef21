/* Bench "match": the matcher (folding, word borders, places in the original) over all texts, post by post, against bare
 * Vectorscan over the same bytes in the same process, in turns. */
#include "cli/bench.h"

#include "cli/bench_keywords.h"
#include "cli/bench_vectorscan.h"
#include "common/base/clock.h"
#include "common/text/scan.h"
#include <earshot/limits.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST_RUNS 101
#define MOST_KEYWORDS 10000
#define BENCH_ARENA_BYTES ((size_t)1 << 30)

struct match_bench {
	struct arena arena, post;
	struct bench_texts texts;
	size_t bytes; /* of all texts */
	struct rulebook *rules; /* where negative words come from */
	struct str keyword[MOST_KEYWORDS];
	size_t n;
	struct rulebook book; /* of the keywords: only what the matcher looks at */
	struct err *e;
	struct bench_vectorscan *baseline;
	size_t hits, baseline_hits;
};

static void bench_compile(struct match_bench *b)
{
	struct rule *rule = arena_list(&b->arena, struct rule, b->n);
	for (size_t i = 0; i < b->n; i++)
		rule[i] = (struct rule){ .list = LIST_SENSITIVE, .term = b->keyword[i], .folds = FOLDS_DEFAULT, .brand = -1 };
	b->book = (struct rulebook){ .rule = rule, .nrules = b->n };
	b->book.scan = scan_new(rule, b->keyword, b->n, b->e);
}

static int64_t match_us(struct match_bench *b)
{
	struct post post;
	struct scanned scanned;
	post_init(&post);
	const int64_t from = clock_cpu_us();
	b->hits = 0;
	for (size_t i = 0; i < b->texts.n; i++) {
		arena_reset(&b->post);
		post.text = b->texts.text[i];
		scan_matches(&b->post, &b->book, &post, &scanned);
		b->hits += scanned.n;
	}
	return clock_cpu_us() - from;
}

static void bench_turns(struct match_bench *b, const struct bench_run *run, const char *measure)
{
	double mine[MOST_RUNS], theirs[MOST_RUNS];
	const int runs = run->runs < MOST_RUNS ? run->runs : MOST_RUNS;
	(void)match_us(b); /* once to warm up */
	for (int i = 0; i < runs; i++) {
		mine[i] = (double)b->bytes / (double)match_us(b);
		theirs[i] = (double)b->bytes / (double)bench_vectorscan_us(b->baseline, &b->texts, &b->baseline_hits);
	}
	const double value = bench_median(mine, (size_t)runs), baseline = bench_median(theirs, (size_t)runs);
	bench_print(run, &(struct bench_measure){ "match", measure, "MB/s", value, baseline, value / baseline, runs });
	if (!run->json)
		printf("%22zu keywords, %zu texts, %.1f MB: %zu matches, %zu hits of the baseline\n", b->n, b->texts.n,
			(double)b->bytes / 1e6, b->hits, b->baseline_hits);
}

static enum outcome bench_measure_of(struct match_bench *b, const struct bench_run *run, size_t n, const char *measure)
{
	b->n = bench_keywords(&b->arena, &b->texts, b->rules, n, b->keyword);
	bench_compile(b);
	b->baseline = b->book.scan ? bench_vectorscan_new(&b->arena, b->keyword, b->n, b->e) : NULL;
	const bool is_ready = b->baseline != NULL;
	if (is_ready)
		bench_turns(b, run, measure);
	scan_free(b->book.scan);
	bench_vectorscan_free(b->baseline);
	return is_ready ? OK : STOP;
}

static enum outcome bench_load(struct match_bench *b, const struct bench_run *run)
{
	struct problems p;
	problems_init(&p);
	b->rules = rulebook_load(run->settings->rules_folder, run->settings->rules.n, &p);
	problems_release(&p);
	if (!b->rules)
		return err_set(b->e, REJECT, "the rules of the settings are wrong or missing; earshot check says what");
	bench_texts_load(&b->arena, &b->texts);
	for (size_t i = 0; i < b->texts.n; i++)
		b->bytes += b->texts.text[i].n;
	return OK;
}

enum outcome bench_match(const struct bench_run *run, struct err *e)
{
	static struct match_bench b; /* too large for the stack */
	b = (struct match_bench){ .e = e };
	arena_init(&b.arena, BENCH_ARENA_BYTES);
	arena_init(&b.post, LIMIT_ARENA_BYTES);
	enum outcome outcome = bench_load(&b, run);
	if (outcome == OK)
		outcome = bench_measure_of(&b, run, 1000, "1k");
	if (outcome == OK)
		outcome = bench_measure_of(&b, run, MOST_KEYWORDS, "10k");
	rulebook_free(b.rules);
	arena_release(&b.post);
	arena_release(&b.arena);
	return outcome;
}
