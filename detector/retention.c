/* Mentions whose source keeps them for a shorter time than the others: found, and made tombstones. */
#include "detector/retention.h"

#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/base/metrics.h"
#include "common/store/corrections.h"
#include "common/store/held.h"

#define LIST_MS (10 * MS_PER_SECOND) /* how often the list is read */
#define ROUND_MS (10 * MS_PER_MINUTE) /* pause between two rounds */
#define PAGE 64 /* mentions; they may be large */
#define PAGES 8 /* a turn */
#define LIST_BYTES ((size_t)256 << 20)
#define PAGE_BYTES ((size_t)512 << 20) /* taken only as far as it is needed */

void retention_init(struct retention *r)
{
	*r = (struct retention){ 0 };
	arena_init(&r->list_arena, LIST_BYTES);
	arena_init(&r->page, PAGE_BYTES);
}

void retention_release(struct retention *r)
{
	arena_release(&r->list_arena);
	arena_release(&r->page);
}

enum outcome retention_follow(struct retention *r, struct redis *redis, int64_t now_ms, struct err *e)
{
	if (now_ms >= r->read_ms && now_ms - r->read_ms < LIST_MS)
		return OK;
	arena_reset(&r->list_arena);
	const enum outcome done = retentions_read(redis, &r->list_arena, &r->list, e);
	r->read_ms = done == OK ? now_ms : 0;
	redis_done(redis);
	return done;
}

/* What hangs on it first: what is known of a post goes last, as with an erasure. */
static enum outcome drop(const struct partition *p, const struct posts_found *found, const struct json *doc, struct err *e)
{
	bool is_done = true;
	const struct held_item sight = { found->post_id, found->observation }, mention = { found->post_id, found->record };
	enum outcome done = OK;
	if (found->observation.n > 0)
		done = held_swap(p, HELD_OBSERVATIONS, &sight, STR(""), &is_done, e);
	if (done == OK)
		done = corrections_withdraw(p, found->post_id, e);
	done = done == SKIP ? OK : done;
	if (done == OK && is_done) /* else it was seen again meanwhile: the next round */
		done = held_swap(p, HELD_MENTIONS, &mention, held_tombstone(p->arena, doc), &is_done, e);
	if (done == OK && is_done)
		metrics_add(M_retention_mentions_total, 1);
	return done;
}

static enum outcome look(
	const struct retention *r, const struct partition *p, const struct posts_found *found, int64_t now_ms, struct err *e)
{
	struct json *doc = json_parse(found->record, NULL);
	const struct str source = json_str_of(json_get(doc, "post"), "source");
	enum outcome done = OK;
	if (source.n > 0 && retentions_is_over(&r->list, source, found->count_ms, now_ms))
		done = drop(p, found, doc, e);
	json_free(doc);
	return done;
}

static enum outcome page(
	struct retention *r, const struct partition *p, struct retention_round *at, int64_t now_ms, struct err *e)
{
	struct posts_found *found = NULL;
	struct posts_walk walk = at->walk;
	size_t n = 0;
	walk.to_ms = now_ms - retentions_least(&r->list);
	walk.max = PAGE;
	enum outcome done = posts_next(p, &walk, &found, &n, e);
	for (size_t i = 0; i < n && done == OK; i++)
		done = look(r, p, &found[i], now_ms, e);
	if (done != OK)
		return done;
	at->walk = walk;
	if (walk.is_over)
		*at = (struct retention_round){ .again_ms = now_ms + ROUND_MS };
	return OK;
}

enum outcome retention_turn(
	struct retention *r, const struct partition *p, struct retention_round *at, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	struct partition own = *p;
	own.arena = &r->page;
	for (int i = 0; i < PAGES && done == OK && r->list.n > 0 && now_ms >= at->again_ms; i++) {
		arena_reset(&r->page);
		done = page(r, &own, at, now_ms, e);
		redis_done(p->redis);
	}
	return done;
}
