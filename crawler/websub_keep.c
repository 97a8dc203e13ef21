/* The subscriptions of our shards, in memory. */
#include "crawler/websub_keep.h"

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/metrics.h"
#include "common/store/pauses.h"
#include "crawler/inbox.h"
#include "crawler/polling.h"
#include "crawler/websub_other.h"

#include <stdlib.h>

#define LOOK_MS 1000
#define PAUSES_MS 5000
#define WRITE_MS MS_PER_MINUTE
#define CHANGE_MS MS_PER_DAY /* a feed that names another hub or topic every time is believed once a day */
#define SCRATCH_BYTES ((size_t)4 << 20)
#define QUESTION_BYTES ((size_t)1 << 20)

/* ---- life ---- */

static void read_networks(struct websub_keep *k)
{
	const struct conf_list *list = &k->settings->websub_allow;
	k->allow = arena_list(&k->process, struct http_cidr, list->n + 1);
	for (size_t i = 0; i < list->n; i++)
		k->nallow += http_cidr_parse(list->item[i], &k->allow[k->nallow], NULL) == OK;
}

struct websub_keep *websub_keep_new(const struct settings *s, struct str key, const char *user_agent)
{
	if (s->websub_callback.n == 0)
		return NULL;
	struct websub_keep *k = calloc(1, sizeof *k);
	if (k == NULL)
		abort();
	k->settings = s;
	k->key = key;
	arena_init(&k->process, 1u << 20);
	arena_init(&k->arena, LIMIT_ARENA_BYTES);
	arena_init(&k->scratch, SCRATCH_BYTES);
	arena_init(&k->question, QUESTION_BYTES);
	read_networks(k);
	k->http = http_new(user_agent, LIMIT_WEBSUB_ASKS);
	return k;
}

void websub_keep_watch(struct websub_keep *k, const struct inbox *inbox)
{
	if (k != NULL)
		k->inbox = inbox;
}

static void forget(struct websub_keep *k, size_t at)
{
	if (k->of[at] == NULL)
		return;
	k->nkept--;
	k->ndirty -= k->of[at]->is_dirty;
	free(k->of[at]->fresh_ms);
	free(k->of[at]);
	k->of[at] = NULL;
}

static void forget_all(struct websub_keep *k)
{
	for (size_t i = 0; i < k->n; i++) /* k->sources may be others by now */
		forget(k, i);
	free(k->of);
	k->of = NULL;
	k->sources = NULL;
	k->n = 0;
	memset(k->token, 0, sizeof k->token);
	memset(k->lease, 0, sizeof k->lease);
}

void websub_keep_free(struct websub_keep *k)
{
	if (k == NULL)
		return;
	forget_all(k);
	websub_ask_free(k);
	http_free(k->http);
	arena_release(&k->process);
	arena_release(&k->arena);
	arena_release(&k->scratch);
	arena_release(&k->question);
	free(k);
}

void websub_keep_follow(struct websub_keep *k, const struct source_list *sources)
{
	if (k == NULL)
		return;
	forget_all(k);
	k->sources = sources;
	k->n = sources->n;
	k->of = calloc(sources->n + 1, sizeof(struct websub_kept *));
	if (k->of == NULL)
		abort();
	k->next_look_ms = 0;
}

/* ---- one subscription ---- */

struct websub_kept *websub_keep_find(const struct websub_keep *k, struct str id)
{
	const struct source *s = k->sources != NULL ? sources_find(k->sources, id) : NULL;
	return s != NULL ? k->of[s - k->sources->source] : NULL;
}

static struct str put(char **at, struct str s)
{
	const struct str copy = { *at, s.n };
	if (s.n > 0)
		memcpy(*at, s.p, s.n);
	*at += s.n;
	return copy;
}

struct websub_kept *websub_keep_put(struct websub_keep *k, const struct source *s, const struct subscription *sub)
{
	struct websub_kept **slot = &k->of[s - k->sources->source], *was = *slot;
	const struct str host = websub_ask_host(&k->scratch, sub->hub);
	const size_t bytes = host.n + sub->hub.n + sub->topic.n + sub->base.n + sub->salt.n + sub->secret.n + sub->error.n;
	struct websub_kept *kept = malloc(sizeof *kept + bytes);
	if (kept == NULL)
		abort();
	*kept = was != NULL ? *was : (struct websub_kept){ .source = s };
	char *at = (char *)(kept + 1);
	kept->s = *sub;
	kept->s.id = s->id;
	kept->s.state = str_of(websub_state_names[websub_state_of(sub)]);
	kept->s.hub = put(&at, sub->hub);
	kept->s.topic = put(&at, sub->topic);
	kept->s.base = put(&at, sub->base);
	kept->s.salt = put(&at, sub->salt);
	kept->s.secret = put(&at, sub->secret);
	kept->s.error = put(&at, sub->error);
	kept->host = put(&at, host);
	k->nkept += was == NULL;
	*slot = kept;
	free(was);
	return kept;
}

