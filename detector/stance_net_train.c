/* Labelled sides of texts to a convolutional net. */
#include "detector/stance_net_train.h"

#include "detector/learn.h"

#include <math.h>
#include <stdlib.h>

#define EPOCHS 5
#define RATE 0.02f
#define WORDS_DROPPED 0.15 /* in a step, so that a text is not known by one of them … */
#define FILTERS_DROPPED 0.5 /* … nor by one filter ("Dropout", Srivastava et al., 2014) */
#define VECTOR_FIRST 0.1f /* what is not learnt yet lies between this and its negative */
#define FILTER_FIRST 0.14f
#define LABEL_FIRST 0.05f
#define SEED 88172645463325252ull

/* Numbers that are learnt, the sums of the squares of their steps, and the step at hand. */
struct stance_net_learner {
	struct stance_net_core core, square, step;
	float word[STANCE_NET_ROWS][STANCE_NET_WIDTH], word_square[STANCE_NET_ROWS][STANCE_NET_WIDTH];
	float vector_step[(STANCE_NET_TOKENS + STANCE_NET_WINDOW - 1) * STANCE_NET_WIDTH];
	struct stance_net_token token[STANCE_NET_TOKENS]; /* of the text as this step sees it */
	struct stance_net_seen seen;
	uint64_t random;
};

/* ---- chance ---- */

/* From 0 to 1. */
static double chance(struct stance_net_learner *l)
{
	return (double)(learn_random(&l->random) >> 11) / (double)(1ull << 53);
}

static void scatter(struct stance_net_learner *l, float *x, size_t n, float most)
{
	for (size_t i = 0; i < n; i++)
		x[i] = most * (float)(2 * chance(l) - 1);
}

static struct stance_net_learner *learner_new(void)
{
	struct stance_net_learner *l = learn_own(calloc(1, sizeof *l));
	l->random = SEED;
	scatter(l, &l->word[0][0], sizeof l->word / sizeof(float), VECTOR_FIRST);
	scatter(l, &l->core.owner[0][0], sizeof l->core.owner / sizeof(float), VECTOR_FIRST);
	scatter(l, &l->core.filter[0][0], sizeof l->core.filter / sizeof(float), FILTER_FIRST);
	scatter(l, &l->core.label[0][0], sizeof l->core.label / sizeof(float), LABEL_FIRST);
	return l;
}

void stance_net_learner_free(struct stance_net_learner *l)
{
	free(l);
}

/* ---- forward ---- */

static void add(float *to, const float *from)
{
	for (int d = 0; d < STANCE_NET_WIDTH; d++)
		to[d] += from[d];
}

static void look(struct stance_net_learner *l, const struct stance_net_text *t)
{
	memset(l->seen.vector, 0, (t->n + STANCE_NET_WINDOW - 1) * STANCE_NET_WIDTH * sizeof(float));
	for (size_t i = 0; i < t->n; i++) {
		const struct stance_net_token *token = &t->token[i];
		float *vector = l->seen.vector + (i + STANCE_NET_WINDOW / 2) * STANCE_NET_WIDTH;
		add(vector, l->core.owner[token->owner]);
		add(vector, l->word[token->word]);
		if (token->stem != 0)
			add(vector, l->word[token->stem]);
	}
	stance_net_pool(&l->core, t, &l->seen);
}

void stance_net_learner_judge(struct stance_net_learner *l, const struct stance_net_text *t, double out[LABEL__N])
{
	look(l, t);
	stance_net_labels(&l->core, &l->seen, out);
}

/* Without some of its words. */
static struct stance_net_text text_of_step(struct stance_net_learner *l, const struct stance_net_text *t)
{
	for (size_t i = 0; i < t->n; i++) {
		l->token[i] = t->token[i];
		if (t->token[i].word >= STANCE_NET_WORDS && chance(l) < WORDS_DROPPED)
			l->token[i].word = l->token[i].stem = STANCE_NET_UNKNOWN;
	}
	return (struct stance_net_text){ l->token, t->n };
}

static void drop_filters(struct stance_net_learner *l)
{
	for (int i = 0; i < STANCE_NET_POOLED; i++)
		l->seen.pooled[i] *= chance(l) < FILTERS_DROPPED ? 0 : (float)(1 / (1 - FILTERS_DROPPED));
}

/* ---- backward ---- */

