/* Nature from its words, the complaint score and question marks, tried in the order of the label definitions. */
#include "detector/nature.h"

#include "detector/complaint.h"

#define FITS_FROM 0.8f /* sum of the weights of a nature's words */
#define SURE_FROM 0.95f /* one such word decides, whatever trouble is told beside it */
#define FITS_ALL_THE_SAME 1.6f /* who complains about a coupon names it once; who sells goes on */
#define PRAISE_FROM 0.3 /* sentiment */

/* How much trouble must be told to make it a complaint … */
#define TROUBLE_FROM COMPLAINT_FROM
#define TROUBLE_FROM_ASKING 1.1 /* … when the writer wants to know or to have something: "is it slow?" names a fault, too */
#define TROUBLE_FROM_PRAISING 1.2 /* … when the trouble is what praise starts from: "replaced my broken kettle at once" */
#define TROUBLE_NEGATIVE 0.2 /* what a negative mood adds to it */
#define TROUBLE_GRAVE 0.6 /* what a word of danger, harm or threat adds to it */

struct nature_sums {
	float of[NAT__N];
	bool is_sure[NAT__N]; /* one of its words is of the sure kind */
	bool asks; /* a sentence ends with a question mark */
	bool is_grave; /* an urgency word from `high` on, not negated */
};

/* A word counts once, however often it stands there. */
static bool is_seen_before(const struct reading *r, size_t match)
{
	for (size_t i = 0; i < match; i++)
		if (r->s->match[i].rule == r->s->match[match].rule)
			return true;
	return false;
}

static void sums_add(struct nature_sums *sums, struct reading *r, size_t match)
{
	const struct match *m = &r->s->match[match];
	if (m->rule->list == LIST_URGENCY && m->rule->urgency >= URG_HIGH && !sums->is_grave)
		sums->is_grave = !reading_modifiers(r, match).negated;
	if (m->rule->list != LIST_NATURE || is_seen_before(r, match))
		return;
	sums->of[m->rule->nature] += m->rule->weight;
	sums->is_sure[m->rule->nature] = sums->is_sure[m->rule->nature] || m->rule->weight >= SURE_FROM;
	if (m->rule->nature != NAT_OTHER)
		reading_explain(r, m, m->rule->weight, false);
}

static struct nature_sums nature_sums_of(struct reading *r)
{
	struct nature_sums sums = { 0 };
	for (size_t i = 0; i < r->s->n; i++)
		sums_add(&sums, r, i);
	for (size_t i = 0; i < r->nclauses; i++)
		sums.asks = sums.asks || r->clause[i].is_question;
	return sums;
}

static double trouble(const struct nature_sums *s, const struct verdict *v)
{
	return v->complaint + (double)s->of[NAT_COMPLAINT] + (v->label == LABEL_NEGATIVE ? TROUBLE_NEGATIVE : 0) +
	       (s->is_grave ? TROUBLE_GRAVE : 0);
}

static bool is_advertisement(const struct nature_sums *s, const struct verdict *v)
{
	const bool is_troubled = trouble(s, v) >= TROUBLE_FROM;
	return s->is_sure[NAT_ADVERTISEMENT] || s->of[NAT_ADVERTISEMENT] >= (is_troubled ? FITS_ALL_THE_SAME : FITS_FROM);
}

static bool is_rumour(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_RUMOUR] >= FITS_FROM;
}

/* A newsroom does not say "I": each word of everyday talk (nature `other`) speaks against it. */
static bool is_news(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_NEWS] - s->of[NAT_OTHER] >= FITS_FROM;
}

static bool is_complaint(const struct nature_sums *s, const struct verdict *v)
{
	double from = TROUBLE_FROM;
	if (s->of[NAT_QUESTION] >= FITS_FROM || s->of[NAT_SUGGESTION] >= FITS_FROM)
		from = TROUBLE_FROM_ASKING;
	if (s->of[NAT_PRAISE] >= FITS_FROM)
		from = TROUBLE_FROM_PRAISING;
	return trouble(s, v) >= from;
}

static bool is_suggestion(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_SUGGESTION] >= FITS_FROM;
}

static bool is_question(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_QUESTION] >= FITS_FROM || s->asks;
}

static bool is_praise(const struct nature_sums *s, const struct verdict *v)
{
	return s->of[NAT_PRAISE] >= FITS_FROM || (v->label == LABEL_POSITIVE && v->sentiment >= PRAISE_FROM);
}

static const struct {
	enum nature nature;
	bool (*fits)(const struct nature_sums *s, const struct verdict *v);
} natures[] = {
	{ NAT_ADVERTISEMENT, is_advertisement },
	{ NAT_RUMOUR, is_rumour },
	{ NAT_NEWS, is_news },
	{ NAT_COMPLAINT, is_complaint },
	{ NAT_SUGGESTION, is_suggestion },
	{ NAT_QUESTION, is_question },
	{ NAT_PRAISE, is_praise },
};

enum nature nature_judge(struct reading *r, const struct verdict *so_far)
{
	struct nature_sums sums = nature_sums_of(r);
	for (size_t i = 0; i < sizeof(natures) / sizeof(natures[0]); i++)
		if (natures[i].fits(&sums, so_far))
			return natures[i].nature;
	return NAT_OTHER;
}
