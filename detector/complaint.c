/* Complaint words add up like independent pieces of evidence; urgency is the gravest level that a word speaks for. */
#include "detector/complaint.h"

#define SENTIMENT_SHARE 0.65 /* a wholly negative text without any complaint word comes to this */
#define PRAISE_DISCOUNT 0.6 /* a wholly positive text keeps this much less of its complaint words */
#define OTHER_SHARE 0.5 /* words of any complaint are filed under "other": a special category goes first */
#define WORD_COUNTS_FROM 0.5f /* an urgency word below this weight only supports */

double complaint_judge(struct reading *r, double sentiment, enum category *category)
{
	double none = 1, sum[CAT__N] = { 0 }; /* none: that no word means it */
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		const struct clause *c = reading_clause(r, m);
		if (m->rule->list != LIST_COMPLAINT || !c || c->brand <= 0)
			continue;
		struct modifiers with = reading_modifiers(r, i);
		double weight = with.negated ? 0 : (double)(m->rule->weight * c->brand);
		reading_explain(r, m, (float)weight, with.negated);
		none *= 1 - weight;
		sum[m->rule->category] += weight;
	}
	*category = CAT_OTHER;
	sum[CAT_OTHER] *= OTHER_SHARE;
	double most = 0;
	for (int k = CAT_NONE + 1; k < CAT__N; k++)
		if (sum[k] > most) {
			most = sum[k];
			*category = (enum category)k;
		}
	double score = 1 - none;
	if (sentiment < 0)
		return 1 - none * (1 + SENTIMENT_SHARE * sentiment);
	return score * (1 - PRAISE_DISCOUNT * sentiment);
}

/* Where nobody is troubled, nothing is urgent whatever the words. */
static bool can_be_urgent(const struct verdict *v)
{
	switch (v->nature) {
	case NAT_COMPLAINT:
	case NAT_RUMOUR:
	case NAT_NEWS:
		return true;
	case NAT_QUESTION:
	case NAT_OTHER:
		return v->label == LABEL_NEGATIVE;
	default:
		return false;
	}
}

enum urgency complaint_urgency(struct reading *r, const struct verdict *so_far)
{
	if (!can_be_urgent(so_far))
		return URG_LOW;
	enum urgency level = so_far->nature == NAT_NEWS && so_far->label != LABEL_NEGATIVE ? URG_LOW : URG_NORMAL;
	bool is_settled = false;
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		if (m->rule->list != LIST_URGENCY || m->rule->weight < WORD_COUNTS_FROM)
			continue;
		struct modifiers with = reading_modifiers(r, i);
		reading_explain(r, m, with.negated ? 0 : m->rule->weight, with.negated);
		if (with.negated)
			continue;
		is_settled = is_settled || m->rule->urgency == URG_LOW;
		if (m->rule->urgency > level)
			level = m->rule->urgency;
	}
	return is_settled && level <= URG_NORMAL ? URG_LOW : level;
}
