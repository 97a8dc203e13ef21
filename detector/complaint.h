/* Is it a complaint, and about what? */
#ifndef EARSHOT_DETECTOR_COMPLAINT_H
#define EARSHOT_DETECTOR_COMPLAINT_H

#include "detector/reading.h"

#define COMPLAINT_FROM 0.5 /* verdict.complaint from which a mention counts as one */
#define CATEGORY_FROM 0.3 /* … and from which it is told what the trouble is about */

/* 0…1 and the category its words speak for (CAT_OTHER when there is none); adds its reasons. */
double complaint_judge(struct reading *r, double sentiment, enum category *category);
/* What of such a score is left without the part that the mood alone gave. */
double complaint_told(double complaint, double sentiment);

#endif