void websub_keep_mark(struct websub_keep *k, struct websub_kept *kept)
{
	k->ndirty += !kept->is_dirty;
	kept->is_dirty = true;
}

static uint32_t any_number(void)
{
	uint32_t r = 0;
	crypto_random(&r, sizeof r);
	return r;
}

/* What an operator wants to read of it. */
static void tell(const struct websub_kept *kept, enum websub_event event, bool was_live)
{
	const struct str id = kept->s.id;
	if (event == WEBSUB_VERIFIED && !was_live)
		log_event(LOG_INFO, EV_websub_live, "source=%.*s", STR_FMT(id));
	else if (event == WEBSUB_REFUSED)
		log_event(LOG_WARN, EV_websub_failed, "source=%.*s why=\"the hub denied it\"", STR_FMT(id));
	else if (event == WEBSUB_EXPIRED)
		log_event(LOG_WARN, EV_websub_failed, "source=%.*s why=\"the lease ended and was not renewed\"", STR_FMT(id));
}

void websub_keep_happen(
	struct websub_keep *k, struct websub_kept *kept, enum websub_event event, int64_t lease_ms, int64_t now_ms)
{
	const struct websub_happening h = { event, now_ms, lease_ms, any_number() };
	const bool was_live = websub_has_lease(&kept->s, now_ms);
	if (!websub_step(&kept->s, &h))
		return;
	tell(kept, event, was_live);
	if (event == WEBSUB_REFUSED || event == WEBSUB_EXPIRED)
		kept->due_ms = now_ms; /* polled as before, at once */
	websub_keep_mark(k, kept);
}

struct partition websub_keep_partition(struct websub_keep *k, struct redis *redis, uint32_t shard)
{
	return (struct partition){ .redis = redis, .arena = &k->arena, .shard = shard, .lease = k->lease[shard] };
}

/* ---- which are ours ---- */

static void close_shard(struct websub_keep *k, uint32_t shard)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->of[i] != NULL && k->sources->source[i].shard == shard)
			forget(k, i);
	k->token[shard][0] = '\0';
	k->lease[shard] = NULL;
}

static void make_new(struct websub_keep *k, struct subscription *s, int64_t now_ms);

/* One that was made for another address of ours is begun anew; one whose record cannot be read is forgotten. */
static enum outcome open_one(
	struct websub_keep *k, const struct partition *p, const struct subscription_record *record, struct err *e)
{
	struct subscription s;
	const struct source *source = sources_find(k->sources, record->id);
	arena_reset(&k->scratch);
	const struct str id = arena_copy(&k->scratch, record->id);
	if (subscription_parse(&k->scratch, id, record->json, &s, NULL) != OK)
		return subscriptions_drop(p, id, e);
	if (source == NULL || !source->how->has_websub) {
		websub_ask_leave(k, &s, p->shard);
		return subscriptions_drop(p, id, e);
	}
	const bool is_moved = !str_eq(s.base, k->settings->websub_callback);
	if (is_moved) {
		websub_ask_leave(k, &s, p->shard);
		make_new(k, &s, clock_now_ms());
	}
	struct websub_kept *kept = websub_keep_put(k, source, &s);
	if (is_moved)
		websub_keep_mark(k, kept);
	if (websub_is_pending(&kept->s)) /* whoever asked is gone */
		websub_keep_happen(k, kept, WEBSUB_LATE, 0, clock_now_ms());
	return OK;
}

static enum outcome open_shard(
	struct websub_keep *k, struct redis *redis, const struct lease *lease, uint32_t shard, struct err *e)
{
	struct subscription_record *list = NULL;
	size_t n = 0;
	close_shard(k, shard);
	k->lease[shard] = lease;
	const struct partition p = websub_keep_partition(k, redis, shard);
	enum outcome done = subscriptions_all(&p, &list, &n, e);
	for (size_t i = 0; i < n && done == OK; i++)
		done = open_one(k, &p, &list[i], e);
	if (done == OK)
		memcpy(k->token[shard], lease->token, LEASE_TOKEN_BYTES);
	return done;
}

static enum outcome follow_leases(struct websub_keep *k, const struct crawl *c, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < c->nshards && done == OK; i++) {
		const uint32_t shard = c->shard[i];
		const bool is_known = strcmp(k->token[shard], c->lease[i].token) == 0;
		if (!c->lease[i].held && k->lease[shard] != NULL)
			close_shard(k, shard);
		else if (c->lease[i].held && (!is_known || k->lease[shard] == NULL))
			done = open_shard(k, c->redis, &c->lease[i], shard, e);
		if (done == REJECT) { /* it went to another worker this moment */
			close_shard(k, shard);
			done = OK;
		}
	}
	return done;
}

