/* Leave to ask a host of another queue once: for a redirect that leads there (design, invariant 5). The shard of the host may be another
 * worker's; the next allowed time stands in the same key that its owner goes by, so the two never ask at the same time. */
#ifndef EARSHOT_STORE_HOST_PERMIT_H
#define EARSHOT_STORE_HOST_PERMIT_H

#include "common/store/partition.h"

struct host_permit {
	struct str host;
	int64_t hold_ms; /* the longest that the request may take, and the pause behind it */
	int64_t again_ms; /* told: now or before: go, the host is held. Else not before it */
	bool is_asked; /* told: a request is under way there, of its owner or of another guest, which may be over sooner */
};
/* `p->shard` is the host's; no lease. */
enum outcome host_permit_ask(const struct partition *p, struct host_permit *permit, int64_t now_ms, struct err *e) MUST_CHECK;
/* The request is over: the host is left alone until next_ms. Queue, flush, take. Should it be lost, the hold ends by itself. */
void host_permit_end_queue(const struct partition *p, struct str host, int64_t next_ms);
enum outcome host_permit_end_take(struct redis *r, struct err *e) MUST_CHECK;

#endif
