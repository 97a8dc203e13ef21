/* Due sources -> fetches, and what came back -> visits (visit.c). */
#include "crawler/crawl.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/http.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/store/pauses.h"
#include "common/store/posts.h"
#include "crawler/fetch.h"
#include "crawler/paging.h"
#include "crawler/pause.h"
#include "crawler/robots_turn.h"
#include "crawler/visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKLOG_LOOK_MS 2000
#define DISTRUST_MS (10 * MS_PER_MINUTE) /* how far back an unclean stop of Redis may have taken seen entries with it */

void crawl_init(struct crawl *c, struct redis *redis, struct http *http)
{
	c->redis = redis;
	c->http = http;
	const size_t n = c->sources->n + 1;
	c->fetch = calloc(n, sizeof(struct crawl_fetch *));
	c->distrust = calloc(n, sizeof *c->distrust);
	c->paused_ms = calloc(n, sizeof *c->paused_ms);
	c->warned = calloc(n, sizeof *c->warned);
	c->lease = calloc(EARSHOT_SHARDS, sizeof *c->lease);
	c->shard = calloc(EARSHOT_SHARDS, sizeof *c->shard);
	c->robots = robots_keep_new(c->settings->user_agent, n);
	if (c->fetch == NULL || c->distrust == NULL || c->paused_ms == NULL || c->warned == NULL || c->lease == NULL ||
		c->shard == NULL)
		abort();
	static char names[EARSHOT_SHARDS][4];
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS; shard++) {
		size_t used = 0;
		for (size_t i = 0; i < c->sources->n; i++)
			used += c->sources->source[i].shard == shard;
		if (used == 0)
			continue;
		(void)snprintf(names[shard], sizeof names[shard], "s%02u", shard % 100);
		c->lease[c->nshards] = (struct lease){ .role = LEASE_CRAWLER, .partition = str_of(names[shard]) };
		c->shard[c->nshards++] = shard;
	}
}

void crawl_release(struct crawl *c)
{
	for (size_t i = 0; i < c->sources->n; i++)
		fetch_free(c->fetch[i]);
	robots_keep_free(c->robots);
	free(c->fetch);
	free(c->distrust);
	free(c->paused_ms);
	free(c->warned);
	free(c->lease);
	free(c->shard);
}

/* `at`: which of our shards. */
static struct partition partition_of(const struct crawl *c, struct arena *a, size_t at)
{
	return (struct partition){ .redis = c->redis, .arena = a, .shard = c->shard[at], .lease = &c->lease[at] };
}

void crawl_distrust(struct crawl *c, int64_t now_ms)
{
	memset(c->distrust, DISTRUSTED, c->sources->n);
	c->distrust_from_ms = now_ms - DISTRUST_MS;
}

void crawl_inherit(struct crawl *c, const struct crawl *old)
{
	c->distrust_from_ms = old->distrust_from_ms;
	for (size_t i = 0; i < old->sources->n; i++) {
		const struct source *s =
			old->distrust[i] != TRUSTED ? sources_find(c->sources, old->sources->source[i].id) : NULL;
		if (s != NULL)
			c->distrust[s - c->sources->source] = DISTRUSTED;
	}
}

/* What was configured meanwhile goes onto the due list, what is gone leaves it: once for each time a shard becomes ours. */
static enum outcome sync_shard(struct crawl *c, struct arena *a, size_t at, int64_t now_ms, struct err *e)
{
	struct str *id = arena_list(a, struct str, c->sources->n + 1);
	size_t n = 0;
	for (size_t i = 0; i < c->sources->n; i++)
		if (c->sources->source[i].shard == c->shard[at])
			id[n++] = c->sources->source[i].id;
	const struct partition p = partition_of(c, a, at);
	const enum outcome done = sources_sync(&p, id, n, now_ms, e);
	if (done == OK)
		c->lease[at].just_taken = false;
	return done;
}

/* A step refused by a lease token is no trouble of ours: the shard went to another worker. */
static enum outcome unless_fenced(struct crawl *c, size_t at, enum outcome done, struct err *e)
{
	if (done != REJECT)
		return done;
	log_event(LOG_WARN, EV_fenced, "partition=%.*s why=%s", STR_FMT(c->lease[at].partition), log_quote(str_of(e->text)));
	c->lease[at].held = false;
	return OK;
}

static size_t lease_of(const struct crawl *c, uint32_t shard)
{
	size_t at = 0;
	while (c->shard[at] != shard)
		at++;
	return at;
}

static enum outcome finish_one(
	struct crawl *c, struct arena *a, struct crawl_fetch *f, struct http_response *r, int64_t now_ms, struct err *e);

/* Asks for the host, remembers the state, lets the request go. A request that may not leave (its address is refused) is an
 * answer like any other: the source fails with that reason, and the host is free again. */
