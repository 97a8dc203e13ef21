/* Subscriptions of shards that are not ours at the moment: several crawlers may stand behind one callback, and after a start or a reload a
 * moment goes by until shards are read. What a hub says of them is not "gone": their record in Redis is asked, and changed only as it was read.
 * Who has the shard hears of it within seconds. Not while Redis is waited for. */
#ifndef EARSHOT_CRAWLER_WEBSUB_OTHER_H
#define EARSHOT_CRAWLER_WEBSUB_OTHER_H

#include "crawler/websub_keep.h"
#include "crawler/websub_message.h"

/* Is it configured, and its shard not ours? */
bool websub_other_is(const struct websub_keep *k, const struct websub_address *address);
/* What an address was made for. SKIP: nothing, or nothing that is wanted any more. RETRY: nobody can tell now. Texts live in `a`. */
enum outcome websub_other_read(struct websub_keep *k, struct arena *a, const struct websub_address *address,
	struct subscription *out, struct err *e) MUST_CHECK;
/* An event of it, for whoever has its shard. RETRY: not now, or it changed meanwhile. */
enum outcome websub_other_tell(struct websub_keep *k, struct arena *a, const struct subscription *s,
	const struct websub_happening *h, struct err *e) MUST_CHECK;
/* By whoever has the shard: what others were told of those that wait for their hub. One round trip, every now and then. */
enum outcome websub_other_hear(struct websub_keep *k, struct redis *redis, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
