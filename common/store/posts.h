/* A brand's stream of admitted posts, and the commit that turns them into mentions.
 *
 * An entry is one field `post` with a JSON object:
 *   {"post":{…post.h…},"places":[["text",from,to,"term"],…],"rulebook":"…","brand":"id","own":true?,"backfill":true?,"edited":true?}
 * Appending needs no lease: the commit is idempotent by post id. */
#ifndef EARSHOT_STORE_POSTS_H
#define EARSHOT_STORE_POSTS_H

#include "common/store/partition.h"

/* Writer side (crawler, replay, import): queues one XADD; replies are checked by posts_append_settle. */
void posts_append(const struct partition *p, struct str entry_json);
enum outcome posts_append_settle(struct redis *r, size_t n, struct err *e) MUST_CHECK;

/* Reader side. Makes the group when it is missing. */
enum outcome posts_group(const struct partition *p, struct err *e) MUST_CHECK;

struct posts_entry {
	struct str entry_id, body; /* body: the JSON; "" when the entry was trimmed away */
};
/* Queues a read: `pending` re-reads what was delivered and not acknowledged, from 0; else new entries. */
void posts_read(const struct partition *p, bool pending, int max);
/* Takes the reply; strings live until redis_done(). */
enum outcome posts_read_take(struct redis *r, struct arena *a, struct posts_entry **entries, size_t *n, struct err *e) MUST_CHECK;
/* How often pending entries were delivered (XPENDING range); `deliveries` has one number an entry. */
enum outcome posts_deliveries(
	const struct partition *p, const struct posts_entry *entries, size_t n, int64_t *deliveries, struct err *e) MUST_CHECK;
/* Puts an entry on the dead list with its error and acknowledges it, atomically. */
enum outcome posts_bury(const struct partition *p, const struct posts_entry *entry, struct str error, struct err *e) MUST_CHECK;
/* Cuts what every reader is done with off the stream; never an unacknowledged entry. Returns the backlog in *left. */
enum outcome posts_trim(const struct partition *p, int64_t *left, struct err *e) MUST_CHECK;

/* One mention to commit. */
#define COUNTERS 4 /* likes replies shares views */
/* What a mention is to its story. Only stories with copies are counted: `id` is "" while there is no other post of the text, and
 * the first copy brings the first post into its count. */
struct posts_story {
	struct str id, source, author;
};
struct posts_mention {
	struct str entry_id, post_id, record; /* record: the JSON of the mention; stored only when the post is new */
	int64_t count_ms; /* post_count_ms: where it counts */
	int64_t seen_ms; /* fetched_ms: where differences of counters count */
	const char *const *dimension; /* static or arena strings */
	size_t ndimensions;
	int64_t counter[COUNTERS]; /* -1 unknown */
	struct posts_story story;
	struct str rulebook; /* version that admitted it; "" = not to be noted (history that is counted again) */
	struct str observation; /* JSON {"fetched_ms",…} kept when the post is already known and this sight is later */
};
struct posts_commit {
	int64_t added, duplicates, observed;
};
/* ONE function call: records, time index, minute/hour/day buckets, acknowledgement. Queue, flush, take: so that several
 * brands overlap. RETRY: nothing is known, do it again; REJECT with "fenced": the lease is gone. */
void posts_commit_queue(const struct partition *p, const struct posts_mention *m, size_t n);
enum outcome posts_commit_take(struct redis *r, struct posts_commit *out, struct err *e) MUST_CHECK;

/* Drops records whose time is before `cutoff_ms`, at most `max` a call; *n = how many. */
enum outcome posts_expire(const struct partition *p, int64_t cutoff_ms, int max, int64_t *n, struct err *e) MUST_CHECK;

/* Reading back: mentions by time, newest first. Record and latest observation ("" when none). */
struct posts_found {
	struct str post_id, record, observation;
	int64_t count_ms;
};
struct posts_span {
	int64_t from_ms, to_ms; /* of count_ms, to_ms left out */
	size_t max; /* so many at most: the newest */
};
enum outcome posts_find(
	const struct partition *p, struct posts_span span, struct posts_found **found, size_t *n, struct err *e) MUST_CHECK;
/* The other way round, for who goes through all of them: page by page, oldest first. Several may count to one moment, so a place in the
 * walk is a moment and how many of it were passed. */
struct posts_walk {
	int64_t to_ms; /* of count_ms, left out; may change between two pages */
	size_t max; /* of a page */
	int64_t from_ms;
	size_t passed;
	bool is_over;
};
enum outcome posts_next(
	const struct partition *p, struct posts_walk *w, struct posts_found **found, size_t *n, struct err *e) MUST_CHECK;
/* The records of `n` posts; "" where there is none. */
enum outcome posts_records(
	const struct partition *p, const struct str *post_id, size_t n, struct str *record, struct err *e) MUST_CHECK;
/* Which of `n` posts are mentions already; known[i] is set for each. */
enum outcome posts_known(const struct partition *p, const struct str *post_id, size_t n, bool *known, struct err *e) MUST_CHECK;
/* Time (count_ms) of the oldest mention; -1 when there is none. */
enum outcome posts_oldest(const struct partition *p, int64_t *oldest_ms, struct err *e) MUST_CHECK;
/* Entries in the stream: unread ones, and read ones until the next trim. All a crawler may know of a brand. */
enum outcome posts_waiting(const struct partition *p, int64_t *waiting, struct err *e) MUST_CHECK;
/* The same of several brands in one trip: queue, flush, take. */
void posts_waiting_queue(const struct partition *p);
enum outcome posts_waiting_take(struct redis *r, int64_t *waiting, struct err *e) MUST_CHECK;
enum outcome posts_total(const struct partition *p, int64_t *mentions, int64_t *waiting, struct err *e) MUST_CHECK;

#endif