static enum outcome start_source(struct crawl *c, struct arena *a, const struct source *s, int64_t now_ms, struct err *e)
{
	const size_t at = (size_t)(s - c->sources->source), lease = lease_of(c, s->shard);
	const struct partition p = partition_of(c, a, lease);
	struct source_state state;
	int64_t allowed_ms = 0;
	if (pause_holds(c, at, now_ms))
		return unless_fenced(c, lease, pauses_put_off(&p, s->id, e), e);
	const int64_t longest_ms = s->kind == SOURCE_IMAP ? LIMIT_IMAP_TALK_MS : LIMIT_FETCH_MS;
	enum robots_word robots = ROBOTS_GO;
	enum outcome done = robots_turn_ask(&(struct visit){ .c = c, .a = a, .now_ms = now_ms, .shard = p }, s, &robots, e);
	if (done != OK || robots == ROBOTS_REFUSED)
		return unless_fenced(c, lease, done, e);
	const int64_t delay_ms = robots_keep_delay_ms(c->robots, s);
	const struct host_hold hold = { longest_ms + delay_ms, delay_ms };
	done = sources_host_claim(&p, s->host, now_ms, &hold, &allowed_ms, e);
	if (done != OK || allowed_ms > now_ms)
		return unless_fenced(c, lease, done, e);
	done = sources_state(&p, s->id, &state, e);
	if (done != OK)
		return done;
	struct crawl_fetch *f = fetch_new(s, at);
	fetch_remember(f, &state);
	f->unconditional = c->distrust[at] != TRUSTED && state.fetched_ms >= c->distrust_from_ms;
	if (f->unconditional && c->distrust[at] == DISTRUSTED)
		paging_restart(&f->state);
	f->asks_robots = robots == ROBOTS_ASK;
	f->delay_ms = delay_ms;
	struct http_response refused;
	if (robots_turn_start(c, f, &refused)) {
		c->fetch[at] = f;
		return OK;
	}
	done = finish_one(c, a, f, &refused, now_ms, e);
	fetch_free(f);
	return done;
}

/* Over backlog a brand's sources are slowed; an unacknowledged entry is never trimmed to make room. */
static enum outcome look_at_backlog(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	if (now_ms < c->next_backlog_ms)
		return OK;
	c->next_backlog_ms = now_ms + BACKLOG_LOOK_MS;
	int64_t most = 0;
	for (size_t i = 0; i < c->book->nbrands && done == OK; i++) {
		int64_t waiting = 0;
		const struct partition p = { .redis = c->redis, .arena = a, .brand = c->book->brand[i].id };
		done = posts_waiting(&p, &waiting, e);
		most = waiting > most ? waiting : most;
	}
	c->slowed = most > LIMIT_STREAM_BACKLOG;
	metrics_set(M_backlog, most);
	return done;
}

static enum outcome start_due(struct crawl *c, struct arena *a, const struct str *id, size_t n, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < n && done == OK && http_room(c->http) > 0; i++) {
		const struct source *s = sources_find(c->sources, id[i]);
		if (s != NULL && c->fetch[s - c->sources->source] == NULL)
			done = start_source(c, a, s, now_ms, e);
	}
	return done;
}

enum outcome crawl_start(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	enum outcome done = look_at_backlog(c, a, now_ms, e);
	if (done == OK)
		done = pause_look(c, a, now_ms, e);
	for (size_t i = 0; i < c->nshards && done == OK; i++)
		if (c->lease[i].held && c->lease[i].just_taken)
			done = unless_fenced(c, i, sync_shard(c, a, i, now_ms, e), e);
	if (done != OK || c->slowed)
		return done;
	size_t asked = 0;
	size_t *which = arena_list(a, size_t, c->nshards + 1);
	for (size_t i = 0; i < c->nshards; i++) {
		if (!c->lease[i].held)
			continue;
		const struct partition p = partition_of(c, a, i);
		sources_due_queue(&p, now_ms, LIMIT_TRANSFERS);
		which[asked++] = i;
	}
	struct str **id = arena_list(a, struct str *, asked + 1);
	size_t *n = arena_list(a, size_t, asked + 1);
	if (asked > 0)
		done = redis_flush(c->redis, e);
	for (size_t i = 0; i < asked && done == OK; i++)
		done = sources_due_take(c->redis, a, &id[i], &n[i], e);
	for (size_t i = 0; i < asked && done == OK; i++)
		done = start_due(c, a, id[i], n[i], now_ms, e);
	return done;
}

static enum outcome finish_one(
	struct crawl *c, struct arena *a, struct crawl_fetch *f, struct http_response *r, int64_t now_ms, struct err *e)
{
	const size_t at = lease_of(c, f->source->shard);
	const struct visit v = { c, a, f, r, now_ms, partition_of(c, a, at) };
	return unless_fenced(c, at, f->asks_robots ? robots_turn_finish(&v, e) : visit_handle(&v, e), e);
}

enum outcome crawl_finish(struct crawl *c, struct arena *a, int64_t now_ms, int *handled, struct err *e)
{
	struct http_response r;
	enum outcome done = OK;
	*handled = 0;
	while (done == OK && http_take(c->http, &r)) {
		struct crawl_fetch *f = r.owner;
		done = finish_one(c, a, f, &r, now_ms, e);
		http_response_release(&r);
		c->fetch[f->at] = NULL; /* after a failure the source is still due: nothing is lost */
		fetch_free(f);
		*handled += 1;
		redis_done(c->redis);
		arena_reset(a);
	}
	return done;
}
