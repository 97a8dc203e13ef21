/* Consumer groups, the way all our streams are read (design section 4): one group a stream, one constant consumer name, no
 * waiting inside Redis. Private to common/store. */
#ifndef EARSHOT_STORE_GROUPS_H
#define EARSHOT_STORE_GROUPS_H

#include "common/store/redis.h"

#define GROUP_DETECTOR "detector"
#define GROUP_NOTIFIER "notifier"
#define GROUP_CONSUMER "owner"

/* Makes stream and group, from the first entry on; fine when they are there. */
enum outcome groups_make(struct redis *r, struct arena *a, struct str stream, const char *group, struct err *e) MUST_CHECK;
/* Queues XREADGROUP: what was delivered and not acknowledged from 0 on, or new entries. */
void groups_read(struct redis *r, struct arena *a, struct str stream, const char *group, bool pending, int max);
/* *out is the list of entries [id, [field, value …] or nil when it was trimmed away]; NULL when there are none. */
enum outcome groups_read_take(struct redis *r, const struct reply **out, struct err *e) MUST_CHECK;
/* Takes `n` replies and returns the first trouble among them. */
enum outcome groups_settle(struct redis *r, size_t n, struct err *e) MUST_CHECK;

#endif
