/* The copy of a host's robots.txt that all crawlers of a shard share. What it means is said in crawler/robots_keep.h. */
#ifndef EARSHOT_STORE_ROBOTS_COPY_H
#define EARSHOT_STORE_ROBOTS_COPY_H

#include "common/store/partition.h"

/* What the last good answer was: a text, or that there is none (4xx), which allows everything. */
enum robots_holds { ROBOTS_HOLDS_NEVER, ROBOTS_HOLDS_RULES, ROBOTS_HOLDS_NOTHING };

struct robots_copy {
	enum robots_holds holds; /* NEVER: no good answer ever came */
	struct str text; /* of RULES */
	int64_t fetched_ms; /* when the good answer came */
	int64_t expires_ms; /* then it is asked for again */
	int64_t status; /* of the last look; 0 = no answer */
	int64_t failures; /* looks since the last good one */
	struct str error; /* of the last look; "" = it was good */
};

/* `origin`: scheme://host[:port]. A copy that nobody made has expires_ms 0. Queue, flush, take. */
void robots_copy_queue(const struct partition *p, struct str origin);
enum outcome robots_copy_take(const struct partition *p, struct robots_copy *out, struct err *e) MUST_CHECK;
/* Checked against the lease token. After a failed look (failures > 0) what the last good one brought stays. Queue, flush, take. */
void robots_copy_write_queue(const struct partition *p, struct str origin, const struct robots_copy *copy);
enum outcome robots_copy_write_take(struct redis *r, struct err *e) MUST_CHECK;

#endif
