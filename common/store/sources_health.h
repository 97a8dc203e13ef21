/* How the sources of a shard are, without the rest of their state: many in one round trip. */
#ifndef EARSHOT_STORE_SOURCES_HEALTH_H
#define EARSHOT_STORE_SOURCES_HEALTH_H

#include "common/store/sources.h"

void sources_health_queue(const struct partition *p, struct str id);
/* In the order they were queued. Fills health, fetched_ms and status; texts live in the arena of `p`. */
enum outcome sources_health_take(const struct partition *p, struct source_state *out, struct err *e) MUST_CHECK;

#endif
