/* Two brands in one text: what is said of each is heard apart, and the labels of both are chosen together. */
#include "detector/rivalry.h"

#include "common/text/lang.h"
#include "detector/mood.h"
#include "detector/sentiment.h"

#include <math.h>

/* All numbers are log odds, fitted on tests/accuracy/two_brands.tsv and checked by held-out thirds of it. */
#define PART_FROM 0.6f /* a clause of this weight is about the side */
#define WORDS_SHARE 3.2 /* of a sum of 1 of the word lists and cues, at most … */
#define WORDS_MOST 1.5
#define MODEL_SHARE_ZH                                                                                                           \
	0.16 /* of what the model says of the clauses, at most …; it learnt Chinese from shops, where few complain */
#define MODEL_SHARE_EN 0.67
#define MODEL_MOST 6.0
#define MODEL_SHIFT_ZH -0.33
#define SPOKEN 0.3 /* words that come to so much speak */
#define NEUTRAL_SPOKEN -1.53 /* then neutral is less likely */
#define NEUTRAL_BASE -0.1
#define NEUTRAL_MODEL_ZH 0.24 /* times the model's own chance of it */
#define NEUTRAL_MODEL_EN 0.65
#define NEUTRAL_LENGTH_ZH -0.66 /* times the length of what is said, against the usual one: who tells much, judges */
#define NEUTRAL_LENGTH_EN -0.27
#define USUAL_BYTES_ZH 60.0
#define USUAL_BYTES_EN 50.0
#define LEAST_BYTES 20.0
#define LENGTH_MOST 2.0
#define NEUTRAL_SCENERY 2.8
#define NEUTRAL_CLEARED 2.0
#define NEUTRAL_ASKED 0.4 /* the whole text is a question */
#define ALIKE 0.9 /* "A and B": the same label for both */
#define BOTH_NEUTRAL 0.8 /* who judges neither, mentions both */
#define CONTRARY 1.2 /* whoever names two praises one and blames the other more often than chance would have it … */
#define OPPOSED 0.3 /* … and more so with "whereas B" */

struct side {
	double liking; /* positive against negative */
	double lean[LABEL__N]; /* toward each label */
};

/* The clauses about one side, as one text. */
static struct str part_of(struct reading *r, bool of_brand)
{
	struct str *part = arena_list(r->a, struct str, r->nclauses + 1);
	size_t n = 0;
	for (size_t i = 0; i < r->nclauses; i++) {
		const struct clause *c = &r->clause[i];
		if ((of_brand ? c->brand : c->rival) >= PART_FROM)
			part[n++] = (struct str){ reading_text(r, c->at.field).p + c->at.from, c->at.to - c->at.from };
	}
	return arena_join(r->a, part, n);
}

static struct mood hear(struct reading *r, struct str text, bool is_chinese)
{
	struct features f;
	float score[WEIGHTS_HEADS];
	features_make(r->a, text, &f);
	weights_score(r->book->weights, &f, score);
	const struct mood_cues cues = mood_cues_of(text, 0); /* the words are counted apart */
	return mood_of(score, is_chinese, &cues);
}

static bool is_question(const struct reading *r)
{
	for (size_t i = 0; i < r->s->n; i++)
		if (r->s->match[i].rule->list == LIST_NATURE && r->s->match[i].rule->nature == NAT_QUESTION)
			return true;
	for (size_t i = 0; i < r->nclauses; i++)
		if (!r->clause[i].is_question)
			return false;
	return true;
}

static bool is_chinese(const struct reading *r)
{
	const enum post_field field = reading_text(r, POST_TEXT).n > 0 ? POST_TEXT : POST_TITLE;
	return lang_is_chinese(lang_guess(reading_text(r, field), STR("")));
}

static bool is_learnt(const struct weights *w, bool chinese)
{
	return w->head[chinese ? WEIGHTS_ZH_POSITIVE : WEIGHTS_EN_POLAR].slope != 0;
}

static double within(double x, double most)
{
	return fmax(-most, fmin(most, x));
}

/* What speaks for neutral before the model is heard. */
static double neutral_of(const struct standing *standing, size_t bytes, bool chinese, bool asks)
{
	const double length = log(((double)bytes + LEAST_BYTES) / (chinese ? USUAL_BYTES_ZH : USUAL_BYTES_EN));
	return NEUTRAL_BASE + (chinese ? NEUTRAL_LENGTH_ZH : NEUTRAL_LENGTH_EN) * fmin(length, LENGTH_MOST) +
	       (fabs(standing->words) > SPOKEN ? NEUTRAL_SPOKEN : 0) + (standing->is_scenery ? NEUTRAL_SCENERY : 0) +
	       (standing->is_cleared ? NEUTRAL_CLEARED : 0) + (asks ? NEUTRAL_ASKED : 0);
}

static struct side side_of(struct reading *r, const struct standing *standing, struct str text)
{
	const bool asks = is_question(r), chinese = is_chinese(r);
	const bool is_only_named = text.n == 0 || standing->is_scenery || standing->is_cleared;
	struct side s = { WORDS_SHARE * within(standing->words, WORDS_MOST), { 0 } };
	double neutral = neutral_of(standing, text.n, chinese, asks);
	if (text.n > 0 && is_learnt(r->book->weights, chinese)) {
		const struct mood m = hear(r, text, chinese);
		const double odds = within(m.log_odds, MODEL_MOST);
		if (!is_only_named && !asks)
			s.liking += chinese ? MODEL_SHARE_ZH * odds + MODEL_SHIFT_ZH : MODEL_SHARE_EN * odds;
		neutral += (chinese ? NEUTRAL_MODEL_ZH : NEUTRAL_MODEL_EN) * m.label_chance[LABEL_NEUTRAL];
	}
	s.lean[LABEL_NEGATIVE] = -s.liking / 2;
	s.lean[LABEL_NEUTRAL] = neutral;
	s.lean[LABEL_POSITIVE] = s.liking / 2;
	return s;
}

/* How well two labels go together, whatever is said of each. */
static double together(const struct reading *r, int a, int b)
{
	if (a == b)
		return (r->is_joined ? ALIKE : 0) + (a == LABEL_NEUTRAL ? BOTH_NEUTRAL : 0);
	if (a == LABEL_NEUTRAL || b == LABEL_NEUTRAL)
		return 0;
	return CONTRARY + (r->is_opposed ? OPPOSED : 0);
}

/* The chances of the brand's labels: those of all pairs of labels, added up over the rival's. */
static void chances(const struct reading *r, const struct side *brand, const struct side *rival, double chance[LABEL__N])
{
	double all = 0;
	for (int i = 0; i < LABEL__N; i++) {
		chance[i] = 0;
		for (int k = 0; k < LABEL__N; k++)
			chance[i] += exp(brand->lean[i] + rival->lean[k] + together(r, i, k));
		all += chance[i];
	}
	for (int i = 0; i < LABEL__N; i++)
		chance[i] /= all;
}

void rivalry_judge(struct reading *r, struct verdict *out)
{
	double chance[LABEL__N];
	const struct side brand = side_of(r, &r->of_brand, part_of(r, true)), rival = side_of(r, &r->of_rival, part_of(r, false));
	chances(r, &brand, &rival, chance);
	out->label = LABEL_NEGATIVE;
	for (int i = 0; i < LABEL__N; i++)
		if (chance[i] > chance[out->label])
			out->label = (enum label)i;
	out->sentiment = sentiment_fit(out->label, chance[LABEL_POSITIVE] - chance[LABEL_NEGATIVE]);
	out->confidence = chance[out->label];
}
