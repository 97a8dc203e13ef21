/* Nature from its words, the complaint score and question marks, tried in the order of the label definitions. */
#include "detector/nature.h"

#include "detector/complaint.h"

#define FITS_FROM 0.8f /* sum of the weights of a nature's words */
#define FITS_ALL_THE_SAME 1.6f /* who complains about a coupon names it once; who sells goes on */
#define PRAISE_FROM 0.3 /* sentiment */

struct nature_sums {
	float of[NAT__N];
	bool asks; /* a sentence ends with a question mark */
};

/* A word counts once, however often it stands there. */
static bool is_seen_before(const struct reading *r, size_t match)
{
	for (size_t i = 0; i < match; i++)
		if (r->s->match[i].rule == r->s->match[match].rule)
			return true;
	return false;
}

static struct nature_sums nature_sums_of(struct reading *r)
{
	struct nature_sums sums = { 0 };
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		if (m->rule->list != LIST_NATURE || is_seen_before(r, i))
			continue;
		sums.of[m->rule->nature] += m->rule->weight;
		reading_explain(r, m, m->rule->weight, false);
	}
	for (size_t i = 0; i < r->nclauses; i++)
		sums.asks = sums.asks || r->clause[i].is_question;
	return sums;
}

static bool is_advertisement(const struct nature_sums *s, const struct verdict *v)
{
	return s->of[NAT_ADVERTISEMENT] >= (v->complaint >= COMPLAINT_FROM ? FITS_ALL_THE_SAME : FITS_FROM);
}

static bool is_rumour(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_RUMOUR] >= FITS_FROM;
}

static bool is_news(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_NEWS] >= FITS_FROM;
}

static bool is_complaint(const struct nature_sums *s, const struct verdict *v)
{
	(void)s;
	return v->complaint >= COMPLAINT_FROM;
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
	return v->label == LABEL_POSITIVE && (s->of[NAT_PRAISE] >= FITS_FROM || v->sentiment >= PRAISE_FROM);
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
