/* Due sources -> fetches, and what came back -> rounds of visits (round.c). */
#include "crawler/crawl.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/http.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/rules/watch.h"
#include "common/store/posts.h"
#include "crawler/away.h"
#include "crawler/boost.h"
#include "crawler/fetch.h"
#include "crawler/health_tell.h"
#include "crawler/leftover.h"
#include "crawler/paging.h"
#include "crawler/robots_turn.h"
#include "crawler/round.h"
#include "crawler/ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKLOG_LOOK_MS 2000
#define DUE_LOOK_MS 5000
#define PACE_MS 1000
#define PATIENCE_MS 2 /* for each page a second: LIMIT_ROUND_MS from 200 on */
#define DUE_LOOK_IDS 1000 /* of a shard */
#define ASK_AGAIN_MS 1000 /* after Redis gave no answer */
#define DISTRUST_MS (10 * MS_PER_MINUTE) /* how far back an unclean stop of Redis may have taken seen entries with it */

static void *list(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);
	if (p == NULL)
		abort();
	return p;
}

void crawl_add_shard(struct crawl *c, uint32_t shard)
{
	static char names[EARSHOT_SHARDS][4];
	(void)snprintf(names[shard], sizeof names[shard], "s%02u", shard % 100);
	c->lease[c->nshards] = (struct lease){ .role = LEASE_CRAWLER, .partition = str_of(names[shard]) };
	c->lease_of[shard] = c->nshards;
	c->shard[c->nshards++] = shard;
}

void crawl_init(struct crawl *c, struct redis *redis, struct http *http)
{
	c->redis = redis;
	c->http = http;
	frontier_init(&c->frontier, c->sources);
	c->robots = robots_keep_new(c->settings->user_agent, c->frontier.nhosts);
	c->ward = ward_new(c->sources->n);
	arena_init(&c->one, LIMIT_ARENA_BYTES);
	c->boost = boost_new(c->sources->n);
	c->fetch = list(c->sources->n, sizeof(struct crawl_fetch *));
	c->distrust = list(c->sources->n, sizeof *c->distrust);
	c->warned = list(c->sources->n, sizeof *c->warned);
	c->lease = list(EARSHOT_SHARDS, sizeof *c->lease);
	c->shard = list(EARSHOT_SHARDS, sizeof *c->shard);
	c->under_way = list(EARSHOT_SHARDS, sizeof *c->under_way);
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS; shard++) {
		size_t used = 0;
		(void)frontier_shard(&c->frontier, shard, &used);
		if (used > 0)
			crawl_add_shard(c, shard);
	}
}

void crawl_release(struct crawl *c)
{
	for (size_t i = 0; i < c->sources->n; i++)
		fetch_free(c->fetch[i]);
	frontier_release(&c->frontier);
	robots_keep_free(c->robots);
	ward_free(c->ward);
	arena_release(&c->one);
	boost_free(c->boost);
	free(c->fetch);
	free(c->distrust);
	free(c->warned);
	free(c->lease);
	free(c->shard);
	free(c->under_way);
}

struct partition crawl_partition(const struct crawl *c, struct arena *a, uint32_t shard)
{
	return (struct partition){ .redis = c->redis, .arena = a, .shard = shard, .lease = &c->lease[c->lease_of[shard]] };
}

/* Whatever Redis has forgotten of due times, it has the last word on them. */
void crawl_distrust(struct crawl *c, int64_t now_ms)
{
	memset(c->distrust, DISTRUSTED, c->sources->n);
	c->distrust_from_ms = now_ms - DISTRUST_MS;
	for (size_t i = 0; i < c->nshards; i++)
		frontier_open(&c->frontier, c->shard[i], false);
}

