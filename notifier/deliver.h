/* What one attempt comes to: the answer of a target becomes a settlement. Pure. */
#ifndef EARSHOT_NOTIFIER_DELIVER_H
#define EARSHOT_NOTIFIER_DELIVER_H

#include "common/store/outbox.h"
#include "notifier/notifier.h"

#define DELIVER_BASE_MS 2000 /* pause after the first failure; doubles */
#define DELIVER_WAIT_MOST_MS (12 * LIMIT_BACKOFF_MS) /* a Retry-After is honoured up to this hour */

struct settlement {
	enum settle how;
	int64_t at_ms; /* wall clock: next attempt for SETTLE_RETRY, now else */
	struct err why; /* empty for SETTLE_SENT; never holds an address or a secret */
};

/* Pause before the next attempt, when `attempts` (from 1) were made: doubling from DELIVER_BASE_MS to LIMIT_BACKOFF_MS, the
 * upper half of it by chance so that targets that fell together are not woken together, and never less than the target asked for
 * (`retry_after_ms`, -1 = it did not). `random` is any number. */
int64_t deliver_backoff_ms(int64_t attempts, int64_t retry_after_ms, uint32_t random);

struct attempt {
	int64_t attempts; /* this one included */
	enum outcome outcome; /* OK, RETRY, REJECT */
	int64_t retry_after_ms; /* -1 */
	int64_t now_ms;
	uint32_t random;
};
/* OK is sent; RETRY is tried again until LIMIT_ATTEMPTS, then dead; all else is dead. `why` explains what is not OK. */
struct settlement deliver_settle(const struct attempt *a, const struct err *why);

/* Takes everything that is a password out of a sentence: the target's whole address, its path and query, token and secret. */
void deliver_hide(const struct target *t, struct err *e);

#endif
