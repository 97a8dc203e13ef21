/* Shards that have no source any more, and something in Redis. */
#include "crawler/leftover.h"

static bool has_sources(const struct crawl *c, uint32_t shard)
{
	size_t n = 0;
	(void)frontier_shard(&c->frontier, shard, &n);
	return n > 0;
}

enum outcome leftover_find(struct crawl *c, struct arena *a, struct err *e)
{
	enum outcome done = OK;
	bool is_left[EARSHOT_SHARDS] = { false };
	if (c->knows_leftovers)
		return OK;
	redis_drain(c->redis);
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS; shard++) {
		const struct partition p = { .redis = c->redis, .arena = a, .shard = shard };
		if (!has_sources(c, shard))
			sources_count_queue(&p);
	}
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS && done == OK; shard++) {
		size_t n = 0;
		if (!has_sources(c, shard))
			done = sources_count_take(c->redis, &n, e);
		is_left[shard] = n > 0;
	}
	redis_done(c->redis);
	if (done != OK)
		return done;
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS; shard++)
		if (is_left[shard])
			crawl_add_shard(c, shard);
	c->knows_leftovers = true;
	return OK;
}
