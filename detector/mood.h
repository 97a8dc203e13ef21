/* What the heads of a trained model and the word lists together say about the mood of a text. Pure; the trainer's held-out
 * report and the verdict call the same function.
 *
 * Model and words are joined by a softmax regression per language. English has two: one for texts of the kinds that the model
 * learnt from (posts to a company, reviews) and one for all others, where the model's scores count for less and the words for
 * more; the head en.service tells how much of each. The coefficients come from scores of training texts by models that had not
 * seen them; those of the second by models that had seen no text of the same set. */
#ifndef EARSHOT_DETECTOR_MOOD_H
#define EARSHOT_DETECTOR_MOOD_H

#include "common/text/weights.h"
#include <earshot/verdict.h>

#define MOOD_NEVER -100 /* score of a neutral head that learnt from no neutral text: the label is never said */

/* What is known of a text beside the model's scores. */
struct mood_cues {
	double words; /* sentiment_sum() of the word lists; 0 = they say nothing */
	bool asks, has_address;
};

struct mood {
	double log_odds; /* of positive against negative, calibrated */
	double label_chance[LABEL__N]; /* of the three; they come to 1 */
	double service; /* log odds that it is written to a company; 0 where no head tells */
};

struct mood_cues mood_cues_of(struct str normalised, double words);
struct mood mood_of(const float score[WEIGHTS_HEADS], bool is_chinese, const struct mood_cues *cues);
/* -1…1: twice the chance of positive against negative, less one. */
double mood_sentiment(const struct mood *m);
enum label mood_label(const struct mood *m);

#endif
