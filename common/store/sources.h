/* What the crawler remembers of its sources, per source shard {sNN}: due times, cursor and validators, seen entries, host
 * politeness. All of a source's state moves in one call, after its posts are in their brands' streams (design 4.2). */
#ifndef EARSHOT_STORE_SOURCES_H
#define EARSHOT_STORE_SOURCES_H

#include "common/store/partition.h"

/* What a source's past says of its future: crawler/polling.c reads and fills it. Posts are in thousandths, and all of it decays. */
struct source_arrivals {
	int64_t seen_ms; /* until when it is counted; 0 = never */
	int64_t posts,
		span_ms; /* of the last week: how many, in how much time; an hour that is busy by experience is a longer one */
	int64_t posts_lately, span_lately_ms; /* the same of the last day */
	int64_t day_cos, day_sin, half_cos, half_sin; /* the week's posts as vectors on a clock of 24 hours and on one of 12 */
};

/* How it is: crawler/health.c reads and fills it. */
struct source_health {
	struct str state; /* a word of health_names (crawler/health.h); "" = never judged */
	struct str why; /* of a sick one: the sentence that operators are told, in English */
	struct str memory; /* what that is judged by: name=value, separated by spaces (struct health_memory) */
	int64_t since_ms; /* of the state */
	int64_t told_ms, told; /* last notice of this sickness to the operators, how many there were */
};

struct source_state {
	struct str etag, last_modified, error;
	struct str page; /* address of the page of a list to read next; "" = the visit begins */
	struct str last; /* of a thread: address of its last page, where a visit begins; "" = the source's own */
	struct str thread; /* id of the post that opens the thread */
	struct str address; /* the source's own, to which all of this belongs */
	struct str standing; /* what its answers make of it, a word (crawler/standing.h) */
	struct str moved; /* where 301 and 308 lead to */
	struct str hop; /* on another host, where this visit was led and goes on (crawler/away.h); "" = nowhere */
	int64_t next_ms, fetched_ms, interval_ms, failures, status, entries, posts, polls;
	int64_t body_hash;
	int64_t pages; /* of this visit that were read already */
	int64_t shown; /* which posts the last page had, as a hash */
	int64_t standing_ms, gone_ms; /* since when the standing is that; since when nothing is there, 0 = it is */
	int64_t limits; /* 429, 503 and challenges since the last success */
	int64_t moves; /* times in a row that `moved` was named */
	int64_t hops, hops_permanent; /* of this visit, to `hop`; 1 = all of them were 301 and 308 */
	int64_t unchanged, whole_ms; /* 304s since, and when, its page was asked for without validators */
	int64_t lies; /* times that something had changed behind the same validators */
	struct source_arrivals arrivals;
	struct source_health health;
	struct str why; /* what decided interval_ms: a word of polling_why_names (crawler/polling.h) */
	int64_t wish_ms; /* the interval that its rate, or the operator, asked for */
	struct str traffic; /* its requests, counted: name=value (crawler/traffic.h) */
	struct str boost; /* the brand in alert because of which it is polled more often (crawler/boost.h); "" = none */
	int64_t boost_ms; /* since when that is in alert */
	int64_t push_ms; /* until when a hub pushes what is new (crawler/websub.h); 0 = nobody does */
	int64_t ttl_ms, hint_ms; /* what the feed itself wishes; that or the server's wish in the last answer */
};

/* Puts sources that have no due time yet on the due list (now), and takes those away that are not configured any more. Tells when each is due. */
struct source_due {
	struct str id;
	int64_t due_ms; /* answered */
};
enum outcome sources_sync(
	const struct partition *p, struct source_due *source, size_t n, int64_t now_ms, struct err *e) MUST_CHECK;
/* How many sources a shard has: queue and take. */
void sources_count_queue(const struct partition *p);
enum outcome sources_count_take(struct redis *r, size_t *n, struct err *e) MUST_CHECK;
/* Ids due at `now_ms`, earliest first: queue and take. */
void sources_due_queue(const struct partition *p, int64_t now_ms, int max);
enum outcome sources_due_take(struct redis *r, struct arena *a, struct str **id, size_t *n, struct err *e) MUST_CHECK;
/* All ids of a shard, for `status` and the console. */
enum outcome sources_list(const struct partition *p, struct str **id, size_t *n, struct err *e) MUST_CHECK;
enum outcome sources_state(const struct partition *p, struct str id, struct source_state *out, struct err *e) MUST_CHECK;

/* The same of many: queue, flush, take. */
void sources_state_queue(const struct partition *p, struct str id);
enum outcome sources_state_take(struct redis *r, struct arena *a, struct source_state *out, struct err *e) MUST_CHECK;

/* Fingerprints this source showed last, for `n` > 0 post ids; 0 = never seen. Queue, flush, take. */
void sources_seen_queue(const struct partition *p, struct str id, const struct str *post_id, size_t n);
enum outcome sources_seen_take(struct redis *r, uint64_t *fingerprint, size_t n, struct err *e) MUST_CHECK;
struct source_seen {
	struct str post_id;
	uint64_t fingerprint;
};
/* A visit of a source that is over. */
struct source_visit {
	struct str id, host;
	const struct source_state *state;
	const struct source_seen *seen;
	size_t nseen;
	int64_t host_next_ms, host_failures; /* politeness: when its host may be asked again, and its failures in a row */
	struct str host_traffic; /* all requests to its host, counted */
};
/* ONE call: state, due time, seen entries (trimmed to LIMIT_SEEN_PER_SOURCE), the host, checked against the lease token. Queue,
 * flush, take: one answer a visit. REJECT: fenced. */
void sources_commit_queue(const struct partition *p, const struct source_visit *v);
enum outcome sources_commit_take(struct redis *r, struct err *e) MUST_CHECK;
/* The same of one alone. */
enum outcome sources_commit(const struct partition *p, const struct source_visit *v, struct err *e) MUST_CHECK;

/* What a crawler wants to ask, and the answer. TAKE_GO: the next allowed time of the host is written (now + hold_ms), the request
 * may leave. Else not before again_ms, or never (TAKE_GONE: it is on no due list). A paused one is put off on the due list, too. A
 * host whose claim is of an owner that is gone has its pause from now on: the request may have ended this moment. */
enum source_verdict { TAKE_GONE, TAKE_PAUSED, TAKE_SOURCE, TAKE_HOST, TAKE_GO };
struct source_take {
	struct str id, host;
	int64_t hold_ms; /* the longest that a request may take, and the pause behind it */
	int64_t pause_ms; /* the least pause behind it: should this crawler die with the request under way */
	enum source_verdict verdict;
	int64_t again_ms;
	int64_t host_failures; /* in a row */
	struct str host_traffic; /* of the one that goes, as the state */
	struct source_state state; /* of the one that goes; lives in the arena */
};
/* All of one shard in one call; each host once at most. Queue, flush, take. */
void sources_take_queue(const struct partition *p, const struct source_take *t, size_t n, int64_t now_ms);
enum outcome sources_take_answer(struct redis *r, struct arena *a, struct source_take *t, size_t n, struct err *e) MUST_CHECK;

#endif
