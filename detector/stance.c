/* Two brands in one text: the labels toward both are chosen together, by learnt weights. */
#include "detector/stance.h"

#include "common/base/utf8.h"
#include "detector/sentiment.h"

#include <math.h>

/* Our own texts say most without a plain word of praise or blame; others' posts have more of them, so that they count for more than
 * was learnt: log odds for a sum of 1 of what the words and the neighbours of the name say. */
#define WORDS_SHARE 0.8
#define WORDS_MOST 1.5
#define NET_SHARE 0.7 /* of the nets' log odds: they err elsewhere than the tables, but oftener */
#define SPOKEN 0.3 /* words that come to so much speak: neutral is less likely */
#define SPOKEN_NEUTRAL -0.5

void stance_see(struct reading *r, struct stance_sight *out)
{
	struct stance_text t;
	stance_text_make(r, &t);
	const enum stance_owner *of_brand = stance_text_owners(r, &t, true), *of_rival = stance_text_owners(r, &t, false);
	stance_view_side(r, &t, of_brand, true, &out->brand);
	stance_view_side(r, &t, of_rival, false, &out->rival);
	stance_view_pair(r, &t, &out->pair);
	stance_view_net(r->a, &t, of_brand, true, &out->net[STANCE_OF_BRAND]);
	stance_view_net(r->a, &t, of_rival, false, &out->net[STANCE_OF_RIVAL]);
	out->language = t.is_chinese ? STANCE_CHINESE : STANCE_ENGLISH;
	out->brand_is_first = r->nnamed > 0 && r->named[0].is_brand;
}

void stance_add_nets(const double of_brand[LABEL__N], const double of_rival[LABEL__N], double odds[STANCE_PAIRS])
{
	for (int i = 0; i < STANCE_PAIRS; i++)
		odds[i] += NET_SHARE * (of_brand[i / LABEL__N] + of_rival[i % LABEL__N]);
}

void stance_odds(const struct stance_model *m, const struct stance_sight *sight, double out[STANCE_PAIRS])
{
	double brand[STANCE_PAIRS], rival[STANCE_PAIRS], pair[STANCE_PAIRS], of_brand[LABEL__N], of_rival[LABEL__N];
	stance_model_score(m, STANCE_SIDE, &sight->brand, brand);
	stance_model_score(m, STANCE_SIDE, &sight->rival, rival);
	stance_model_score(m, STANCE_PAIR, &sight->pair, pair);
	for (int i = 0; i < LABEL__N; i++)
		for (int k = 0; k < LABEL__N; k++)
			out[i * LABEL__N + k] =
				brand[i] + rival[k] + pair[sight->brand_is_first ? i * LABEL__N + k : k * LABEL__N + i];
	const struct stance_net *net = &m->net[sight->language];
	stance_net_judge(net, &sight->net[STANCE_OF_BRAND], of_brand);
	stance_net_judge(net, &sight->net[STANCE_OF_RIVAL], of_rival);
	stance_add_nets(of_brand, of_rival, out);
}

static void hear_words(const struct standing *s, double out[LABEL__N])
{
	const double words = s->is_cleared ? 0 : fmax(-WORDS_MOST, fmin(WORDS_MOST, s->words));
	out[LABEL_NEGATIVE] = -WORDS_SHARE * words;
	out[LABEL_NEUTRAL] = fabs(words) > SPOKEN ? SPOKEN_NEUTRAL : 0;
	out[LABEL_POSITIVE] = WORDS_SHARE * words;
}

void stance_judge(struct reading *r, const struct stance_model *m, struct verdict *out)
{
	struct stance_sight sight;
	double odds[STANCE_PAIRS], brand[LABEL__N], rival[LABEL__N], chance[LABEL__N] = { 0 }, most = -INFINITY, all = 0;
	int best = 0;
	stance_see(r, &sight);
	stance_odds(m, &sight, odds);
	hear_words(&r->of_brand, brand);
	hear_words(&r->of_rival, rival);
	for (int i = 0; i < STANCE_PAIRS; i++)
		odds[i] += brand[i / LABEL__N] + rival[i % LABEL__N];
	for (int i = 0; i < STANCE_PAIRS; i++)
		if (odds[i] > most) {
			most = odds[i];
			best = i;
		}
	for (int i = 0; i < STANCE_PAIRS; i++) {
		chance[i / LABEL__N] += exp(odds[i] - most);
		all += exp(odds[i] - most);
	}
	for (int i = 0; i < LABEL__N; i++)
		r->stance[i] = (float)(chance[i] / all);
	out->label = (enum label)(best / LABEL__N); /* of the likeliest pair: asked for either brand, the answers agree */
	out->sentiment = sentiment_fit(out->label, (chance[LABEL_POSITIVE] - chance[LABEL_NEGATIVE]) / all);
	out->confidence = chance[out->label] / all;
}

static enum word_kind kind_of(const struct reading *r, const struct stance_token *t)
{
	size_t at = t->at.from;
	return t->sort == STANCE_WORD ? word_kind_of(utf8_next(reading_text(r, t->at.field), &at)) : WORD_WALL;
}

struct word_units stance_words(struct reading *r, const struct stance_model *m, enum label label, enum label other)
{
	struct stance_text t;
	struct stance_features f;
	stance_text_make(r, &t);
	stance_view_side(r, &t, stance_text_owners(r, &t, true), true, &f);
	struct word_units words = { arena_list(r->a, struct word_unit, t.n + 1), t.n };
	float *effect = arena_list(r->a, float, f.n + 1);
	for (size_t i = 0; i < t.n; i++)
		words.unit[i] = (struct word_unit){ .at = t.token[i].at, .kind = kind_of(r, &t.token[i]) };
	stance_model_effects(m, STANCE_SIDE, &f, label, other, effect);
	for (size_t i = 0; i < f.n; i++)
		if (f.span[i].n > 0)
			word_run_share(&words, f.span[i].from, f.span[i].from + f.span[i].n - 1, effect[i]);
	return words;
}
