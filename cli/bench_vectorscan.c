/* Bare Vectorscan as a baseline: the only file that includes it. */
#include "cli/bench_vectorscan.h"

#include "common/base/clock.h"

#include <hs.h>

struct bench_vectorscan {
	hs_database_t *database;
	hs_scratch_t *scratch;
};

struct bench_vectorscan *bench_vectorscan_new(struct arena *a, const struct str *keyword, size_t n, struct err *e)
{
	struct bench_vectorscan *v = arena_new(a, struct bench_vectorscan);
	const char **pattern = arena_list(a, const char *, n);
	unsigned *flags = arena_list(a, unsigned, n), *ids = arena_list(a, unsigned, n);
	size_t *length = arena_list(a, size_t, n);
	hs_compile_error_t *problem = NULL;
	for (size_t i = 0; i < n; i++) {
		pattern[i] = keyword[i].p;
		length[i] = keyword[i].n;
		flags[i] = HS_FLAG_CASELESS;
		ids[i] = (unsigned)i;
	}
	if (hs_compile_lit_multi(pattern, flags, ids, length, (unsigned)n, HS_MODE_BLOCK, NULL, &v->database, &problem) ==
			HS_SUCCESS &&
		hs_alloc_scratch(v->database, &v->scratch) == HS_SUCCESS)
		return v;
	(void)err_set(e, STOP, "Vectorscan refuses the keywords of the bench: %s", problem ? problem->message : "no memory");
	(void)hs_free_compile_error(problem);
	bench_vectorscan_free(v);
	return NULL;
}

void bench_vectorscan_free(struct bench_vectorscan *v)
{
	if (!v)
		return;
	(void)hs_free_scratch(v->scratch);
	(void)hs_free_database(v->database);
}

static int count_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	(void)id, (void)from, (void)to, (void)flags;
	++*(size_t *)context;
	return 0;
}

int64_t bench_vectorscan_us(struct bench_vectorscan *v, const struct bench_texts *texts, size_t *hits)
{
	const int64_t from = clock_cpu_us();
	*hits = 0;
	for (size_t i = 0; i < texts->n; i++)
		(void)hs_scan(v->database, texts->text[i].p, (unsigned)texts->text[i].n, 0, v->scratch, count_hit, hits);
	return clock_cpu_us() - from;
}