/* ---- a turn ---- */

/* What people have paused for good wants no pushes. */
static enum outcome look_at_pauses(struct websub_keep *k, const struct crawl *c, int64_t now_ms, struct err *e)
{
	size_t asked = 0;
	enum outcome done = OK;
	if (now_ms < k->next_pause_ms || k->nkept == 0)
		return OK;
	k->next_pause_ms = now_ms + PAUSES_MS;
	redis_drain(c->redis);
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS; shard++) {
		const struct partition p = websub_keep_partition(k, c->redis, shard);
		if (p.lease != NULL)
			pauses_queue(&p);
		asked += p.lease != NULL;
	}
	for (; asked > 0 && done == OK; asked--) {
		struct pause *list = NULL;
		size_t n = 0;
		done = pauses_take(c->redis, &k->arena, &list, &n, e);
		for (size_t i = 0; i < n && done == OK; i++) {
			struct websub_kept *kept = websub_keep_find(k, list[i].id);
			if (kept != NULL && list[i].until_ms == PAUSE_FOR_GOOD)
				kept->is_unwanted = true;
		}
	}
	return done;
}

/* A poll that is under way ends with a due time of its own, and may have left before there was anything new: the hub's word waits for its end. */
static bool is_to_be_hastened(const struct websub_kept *kept, const struct crawl *c, size_t at)
{
	return kept->due_ms > 0 && c->fetch[at] == NULL;
}

static enum outcome write_one(struct websub_keep *k, struct crawl *c, size_t at, struct err *e)
{
	struct websub_kept *kept = k->of[at];
	const struct partition p = websub_keep_partition(k, c->redis, kept->source->shard);
	const int64_t waits_ms = kept->due_ms, due_ms = is_to_be_hastened(kept, c, at) ? waits_ms : 0;
	k->ndirty -= kept->is_dirty;
	kept->is_dirty = kept->is_stale = false; /* before: a hub may ask while Redis is waited for */
	kept->due_ms = due_ms > 0 ? 0 : waits_ms;
	const enum outcome done = subscriptions_keep(&p, &kept->s, due_ms, e);
	if (done != OK) {
		kept->due_ms = waits_ms;
		websub_keep_mark(k, kept);
	} else if (due_ms > 0 && due_ms < c->frontier.due_ms[at]) {
		frontier_due(&c->frontier, (uint32_t)at, due_ms);
	}
	return done;
}

static enum outcome look_at(struct websub_keep *k, struct crawl *c, size_t at, int64_t now_ms, struct err *e)
{
	struct websub_kept *kept = k->of[at];
	const struct partition p = websub_keep_partition(k, c->redis, kept->source->shard);
	enum websub_event event;
	if (kept->is_unwanted) {
		websub_ask_leave(k, &kept->s, kept->source->shard);
		const enum outcome dropped = subscriptions_drop(&p, kept->s.id, e);
		if (dropped == OK)
			forget(k, at);
		return dropped;
	}
	if (websub_elapsed(&kept->s, now_ms, &event))
		websub_keep_happen(k, kept, event, 0, now_ms);
	const bool is_late = kept->is_stale && now_ms >= k->next_write_ms;
	enum outcome done = kept->is_dirty || is_late || is_to_be_hastened(kept, c, at) ? write_one(k, c, at, e) : OK;
	if (done == OK && websub_is_due(&kept->s, now_ms) && websub_ask_has_room(k, kept->host, now_ms))
		done = websub_ask_subscribe(k, c->redis, kept, now_ms, e);
	k->nlive += k->of[at] != NULL && websub_has_lease(&k->of[at]->s, now_ms);
	return done;
}

/* A shard that went to another worker is its business now. */
static enum outcome unless_fenced(struct websub_keep *k, size_t at, enum outcome done)
{
	if (done != REJECT)
		return done;
	close_shard(k, k->sources->source[at].shard);
	return OK;
}

static enum outcome look(struct websub_keep *k, struct crawl *c, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	if (now_ms < k->next_look_ms && k->ndirty == 0)
		return OK;
	k->next_look_ms = now_ms + LOOK_MS;
	k->nlive = 0;
	for (size_t i = 0; i < k->n && k->nkept > 0 && done == OK; i++)
		if (k->of[i] != NULL)
			done = unless_fenced(k, i, look_at(k, c, i, now_ms, e));
	if (now_ms >= k->next_write_ms)
		k->next_write_ms = now_ms + WRITE_MS;
	metrics_set(M_websub_live, (int64_t)k->nlive);
	return done;
}

