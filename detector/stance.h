/* Sentiment where a text names two brands: a model learnt from such texts chooses the labels of both together. */
#ifndef EARSHOT_DETECTOR_STANCE_H
#define EARSHOT_DETECTOR_STANCE_H

#include "detector/stance_model.h"
#include "detector/stance_view.h"
#include "detector/word_run.h"

enum stance_side { STANCE_OF_BRAND, STANCE_OF_RIVAL, STANCE_SIDE__N };

/* One text: its features from each of the two sides, and of the whole, and what the nets see from each side. */
struct stance_sight {
	struct stance_features brand, rival, pair;
	struct stance_net_text net[STANCE_SIDE__N];
	enum stance_language language;
	bool brand_is_first; /* named before the other */
};

/* Of a reading that is made, after sentiment_judge(). */
void stance_see(struct reading *r, struct stance_sight *out);
/* Log odds of each pair of labels, the brand's times LABEL__N plus the rival's. */
void stance_odds(const struct stance_model *m, const struct stance_sight *sight, double out[STANCE_PAIRS]);
/* Adds what the nets say of either side to the log odds of the pairs. */
void stance_add_nets(const double of_brand[LABEL__N], const double of_rival[LABEL__N], double odds[STANCE_PAIRS]);
/* After sentiment_judge(), for a reading that has a rival. Fills sentiment, label and confidence, and r->stance. */
void stance_judge(struct reading *r, const struct stance_model *m, struct verdict *out);

/* For the reasons: the words of the text (names and signs are walls), each with what speaks on it for the brand's label and
 * against the other one. In the arena of the reading; after stance_judge(). */
struct word_units stance_words(struct reading *r, const struct stance_model *m, enum label label, enum label other);

#endif
