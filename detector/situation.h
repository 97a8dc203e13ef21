/* From what a tick sees to the situation that the state table is asked about. Pure: the live tick (tick.c) brings sums from
 * Redis, a trial (trial.c) brings sums from memory, and both decide alike because they decide here. */
#ifndef EARSHOT_DETECTOR_SITUATION_H
#define EARSHOT_DETECTOR_SITUATION_H

#include "detector/incident.h"
#include "detector/model.h"
#include <earshot/bucket.h>
#include <earshot/rule.h>

/* The series whose evidence is judged, strongest wins. */
enum watched { WATCH_ALL, WATCH_NEGATIVE, WATCH_COMPLAINT, WATCH__N };
extern const char *const watched_names[WATCH__N];
/* The part of each that a back-fill counted later: in the buckets, but never seen by a tick. */
extern const char *const history_names[WATCH__N];

#define SITUATION_SINCE_MINUTES (24 * 60) /* how far back sums "since onset" are read minute by minute */
#define SITUATION_WARM_UP_DAYS 8 /* a week's profile and a day to spare */
#define SITUATION_WARM_UP_MINUTES 5 /* step of the warm-up; a shorter past teaches nothing */

/* Sums of the last minutes of a series that ends at `at_ms`. */
struct sight situation_sight(const struct series *s, int64_t at_ms, bool is_missing);
/* Posts of the minutes that end behind `since_ms`. */
double situation_sum_since(const struct series *s, int64_t since_ms);
/* The minutes a tick has to know: the windows, or back to the onset of what is open. */
size_t situation_minutes(const struct incident *i, int64_t tick_ms);

/* Fills series and evidence: of the series whose evidence is strongest. */
void situation_judge(const struct model *const model[WATCH__N], const struct sight sight[WATCH__N], struct situation *s);
/* false: whatever the sums since the onset are, nothing will happen; they need not be read. */
bool situation_may_move(const struct incident *i, const struct situation *s, const struct thresholds *t);
/* From when on posts, negatives and complaints are summed. */
int64_t situation_since(const struct incident *i, const struct situation *s);
/* The commonest category and the share of grave ones; count[CAT_NONE] is not looked at. */
void situation_category(const double count[CAT__N], struct situation *s);
/* Teaches an empty model the past of its series, from s->from_ms on. */
void situation_warm_up(struct model *m, const struct series *s);

#endif