void crawl_inherit(struct crawl *c, const struct crawl *old)
{
	c->distrust_from_ms = old->distrust_from_ms;
	ward_inherit(c->ward, old->ward);
	for (size_t i = 0; i < old->sources->n; i++) {
		const struct source *s =
			old->distrust[i] != TRUSTED ? sources_find(c->sources, old->sources->source[i].id) : NULL;
		if (s != NULL)
			c->distrust[s - c->sources->source] = DISTRUSTED;
	}
}

enum outcome crawl_unless_fenced(struct crawl *c, uint32_t shard, enum outcome done, struct err *e)
{
	struct lease *lease = &c->lease[c->lease_of[shard]];
	if (done != REJECT)
		return done;
	log_event(LOG_WARN, EV_fenced, "partition=%.*s why=%s", STR_FMT(lease->partition), log_quote(str_of(e->text)));
	lease->held = lease->held && !str_starts(str_of(e->text), STR("fenced: "));
	return OK;
}

/* ---- shards come and go ---- */

/* What was configured meanwhile goes onto the due list, what is gone leaves it: once for each time a shard becomes ours. */
static enum outcome open_shard(struct crawl *c, struct arena *a, size_t at, int64_t now_ms, struct err *e)
{
	size_t n = 0;
	const uint32_t *which = frontier_shard(&c->frontier, c->shard[at], &n);
	struct source_due *due = arena_list(a, struct source_due, n + 1);
	for (size_t i = 0; i < n; i++)
		due[i].id = c->sources->source[which[i]].id;
	const struct partition p = crawl_partition(c, a, c->shard[at]);
	const enum outcome done = sources_sync(&p, due, n, now_ms, e);
	redis_done(c->redis);
	if (done != OK)
		return crawl_unless_fenced(c, c->shard[at], done, e);
	for (size_t i = 0; i < n; i++)
		if (c->fetch[which[i]] == NULL)
			frontier_due(&c->frontier, which[i], due[i].due_ms);
	frontier_open(&c->frontier, c->shard[at], true);
	c->lease[at].just_taken = false;
	return OK;
}

static enum outcome follow_leases(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < c->nshards && done == OK; i++) {
		struct lease *lease = &c->lease[i];
		const bool is_open = c->frontier.is_open[c->shard[i]], is_ours = lease->held && !lease->is_leaving;
		if (is_ours && (!is_open || lease->just_taken))
			done = open_shard(c, a, i, now_ms, e);
		else if (is_open && !is_ours)
			frontier_open(&c->frontier, c->shard[i], false);
	}
	return done;
}

/* Somebody else may have put a source further to the front of the due list. */
static enum outcome look_at_due(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	if (now_ms < c->next_look_ms)
		return OK;
	c->next_look_ms = now_ms + DUE_LOOK_MS;
	size_t asked = 0;
	for (size_t i = 0; i < c->nshards; i++) {
		const struct partition p = crawl_partition(c, a, c->shard[i]);
		if (c->lease[i].held)
			sources_due_queue(&p, now_ms, DUE_LOOK_IDS);
		asked += c->lease[i].held;
	}
	for (; asked > 0 && done == OK; asked--) {
		struct str *id = NULL;
		size_t n = 0;
		done = sources_due_take(c->redis, a, &id, &n, e);
		for (size_t k = 0; k < n; k++) {
			const struct source *s = sources_find(c->sources, id[k]);
			const size_t at = s != NULL ? (size_t)(s - c->sources->source) : 0;
			if (s != NULL && c->fetch[at] == NULL && c->frontier.due_ms[at] > now_ms)
				frontier_due(&c->frontier, (uint32_t)at, now_ms);
		}
	}
	redis_done(c->redis);
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
	redis_drain(c->redis);
	for (size_t i = 0; i < c->book->nbrands; i++) {
		const struct partition p = { .redis = c->redis, .arena = a, .brand = c->book->brand[i].id };
		posts_waiting_queue(&p);
	}
	for (size_t i = 0; i < c->book->nbrands && done == OK; i++) {
		int64_t waiting = 0;
		done = posts_waiting_take(c->redis, &waiting, e);
		most = waiting > most ? waiting : most;
	}
	redis_done(c->redis);
	c->slowed = most > LIMIT_STREAM_BACKLOG;
	metrics_set(M_backlog, most);
	return done;
}

