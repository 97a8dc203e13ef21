/* Requests to hubs: subscribe, renew, leave. One at a time a hub, with a pause behind it, through the same checks of addresses as all. */
#include "crawler/websub_keep.h"

#include "common/base/metrics.h"
#include "common/base/url.h"
#include "crawler/websub_message.h"

#include <stdlib.h>

#define PAUSE_MS 1000 /* of a hub, after a request … */
#define SLOW 5 /* … or so many times what it took … */
#define PAUSE_MOST_MS 60000
#define HOLD_MS                                                                                                                  \
	2000 /* a request under way says so much ahead that it goes on: sources on its host wait no longer than they must */
#define ASK_BYTES ((size_t)1 << 20)

struct websub_ask {
	struct arena arena;
	struct str id; /* of the source */
	struct str host; /* of the hub */
	uint32_t shard;
	bool is_leave;
	int64_t hold_ms; /* until then its host waits */
	struct str hub, topic, callback; /* of one that leaves */
};

/* ---- hubs ---- */

struct str websub_ask_host(struct arena *a, struct str hub)
{
	struct url url;
	return url_parse(a, hub, STR(""), &url, NULL) == OK ? url.host : STR("");
}

/* Its place, k->nhubs when it has none. */
static size_t place_of(const struct websub_keep *k, struct str host)
{
	const uint64_t hash = str_hash(host);
	size_t at = 0;
	while (at < k->nhubs && k->hub[at].host != hash)
		at++;
	return at;
}

/* The hub's place; one that nobody has to wait for gives way when all are taken. NULL: come later. */
static struct websub_hub *hub_of(struct websub_keep *k, struct str host, int64_t now_ms)
{
	size_t at = place_of(k, host);
	if (at < k->nhubs)
		return &k->hub[at];
	if (k->nhubs < LIMIT_WEBSUB_HUBS)
		k->nhubs++;
	else
		for (at = 0; at < k->nhubs && (k->hub[at].is_busy || k->hub[at].next_ms > now_ms);)
			at++;
	if (at == LIMIT_WEBSUB_HUBS)
		return NULL;
	k->hub[at] = (struct websub_hub){ .host = str_hash(host) };
	return &k->hub[at];
}

static size_t free_slot(const struct websub_keep *k)
{
	size_t at = 0;
	while (at < LIMIT_WEBSUB_ASKS && k->ask[at] != NULL)
		at++;
	return at;
}

bool websub_ask_has_room(const struct websub_keep *k, struct str host, int64_t now_ms)
{
	const size_t at = place_of(k, host);
	const bool is_free = at == k->nhubs || (!k->hub[at].is_busy && k->hub[at].next_ms <= now_ms);
	return is_free && free_slot(k) < LIMIT_WEBSUB_ASKS && http_room(k->http) > 0;
}

/* ---- a request ---- */

static struct websub_ask *ask_new(struct str id, struct str host, uint32_t shard, bool is_leave)
{
	struct websub_ask *ask = calloc(1, sizeof *ask);
	if (ask == NULL)
		abort();
	arena_init(&ask->arena, ASK_BYTES);
	ask->id = arena_copy(&ask->arena, id);
	ask->host = arena_copy(&ask->arena, host);
	ask->shard = shard;
	ask->is_leave = is_leave;
	return ask;
}

static void ask_free(struct websub_keep *k, struct websub_ask *ask)
{
	for (size_t i = 0; i < LIMIT_WEBSUB_ASKS; i++)
		if (k->ask[i] == ask)
			k->ask[i] = NULL;
	arena_release(&ask->arena);
	free(ask);
}

void websub_ask_free(struct websub_keep *k)
{
	for (size_t i = 0; i < LIMIT_WEBSUB_ASKS; i++)
		if (k->ask[i] != NULL)
			ask_free(k, k->ask[i]);
	for (size_t i = 0; i < k->nleaves; i++)
		ask_free(k, k->leave[i]);
}

static enum outcome send(
	struct websub_keep *k, struct websub_ask *ask, struct str hub, const struct websub_request *r, struct err *e)
{
	struct str header[] = { STR("Content-Type: application/x-www-form-urlencoded") };
	const struct http_request request = { .url = arena_copy(&ask->arena, hub),
		.method = STR("POST"),
		.body = websub_form(&ask->arena, r),
		.header = header,
		.nheaders = 1,
		.allow = k->allow,
		.nallow = k->nallow,
		.max_body = LIMIT_WEBSUB_ANSWER_BYTES,
		.timeout_ms = LIMIT_WEBSUB_ASK_MS,
		.owner = ask };
	metrics_add(M_websub_requests_total, 1);
	return http_start(k->http, &request, e);
}

