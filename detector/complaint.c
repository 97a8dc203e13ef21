/* Complaint words add up like independent pieces of evidence; what a complaint is about is the category with most evidence
 * (topics are evidence, too). Whoever complains seldom names the brand in the clause that tells what happened: distance from
 * the name takes little away, only what is said of another brand does. */
#include "detector/complaint.h"

#include <math.h>

#define SENTIMENT_SHARE 0.65 /* a wholly negative text without any complaint word comes to this */
#define PRAISE_DISCOUNT 0.6 /* a wholly positive text keeps this much less of its complaint words */

/* ---- what it is about ---- */

#define TOPIC_FACTOR 7.0f /* 0.05 is a third of a piece of evidence for its category */
#define TOPIC_ALONE 0.5f /* a topic in a clause that tells of no trouble */
#define TROUBLE_FROM 0.3f /* complaint words from this weight on tell of trouble */
#define TROUBLE_MOOD -0.2f /* words of sentiment do from here */
#define MISSED 0.35f /* a thing wanted and not got */
#define SUBJECT_SHARE 0.3 /* what a clear subject adds to a text that tells of trouble beside it */
#define NEGATED_SHARE 0.7f /* "no smell of gas" still speaks of gas */
#define LEAST_SHARE 0.8f /* however far from the brand's name, or beside another one: the cause is often told in another clause */
#define ENOUGH_EVIDENCE 0.05f /* below, nothing is known: "other" */

/* When two causes are told of, the one that decides more often goes first: staff and faults come up in complaints of every
 * kind, while who wants the money back wants that, whatever was wrong. */
static const float category_pull[CAT__N] = {
	[CAT_QUALITY] = 0.85f,
	[CAT_SERVICE] = 0.75f,
	[CAT_LOGISTICS] = 1.0f,
	[CAT_REFUND] = 1.2f,
	[CAT_PRICE] = 1.0f,
	[CAT_SAFETY] = 1.0f,
	[CAT_PRIVACY] = 1.1f,
	[CAT_FRAUD] = 1.0f,
	[CAT_OUTAGE] = 1.0f,
	[CAT_BILLING] = 1.1f,
	[CAT_FOOD] = 1.1f,
	[CAT_HEALTH] = 1.0f,
	[CAT_OTHER] = 1.0f,
};

static bool tells_trouble(const struct rule *rule)
{
	switch (rule->list) {
	case LIST_COMPLAINT:
		return rule->weight >= TROUBLE_FROM;
	case LIST_SENTIMENT:
		return rule->weight <= TROUBLE_MOOD;
	case LIST_NEGATION:
		return rule->weight < 0;
	default:
		return false;
	}
}

/* By clause: does a word in it tell of trouble? Matches and clauses lie in the same order. */
static bool *troubled_clauses(const struct reading *r)
{
	bool *troubled = arena_list(r->a, bool, r->nclauses + 1);
	for (size_t i = 0; i < r->s->n; i++) {
		const struct clause *c = tells_trouble(r->s->match[i].rule) ? reading_clause(r, &r->s->match[i]) : NULL;
		if (c)
			troubled[c - r->clause] = true;
	}
	return troubled;
}

/* What the writer wanted and did not get: "没发货", "no reply", "won't refund". Faults, prices and dangers are not wanted. */
static bool is_missed(const struct rule *rule, bool negated)
{
	static const bool wanted[CAT__N] = {
		[CAT_SERVICE] = true,
		[CAT_LOGISTICS] = true,
		[CAT_REFUND] = true,
		[CAT_OUTAGE] = true,
	};
	return negated && rule->weight < TROUBLE_FROM && wanted[rule->category];
}

/* How surely one word makes it a complaint. */
static float reproach_of(const struct rule *rule, bool negated)
{
	if (is_missed(rule, negated))
		return MISSED;
	return negated || rule->weight < TOPIC_BELOW ? 0 : rule->weight;
}

/* What one word says of its category. */
static float evidence_of(const struct rule *rule, bool is_troubled, bool negated)
{
	if (rule->weight >= TOPIC_BELOW)
		return rule->weight * (negated ? NEGATED_SHARE : 1);
	return rule->weight * TOPIC_FACTOR * (is_troubled ? 1 : TOPIC_ALONE);
}

static enum category category_of(const float sum[CAT__N])
{
	enum category best = CAT_OTHER;
	float most = ENOUGH_EVIDENCE;
	for (int k = CAT_NONE + 1; k < CAT__N; k++)
		if (sum[k] * category_pull[k] > most) {
			most = sum[k] * category_pull[k];
			best = (enum category)k;
		}
	return best;
}

double complaint_judge(struct reading *r, double sentiment, enum category *category)
{
	double none = 1; /* that no word means it */
	float sum[CAT__N] = { 0 }, subject[CAT__N] = { 0 };
	const bool *troubled = troubled_clauses(r);
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		const struct clause *c = reading_clause(r, m);
		if (m->rule->list != LIST_COMPLAINT || !c || c->brand < 0)
			continue;
		const bool is_troubled = troubled[c - r->clause], is_topic = m->rule->weight < TOPIC_BELOW;
		const struct modifiers with = is_topic && !is_troubled ? (struct modifiers){ 1, false } : reading_modifiers(r, i);
		const float weight = c->brand > 0 ? reproach_of(m->rule, with.negated) : 0;
		if (!is_topic || weight > 0)
			reading_explain(r, m, weight, with.negated);
		none *= 1 - (double)weight;
		const float evidence = fmaxf(c->brand, LEAST_SHARE) * evidence_of(m->rule, is_troubled, with.negated);
		sum[m->rule->category] += evidence;
		if (is_topic && is_troubled)
			subject[m->rule->category] += evidence;
	}
	*category = category_of(sum);
	none *= 1 - SUBJECT_SHARE * fmin(1, (double)subject[*category]);
	if (sentiment < 0)
		return 1 - none * (1 + SENTIMENT_SHARE * sentiment);
	return (1 - none) * (1 - PRAISE_DISCOUNT * sentiment);
}

double complaint_told(double complaint, double sentiment)
{
	return sentiment < 0 ? 1 - (1 - complaint) / (1 + SENTIMENT_SHARE * sentiment) : complaint;
}
