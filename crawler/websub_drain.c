/* Pushes on disk, into the streams: what a source has shown already is passed over, as at a poll. */
#include "crawler/websub_serve.h"

#include "common/base/log.h"
#include "common/base/metrics.h"
#include "crawler/road.h"

#include <earshot/limits.h>
#include <stdlib.h>

struct lot {
	struct road_post *post;
	size_t n;
	bool is_trusted; /* what Redis knows of the source holds */
};

/* The lines of the file; the rest of it moves behind them. */
static enum outcome read_lines(struct arena *a, struct str *bytes, struct road_post *post, size_t *n, struct err *e)
{
	struct str line;
	enum outcome done = OK;
	*n = 0;
	while (done == OK && *n < LIMIT_BATCH && str_split(bytes, '\n', &line))
		if (line.n > 0)
			done = road_read(a, line, &post[(*n)++], e);
	return done;
}

static void note_fresh(struct websub_kept *kept, const struct road_post *post, int64_t now_ms)
{
	const int64_t posted_ms = post->admitted.post.posted_ms;
	if (kept == NULL || post->known != 0 || kept->nfresh == WEBSUB_FRESH)
		return;
	if (kept->fresh_ms == NULL)
		kept->fresh_ms = calloc(WEBSUB_FRESH, sizeof *kept->fresh_ms);
	if (kept->fresh_ms != NULL)
		kept->fresh_ms[kept->nfresh++] = posted_ms >= 0 ? posted_ms : now_ms;
}

/* Streams first, then what the source is known to have shown: a crash between the two repeats work and loses nothing. A shard that is
 * not ours is looked at, not written: its owner's next poll appends them once more, and they count once. */
static enum outcome append(const struct websub_pushed *pushed, struct websub_kept *kept, struct road *road,
	const struct partition *p, struct lot *lot, struct err *e)
{
	struct road_post *post = lot->post;
	const size_t n = lot->n;
	struct str *id = arena_list(p->arena, struct str, n);
	uint64_t *known = arena_list(p->arena, uint64_t, n);
	struct source_seen *seen = arena_list(p->arena, struct source_seen, n);
	for (size_t i = 0; i < n; i++) {
		id[i] = post[i].admitted.post.id;
		seen[i] = (struct source_seen){ id[i], post[i].admitted.fingerprint };
	}
	if (lot->is_trusted)
		sources_seen_queue(p, pushed->id, id, n);
	enum outcome done = lot->is_trusted ? sources_seen_take(p->redis, known, n, e) : OK;
	for (size_t i = 0; i < n && done == OK; i++) {
		post[i].known = known[i];
		if (known[i] == post[i].admitted.fingerprint)
			metrics_add(M_posts_skipped_total, 1);
		else if (road_append(road, &post[i]))
			done = road_settle(road, p->arena, e);
	}
	if (done == OK)
		done = road_settle(road, p->arena, e);
	if (done == OK && p->lease != NULL)
		done = subscriptions_shown(p, pushed->id, seen, n, road->now_ms, e);
	for (size_t i = 0; i < n && done == OK; i++)
		note_fresh(kept, &post[i], road->now_ms);
	return done;
}

enum outcome websub_drain(
	struct websub_keep *k, struct road *road, struct arena *a, const struct websub_pushed *pushed, struct err *e)
{
	const struct source *source = k != NULL && k->sources != NULL ? sources_find(k->sources, pushed->id) : NULL;
	enum outcome done = OK;
	if (source == NULL)
		return SKIP;
	struct websub_kept *kept = websub_keep_find(k, pushed->id);
	const struct partition p = { .redis = road->redis, .arena = a, .shard = source->shard, .lease = k->lease[source->shard] };
	struct lot lot = { arena_list(a, struct road_post, LIMIT_BATCH), 1, !pushed->is_again };
	struct str bytes = pushed->lines;
	while (done == OK && lot.n > 0) {
		done = read_lines(a, &bytes, lot.post, &lot.n, e);
		if (done == OK && lot.n > 0)
			done = append(pushed, kept, road, &p, &lot, e);
	}
	if (done == OK)
		log_event(LOG_INFO, EV_websub_pushed, "source=%.*s posts=%lld mentions=%lld", STR_FMT(pushed->id),
			(long long)road->posts, (long long)road->entries);
	return done;
}
