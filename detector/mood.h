/* What the heads of a trained model say about the mood of a text, in one answer. Pure; the trainer's held-out report and the
 * verdict call the same function. */
#ifndef EARSHOT_DETECTOR_MOOD_H
#define EARSHOT_DETECTOR_MOOD_H

#include "common/text/weights.h"
#include <earshot/verdict.h>

struct mood {
	double log_odds; /* of positive against negative, calibrated */
	double neutral; /* 0…1: that it is neither */
	double label_chance[LABEL__N]; /* of the three; they come to 1 */
};

struct mood mood_of(const float score[WEIGHTS_HEADS], bool is_chinese);
/* -1…1: twice the chance of positive against negative, less one. */
double mood_sentiment(const struct mood *m);
enum label mood_label(const struct mood *m);

#endif
