/* Recounting: minute cells from the mention records, compared with what the counters say. */
#include "detector/recount.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/base/log.h"
#include "common/store/buckets.h"

#define SPAN_MINUTES 10 /* looked at in one go: bounds memory */
#define SPAN_MENTIONS 20000
#define SPAN_DIMENSIONS 96
#define RECENT_MS (2 * MS_PER_HOUR)

/* Counts of one span: dimension x minute. */
struct span {
	int64_t from_ms;
	struct str dimension[SPAN_DIMENSIONS];
	int64_t count[SPAN_DIMENSIONS][SPAN_MINUTES];
	size_t n;
	int64_t mentions;
	struct tally *stories;
};

static const char *const fixed_dimensions[] = { "all", "negative", "neutral", "positive", "complaint", "own", "backfill",
	"history", "history:negative", "history:complaint", "source:forum", "source:news", "source:review", "source:complaint",
	"source:social", "source:blog", "source:video", "source:other" };

static void span_init(struct span *s, struct arena *a, int64_t from_ms)
{
	*s = (struct span){ .from_ms = from_ms };
	for (size_t i = 0; i < sizeof fixed_dimensions / sizeof *fixed_dimensions; i++)
		s->dimension[s->n++] = str_of(fixed_dimensions[i]);
	for (int c = 1; c < CAT__N; c++)
		s->dimension[s->n++] = arena_printf(a, "category:%s", category_names[c]);
}

static void span_add(struct span *s, struct arena *a, struct str dimension, size_t minute)
{
	size_t at = 0;
	while (at < s->n && !str_eq(s->dimension[at], dimension))
		at++;
	if (at == SPAN_DIMENSIONS)
		return; /* more families than any installation has */
	if (at == s->n)
		s->dimension[s->n++] = arena_copy(a, dimension);
	s->count[at][minute]++;
}

uint64_t recount_story_key(struct str story_id)
{
	const uint64_t key = str_hash(story_id);
	return key == 0 ? 1 : key;
}

static void count_record(struct span *s, struct arena *a, const struct posts_found *found)
{
	struct json *doc = json_parse(found->record, NULL);
	const struct json *counted = json_get(doc, "counted");
	const int64_t minute = (found->count_ms - s->from_ms) / MS_PER_MINUTE;
	for (const struct json *d = json_first(counted); d != NULL && minute >= 0 && minute < SPAN_MINUTES; d = json_next(d))
		span_add(s, a, json_str(d), (size_t)minute);
	s->mentions += counted != NULL;
	const struct str story = json_str_of(doc, "story");
	if (s->stories != NULL && story.n > 0)
		(void)tally_add(s->stories, recount_story_key(story));
	json_free(doc);
}

static enum outcome count_records(const struct partition *p, struct span *s, struct err *e)
{
	struct posts_found *found = NULL;
	size_t n = 0;
	const int64_t to_ms = s->from_ms + SPAN_MINUTES * MS_PER_MINUTE;
	const enum outcome done = posts_find(p, (struct posts_span){ s->from_ms, to_ms, SPAN_MENTIONS }, &found, &n, e);
	if (done != OK)
		return done;
	if (n == SPAN_MENTIONS)
		return err_set(e, REJECT, "%.*s has more than %d mentions in %d minutes: they cannot be recounted",
			STR_FMT(p->brand), SPAN_MENTIONS, SPAN_MINUTES);
	for (size_t i = 0; i < n; i++)
		count_record(s, p->arena, &found[i]);
	return OK;
}

struct wrong_cell {
	struct str dimension;
	int64_t minute_ms, counter, records;
};

static void report_cell(struct buf *report, struct str brand, const struct wrong_cell *w)
{
	char when[32];
	if (report != NULL)
		buf_addf(report, "%.*s %s %.*s: counter %lld, records %lld\n", STR_FMT(brand), clock_iso(w->minute_ms, when),
			STR_FMT(w->dimension), (long long)w->counter, (long long)w->records);
}