/* ---- what is next ---- */

/* Sources that may go as far as is known here, ordered by shard. */
struct wanted {
	uint32_t *source;
	struct source_take *take; /* same order */
	size_t n;
	size_t *count; /* how many of each of our shards */
};

static struct source_take take_of(const struct crawl *c, const struct source *s)
{
	const int64_t delay_ms = robots_keep_delay_ms(c->robots, s);
	const int64_t longest_ms = s->how->kind == SOURCE_IMAP ? LIMIT_IMAP_TALK_MS : LIMIT_FETCH_MS;
	return (struct source_take){ .id = s->id, .host = s->host, .hold_ms = longest_ms + delay_ms, .pause_ms = delay_ms };
}

/* Answers that were not taken yet count as under way: their hosts are busy. */
static size_t room_for(const struct crawl *c)
{
	const size_t free = c->nunder_way < LIMIT_TRANSFERS ? LIMIT_TRANSFERS - c->nunder_way : 0;
	const size_t most = (size_t)http_room(c->http) < free ? (size_t)http_room(c->http) : free;
	return most < LIMIT_ROUND_STARTS ? most : LIMIT_ROUND_STARTS;
}

static void choose(struct crawl *c, struct arena *a, int64_t now_ms, struct wanted *out)
{
	const size_t room = room_for(c);
	uint32_t *chosen = arena_list(a, uint32_t, room + 1);
	size_t *at = arena_list(a, size_t, c->nshards + 1);
	*out = (struct wanted){ .count = arena_list(a, size_t, c->nshards + 1) };
	while (out->n < room && c->nwaiting < LIMIT_ROUND_PAGES && frontier_next(&c->frontier, now_ms, &chosen[out->n])) {
		const struct source *s = &c->sources->source[chosen[out->n]];
		if (!robots_keep_knows(c->robots, s, now_ms)) {
			c->waiting[c->nwaiting++] = chosen[out->n];
			continue;
		}
		out->count[c->lease_of[s->shard]]++;
		out->n++;
	}
	c->has_more = out->n == LIMIT_ROUND_STARTS || c->nwaiting == LIMIT_ROUND_PAGES;
	for (size_t i = 1; i < c->nshards; i++)
		at[i] = at[i - 1] + out->count[i - 1];
	out->source = arena_list(a, uint32_t, out->n + 1);
	out->take = arena_list(a, struct source_take, out->n + 1);
	for (size_t i = 0; i < out->n; i++) {
		const struct source *s = &c->sources->source[chosen[i]];
		const size_t place = at[c->lease_of[s->shard]]++;
		out->source[place] = chosen[i];
		out->take[place] = take_of(c, s);
	}
}

static void queue_takes(struct crawl *c, struct arena *a, const struct wanted *w, int64_t now_ms)
{
	for (size_t i = 0, from = 0; from < w->n; from += w->count[i++]) {
		const struct partition p = crawl_partition(c, a, c->shard[i]);
		if (w->count[i] > 0)
			sources_take_queue(&p, w->take + from, w->count[i], now_ms);
	}
}

/* Fetches under way, of a shard and of all: a lease that is to be given up waits for its own. */
static void count(struct crawl *c, uint32_t shard, bool is_more)
{
	size_t *n = &c->under_way[c->lease_of[shard]];
	*n = is_more ? *n + 1 : *n - 1;
	c->nunder_way = is_more ? c->nunder_way + 1 : c->nunder_way - 1;
	c->lease[c->lease_of[shard]].is_busy = *n > 0;
}

