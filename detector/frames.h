/* Texts made from one template: how much of each text is runs of letters that other people's texts have, too.
 *
 * Copies with other names, dishes, places or order numbers put in share too few letter groups to be near-copies (stories.h), but what
 * stands between the slots is word for word the same. A run is six ideographs or eighteen Latin letters (about four words), folded
 * as in letters.h, with every number and everything masked as one sign and addresses left out; it is common when texts of so many
 * different authors have it that chance does not explain it. Pure. */
#ifndef EARSHOT_DETECTOR_FRAMES_H
#define EARSHOT_DETECTOR_FRAMES_H

#include "common/base/arena.h"

#define FRAMES_SHARE 0.6 /* of its letters in common runs: made from a template. Free talk has the odd phrase in common */
#define FRAMES_AUTHORS 3 /* that have a run, at the least, for it to be common … */
#define FRAMES_PER_TEXTS 500 /* … and one more for so many texts that are compared */

struct frames_text {
	struct str text;
	uint64_t author; /* who wrote it, as a hash: many texts of one author make no template */
};
struct frame {
	double share; /* 0…1 of its letters in common runs; 0 for texts shorter than fifteen ideographs */
	uint64_t key; /* equal for texts of one template: its run that most authors have; 0 below FRAMES_SHARE */
};

/* Time and memory are linear in the letters; of each text LIMIT_INTEGRITY_TEXT_BYTES are looked at. `out` has n places. */
void frames_find(struct arena *a, const struct frames_text *text, size_t n, struct frame *out);

#endif