/* Claims the hub, in Redis and here. SKIP: it has to wait. */
static enum outcome claim(struct websub_keep *k, const struct partition *p, struct str host, int64_t now_ms, struct err *e)
{
	int64_t allowed_ms = 0;
	struct websub_hub *hub = hub_of(k, host, now_ms);
	if (hub == NULL || hub->is_busy || hub->next_ms > now_ms)
		return SKIP;
	const enum outcome done = subscriptions_hub_claim(p, host, now_ms, HOLD_MS, &allowed_ms, e);
	if (done != OK)
		return done;
	if (allowed_ms > now_ms) { /* a source on its host may be done long before that */
		hub->next_ms = allowed_ms < now_ms + PAUSE_MS ? allowed_ms : now_ms + PAUSE_MS;
		return SKIP;
	}
	hub->is_busy = true;
	return OK;
}

/* The hub is free again, after a pause. */
static enum outcome let_go(
	struct websub_keep *k, const struct partition *p, struct str host, int64_t free_ms, int64_t now_ms, struct err *e)
{
	struct websub_hub *hub = hub_of(k, host, now_ms);
	if (hub != NULL) {
		hub->is_busy = false;
		hub->next_ms = free_ms;
	}
	return p->lease != NULL ? subscriptions_hub_leave(p, host, free_ms, true, e) : OK;
}

/* An address that may not be asked, or an answer that is no. */
static void fail(struct websub_keep *k, struct str id, const struct err *why, int64_t retry_after_ms, int64_t now_ms)
{
	struct websub_kept *kept = websub_keep_find(k, id);
	metrics_add(M_websub_request_errors_total, 1);
	if (kept == NULL)
		return;
	struct subscription sub = kept->s;
	sub.error = str_of(why->text);
	kept = websub_keep_put(k, kept->source, &sub);
	websub_keep_happen(k, kept, WEBSUB_FAILED, 0, now_ms);
	if (retry_after_ms > 0 && kept->s.next_ms < now_ms + retry_after_ms)
		kept->s.next_ms = now_ms + retry_after_ms;
	if (kept->s.failures == 1)
		log_event(LOG_WARN, EV_websub_failed, "source=%.*s why=%s", STR_FMT(id), log_quote(str_of(why->text)));
	websub_keep_mark(k, kept);
}

/* First that it was asked, to Redis; then the request: a crash between the two asks again, and no question comes as a surprise. */
enum outcome websub_ask_subscribe(
	struct websub_keep *k, struct redis *redis, struct websub_kept *kept, int64_t now_ms, struct err *e)
{
	struct err why = { 0 };
	const struct partition p = websub_keep_partition(k, redis, kept->source->shard);
	enum outcome done = claim(k, &p, kept->host, now_ms, e);
	if (done != OK)
		return done == SKIP ? OK : done;
	websub_keep_happen(k, kept, WEBSUB_SENT, 0, now_ms);
	done = subscriptions_keep(&p, &kept->s, 0, e);
	if (done != OK)
		return done; /* the claim runs out, and so does the time for an answer */
	struct websub_ask *ask = ask_new(kept->s.id, kept->host, p.shard, false);
	const struct websub_request request = { .mode = "subscribe",
		.topic = kept->s.topic,
		.callback = websub_callback(&ask->arena, kept->s.base, k->key, kept->s.id, kept->s.salt),
		.secret = kept->s.secret,
		.lease_ms = k->settings->websub_lease_ms };
	ask->hold_ms = now_ms + HOLD_MS;
	k->ask[free_slot(k)] = ask;
	if (send(k, ask, kept->s.hub, &request, &why) == OK)
		return OK;
	fail(k, ask->id, &why, 0, now_ms);
	done = let_go(k, &p, ask->host, now_ms, now_ms, e);
	ask_free(k, ask);
	return done;
}

/* ---- leaving ---- */

void websub_ask_leave(struct websub_keep *k, const struct subscription *s, uint32_t shard)
{
	if (k->nleaves == LIMIT_WEBSUB_LEAVES || !(websub_is_pending(s) || s->lease_until_ms > 0))
		return;
	struct websub_ask *ask = ask_new(s->id, websub_ask_host(&k->scratch, s->hub), shard, true);
	ask->hub = arena_copy(&ask->arena, s->hub);
	ask->topic = arena_copy(&ask->arena, s->topic);
	ask->callback = websub_callback(&ask->arena, s->base, k->key, s->id, s->salt);
	k->leave[k->nleaves++] = ask;
}