static size_t compare(const struct span *s, const struct series *series, struct wrong_cell *wrong, struct recount *out)
{
	size_t n = 0;
	for (size_t d = 0; d < s->n; d++) {
		for (size_t m = 0; m < SPAN_MINUTES; m++) {
			const int64_t counter = (int64_t)series[d].value[m];
			out->cells += s->count[d][m] > 0 || counter > 0;
			if (counter != s->count[d][m])
				wrong[n++] = (struct wrong_cell){ s->dimension[d], s->from_ms + (int64_t)m * MS_PER_MINUTE,
					counter, s->count[d][m] };
		}
	}
	return n;
}

static enum outcome read_counters(const struct partition *p, const struct span *s, struct series *series, struct err *e)
{
	for (size_t d = 0; d < s->n; d++)
		buckets_minutes_queue(p, s->dimension[d], s->from_ms, SPAN_MINUTES);
	enum outcome done = redis_flush(p->redis, e);
	for (size_t d = 0; d < s->n && done == OK; d++)
		done = buckets_minutes_take(p->redis, p->arena, s->from_ms, SPAN_MINUTES, &series[d], e);
	return done;
}

static enum outcome recount_span(
	const struct recount_job *job, struct arena *a, int64_t from_ms, struct recount *out, struct err *e)
{
	const struct partition p = { .redis = job->redis, .arena = a, .brand = job->brand };
	struct span *s = arena_new(a, struct span);
	struct series *series = arena_list(a, struct series, SPAN_DIMENSIONS);
	span_init(s, a, from_ms);
	s->stories = job->stories;
	enum outcome done = count_records(&p, s, e);
	if (done == OK)
		done = read_counters(&p, s, series, e);
	if (done != OK)
		return done;
	out->mentions += s->mentions;
	struct wrong_cell *wrong = arena_list(a, struct wrong_cell, SPAN_DIMENSIONS * SPAN_MINUTES);
	const size_t n = compare(s, series, wrong, out);
	out->wrong += (int64_t)n;
	for (size_t i = 0; i < n && done == OK; i++) {
		report_cell(job->report, job->brand, &wrong[i]);
		if (job->fix) {
			done = buckets_repair(&p, wrong[i].dimension, wrong[i].minute_ms, wrong[i].records, e);
			out->repaired++;
		}
	}
	return done;
}

enum outcome recount_brand(const struct recount_job *job, struct recount *out, struct err *e)
{
	struct arena arena; /* of one span: a month of mentions does not fit one arena */
	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum outcome done = OK;
	for (int64_t at = job->from_ms - job->from_ms % MS_PER_MINUTE; at < job->to_ms && done == OK;
		at += SPAN_MINUTES * MS_PER_MINUTE) {
		arena_reset(&arena);
		done = recount_span(job, &arena, at, out, e);
		redis_done(job->redis);
	}
	arena_release(&arena);
	return done;
}

enum outcome recount_recent(struct detector *d, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < d->nbrands && done == OK; i++) {
		struct recount result = { 0 };
		if (!d->brand[i].lease->held)
			continue;
		const struct recount_job job = { d->redis, d->brand[i].id, now_ms - RECENT_MS, now_ms + MS_PER_MINUTE, true, NULL,
			NULL };
		done = recount_brand(&job, &result, e);
		if (done == REJECT) { /* too many mentions: it must not keep the other brands from it */
			log_event(LOG_WARN, EV_recount, "brand=%.*s why=%s", STR_FMT(d->brand[i].id), log_quote(str_of(e->text)));
			done = OK;
			continue;
		}
		log_event(LOG_INFO, EV_recount, "brand=%.*s mentions=%lld wrong=%lld", STR_FMT(d->brand[i].id),
			(long long)result.mentions, (long long)result.wrong);
	}
	return done;
}
