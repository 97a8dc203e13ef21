/* Recounting the copies of stories from mention records. */
#include "detector/recount_stories.h"

#include <earshot/limits.h>

#include <stdlib.h>

#define MOST_STORIES 200000 /* with copies, that one brand is compared for */
#define MOST_TEXTS (4u << 20)

static struct partition place_of(struct recount_stories *s, const struct recount_job *job)
{
	return (struct partition){ .redis = job->redis, .arena = &s->arena, .brand = job->brand };
}

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const struct story_count *)a)->id, ((const struct story_count *)b)->id);
}

enum outcome recount_stories_begin(struct recount_stories *s, const struct recount_job *job, struct err *e)
{
	arena_init(&s->arena, (size_t)1 << 30);
	tally_init(&s->records, MOST_TEXTS);
	const struct partition p = place_of(s, job);
	const enum outcome done =
		story_counts_find(&p, (struct story_counts_span){ 0, MOST_STORIES }, &s->before, &s->nbefore, e);
	if (done == OK)
		qsort(s->before, s->nbefore, sizeof *s->before, by_id);
	return done;
}

static bool is_comparable(const struct recount_stories *s, const struct recount_job *job, const struct story_count *now)
{
	const struct story_count *before = bsearch(now, s->before, s->nbefore, sizeof *s->before, by_id);
	return before != NULL && before->copies == now->copies && now->first_ms >= job->from_ms && now->last_ms < job->to_ms &&
	       s->records.refused == 0;
}

static void report_story(const struct recount_job *job, const struct story_count *story, int64_t records)
{
	if (job->report != NULL)
		buf_addf(job->report, "%.*s story %.*s: counter %lld, records %lld\n", STR_FMT(job->brand), STR_FMT(story->id),
			(long long)story->copies, (long long)records);
}

enum outcome recount_stories_end(struct recount_stories *s, const struct recount_job *job, struct recount *out, struct err *e)
{
	struct story_count *now = NULL;
	size_t n = 0;
	const struct partition p = place_of(s, job);
	enum outcome done = story_counts_find(&p, (struct story_counts_span){ 0, MOST_STORIES }, &now, &n, e);
	for (size_t i = 0; i < n && done == OK; i++) {
		const int64_t records = tally_get(&s->records, recount_story_key(now[i].id));
		if (!is_comparable(s, job, &now[i]))
			continue;
		out->stories++;
		if (records == now[i].copies)
			continue;
		out->wrong++;
		report_story(job, &now[i], records);
		if (job->fix) {
			done = story_counts_repair(&p, &now[i], records, e);
			out->repaired += done == OK;
		}
	}
	return done;
}

void recount_stories_release(struct recount_stories *s)
{
	tally_release(&s->records);
	arena_release(&s->arena);
}