/* SKIP: later. What was sent, or never will be, is not in the list any more. */
static enum outcome leave_one(struct websub_keep *k, struct redis *redis, struct websub_ask *ask, int64_t now_ms, struct err *e)
{
	struct err why = { 0 };
	const struct partition p = websub_keep_partition(k, redis, ask->shard);
	enum outcome done = p.lease != NULL ? claim(k, &p, ask->host, now_ms, e) : REJECT;
	if (done == SKIP || done == RETRY || done == STOP)
		return done;
	if (done == OK) {
		const struct websub_request request = { .mode = "unsubscribe", .topic = ask->topic, .callback = ask->callback };
		ask->hold_ms = now_ms + HOLD_MS;
		k->ask[free_slot(k)] = ask;
		if (send(k, ask, ask->hub, &request, &why) == OK)
			return OK;
		done = let_go(k, &p, ask->host, now_ms, now_ms, e);
	}
	ask_free(k, ask); /* an address that is refused, or a shard of another worker: the lease at the hub runs out */
	return done == REJECT ? OK : done;
}

static enum outcome leave_some(struct websub_keep *k, struct redis *redis, int64_t now_ms, struct err *e)
{
	size_t kept = 0;
	enum outcome done = OK;
	for (size_t i = 0; i < k->nleaves; i++) {
		struct websub_ask *ask = k->leave[i];
		const bool may_go = done == OK && websub_ask_has_room(k, ask->host, now_ms);
		const enum outcome left = may_go ? leave_one(k, redis, ask, now_ms, e) : SKIP;
		if (left != OK)
			k->leave[kept++] = ask;
		if (left != SKIP)
			done = left;
	}
	k->nleaves = kept;
	return done;
}

/* ---- answers ---- */

static enum outcome take_answer(
	struct websub_keep *k, struct redis *redis, const struct http_response *r, int64_t now_ms, struct err *e)
{
	struct websub_ask *ask = r->owner;
	struct err why = { 0 };
	int64_t pause_ms = r->duration_ms * SLOW < PAUSE_MOST_MS ? r->duration_ms * SLOW : PAUSE_MOST_MS;
	if (r->outcome != OK)
		why = r->err;
	else if (r->status < 200 || r->status > 299)
		(void)err_set(&why, REJECT, "the hub %.*s answered %d: %.*s", STR_FMT(ask->host), r->status,
			STR_FMT(str_cut_utf8(str_trim(r->body), 120)));
	if (why.text[0] != '\0' && !ask->is_leave)
		fail(k, ask->id, &why, r->retry_after_ms, now_ms);
	pause_ms = pause_ms > PAUSE_MS ? pause_ms : PAUSE_MS;
	pause_ms = pause_ms > r->retry_after_ms ? pause_ms : r->retry_after_ms;
	const struct partition p = websub_keep_partition(k, redis, ask->shard);
	const enum outcome done = let_go(k, &p, ask->host, now_ms + pause_ms, now_ms, e);
	ask_free(k, ask);
	return done == REJECT ? OK : done;
}

/* Requests that take their time: their hosts go on waiting. */
static enum outcome hold_on(struct websub_keep *k, struct redis *redis, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < LIMIT_WEBSUB_ASKS && done == OK; i++) {
		struct websub_ask *ask = k->ask[i];
		const struct partition p = websub_keep_partition(k, redis, ask != NULL ? ask->shard : 0);
		if (ask == NULL || p.lease == NULL || ask->hold_ms > now_ms + HOLD_MS / 2)
			continue;
		ask->hold_ms = now_ms + HOLD_MS;
		done = subscriptions_hub_leave(&p, ask->host, ask->hold_ms, false, e);
		done = done == REJECT ? OK : done;
	}
	return done;
}

enum outcome websub_ask_turn(struct websub_keep *k, struct redis *redis, int64_t now_ms, struct err *e)
{
	struct http_response r;
	enum outcome done = OK;
	if (http_in_flight(k->http) > 0)
		http_wait(k->http, 0, -1);
	while (done == OK && http_take(k->http, &r)) {
		done = take_answer(k, redis, &r, now_ms, e);
		http_response_release(&r);
	}
	if (done == OK)
		done = hold_on(k, redis, now_ms, e);
	return done == OK && k->nleaves > 0 ? leave_some(k, redis, now_ms, e) : done;
}
