/* What one crawler knows of its sources' subscriptions: those of the shards that are ours, in memory, written to Redis before a request
 * leaves and after every change. What is allowed when: crawler/websub.h. There is none (NULL) unless the operator names a callback;
 * every function takes that and does nothing.
 *
 * Parts: websub_keep.c (the table, and what visits tell it), websub_ask.c (requests to hubs), websub_serve.c (what hubs send),
 * websub_drain.c (what they sent, into the streams), websub_other.c (shards that are not ours). */
#ifndef EARSHOT_CRAWLER_WEBSUB_KEEP_H
#define EARSHOT_CRAWLER_WEBSUB_KEEP_H

#include "common/base/http.h"
#include "common/base/log.h"
#include "common/base/settings.h"
#include "crawler/crawl.h"
#include "crawler/websub.h"
#include "crawler/websub_links.h"
#include <earshot/limits.h>

#define WEBSUB_FRESH 64

/* One source's. Its texts lie behind it in the same piece of memory. */
struct websub_kept {
	struct subscription s;
	const struct source *source;
	bool is_dirty; /* to be written now */
	bool is_unwanted; /* its feed names no hub any more */
	bool is_stale; /* to be written within a minute: only counters differ */
	int64_t nudged_ms; /* when a push that could not be read last made it due */
	int64_t due_ms; /* the source is to be polled no later, when it is written; 0 = as planned */
	int64_t *fresh_ms; /* times of pushed posts that the next poll learns from; WEBSUB_FRESH at most */
	size_t nfresh;
	struct str host; /* of the hub */
};

/* A hub's host. */
struct websub_hub {
	uint64_t host; /* its hash: two hosts of one would share their pauses */
	int64_t next_ms;
	bool is_busy;
};

struct inbox;
struct websub_ask; /* a request to a hub on its way */

struct websub_keep {
	const struct settings *settings;
	struct str key; /* of callbacks */
	struct http_cidr *allow; /* special addresses that hubs may have */
	size_t nallow;
	struct http *http;
	struct redis *redis; /* at hand between two turns; NULL before the first */
	const struct inbox *inbox;
	const struct source_list *sources;
	struct websub_kept **of; /* one a source, NULL = none; same order */
	size_t n;
	char token[EARSHOT_SHARDS][LEASE_TOKEN_BYTES]; /* of the lease under which a shard was read; "" = it was not */
	const struct lease *lease[EARSHOT_SHARDS]; /* then */
	size_t nkept, nlive, ndirty;
	struct websub_ask
		*leave[LIMIT_WEBSUB_LEAVES]; /* subscriptions that are not wanted any more: one request each, to be sent */
	size_t nleaves;
	struct websub_hub hub[LIMIT_WEBSUB_HUBS];
	size_t nhubs;
	struct websub_ask *ask[LIMIT_WEBSUB_ASKS];
	int64_t next_look_ms, next_write_ms, next_pause_ms, next_hear_ms;
	struct arena process; /* as long as this */
	struct arena arena; /* of one call */
	struct arena scratch; /* of one record */
	struct arena question; /* of one question of a hub: answered also while the others are in use */
	struct complaint_log trouble;
};

/* NULL when no callback is configured. `key`: a secret of the installation. */
struct websub_keep *websub_keep_new(const struct settings *s, struct str key, const char *user_agent);
void websub_keep_free(struct websub_keep *k);
/* Pushes on disk: what waits there was not missed by anybody. Set once, before the first turn. */
void websub_keep_watch(struct websub_keep *k, const struct inbox *inbox);
/* Other sources, or the same ones again: what is known of them is read again from Redis. */
void websub_keep_follow(struct websub_keep *k, const struct source_list *sources);
/* Redis is at hand: reads, writes, asks hubs, and brings sources forward that a hub says have news. `c` and `k` follow the same list. */
enum outcome websub_keep_turn(struct websub_keep *k, struct crawl *c, int64_t now_ms, struct err *e) MUST_CHECK;

/* ---- what visits tell ---- */

/* A body was read: its headers, the links of its feed. Only what names both a hub and its topic counts. */
struct http_response;
void websub_keep_found(
	struct websub_keep *k, const struct source *s, const struct http_response *r, const struct websub_links *feed);
/* Before a visit's posts are learned from: those that were pushed meanwhile are; what the poll found is judged (when it is one), and
 * state->push_ms says whether the next one may be slow. */
void websub_keep_visited(struct websub_keep *k, const struct source *s, struct source_state *state,
	const struct websub_poll *poll, bool is_judged);

/* ---- for the other parts ---- */

struct websub_kept *websub_keep_find(const struct websub_keep *k, struct str id);
/* Exchanges what is known of a source; texts are copied. */
struct websub_kept *websub_keep_put(struct websub_keep *k, const struct source *s, const struct subscription *sub);
void websub_keep_happen(
	struct websub_keep *k, struct websub_kept *kept, enum websub_event event, int64_t lease_ms, int64_t now_ms);
void websub_keep_mark(struct websub_keep *k, struct websub_kept *kept); /* to be written now */
struct partition websub_keep_partition(struct websub_keep *k, struct redis *redis, uint32_t shard);
/* By websub_ask.c: takes what hubs answered; lets requests leave that are due. */
enum outcome websub_ask_turn(struct websub_keep *k, struct redis *redis, int64_t now_ms, struct err *e) MUST_CHECK;
struct str websub_ask_host(struct arena *a, struct str hub); /* "" when its address is none */
bool websub_ask_has_room(const struct websub_keep *k, struct str host, int64_t now_ms);
enum outcome websub_ask_subscribe(
	struct websub_keep *k, struct redis *redis, struct websub_kept *kept, int64_t now_ms, struct err *e) MUST_CHECK;
void websub_ask_leave(struct websub_keep *k, const struct subscription *s, uint32_t shard);
void websub_ask_free(struct websub_keep *k);

#endif