enum outcome websub_keep_turn(struct websub_keep *k, struct crawl *c, int64_t now_ms, struct err *e)
{
	if (k == NULL)
		return OK;
	arena_reset(&k->arena);
	arena_reset(&k->scratch);
	k->redis = c->redis;
	enum outcome done = follow_leases(k, c, e);
	if (done == OK)
		done = websub_other_hear(k, c->redis, now_ms, e);
	if (done == OK)
		done = websub_ask_turn(k, c->redis, now_ms, e);
	if (done == OK)
		done = look_at_pauses(k, c, now_ms, e);
	if (done == OK)
		done = look(k, c, now_ms, e);
	redis_done(c->redis);
	return done;
}

/* ---- what visits tell ---- */

static struct str random_hex(struct arena *a, size_t digits)
{
	unsigned char bytes[64];
	char *hex = arena_take(a, digits + 1);
	crypto_random(bytes, digits / 2);
	crypto_hex(bytes, digits / 2, hex);
	return (struct str){ hex, digits };
}

/* Hub, topic and id stand; the rest begins. Its texts live in the arena of the turn. */
static void make_new(struct websub_keep *k, struct subscription *s, int64_t now_ms)
{
	*s = (struct subscription){ .id = s->id,
		.state = str_of(websub_state_names[WEBSUB_WANTED]),
		.hub = s->hub,
		.topic = s->topic,
		.base = k->settings->websub_callback,
		.salt = random_hex(&k->arena, 16),
		.secret = random_hex(&k->arena, 64),
		.since_ms = now_ms,
		.next_ms = now_ms };
}

static bool is_same(const struct subscription *s, const struct websub_links *l)
{
	return str_eq(s->hub, l->hub) && str_eq(s->topic, l->self);
}

static void offer(struct websub_keep *k, const struct source *s, const struct websub_links *l, int64_t now_ms)
{
	struct websub_kept *kept = k->of[s - k->sources->source];
	struct subscription sub = { .id = s->id, .hub = l->hub, .topic = l->self };
	if (kept != NULL)
		kept->is_unwanted = !websub_links_complete(l); /* polls are at once what they were */
	if (!websub_links_complete(l))
		return;
	if (kept != NULL && is_same(&kept->s, l))
		return;
	if (kept != NULL && now_ms - kept->s.since_ms < CHANGE_MS) {
		kept->s.doubted_until_ms = kept->s.since_ms + CHANGE_MS; /* until then it is of something else */
		return;
	}
	if (kept != NULL)
		websub_ask_leave(k, &kept->s, s->shard);
	make_new(k, &sub, now_ms);
	websub_keep_mark(k, websub_keep_put(k, s, &sub));
}

void websub_keep_found(
	struct websub_keep *k, const struct source *s, const struct http_response *r, const struct websub_links *feed)
{
	if (k == NULL || !s->how->has_websub || k->lease[s->shard] == NULL || s->how->kind == SOURCE_IMAP)
		return;
	struct websub_links links = { 0 };
	websub_links_answer(&k->arena, r->header, r->url, &links);
	if (!websub_links_complete(&links) && (s->how->kind == SOURCE_PAGE || s->how->recipe != NULL))
		websub_links_page(&k->arena, r->body, r->url, &links);
	if (links.hub.n == 0)
		links.hub = feed->hub;
	if (links.self.n == 0)
		links.self = feed->self;
	offer(k, s, &links, clock_now_ms());
	arena_reset(&k->arena);
}

static void learn(struct websub_kept *kept, struct source_state *state)
{
	if (kept->nfresh == 0)
		return;
	const int64_t seen_ms = state->arrivals.seen_ms;
	const int64_t at_ms = kept->s.pushed_ms > seen_ms ? kept->s.pushed_ms : seen_ms;
	const struct polling_sight sight = { at_ms, kept->fresh_ms, kept->nfresh };
	polling_learn(&state->arrivals, &sight);
	kept->nfresh = 0;
}

void websub_keep_visited(
	struct websub_keep *k, const struct source *s, struct source_state *state, const struct websub_poll *poll, bool is_judged)
{
	struct websub_kept *kept = k != NULL && k->of != NULL ? k->of[s - k->sources->source] : NULL;
	state->push_ms = 0;
	if (kept == NULL || kept->is_unwanted)
		return;
	learn(kept, state);
	if (is_judged && k->inbox->nwaiting == 0 && websub_note_poll(&kept->s, poll)) {
		log_event(LOG_WARN, EV_websub_missed, "source=%.*s posts=%zu", STR_FMT(s->id), poll->n);
		metrics_add(M_websub_misses_total, 1);
		websub_keep_mark(k, kept);
	}
	kept->is_stale = true;
	state->push_ms = websub_covers_until(&kept->s, &state->arrivals, poll->now_ms);
}
