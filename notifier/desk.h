/* The deliveries in flight. A delivery's life: take on (the attempt is written down before anything leaves) → rendered → request
 * by request to the target → answer judged → settled. At most LIMIT_DELIVERIES are in flight, one a target, so that a slow
 * target holds up nobody but itself.
 *
 * A crash before the settlement sends the same delivery id again: at least once, and once at targets that know the id.
 * A settlement that Redis could not take is kept and tried again, so that a restart of Redis makes no repeats. */
#ifndef EARSHOT_NOTIFIER_DESK_H
#define EARSHOT_NOTIFIER_DESK_H

#include "common/store/outbox.h"
#include "notifier/book.h"

struct desk;

struct desk *desk_new(struct http *http, struct str data_folder);
void desk_free(struct desk *d); /* what is in flight is due again when its attempt runs out */

/* Where the work comes from and goes back to. */
struct desk_store {
	struct redis *redis;
	struct arena *arena;
};

/* Begins an attempt. OK: taken on (or in flight already, or settled at once as dead); SKIP: the target or the desk is busy, ask
 * again; RETRY: Redis; REJECT: the lease is gone. `lease` MUST outlive the desk. */
enum outcome desk_take_on(struct desk *d, const struct desk_store *s, struct book *book, const struct lease *lease,
	const struct delivery *delivery, struct err *e) MUST_CHECK;
/* Moves everything that can move without waiting: sends next requests, reads answers. */
void desk_turn(struct desk *d);
/* Writes the settlements that are due. RETRY: Redis is away, the rest is kept. A lost lease only drops its own. */
enum outcome desk_settle(struct desk *d, const struct desk_store *s, struct err *e) MUST_CHECK;
int desk_in_flight(const struct desk *d); /* settlements that wait are counted */

#endif
