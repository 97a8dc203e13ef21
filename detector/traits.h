/* What the class model sees of a post: the features of its text (detector/sight.h),
 * and cues: what the word lists, the mood and the form of the post say. A change here asks for `make train`. */
#ifndef EARSHOT_DETECTOR_TRAITS_H
#define EARSHOT_DETECTOR_TRAITS_H

#include "common/text/classes.h"
#include "detector/reading.h"

/* Needs sentiment, label, complaint and (by the words alone) category of the verdict so far. Lives in the reading's arena. */
void traits_make(struct reading *r, const struct verdict *so_far, struct classes_input *out);

#endif
