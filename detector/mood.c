/* From calibrated head scores and the word lists to the chances of negative, neutral and positive. */
#include "detector/mood.h"

#include <math.h>

#define WORDS_MOST 3 /* more of it says no more */
#define NEUTRAL_LEAST -8.0f /* scores below say no more about the other two labels */
#define KIND_KNOWN 8 /* log odds of en.service from which a text is surely of a kind that was learnt */

/* ---- the joint: a row of coefficients a label ---- */

enum term {
	TERM_ONE,
	TERM_NEGATIVE, /* scores of the heads: Chinese has neutral and polar, English all four */
	TERM_NEUTRAL,
	TERM_POSITIVE,
	TERM_POLAR,
	TERM_WORDS,
	TERM_PRAISE, /* 1 when the words come to praise … */
	TERM_BLAME, /* … or to blame: a text without any word is neutral more often */
	TERM_ASKS,
	TERM_ADDRESS,
	TERM__N
};

static const double chinese[LABEL__N][TERM__N] = {
	[LABEL_NEGATIVE] = { -0.473, 0, -0.133, 0, -0.428, -0.152, -0.079, 0.182, 0.062, -0.123 },
	[LABEL_NEUTRAL] = { 1.210, 0, 0.317, 0, -0.005, 0.030, -0.119, -0.170, -0.008, 0.049 },
	[LABEL_POSITIVE] = { -0.737, 0, -0.185, 0, 0.433, 0.122, 0.198, -0.012, -0.053, 0.074 },
};
static const double english_known[LABEL__N][TERM__N] = {
	[LABEL_NEGATIVE] = { -0.558, 0.294, -0.223, -0.292, 0.122, -0.485, 0.082, 0.363, 0.119, -0.654 },
	[LABEL_NEUTRAL] = { 1.065, -0.002, 0.418, 0.019, -0.031, -0.053, -0.427, -0.427, 0.583, 0.067 },
	[LABEL_POSITIVE] = { -0.506, -0.292, -0.195, 0.273, -0.091, 0.538, 0.345, 0.064, -0.702, 0.586 },
};
static const double english_unknown[LABEL__N][TERM__N] = {
	[LABEL_NEGATIVE] = { -0.822, 0.209, -0.180, -0.595, 0.504, -0.807, 0.182, 0.409, 0.216, -1.108 },
	[LABEL_NEUTRAL] = { 1.401, 0.057, 0.331, 0.322, -0.265, -0.034, -0.647, -0.634, 0.962, 0.570 },
	[LABEL_POSITIVE] = { -0.579, -0.266, -0.151, 0.272, -0.239, 0.841, 0.466, 0.225, -1.178, 0.538 },
};

static void add_terms(const double table[LABEL__N][TERM__N], const double x[TERM__N], double share, double out[LABEL__N])
{
	for (int k = 0; k < LABEL__N; k++)
		for (int t = 0; t < TERM__N; t++)
			out[k] += share * table[k][t] * x[t];
}

static void cues_to_terms(const struct mood_cues *cues, double x[TERM__N])
{
	x[TERM_ONE] = 1;
	x[TERM_WORDS] = fmax(-WORDS_MOST, fmin(WORDS_MOST, cues->words));
	x[TERM_PRAISE] = cues->words > 0;
	x[TERM_BLAME] = cues->words < 0;
	x[TERM_ASKS] = cues->asks;
	x[TERM_ADDRESS] = cues->has_address;
}

static void add_chinese(const float score[WEIGHTS_HEADS], double x[TERM__N], double out[LABEL__N])
{
	x[TERM_NEUTRAL] = (double)fmaxf(score[WEIGHTS_ZH_NEUTRAL], NEUTRAL_LEAST);
	x[TERM_POLAR] = (double)score[WEIGHTS_ZH_POSITIVE];
	add_terms(chinese, x, 1, out);
}

/* 0…1: a text that is clearly one or the other is of a kind that was learnt. */
static double familiarity(const float score[WEIGHTS_HEADS])
{
	const double kind = fmin(1, fabs((double)score[WEIGHTS_EN_SERVICE]) / KIND_KNOWN);
	return kind * kind;
}

static void add_english(const float score[WEIGHTS_HEADS], double x[TERM__N], double out[LABEL__N])
{
	const double known = familiarity(score);
	x[TERM_NEGATIVE] = (double)score[WEIGHTS_EN_NEGATIVE];
	x[TERM_NEUTRAL] = (double)fmaxf(score[WEIGHTS_EN_NEUTRAL], NEUTRAL_LEAST);
	x[TERM_POSITIVE] = (double)score[WEIGHTS_EN_POSITIVE];
	x[TERM_POLAR] = (double)score[WEIGHTS_EN_POLAR];
	add_terms(english_known, x, known, out);
	add_terms(english_unknown, x, 1 - known, out);
}

/* ---- the mood ---- */

struct mood_cues mood_cues_of(struct str normalised, double words)
{
	return (struct mood_cues){
		.words = words,
		.asks = str_findc(normalised, '?') >= 0,
		.has_address = str_find(normalised, STR("http")) >= 0,
	};
}

struct mood mood_of(const float score[WEIGHTS_HEADS], bool is_chinese, const struct mood_cues *cues)
{
	double x[TERM__N] = { 0 }, odds[LABEL__N] = { 0 }, sum = 0;
	cues_to_terms(cues, x);
	if (is_chinese)
		add_chinese(score, x, odds);
	else
		add_english(score, x, odds);
	if (score[is_chinese ? WEIGHTS_ZH_NEUTRAL : WEIGHTS_EN_NEUTRAL] <= MOOD_NEVER)
		odds[LABEL_NEUTRAL] = 2 * MOOD_NEVER;
	struct mood m = {
		.log_odds = odds[LABEL_POSITIVE] - odds[LABEL_NEGATIVE],
		.service = is_chinese ? 0 : (double)score[WEIGHTS_EN_SERVICE],
	};
	const double most = fmax(odds[0], fmax(odds[1], odds[2])); /* so that nothing overflows, whatever a model says */
	for (int k = 0; k < LABEL__N; k++) {
		m.label_chance[k] = exp(odds[k] - most);
		sum += m.label_chance[k];
	}
	for (int k = 0; k < LABEL__N; k++)
		m.label_chance[k] /= sum;
	return m;
}

double mood_sentiment(const struct mood *m)
{
	return 2 / (1 + exp(-m->log_odds)) - 1;
}

enum label mood_label(const struct mood *m)
{
	enum label best = LABEL_NEUTRAL;
	for (int k = 0; k < LABEL__N; k++)
		if (m->label_chance[k] > m->label_chance[best])
			best = (enum label)k;
	return best;
}
