/* How fast a target may be told: a token bucket (as "next allowed time", so that it is three numbers), at least a second
 * between two messages, and a hold when the target asked for a pause. Pure; times are monotonic milliseconds. */
#ifndef EARSHOT_NOTIFIER_PACE_H
#define EARSHOT_NOTIFIER_PACE_H

#include "notifier/notifier.h"

#define PACE_GAP_MS 1000 /* between two messages of a paced channel */

struct pace {
	int64_t full_ms, next_ms, hold_ms;
}; /* zero: nothing was sent yet */

/* How long the next request has to wait; 0 = it may leave now. */
int64_t pace_wait_ms(const struct pace *p, const struct channel *c, int64_t now_ms);
/* A request leaves. */
void pace_take(struct pace *p, const struct channel *c, int64_t now_ms);
/* The target asked for silence. */
void pace_hold(struct pace *p, int64_t until_ms);

#endif
