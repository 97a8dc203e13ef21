/* Sentiment where a trained model is named by the rulebook: the model reads the clauses that are about the brand, and the words
 * of the lists shift what it says. */
#ifndef EARSHOT_DETECTOR_OPINION_H
#define EARSHOT_DETECTOR_OPINION_H

#include "detector/reading.h"

/* `words`: sentiment_judge() of the same reading. Fills sentiment, label and confidence, or leaves
 * what the words said where they know better (false). Only with r->book->weights. */
bool opinion_judge(struct reading *r, double words, struct verdict *out);

/* Is the text about the brand and about no other one, and nothing in it compared with the brand or said beside its name? What was learnt
 * from whole texts knows only such. */
bool opinion_is_about_one(const struct reading *r);

#endif