/* A connection that would wait longer for its next request than servers wait with it is worth less than its memory. */
static bool is_last_of_host(const struct crawl *c, const struct crawl_fetch *f)
{
	const struct source *s = f->source;
	const int64_t least_ms = s->how->every_ms > 0 ? s->how->every_ms : s->how->every_min_ms;
	return least_ms >= LIMIT_IDLE_MS && frontier_is_alone(&c->frontier, (uint32_t)f->at) && !paging_insists(&f->state);
}

/* Lets the request go. One that may not leave (its address is refused) is an answer like any other: the source fails with that
 * reason, and the host is free again. */
static void start(struct crawl *c, size_t at, const struct source_take *t, struct round *refused)
{
	struct crawl_fetch *f = fetch_new(&c->sources->source[at], at);
	fetch_remember(f, t);
	f->delay_ms = robots_keep_delay_ms(c->robots, f->source);
	f->unconditional = c->distrust[at] != TRUSTED && t->state.fetched_ms >= c->distrust_from_ms;
	if (f->unconditional && c->distrust[at] == DISTRUSTED)
		paging_restart(&f->state);
	f->closes = is_last_of_host(c, f);
	c->fetch[at] = f;
	count(c, f->source->shard, true);
	f->robots = c->robots;
	if (f->state.hop.n > 0) {
		c->away[c->naway++] = (uint32_t)at;
		return;
	}
	struct http_response answer;
	f->is_sent = robots_turn_start(c, f, refused->now_ms, &answer);
	if (!f->is_sent)
		round_add(refused, &answer);
}

void crawl_back(struct crawl *c, size_t at, int64_t due_ms, int64_t host_ms)
{
	c->fetch[at] = NULL;
	count(c, c->sources->source[at].shard, false);
	frontier_back(&c->frontier, (uint32_t)at, due_ms, host_ms);
}

/* One that was not let go. */
static void put_back(struct crawl *c, uint32_t source, const struct source_take *t)
{
	const int64_t due_ms = c->frontier.due_ms[source], host_ms = c->frontier.host[c->frontier.host_of[source]].next_ms;
	if (t->verdict == TAKE_HOST)
		frontier_back(&c->frontier, source, due_ms, t->again_ms);
	else
		frontier_back(&c->frontier, source, t->verdict == TAKE_GONE ? FRONTIER_NEVER : t->again_ms, host_ms);
}

static enum outcome start_shard(
	struct crawl *c, struct round *refused, const struct wanted *w, size_t from, size_t n, struct err *e)
{
	struct source_take *take = w->take + from;
	const uint32_t *source = w->source + from;
	const enum outcome done = sources_take_answer(c->redis, refused->a, take, n, e);
	for (size_t i = 0; i < n; i++) {
		if (done != OK)
			frontier_back(&c->frontier, source[i], c->frontier.due_ms[source[i]], refused->now_ms + ASK_AGAIN_MS);
		else if (take[i].verdict == TAKE_GO)
			start(c, source[i], &take[i], refused);
		else
			put_back(c, source[i], &take[i]);
	}
	return done == OK ? OK : crawl_unless_fenced(c, c->sources->source[source[0]].shard, done, e);
}

/* Of several steps that are all taken, the first that went wrong is told. */
static void note(enum outcome *worst, enum outcome done, const struct err *why, struct err *e)
{
	if (done == OK || *worst != OK)
		return;
	*worst = done;
	*e = *why;
}

static enum outcome start_wanted(struct crawl *c, struct arena *a, const struct wanted *w, int64_t now_ms, struct err *e)
{
	enum outcome worst = OK;
	struct err why = { 0 };
	struct round refused;
	round_init(&refused, c, a, w->n, now_ms);
	for (size_t i = 0, from = 0; from < w->n; from += w->count[i++]) {
		const enum outcome done = w->count[i] > 0 ? start_shard(c, &refused, w, from, w->count[i], &why) : OK;
		note(&worst, done, &why, e);
	}
	round_commit(&refused);
	const enum outcome done = round_settle(&refused, &why);
	note(&worst, done, &why, e);
	return worst;
}

