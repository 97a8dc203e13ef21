/* The trained model and the word lists together: one sentiment, its label and how sure it is. */
#include "detector/opinion.h"

#include "common/text/lang.h"
#include "detector/mood.h"
#include "detector/sentiment.h"
#include "detector/sight.h"

#include <math.h>

#define ABSTAIN 0.15 /* a score of a label is never nearer to 0 */
#define ABSTAIN_WORDLESS 0.4 /* nearer to 0 than this is neutral when no word of the lists speaks */
#define SHORT_BYTES 50
#define SERVICE 4 /* log odds from which a text is surely written to a company: the model knows how such texts are put */

/* Nothing in it is compared with the brand, or said by what stands beside its name; no other one is named. */
bool opinion_is_about_one(const struct reading *r)
{
	bool is = !r->has_rival && r->of_brand.said == 0;
	for (size_t i = 0; i < r->nclauses; i++)
		is = is && r->clause[i].brand > 0;
	return is;
}

/* Negation, or what follows "but", turns the mood: "not bad at all". */
static bool is_turned(const struct reading *r)
{
	for (size_t i = 0; i < r->s->n; i++)
		if (r->s->match[i].rule->list == LIST_NEGATION)
			return true;
	for (size_t i = 0; i < r->nclauses; i++)
		if (r->clause[i].contrast != 1)
			return true;
	return false;
}

/* So short an English text is all composition, which the words know better than runs of letters do. */
static bool is_for_words(const struct reading *r, struct str text, const struct mood *m, double words)
{
	return text.n <= SHORT_BYTES && m->service < SERVICE && words != 0 && (m->log_odds > 0) != (words > 0) && is_turned(r);
}

bool opinion_judge(struct reading *r, double words, struct verdict *out)
{
	float score[WEIGHTS_HEADS];
	if (!opinion_is_about_one(r))
		return false;
	const struct sight *sight = sight_of(r);
	const struct str text = sight->text;
	weights_score(r->book->weights, &sight->features, score);
	const bool is_chinese = lang_is_chinese(lang_guess(text, STR("")));
	if (r->book->weights->head[is_chinese ? WEIGHTS_ZH_POSITIVE : WEIGHTS_EN_POLAR].slope == 0)
		return false; /* a language that the model has not learnt */
	const struct mood_cues cues = mood_cues_of(text, words);
	const struct mood m = mood_of(score, is_chinese, &cues);
	if (!is_chinese && is_for_words(r, text, &m, words))
		return false;
	const double sentiment = mood_sentiment(&m);
	out->label = words == 0 && fabs(sentiment) < ABSTAIN_WORDLESS ? LABEL_NEUTRAL : mood_label(&m);
	out->sentiment = sentiment_fit(out->label, sentiment);
	out->confidence = m.label_chance[out->label];
	return true;
}
