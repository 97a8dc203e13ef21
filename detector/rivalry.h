/* Sentiment where a text names two brands: what is said of each, by words and by the model, is weighed together. */
#ifndef EARSHOT_DETECTOR_RIVALRY_H
#define EARSHOT_DETECTOR_RIVALRY_H

#include "detector/reading.h"

/* After sentiment_judge(), for a reading that has a rival. Fills sentiment, label and confidence. */
void rivalry_judge(struct reading *r, struct verdict *out);

#endif
