/* Nature: what the class head of the model finds likeliest, unless a word of the sure kind says another; without a head the words
 * alone, tried in the order of the label definitions. */
#include "detector/nature.h"

#include "detector/complaint.h"

#define FITS_FROM 0.8f /* sum of the weights of a nature's words */
#define PRAISE_FITS 0.55f /* … and of those of praise */
#define PRAISE_FROM 0.3 /* sentiment of what is praise without such a word */

struct nature_sums {
	float of[NAT__N];
	bool is_sure[NAT__N]; /* one of its words is of the sure kind */
	bool asks; /* a sentence ends with a question mark or like a question */
};

/* ---- words (rules/nature.*.tsv) ---- */

/* A word counts once, however often it stands there. */
static bool is_seen_before(const struct reading *r, size_t match)
{
	for (size_t i = 0; i < match; i++)
		if (r->s->match[i].rule == r->s->match[match].rule)
			return true;
	return false;
}

/* Chinese questions often end without their mark: 吗, 呢, 么, 嘛 behind which the clause is over. */
static bool ends_like_question(const struct reading *r, const struct clause *c)
{
	static const char *const particles[] = { "吗", "呢", "么", "嘛" };
	struct str text = reading_text(r, c->at.field);
	text = str_trim((struct str){ text.p + c->at.from, c->at.to - c->at.from });
	for (size_t i = 0; i < sizeof(particles) / sizeof(particles[0]); i++)
		if (str_ends(text, str_of(particles[i])) && !str_ends(text, STR("什么")))
			return true;
	return false;
}

static struct nature_sums nature_sums_of(const struct reading *r)
{
	struct nature_sums sums = { 0 };
	for (size_t i = 0; i < r->s->n; i++) {
		const struct rule *rule = r->s->match[i].rule;
		if (rule->list != LIST_NATURE || is_seen_before(r, i))
			continue;
		sums.of[rule->nature] += rule->weight;
		sums.is_sure[rule->nature] = sums.is_sure[rule->nature] || rule->weight >= NATURE_SURE_FROM;
	}
	for (size_t i = 0; i < r->nclauses && !sums.asks; i++)
		sums.asks = r->clause[i].is_question || ends_like_question(r, &r->clause[i]);
	return sums;
}

static void explain(struct reading *r, enum nature nature)
{
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		if (m->rule->list == LIST_NATURE && m->rule->nature == nature && nature != NAT_OTHER && !is_seen_before(r, i))
			reading_explain(r, m, m->rule->weight, false);
	}
}

/* ---- the natures ---- */

/* The first that fits goes first. */
static const enum nature in_order[] = { NAT_ADVERTISEMENT, NAT_RUMOUR, NAT_NEWS, NAT_COMPLAINT, NAT_SUGGESTION, NAT_QUESTION,
	NAT_PRAISE, NAT_OTHER };
#define IN_ORDER (sizeof(in_order) / sizeof(in_order[0]))

static bool fits(const struct nature_sums *s, enum nature nature, const struct verdict *v)
{
	switch (nature) {
	case NAT_COMPLAINT:
		return v->complaint + (double)s->of[NAT_COMPLAINT] >= COMPLAINT_FROM;
	case NAT_QUESTION:
		return s->asks || s->of[NAT_QUESTION] >= FITS_FROM;
	case NAT_PRAISE:
		return s->of[NAT_PRAISE] >= PRAISE_FITS || (v->label == LABEL_POSITIVE && v->sentiment >= PRAISE_FROM);
	case NAT_OTHER:
		return true;
	default:
		return s->of[nature] >= FITS_FROM;
	}
}

static enum nature nature_of(const struct nature_sums *s, const struct verdict *v, const struct heads *heads)
{
	for (size_t i = 0; i < IN_ORDER; i++)
		if (s->is_sure[in_order[i]])
			return in_order[i];
	if (heads->knows[CLASSES_NATURE])
		return heads_nature(heads, v);
	size_t i = 0;
	while (!fits(s, in_order[i], v))
		i++;
	return in_order[i];
}

enum nature nature_judge(struct reading *r, const struct verdict *so_far, const struct heads *heads)
{
	const struct nature_sums sums = nature_sums_of(r);
	const enum nature nature = nature_of(&sums, so_far, heads);
	explain(r, nature);
	return nature;
}