/* ---- a turn ---- */

/* As many of the answers that came as belong into one round. */
static void collect(const struct crawl *c, struct round *r)
{
	struct http_response answer;
	while (!round_is_full(r) && http_take(c->http, &answer))
		round_add(r, &answer);
}

/* All that came but the last round, whose cursors share a trip with what is asked next. */
static enum outcome finish(struct crawl *c, struct arena *a, int64_t now_ms, struct round *last, struct err *e)
{
	redis_drain(c->redis);
	for (;;) {
		arena_reset(a);
		round_init(last, c, a, LIMIT_ROUND_PAGES, now_ms);
		collect(c, last);
		enum outcome done = round_append(last, e);
		round_commit(last);
		if (done != OK || !round_is_full(last))
			return done;
		done = round_settle(last, e);
		redis_done(c->redis);
		if (done != OK)
			return done;
	}
}

static void keep_pace(struct pace *p, int64_t now_ms)
{
	if (now_ms - p->from_ms < PACE_MS)
		return;
	*p = (struct pace){ .from_ms = now_ms, .before = now_ms - p->from_ms < 2 * PACE_MS ? p->n : 0 };
}

enum outcome crawl_turn(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	struct round last;
	struct wanted wanted = { 0 };
	arena_reset(a);
	keep_pace(&c->pace, now_ms);
	enum outcome done = leftover_find(c, a, e);
	if (done == OK)
		done = look_at_backlog(c, a, now_ms, e);
	if (done == OK)
		done = follow_leases(c, a, now_ms, e);
	if (done == OK)
		done = look_at_due(c, a, now_ms, e);
	if (done == OK)
		done = health_turn(c, a, now_ms, e);
	if (done == OK)
		done = boost_turn(c, a, now_ms, e);
	if (done != OK)
		return done;
	done = finish(c, a, now_ms, &last, e);
	c->has_more = false;
	if (done == OK && !c->slowed && !c->is_draining)
		choose(c, a, now_ms, &wanted);
	robots_turn_queue(c, a);
	watch_queue(c->watch, c->redis, a);
	boost_queue(c, a, now_ms);
	queue_takes(c, a, &wanted, now_ms);
	struct err why = { 0 };
	enum outcome next = round_settle(&last, &why);
	note(&done, next, &why, e);
	next = robots_turn_take(c, a, now_ms, &why);
	note(&done, next, &why, e);
	next = watch_take(c->watch, c->redis, &why);
	note(&done, next, &why, e);
	next = boost_take(c, a, now_ms, &why);
	note(&done, next, &why, e);
	next = start_wanted(c, a, &wanted, now_ms, &why);
	note(&done, next, &why, e);
	next = away_start(c, a, now_ms, &why);
	note(&done, next, &why, e);
	return done;
}

int crawl_patience_ms(const struct crawl *c)
{
	const size_t pages = c->pace.before > c->pace.n ? c->pace.before : c->pace.n;
	return pages < LIMIT_ROUND_MS / PATIENCE_MS ? (int)pages * PATIENCE_MS : LIMIT_ROUND_MS;
}

int crawl_idle_ms(const struct crawl *c, int64_t now_ms, int most_ms)
{
	const int64_t ready_ms = frontier_ready_ms(&c->frontier) - now_ms;
	if (c->slowed || c->is_draining || room_for(c) == 0 || ready_ms > most_ms)
		return most_ms;
	return ready_ms > 1 ? (int)ready_ms : 1;
}

bool crawl_has_round(const struct crawl *c, int64_t now_ms)
{
	const size_t running = (size_t)http_in_flight(c->http);
	const bool is_last = running == 0 && frontier_ready_ms(&c->frontier) > now_ms + crawl_patience_ms(c);
	return c->nunder_way == 0 || is_last || c->has_more || c->nunder_way - running >= LIMIT_ROUND_PAGES;
}
