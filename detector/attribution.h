/* The words that the trained model went by, as places in the original text: reasons beside those of the rules. Each feature's part in
 * the answer is shared out among the words it lies on; the run of words with the most of it is the reason. */
#ifndef EARSHOT_DETECTOR_ATTRIBUTION_H
#define EARSHOT_DETECTOR_ATTRIBUTION_H

#include "detector/heads.h"

/* Who chose the label of the verdict, or had the larger say. LABEL_BY_OTHERS: the words or the nature; it has no attribution then. */
enum label_by { LABEL_BY_OTHERS, LABEL_BY_MOOD, LABEL_BY_HEAD, LABEL_BY_STANCE };

/* Fills v->attribution for the answers that are worth a reason: a label that is not neutral, a nature that is not other, a category, an
 * urgency from high on, where the model speaks for them. Needs all of the verdict. */
void attribution_find(struct reading *r, const struct heads *heads, enum label_by by, struct verdict *v);

#endif
