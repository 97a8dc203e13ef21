/* Urgency: what the class head of the model finds likeliest, unless a word of the sure kind says that it is graver; without a head the
 * gravest level that a word, a large sum of money or a dangerous subject speaks for. What might have been is one level below what was. */
#include "detector/urgency.h"

#include "detector/money.h"
#include "detector/nature.h"

#define PAIR_BYTES 60u /* between the words of a pair: twenty Chinese characters, or ten English words */
#define CLOSES_FROM 0.15f /* of the words that count in pairs, from here on it is the one that tells what happened */
/* Chance of high or critical from which it is one: a harmless post raised costs a glance, a threat not raised may cost the firm. */
#define TOP_FROM 0.2f
#define TOP_FROM_WORDS 0.03f /* … where the words say so, too */
#define TOP_SURELY 0.5f /* … and whatever the nature */
#define IF_REACHES 12 /* words or characters from "could have", 万一, 差点 to the harm that did not happen */

/* Where nobody is troubled, nothing is urgent whatever the words. */
static bool can_be_urgent(const struct verdict *v)
{
	return v->nature != NAT_PRAISE && v->nature != NAT_SUGGESTION && v->nature != NAT_ADVERTISEMENT;
}

/* A question or a remark that tells of no harm waits only for who is angry. */
static bool is_calm(const struct verdict *v)
{
	const bool is_talk = v->nature == NAT_NEWS || v->nature == NAT_QUESTION || v->nature == NAT_OTHER;
	return is_talk && v->label != LABEL_NEGATIVE;
}

/* A word like 万一 or "could have" before the match, in its clause: an urgency row of level normal. */
static bool is_supposed(const struct reading *r, size_t match)
{
	const struct match *m = &r->s->match[match];
	const struct clause *c = reading_clause(r, m);
	for (size_t i = match; c && i-- > 0;) {
		const struct match *other = &r->s->match[i];
		if (other->field != m->field || other->norm_from < c->at.from)
			return false;
		if (other->rule->list == LIST_URGENCY && other->rule->urgency == URG_NORMAL && other->norm_to <= m->norm_from &&
			reading_distance(r, m->field, other->norm_to, m->norm_from) <= IF_REACHES)
			return true;
	}
	return false;
}

struct levels {
	enum urgency most, sure; /* sure: by words of the sure kind alone */
	bool is_settled; /* a word says that the trouble is over or slight */
};

static void levels_add(struct levels *l, struct reading *r, size_t match)
{
	const struct match *m = &r->s->match[match];
	const bool negated = reading_modifiers(r, match).negated;
	enum urgency level = m->rule->urgency;
	reading_explain(r, m, negated ? 0 : m->rule->weight, negated);
	if (negated)
		return;
	if (level == URG_CRITICAL && is_supposed(r, match))
		level = URG_HIGH;
	l->is_settled = l->is_settled || level == URG_LOW;
	l->most = level > l->most ? level : l->most;
	if (m->rule->weight >= NATURE_SURE_FROM && level > l->sure)
		l->sure = level;
}

/* ---- pairs: "brakes" and "failed", in either order ---- */

/* The last word of each part: what is in danger, and what happens to it. */
struct half_pairs {
	const struct match *thing, *event;
};

static bool is_pair(const struct match *one, const struct match *other)
{
	return one && other && one->field == other->field && other->norm_from >= one->norm_to &&
	       other->norm_from - one->norm_to <= PAIR_BYTES;
}

/* A pair is as grave as the milder of its words. */
static void levels_add_half(struct levels *l, struct half_pairs *half, struct reading *r, size_t match)
{
	const struct match *m = &r->s->match[match];
	const bool is_event = m->rule->weight >= CLOSES_FROM;
	const struct match *partner = is_event ? half->thing : half->event;
	if (is_event)
		half->event = m;
	else
		half->thing = m;
	if (!is_pair(partner, m))
		return;
	enum urgency level = partner->rule->urgency < m->rule->urgency ? partner->rule->urgency : m->rule->urgency;
	if (level == URG_CRITICAL && is_supposed(r, match))
		level = URG_HIGH;
	reading_explain(r, m, m->rule->weight, false);
	l->most = level > l->most ? level : l->most;
}

static struct levels levels_of(struct reading *r)
{
	struct levels l = { .most = URG_LOW };
	struct half_pairs half = { 0 };
	for (size_t i = 0; i < r->s->n; i++) {
		const struct rule *rule = r->s->match[i].rule;
		if (rule->list != LIST_URGENCY)
			continue;
		if (rule->weight >= URGENCY_WORD_FROM)
			levels_add(&l, r, i);
		else
			levels_add_half(&l, &half, r, i);
	}
	return l;
}

/* ---- the verdict ---- */

/* Trouble of these kinds is danger or grave harm to many whatever words tell it; as hearsay, also what ruins a firm. */
static const struct {
	bool when_told, when_rumoured;
} grave_subject[CAT__N] = {
	[CAT_SAFETY] = { true, true },
	[CAT_HEALTH] = { true, true },
	[CAT_FOOD] = { false, true },
	[CAT_PRIVACY] = { false, true },
	[CAT_FRAUD] = { false, true },
	[CAT_OUTAGE] = { false, true },
};

static bool has_grave_subject(const struct verdict *v)
{
	if (v->nature == NAT_RUMOUR || (v->nature == NAT_NEWS && v->label == LABEL_NEGATIVE))
		return grave_subject[v->category].when_rumoured;
	return (v->nature == NAT_COMPLAINT || v->label == LABEL_NEGATIVE) && grave_subject[v->category].when_told;
}

static bool has_large_sum(const struct reading *r)
{
	return money_is_large(reading_text(r, POST_TITLE)) || money_is_large(reading_text(r, POST_TEXT));
}

static enum urgency urgency_by_words(const struct reading *r, const struct levels *l, const struct verdict *so_far)
{
	const bool calm = is_calm(so_far);
	if (l->most < URG_HIGH && !l->is_settled && (has_grave_subject(so_far) || (!calm && has_large_sum(r))))
		return URG_HIGH;
	if (l->most >= URG_HIGH)
		return l->most;
	return l->is_settled || calm ? URG_LOW : URG_NORMAL;
}

static float top_chance(const struct heads *heads)
{
	return heads->urgency[URG_HIGH] + heads->urgency[URG_CRITICAL];
}

/* What the words say is asked only where it matters. */
static enum urgency urgency_of(
	const struct reading *r, const struct heads *heads, const struct levels *l, const struct verdict *so_far)
{
	const float *chance = heads->urgency, top = top_chance(heads);
	if (!heads->knows[CLASSES_URGENCY])
		return urgency_by_words(r, l, so_far);
	if (top >= TOP_FROM || (top >= TOP_FROM_WORDS && urgency_by_words(r, l, so_far) >= URG_HIGH))
		return chance[URG_CRITICAL] > chance[URG_HIGH] ? URG_CRITICAL : URG_HIGH;
	return chance[URG_NORMAL] > chance[URG_LOW] ? URG_NORMAL : URG_LOW;
}

enum urgency urgency_judge(struct reading *r, const struct verdict *so_far, const struct heads *heads)
{
	if (!can_be_urgent(so_far) && top_chance(heads) < TOP_SURELY)
		return URG_LOW;
	const struct levels l = levels_of(r);
	const enum urgency level = urgency_of(r, heads, &l, so_far);
	return l.sure > level ? l.sure : level;
}
