/* Sources that people have paused, live: `earshot source pause`. A hash a source shard, id -> until when; the crawler that owns the
 * shard is told when it takes a source (sources_take_queue). Nothing else of a source changes: its cursor, validators and seen entries stand. */
#ifndef EARSHOT_STORE_PAUSES_H
#define EARSHOT_STORE_PAUSES_H

#include "common/store/partition.h"

#define PAUSE_FOR_GOOD INT64_MAX /* until it is resumed */

struct pause {
	struct str id;
	int64_t until_ms; /* may be over */
};

/* Also moves the due time: a paused source takes no place of those that are due. `until_ms` may be PAUSE_FOR_GOOD. */
enum outcome pauses_set(const struct partition *p, struct str id, int64_t until_ms, struct err *e) MUST_CHECK;
/* Due again at `now_ms`. *was: it had been paused. */
enum outcome pauses_lift(const struct partition *p, struct str id, int64_t now_ms, bool *was, struct err *e) MUST_CHECK;
/* All of a shard: queue and take. */
void pauses_queue(const struct partition *p);
enum outcome pauses_take(struct redis *r, struct arena *a, struct pause **out, size_t *n, struct err *e) MUST_CHECK;

#endif
