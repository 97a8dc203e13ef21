/* Mentions of sources that keep theirs for a shorter time: found in rounds over the mentions of each brand, oldest first, a page at a
 * time, and made tombstones: the counts stay true, the post, its later sights and its corrections are gone. */
#ifndef EARSHOT_DETECTOR_RETENTION_H
#define EARSHOT_DETECTOR_RETENTION_H

#include "common/store/posts.h"
#include "common/store/retentions.h"

struct retention {
	struct arena list_arena, page; /* of the list; of one page of mentions */
	struct retentions list;
	int64_t read_ms; /* when the list was read last; 0 = never */
};
/* Where the round over a brand is. */
struct retention_round {
	struct posts_walk walk;
	int64_t again_ms; /* the next round does not begin before */
};

void retention_init(struct retention *r);
void retention_release(struct retention *r);
/* Reads the list again when it is a while ago. */
enum outcome retention_follow(struct retention *r, struct redis *redis, int64_t now_ms, struct err *e) MUST_CHECK;
/* The next pages of a brand. */
enum outcome retention_turn(
	struct retention *r, const struct partition *p, struct retention_round *at, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
