/* Fair sharing of partitions: each of n live workers of a role wants an n-th of the leases. Who is alive is told by heartbeats, on
 * Redis' clock: a heartbeat's key runs out, and how much of its time is left tells how old it is. */
#ifndef EARSHOT_STORE_SHARE_H
#define EARSHOT_STORE_SHARE_H

#include "common/store/lease.h"

/* How many of `n` partitions one of `nworkers` holds at most. Pure. */
size_t share_want(size_t n, size_t nworkers);
/* Live workers of a role, this one (`owner`) always among them. */
enum outcome share_workers(
	struct redis *r, struct arena *a, const char *role, struct str owner, size_t *nworkers, struct err *e) MUST_CHECK;

/* Marks which leases are left to others while `want` are held. A dead worker is counted for some time: what it leaves is above the
 * shares of the living, so a lease that nobody took for LIMIT_SHARE_LEFT_MS is taken all the same (lease_renew) and stays. */
void share_ask(struct lease *lease, size_t n, size_t want);
/* Marks the ones above `want` as leaving, to be called once a look; what they have under way is finished first. Pure. */
void share_leave(struct lease *lease, size_t n, size_t want);
/* Gives up those that are leaving and have nothing under way. True: everything is as it should be; look again soon else. */
bool share_settle(struct redis *r, struct arena *a, struct lease *lease, size_t n, size_t want);

#endif