/* What one filter is to change where it was largest. */
static void step_filter(struct stance_net_learner *l, int filter, int token, float error)
{
	const size_t at = (size_t)token * STANCE_NET_WIDTH;
	for (int d = 0; d < STANCE_NET_SEEN; d++) {
		l->step.filter[d][filter] += error * l->seen.vector[at + (size_t)d];
		l->vector_step[at + (size_t)d] += error * l->core.filter[d][filter];
	}
	l->step.bias[filter] += error;
}

static void backward(struct stance_net_learner *l, size_t n, const float error[LABEL__N])
{
	memset(&l->step, 0, sizeof l->step);
	memset(l->vector_step, 0, (n + STANCE_NET_WINDOW - 1) * STANCE_NET_WIDTH * sizeof(float));
	for (int k = 0; k < LABEL__N; k++) {
		l->step.label_bias[k] = error[k];
		for (int i = 0; i < STANCE_NET_POOLED; i++)
			l->step.label[k][i] = error[k] * l->seen.pooled[i];
	}
	for (int i = 0; i < STANCE_NET_POOLED; i++) {
		float back = 0;
		if (l->seen.at[i] < 0 || l->seen.pooled[i] == 0)
			continue;
		for (int k = 0; k < LABEL__N; k++)
			back += error[k] * l->core.label[k][i];
		step_filter(l, i % STANCE_NET_FILTERS, l->seen.at[i], back * (float)(1 / (1 - FILTERS_DROPPED)));
	}
}

/* AdaGrad (Duchi et al., 2011). */
static void take_steps(float *x, float *square, const float *step, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (step[i] == 0)
			continue;
		square[i] += step[i] * step[i];
		x[i] -= RATE * step[i] / (sqrtf(square[i]) + 1e-6f);
	}
}

static void step_word(struct stance_net_learner *l, unsigned row, const float *step)
{
	take_steps(l->word[row], l->word_square[row], step, STANCE_NET_WIDTH);
}

static void learn_text(struct stance_net_learner *l, const struct stance_net_sample *s)
{
	const struct stance_net_text t = text_of_step(l, &s->text);
	double odds[LABEL__N];
	float error[LABEL__N];
	look(l, &t);
	drop_filters(l);
	stance_net_labels(&l->core, &l->seen, odds);
	for (int k = 0; k < LABEL__N; k++)
		error[k] = s->weight * (float)(exp(odds[k]) - (k == (int)s->label));
	backward(l, t.n, error);
	for (size_t i = 0; i < t.n; i++) {
		const float *step = l->vector_step + (i + STANCE_NET_WINDOW / 2) * STANCE_NET_WIDTH;
		for (int d = 0; d < STANCE_NET_WIDTH; d++)
			l->step.owner[t.token[i].owner][d] += step[d];
		step_word(l, t.token[i].word, step);
		if (t.token[i].stem != 0)
			step_word(l, t.token[i].stem, step);
	}
	take_steps((float *)&l->core, (float *)&l->square, (const float *)&l->step, STANCE_NET_CORE);
}

struct stance_net_learner *stance_net_learn(const struct stance_net_sample *sample, size_t n)
{
	struct stance_net_learner *l = learner_new();
	size_t *order = learn_own(malloc((n + 1) * sizeof(*order)));
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (int epoch = 0; epoch < EPOCHS; epoch++) {
		learn_shuffle(&l->random, order, n);
		for (size_t i = 0; i < n; i++)
			learn_text(l, &sample[order[i]]);
	}
	free(order);
	return l;
}

/* ---- bytes ---- */

static bool is_learnt(const struct stance_net_learner *l, size_t row)
{
	for (int d = 0; d < STANCE_NET_WIDTH; d++)
		if (l->word_square[row][d] > 0)
			return true;
	return false;
}

void stance_net_store(const struct stance_net_learner *l, int8_t *word, struct stance_net *out)
{
	float most = 1e-6f;
	for (size_t i = 0; i < STANCE_NET_ROWS; i++)
		for (int d = 0; d < STANCE_NET_WIDTH; d++)
			most = fmaxf(most, is_learnt(l, i) ? fabsf(l->word[i][d]) : 0);
	for (size_t i = 0; i < STANCE_NET_ROWS; i++)
		for (int d = 0; d < STANCE_NET_WIDTH; d++)
			word[i * STANCE_NET_WIDTH + (size_t)d] = is_learnt(l, i) ? (int8_t)lrintf(l->word[i][d] / most * 127) : 0;
	*out = (struct stance_net){ l->core, most / 127, word };
}
