/* Subscriptions whose shard is another crawler's, or not read yet. */
#include "crawler/websub_other.h"

#include "common/base/crypto.h"

#define HEAR_MS 2000

static const struct source *source_of(const struct websub_keep *k, struct str id)
{
	const struct source *s = k->sources != NULL ? sources_find(k->sources, id) : NULL;
	return s != NULL && s->how->has_websub ? s : NULL;
}

bool websub_other_is(const struct websub_keep *k, const struct websub_address *address)
{
	const struct source *s = source_of(k, address->id);
	return s != NULL && k->lease[s->shard] == NULL;
}

static struct partition partition_of(const struct websub_keep *k, struct arena *a, struct str id)
{
	return (struct partition){ .redis = k->redis, .arena = a, .shard = source_of(k, id)->shard };
}

enum outcome websub_other_read(
	struct websub_keep *k, struct arena *a, const struct websub_address *address, struct subscription *out, struct err *e)
{
	bool found = false;
	if (k->redis == NULL || !redis_connected(k->redis))
		return err_set(e, RETRY, "Redis is away");
	const struct partition p = partition_of(k, a, address->id);
	const enum outcome done = subscriptions_read(&p, address->id, out, &found, e);
	redis_done(k->redis);
	if (done != OK)
		return RETRY;
	return found && crypto_equal(out->salt, address->salt) ? OK : SKIP;
}

enum outcome websub_other_tell(
	struct websub_keep *k, struct arena *a, const struct subscription *s, const struct websub_happening *h, struct err *e)
{
	struct subscription after = *s;
	const struct partition p = partition_of(k, a, s->id);
	if (!websub_step(&after, h))
		return OK;
	const enum outcome done = subscriptions_exchange(&p, s, &after, e);
	redis_done(k->redis);
	return done == OK ? OK : RETRY;
}

/* ---- by whoever has the shard ---- */

static enum outcome hear_one(struct websub_keep *k, const struct partition *p, size_t at, int64_t now_ms, struct err *e)
{
	struct subscription told;
	bool found = false;
	const enum outcome done = subscriptions_read_take(p, k->sources->source[at].id, &told, &found, e);
	struct websub_kept *kept = k->of[at];
	if (done != OK || !found || kept == NULL || !websub_is_pending(&kept->s) || !str_eq(told.salt, kept->s.salt))
		return done;
	if (websub_state_of(&told) == WEBSUB_LIVE)
		websub_keep_happen(k, kept, WEBSUB_VERIFIED, told.lease_until_ms - now_ms, now_ms);
	else if (websub_state_of(&told) == WEBSUB_DENIED)
		websub_keep_happen(k, kept, WEBSUB_REFUSED, 0, now_ms);
	return OK;
}

/* While Redis is waited for hubs may ask us, too: which ones are waited for is found out once. */
enum outcome websub_other_hear(struct websub_keep *k, struct redis *redis, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	size_t n = 0;
	if (now_ms < k->next_hear_ms || k->nkept == 0)
		return OK;
	k->next_hear_ms = now_ms + HEAR_MS;
	uint32_t *at = arena_list(&k->arena, uint32_t, k->nkept);
	redis_drain(redis);
	for (uint32_t i = 0; i < k->n && n < k->nkept; i++) {
		if (k->of[i] == NULL || !websub_is_pending(&k->of[i]->s))
			continue;
		const struct partition p = websub_keep_partition(k, redis, k->sources->source[i].shard);
		subscriptions_read_queue(&p, k->sources->source[i].id);
		at[n++] = i;
	}
	for (size_t i = 0; i < n && done == OK; i++) {
		const struct partition p = websub_keep_partition(k, redis, k->sources->source[at[i]].shard);
		done = hear_one(k, &p, at[i], now_ms, e);
	}
	redis_drain(redis);
	return done;
}
