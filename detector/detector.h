/* The detector's work on the brands it holds: batches from streams to mentions, people's wishes, ticks from counts to
 * incidents. Time is an argument everywhere, so that the live role (main.c), `earshot replay` and the benches run the same
 * code. */
#ifndef EARSHOT_DETECTOR_DETECTOR_H
#define EARSHOT_DETECTOR_DETECTOR_H

#include "common/base/settings.h"
#include "common/store/incidents.h"
#include "common/store/posts.h"
#include "common/store/rulebooks.h"
#include "common/text/rulebook.h"
#include "detector/retention.h"
#include "detector/situation.h"
#include "detector/stories.h"

struct detector_brand {
	int index; /* in the rulebook */
	struct str id;
	struct lease *lease;
	bool loaded; /* progress below is what Redis holds, under this lease */
	bool read_pending; /* look at delivered but unacknowledged entries first */
	bool full; /* the last read gave a whole batch: more is waiting */
	char excused_entry[48]; /* the pending entry that Redis refused to commit last, and its deliveries up to then */
	int64_t excused;
	int64_t revision, tick_ms, known_since_ms;
	struct incident incident;
	struct model *model[WATCH__N];
	struct stories *
		stories; /* the window of texts, as long as the lease is ours; NULL = to be recalled from the mentions (recall.h) */
	int64_t next_trim_ms;
	struct retention_round round; /* over its mentions, for those whose source keeps them shorter */
};

struct detector {
	const struct rulebook *book;
	const struct rulebooks_now *published; /* as Redis said last, borrowed; NULL = nobody publishes (replays, benches) */
	int64_t rules_since_ms; /* from when on `book` is in force; 0 = always was */
	const struct settings *settings;
	struct thresholds thresholds;
	struct redis *redis;
	struct lease *lease; /* one a brand, same order */
	struct detector_brand *brand;
	size_t nbrands, next_brand; /* next_brand: whose turn it is to be read */
	bool wants_recount; /* counters may be older than the records: recount_recent() before anything is judged */
	bool is_unwatched; /* nobody crawls: missing data is not zero, no calm is concluded and nothing learnt (design 4.6) */
	struct retention retention;
	struct arena scratch; /* of one mention */
	struct buf text; /* what is written of one mention */
};

/* Borrows book, settings, redis. */
void detector_init(struct detector *d, struct redis *redis, const struct rulebook *book, const struct settings *s,
	const struct thresholds *t);
void detector_release(struct detector *d);
/* Another rulebook, between two batches: brands keep their leases by id, what they know is loaded again and re-based; leases of
 * brands that it does not have are given up. Nothing borrows from the old one afterwards. */
void detector_follow(struct detector *d, struct arena *a, const struct rulebook *book, int64_t since_ms);
/* Where the store keeps this brand, under our lease; answers live in `a`. */
struct partition detector_partition(const struct detector *d, struct arena *a, const struct detector_brand *b);
/* What Redis holds of the brands is loaded again: a step failed. */
void detector_forget(struct detector *d);

/* Reads every held brand once, and again while it has whole batches to give (up to a bound), all overlapped in one pipeline.
 * *more: something is left. Resets `a`. RETRY: Redis is away. */
enum outcome detector_batches(struct detector *d, struct arena *a, bool *more, struct err *e) MUST_CHECK;
/* Applies what people asked for. */
enum outcome detector_wishes(struct detector *d, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;
/* Evaluates every held brand whose tick has come: at most once for each `tick_ms` of time. */
enum outcome detector_ticks(struct detector *d, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;
/* Every few seconds: cut the streams, drop what is past its retention. *backlog sums what waits. */
enum outcome detector_housekeeping(
	struct detector *d, struct arena *a, int64_t now_ms, int64_t *backlog, struct err *e) MUST_CHECK;

#endif
