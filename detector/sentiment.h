/* Sentiment toward the brand: the sum of what the words say, each turned by its neighbours and weighed by its clause. */
#ifndef EARSHOT_DETECTOR_SENTIMENT_H
#define EARSHOT_DETECTOR_SENTIMENT_H

#include "detector/reading.h"

double sentiment_judge(struct reading *r); /* -1…1; adds its reasons */
float sentiment_word(const struct reading *r, size_t match); /* what a word means by itself; 0 = it has no part in this */
double sentiment_sum(double score); /* what the words came to before it was brought to -1…1 */
enum label sentiment_label(double score); /* neutral when the words do not say enough */
double sentiment_fit(enum label label, double score); /* the score, moved so that its sign does not contradict the label */
double sentiment_confidence(double score); /* 0…1: how often a label at this score is right */

#endif
