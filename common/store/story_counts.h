/* Texts with copies, as the commits of their mentions count them (keys `story` and `stories`, functions_stories.lua): each mention
 * once, whatever is delivered twice, because its record decides. A text that nobody copied has no count: the record of its one post
 * names the story. */
#ifndef EARSHOT_STORE_STORY_COUNTS_H
#define EARSHOT_STORE_STORY_COUNTS_H

#include "common/store/partition.h"

struct story_count {
	struct str id; /* the first post's that was seen */
	struct str first; /* id of the oldest post, by the time it counts to */
	int64_t copies; /* posts with the text, the first included */
	int64_t sources, authors; /* different ones; LIMIT_STORY_MEMBERS stands for "so many or more" */
	int64_t first_ms, last_ms; /* oldest and newest, count_ms */
};
/* Stories with a copy since then, the ones with the most copies first: of the `most` that were copied last. */
struct story_counts_span {
	int64_t since_ms;
	size_t most;
};
enum outcome story_counts_find(const struct partition *p, struct story_counts_span span, struct story_count **found, size_t *n,
	struct err *e) MUST_CHECK;
/* Sets the copies of a story to `copies`, unless they are no longer what `was` says. */
enum outcome story_counts_repair(
	const struct partition *p, const struct story_count *was, int64_t copies, struct err *e) MUST_CHECK;

#endif
