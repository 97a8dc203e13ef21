/* Learning a net of stance_net.h: AdaGrad, one text at a time; the same samples in the same order give the same bytes. */
#ifndef EARSHOT_DETECTOR_STANCE_NET_TRAIN_H
#define EARSHOT_DETECTOR_STANCE_NET_TRAIN_H

#include "detector/stance_net.h"

/* One side of a text. */
struct stance_net_sample {
	struct stance_net_text text; /* borrowed */
	enum label label;
	float weight;
};

struct stance_net_learner;

struct stance_net_learner *stance_net_learn(const struct stance_net_sample *sample, size_t n);
void stance_net_learner_free(struct stance_net_learner *l);
/* As stance_net_judge(), before anything is rounded. */
void stance_net_learner_judge(struct stance_net_learner *l, const struct stance_net_text *t, double out[LABEL__N]);
/* The vectors as bytes, the largest number of which becomes 127; those of words that were never learnt are 0. `word` is where they go. */
void stance_net_store(const struct stance_net_learner *l, int8_t *word, struct stance_net *out);

#endif
