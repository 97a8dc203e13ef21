/* Where a store function works: the connection, memory for the call, the partition (a brand or a source shard: design §1)
 * and the lease that guards its state. Built by the caller, once for a brand or shard; borrows all it names. */
#ifndef EARSHOT_STORE_PARTITION_H
#define EARSHOT_STORE_PARTITION_H

#include "common/store/lease.h"

struct partition {
	struct redis *redis;
	struct arena *arena; /* answers live here (or until redis_done()) */
	struct str brand; /* of {b:BRAND} keys */
	uint32_t shard; /* of {sNN} keys */
	const struct lease *lease; /* NULL where nothing is guarded (readers, appends) */
};

#endif
