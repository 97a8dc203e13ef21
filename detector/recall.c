/* Recalling stories: mention records of a brand, newest first, into its window of texts. */
#include "detector/recall.h"

#include <earshot/limits.h>

#include "common/base/json.h"

#define PAGE 64 /* mentions of one trip: the largest records of a page fit the arena */
#define LATEST_MS (1ll << 52) /* behind the time of any post */

static size_t most_stories(const struct detector *d)
{
	const size_t share = LIMIT_STORIES_HELD / d->nbrands;
	return share < LIMIT_STORIES ? share : LIMIT_STORIES;
}

static void restore_text(struct stories *s, const struct posts_found *found, const struct json *post, struct str story)
{
	const struct str text = json_str_of(post, "text");
	const struct stories_post mine = { found->post_id, text.n > 0 ? text : json_str_of(post, "title"), found->count_ms };
	stories_restore(s, &mine, story);
}

/* The record, and the text of its last edit. Records that tell no story are of short texts, or erased. */
static void restore(struct stories *s, const struct posts_found *found)
{
	struct json *record = json_parse(found->record, NULL);
	const struct str story = json_str_of(record, "story");
	if (story.n == POST_ID_DIGITS)
		restore_text(s, found, json_get(record, "post"), story);
	struct json *edit = found->observation.n > 0 ? json_parse(found->observation, NULL) : NULL;
	if (story.n == POST_ID_DIGITS && json_str_of(edit, "text").n > 0)
		restore_text(s, found, edit, story);
	json_free(edit);
	json_free(record);
}

/* Pages meet in a moment, whose mentions the next one shows again; unless all of a page are of it, then it goes on behind it. */
static int64_t next_end(const struct posts_found *found, size_t n)
{
	const int64_t last_ms = found[n - 1].count_ms;
	return found[0].count_ms > last_ms ? last_ms + 1 : last_ms;
}

static enum outcome recall_brand(struct detector *d, struct arena *a, struct detector_brand *b, size_t *nread, struct err *e)
{
	struct stories *s = stories_new(most_stories(d));
	struct posts_span span = { 0, LATEST_MS, PAGE };
	enum outcome done = OK;
	for (size_t n = PAGE, total = 0; n == PAGE && total < LIMIT_STORIES_RECALLED && done == OK; total += n) {
		struct posts_found *found = NULL;
		arena_reset(a);
		const struct partition p = detector_partition(d, a, b);
		done = posts_find(&p, span, &found, &n, e);
		for (size_t i = 0; i < n; i++)
			restore(s, &found[i]);
		if (n > 0 && total == 0)
			span.from_ms = found[0].count_ms - LIMIT_STORY_WINDOW_MS;
		span.to_ms = n > 0 ? next_end(found, n) : span.to_ms;
		*nread += n;
		redis_done(d->redis);
	}
	if (done == OK)
		b->stories = s;
	else
		stories_free(s);
	return done;
}

enum outcome recall_stories(struct detector *d, struct arena *a, struct err *e)
{
	enum outcome done = OK;
	size_t nread = 0;
	for (size_t i = 0; i < d->nbrands && nread < LIMIT_STORIES_RECALLED && done == OK; i++) {
		struct detector_brand *b = &d->brand[i];
		if (b->lease->held && b->loaded && recall_is_due(b))
			done = recall_brand(d, a, b, &nread, e);
	}
	return done;
}
