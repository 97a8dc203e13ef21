/* What the writer does: the first of advertisement, rumour, news, complaint, suggestion, question, praise that fits. */
#ifndef EARSHOT_DETECTOR_NATURE_H
#define EARSHOT_DETECTOR_NATURE_H

#include "detector/heads.h"

#define NATURE_SURE_FROM 0.95f /* one word of this weight decides, whatever a model says */

/* Needs complaint, sentiment and label of the verdict so far. */
enum nature nature_judge(struct reading *r, const struct verdict *so_far, const struct heads *heads);

#endif
