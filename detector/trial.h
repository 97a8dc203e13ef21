/* The detector without Redis: counts of mentions in memory, ticked minute by minute through the functions of the live tick
 * (situation.h, incident.h), so that a rulebook can be asked which incidents it would have opened.
 *
 * Time is the caller's: mentions come in the order of their arrival; trial_advance() ticks all brands up to a moment, and what
 * is counted afterwards is seen by the next tick, as in life. A mention may count to an earlier minute (it was posted before it
 * was fetched); older than eight days it is known to nobody, as its minute is past the warm-up. */
#ifndef EARSHOT_DETECTOR_TRIAL_H
#define EARSHOT_DETECTOR_TRIAL_H

#include "common/text/rulebook.h"
#include "detector/situation.h"

#define TRIAL_INCIDENTS_MOST 20000
/* A longer silence is not ticked through minute by minute. */
#define TRIAL_GAP_MS (3 * 24 * 3600 * 1000LL)

struct trial_incident {
	int brand; /* index in the book */
	struct incident incident; /* as it stood at its last step */
	int alerts; /* how often it was told */
};

struct trial_brand;

struct trial {
	const struct rulebook *book; /* borrowed */
	struct thresholds thresholds;
	struct trial_brand *brand; /* one a brand of the book */
	int64_t now_ms; /* the last tick; -1 before the first mention */
	int64_t first_ms;
	struct trial_incident *incident;
	size_t n, cap, unlisted; /* unlisted: beyond TRIAL_INCIDENTS_MOST */
};

void trial_init(struct trial *t, const struct rulebook *book, const struct thresholds *thresholds);
void trial_release(struct trial *t);
/* Ticks every minute up to `to_ms`. */
void trial_advance(struct trial *t, int64_t to_ms);

/* How a mention counts, taken from the names of its dimensions (count.h). */
struct trial_mention {
	int64_t count_ms; /* post_count_ms() */
	bool watched[WATCH__N];
	enum category category; /* CAT_NONE: no complaint */
};
void trial_count(struct trial *t, int brand, const struct trial_mention *m);
/* The last minute and the one behind it: nothing more comes. */
void trial_finish(struct trial *t);

#endif
