/* What the long-running roles (crawler, detector, notifier) share: who they are, the connection's ups and downs, heartbeat,
 * leases on partitions. A role's loop is:
 *     while (role_turn(&role)) { … one turn of work …; wait at the one blocking point }
 * role_turn() keeps the connection (back-off with jitter), the heartbeat and the leases; it returns false when the process has
 * to end, and sets `ready` to false while Redis is away: the role then does only what needs no Redis. */
#ifndef EARSHOT_STORE_ROLE_H
#define EARSHOT_STORE_ROLE_H

#include "common/base/settings.h"
#include "common/store/lease.h"
#include <earshot/rulefile.h>

struct role {
	const char *name; /* "crawler" … */
	const struct settings *settings;
	struct redis *redis;
	struct arena arena; /* of the turn: reset by role_turn() */
	struct str owner; /* "detector:host:pid"; under `earshot up` "detector:host:upXXXXXXXX" with a hash of its data folder */
	struct lease *lease; /* the partitions it wants, set by the role before the first turn */
	size_t nleases;
	bool is_shared; /* its leases are shared evenly among the live workers of the role */
	bool is_settled; /* it holds its share, and no more */
	bool ready, new_run,
		reload; /* ready: connected and leases known; new_run: Redis restarted, true until the role has seen to it; reload: HUP came */
	int64_t started_ms, next_beat_ms, next_lease_ms, retry_at_ms; /* monotonic */
	bool was_lost,
		is_proven; /* was_lost: Redis does not do what it should, and that was said; is_proven: it took something since */
	char rulebook[RULEBOOK_VERSION_BYTES]; /* in force here, told with every heartbeat; "" = this role has none */
	int64_t erasures; /* followed so far, told with every heartbeat; role_erasures() */
	int exit_code; /* what the process ends with: EXIT_OK unless trouble made it stop */
};

/* `url` NULL: the settings'. STOP with a sentence when the URL or the function library is wrong. */
enum outcome role_init(struct role *r, const char *name, const struct settings *s, struct err *e) MUST_CHECK;
bool role_turn(struct role *r);
/* A step came back RETRY: the connection is suspect; counts and logs once. Other outcomes are logged as what they are. */
void role_trouble(struct role *r, enum outcome outcome, const struct err *e);
void role_rulebook(struct role *r, const char *version); /* another one is in force: the next heartbeat comes at once */
void role_erasures(struct role *r, int64_t serial); /* the same of the list of erasures */
void role_release(struct role *r); /* gives leases up, last heartbeat, closes */

#endif
