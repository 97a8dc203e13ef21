/* Which posts are copies of one text: the texts of a brand's recent stories by signature (common/text/minhash.h). A story is named
 * after its first post, so that a replay gives the same names, and is found again by that post's text alone: a chain of small edits
 * never leads from one text to quite another.
 *
 * Candidates share two neighbouring slots of their signatures (16 bands of 2) or the whole text; one whose text agrees in
 * STORIES_COMMON slots is the story, the nearest when there are several. Bounded: LIMIT_STORIES a brand, of which the ones without
 * a copy for the longest give way; a bucket holds the four newest, so hostile texts cost no more time than others. Pure: no clock, no
 * Redis; memory of its own that grows as stories come, as far as a window of them needs.
 *
 * A post keeps its story: seen again, delivered again or edited, it gets the one it had, and a text of its own that is like none
 * becomes one more text of that story. For this the newest posts are remembered by their ids. */
#ifndef EARSHOT_DETECTOR_STORIES_H
#define EARSHOT_DETECTOR_STORIES_H

#include "common/text/minhash.h"
#include <earshot/post.h>

#define STORIES_COMMON 12 /* of 32 slots that copies agree in: about .38 of their letter groups */
#define STORIES_WEIGHT 24 /* eight ideographs, 24 Latin letters: shorter texts are alike by chance */
#define STORIES_CACHE_LINE 64

struct story {
	_Alignas(STORIES_CACHE_LINE) struct minhash text; /* first, so that a comparison touches few cache lines */
	int64_t first_ms, last_ms; /* oldest and newest of its posts: count_ms */
	bool has_copies;
	char id[POST_ID_DIGITS + 1]; /* the first post's */
};

struct stories_post {
	struct str id, text;
	int64_t at_ms;
};

struct stories;
struct stories *stories_new(size_t most); /* at most so many are remembered */
void stories_free(struct stories *s); /* NULL is fine */

/* The story that the post belongs to: its own when the post is known, an older one, or a new one of its own name. NULL when its
 * text is too short to tell. Valid until the next call. */
const struct story *stories_join(struct stories *s, const struct stories_post *post);
/* What was decided before: the post belongs to this story. In any order. */
void stories_restore(struct stories *s, const struct stories_post *post, struct str story_id);

#endif
