/* The trained model and the word lists together: one sentiment, its label and how sure it is. */
#include "detector/opinion.h"

#include "common/text/lang.h"
#include "detector/mood.h"
#include "detector/sentiment.h"

#include <math.h>

#define WORDS_SHARE 0.5 /* log odds that a sum of 1 of the word lists adds: a clear word is heard, a sure model not overruled */
#define PART_OF_MOST 0.5f /* clauses whose brand weight is at least this share of the largest are about the brand */
#define ABSTAIN 0.15 /* nearer to 0 than this is neutral, as with words alone … */
#define ABSTAIN_WORDLESS 0.7 /* … and nearer than this when no word of the lists speaks */
#define SHORT_BYTES 50 /* so short an English text is all composition ("not bad at all"), which words with negation know better */

static float largest_weight(const struct reading *r)
{
	float most = 0;
	for (size_t i = 0; i < r->nclauses; i++)
		most = fmaxf(most, r->clause[i].brand);
	return most;
}

/* Title and text, or of them the clauses that are about the brand. */
static struct str text_about_brand(struct reading *r)
{
	struct str *part = arena_list(r->a, struct str, 2 * r->nclauses + 1);
	size_t n = 0;
	const float from = largest_weight(r) * PART_OF_MOST;
	for (size_t i = 0; i < r->nclauses; i++) {
		const struct clause *c = &r->clause[i];
		if (c->brand <= 0 || c->brand < from)
			continue;
		if (n > 0 && c->at.field != r->clause[i - 1].at.field)
			part[n++] = STR("\n");
		part[n++] = (struct str){ reading_text(r, c->at.field).p + c->at.from, c->at.to - c->at.from };
	}
	return arena_join(r->a, part, n);
}

/* The model learnt from texts about one thing. Where clauses differ in how much they are about the brand, or another one is
 * in them, the words alone judge. */
static bool is_about_one(const struct reading *r)
{
	if (r->said_of_brand != 0 || r->said_of_rival != 0)
		return false;
	for (size_t i = 0; i < r->nclauses; i++)
		if (r->clause[i].brand <= 0 || r->clause[i].rival != 0 || r->clause[i].brand != r->clause[0].brand)
			return false;
	return true;
}

/* Whoever asks, and says nothing good or bad, has none: the model learnt from texts that do. */
static bool only_asks(const struct reading *r)
{
	for (size_t i = 0; i < r->nclauses; i++)
		if (!r->clause[i].is_question)
			return false;
	return true;
}

/* Words for one side take from the other, and from neutral nothing. */
static void shift(struct mood *m, double log_odds)
{
	double sum = 0;
	m->log_odds += log_odds;
	m->label_chance[LABEL_POSITIVE] *= exp(log_odds / 2);
	m->label_chance[LABEL_NEGATIVE] *= exp(-log_odds / 2);
	for (int k = 0; k < LABEL__N; k++)
		sum += m->label_chance[k];
	for (int k = 0; k < LABEL__N; k++)
		m->label_chance[k] /= sum;
}

/* The sign of the score and its label never contradict each other. */
static double score_for(enum label label, double score)
{
	switch (label) {
	case LABEL_NEGATIVE:
		return fmin(score, -ABSTAIN);
	case LABEL_POSITIVE:
		return fmax(score, ABSTAIN);
	default:
		return score * ABSTAIN * 0.9;
	}
}

void opinion_judge(struct reading *r, double words, struct verdict *out)
{
	struct features f;
	float score[WEIGHTS_HEADS];
	if (!is_about_one(r) || (out->label == LABEL_NEUTRAL && only_asks(r)))
		return;
	const struct str text = text_about_brand(r);
	features_make(r->a, text, &f);
	weights_score(r->book->weights, &f, score);
	const bool is_chinese = lang_is_chinese(lang_guess(text, STR("")));
	if (r->book->weights->head[is_chinese ? WEIGHTS_ZH_POSITIVE : WEIGHTS_EN_POLAR].slope == 0)
		return; /* a language that the model has not learnt */
	struct mood m = mood_of(score, is_chinese);
	if (!is_chinese && text.n <= SHORT_BYTES && (out->label == LABEL_NEUTRAL || (m.log_odds > 0) != (words > 0)))
		return;
	shift(&m, WORDS_SHARE * words);
	const double sentiment = mood_sentiment(&m);
	out->label = fabs(sentiment) < (words != 0 ? ABSTAIN : ABSTAIN_WORDLESS) ? LABEL_NEUTRAL : mood_label(&m);
	out->sentiment = score_for(out->label, sentiment);
	out->confidence = m.label_chance[out->label];
}
