/* Which posts are copies of one text: the texts of a brand's recent stories by signature (common/text/minhash.h). A story is named
 * after its first post, so that a replay gives the same names, and is found again by that post's text alone: a chain of small edits
 * never leads from one text to quite another.
 *
 * Candidates share two neighbouring slots of their signatures (16 bands of 2) or the whole text; one whose text agrees in
 * STORIES_COMMON slots is the story, the nearest when there are several. Bounded: LIMIT_STORIES a brand, of which the ones without
 * a copy for the longest give way; a bucket holds the four newest, so hostile texts cost no more time than others. Pure: no clock, no
 * Redis; memory of its own that grows as stories come. */
#ifndef EARSHOT_DETECTOR_STORIES_H
#define EARSHOT_DETECTOR_STORIES_H

#include "common/text/minhash.h"
#include <earshot/post.h>

#define STORIES_COMMON 12 /* of 32 slots that copies agree in: about .38 of their letter groups */
#define STORIES_WEIGHT 24 /* eight ideographs, 24 Latin letters: shorter texts are alike by chance */
#define STORIES_SOURCE_BYTES 62 /* makes a story four cache lines */

struct story {
	struct minhash text; /* first, so that a comparison touches two cache lines */
	int64_t first_ms, last_ms; /* first post, newest copy: count_ms */
	char id[POST_ID_DIGITS + 1]; /* the first post's */
	char source[STORIES_SOURCE_BYTES + 1]; /* where that was seen; cut when longer */
};

struct stories_post {
	struct str id, source, text;
	int64_t at_ms;
};

struct stories;
struct stories *stories_new(size_t most); /* at most so many are remembered */
void stories_free(struct stories *s); /* NULL is fine */

/* The story that the post belongs to: an older one, or a new one of its own name. NULL when its text is too short to tell. Valid
 * until the next call. A post of a name that is known already (an edit) adds its new text to the story of its name. */
const struct story *stories_join(struct stories *s, const struct stories_post *post);

#endif
