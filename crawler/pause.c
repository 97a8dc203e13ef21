/* Paused sources, as the crawler sees them. */
#include "crawler/pause.h"

#include "common/store/pauses.h"

#include <string.h>

#define LOOK_MS 1000

static bool is_time(const struct crawl *c, int64_t now_ms)
{
	bool is_new = false;
	for (size_t i = 0; i < c->nshards; i++)
		is_new = is_new || (c->lease[i].held && c->lease[i].just_taken);
	return is_new || now_ms >= c->next_pause_ms;
}

static void note(struct crawl *c, const struct pause *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct source *s = sources_find(c->sources, list[i].id);
		if (s != NULL)
			c->paused_ms[s - c->sources->source] = list[i].until_ms;
	}
}

enum outcome pause_look(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	size_t asked = 0;
	enum outcome done = OK;
	if (!is_time(c, now_ms))
		return OK;
	redis_drain(c->redis);
	for (size_t i = 0; i < c->nshards; i++) {
		const struct partition p = { .redis = c->redis, .arena = a, .shard = c->shard[i] };
		if (c->lease[i].held)
			pauses_queue(&p);
		asked += c->lease[i].held;
	}
	if (asked > 0)
		done = redis_flush(c->redis, e);
	if (done == OK)
		memset(c->paused_ms, 0, c->sources->n * sizeof *c->paused_ms);
	for (size_t i = 0; i < asked && done == OK; i++) {
		struct pause *list = NULL;
		size_t n = 0;
		done = pauses_take(c->redis, a, &list, &n, e);
		if (done == OK)
			note(c, list, n);
	}
	if (done == OK)
		c->next_pause_ms = now_ms + LOOK_MS;
	return done;
}

bool pause_holds(const struct crawl *c, size_t at, int64_t now_ms)
{
	return c->paused_ms[at] > now_ms;
}
