/* Subscriptions of a shard's sources at WebSub hubs, as they stand in Redis: a hash a shard, source id -> one JSON record. It holds
 * the secret that pushes are signed with, so nobody but the crawler may read it (keys.def). What it means: crawler/websub.h. */
#ifndef EARSHOT_STORE_SUBSCRIPTIONS_H
#define EARSHOT_STORE_SUBSCRIPTIONS_H

#include "common/store/partition.h"
#include "common/store/sources.h"

struct subscription {
	struct str id; /* of the source */
	struct str state; /* a word of websub_state_names */
	struct str hub, topic; /* as the source's feed names them */
	struct str base; /* the operator's address, under which the hub was told to call back */
	struct str salt, secret; /* of this subscription alone: of the callback's path, and of the signatures. Never logged */
	struct str error; /* of the last request; "" = none */
	int64_t since_ms; /* in this state; renewing does not end "live" */
	int64_t next_ms; /* when something is to be done */
	int64_t lease_until_ms;
	int64_t failures; /* requests in a row */
	int64_t pushes, pushed_ms; /* that were taken, and the last of them */
	int64_t ignored; /* pushes without the right signature, or of another topic */
	int64_t misses, suspects; /* polls that found what was not pushed: for sure; perhaps, since the last push */
	int64_t doubted_until_ms; /* not relied on before */
};

/* All records of a shard, to be parsed one by one; borrowed from the reply, until redis_done(). */
struct subscription_record {
	struct str id, json;
};
enum outcome subscriptions_all(const struct partition *p, struct subscription_record **out, size_t *n, struct err *e) MUST_CHECK;
/* One of them, for people; *found = false when there is none. */
enum outcome subscriptions_read(
	const struct partition *p, struct str id, struct subscription *out, bool *found, struct err *e) MUST_CHECK;
/* The same as queue and take. */
void subscriptions_read_queue(const struct partition *p, struct str id);
enum outcome subscriptions_read_take(
	const struct partition *p, struct str id, struct subscription *out, bool *found, struct err *e) MUST_CHECK;
/* By anybody: `before`, as it was read, becomes `after`. SKIP: it is another one by now. */
enum outcome subscriptions_exchange(
	const struct partition *p, const struct subscription *before, const struct subscription *after, struct err *e) MUST_CHECK;
/* By the owner of the shard. `due_ms`: the source is polled no later than that; 0 = as it is planned. */
enum outcome subscriptions_keep(
	const struct partition *p, const struct subscription *s, int64_t due_ms, struct err *e) MUST_CHECK;
enum outcome subscriptions_drop(const struct partition *p, struct str id, struct err *e) MUST_CHECK;
/* By the owner of the shard: posts that a source showed in a push, so that its next poll knows them. */
enum outcome subscriptions_shown(const struct partition *p, struct str id, const struct source_seen *seen, size_t nseen,
	int64_t now_ms, struct err *e) MUST_CHECK;

/* Politeness toward a hub, among the sources of a shard: *allowed_ms <= now_ms: go, it is claimed for `hold_ms`. */
enum outcome subscriptions_hub_claim(const struct partition *p, struct str host, int64_t now_ms, int64_t hold_ms,
	int64_t *allowed_ms, struct err *e) MUST_CHECK;
/* Not before `next_ms`; the claim ends when the request is over, else it is held so much longer. */
enum outcome subscriptions_hub_leave(
	const struct partition *p, struct str host, int64_t next_ms, bool is_over, struct err *e) MUST_CHECK;

/* The record as JSON and back; REJECT when it is none. */
struct str subscription_write(struct arena *a, const struct subscription *s);
enum outcome subscription_parse(
	struct arena *a, struct str id, struct str record, struct subscription *out, struct err *e) MUST_CHECK;

#endif
