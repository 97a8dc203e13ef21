/* Negation and intensity: what the words around an opinion do to it. Clause borders stop their reach. */
#include "detector/reading.h"

#define REACH_LATIN 3 /* words between "not" and what it negates */
#define REACH_HAN 5 /* characters: 没有想象中那么好 */
#define REACH_BYTES 96u /* no three words are longer; keeps hostile texts cheap */
#define INTENSITY_REACH 2
#define SOFTENED -0.6f /* "not very good" is less than "bad" */

static bool is_opinion(const struct match *m)
{
	return m->rule->list == LIST_SENTIMENT;
}

static bool is_in_clause(const struct match *m, const struct clause *c)
{
	return m->field == c->at.field && m->norm_from >= c->at.from && m->norm_to <= c->at.to;
}

struct neighbours {
	const struct match *negation, *intensity;
	float negation_factor, intensity_factor;
};

/* A negation may be negated in its turn (不是不好): the factors multiply. */
static void look_before(const struct reading *r, size_t match, const struct clause *c, struct neighbours *n)
{
	const struct match *m = &r->s->match[match];
	for (size_t i = match; i-- > 0;) {
		const struct match *other = &r->s->match[i];
		if (other->field != m->field || other->norm_from < c->at.from)
			return;
		if (other->norm_to > m->norm_from || other->rule == m->rule)
			continue;
		if (is_opinion(other) || m->norm_from - other->norm_to > REACH_BYTES)
			return; /* what stands before another opinion belongs to that one */
		int steps = reading_distance(r, m->field, other->norm_to, m->norm_from);
		if (other->rule->list == LIST_NEGATION && steps <= (other->rule->is_latin ? REACH_LATIN : REACH_HAN)) {
			n->negation_factor *= other->rule->weight;
			n->negation = other;
		}
		if (other->rule->list == LIST_INTENSITY && steps <= INTENSITY_REACH && !n->intensity) {
			n->intensity_factor = other->rule->weight;
			n->intensity = other;
		}
	}
}

static bool opinion_follows(const struct reading *r, size_t match, const struct clause *c)
{
	const struct match *m = &r->s->match[match];
	for (size_t i = match + 1; i < r->s->n && is_in_clause(&r->s->match[i], c); i++)
		if (is_opinion(&r->s->match[i]) && r->s->match[i].norm_from >= m->norm_to)
			return r->s->match[i].norm_from - m->norm_to <= REACH_BYTES &&
			       reading_distance(r, m->field, m->norm_to, r->s->match[i].norm_from) <= INTENSITY_REACH;
	return false;
}

/* 差得很, "hate it so much": only when nothing follows that the word could belong to. */
static void look_behind(const struct reading *r, size_t match, const struct clause *c, struct neighbours *n)
{
	const struct match *m = &r->s->match[match];
	for (size_t i = match + 1; i < r->s->n && is_in_clause(&r->s->match[i], c); i++) {
		const struct match *other = &r->s->match[i];
		if (other->rule->list != LIST_INTENSITY || other->norm_from < m->norm_to)
			continue;
		if (other->norm_from - m->norm_to > REACH_BYTES)
			return;
		if (reading_distance(r, m->field, m->norm_to, other->norm_from) <= 1 && !opinion_follows(r, i, c))
			n->intensity_factor = other->rule->weight;
		return;
	}
}

struct modifiers reading_modifiers(const struct reading *r, size_t match)
{
	const struct clause *c = reading_clause(r, &r->s->match[match]);
	struct neighbours n = { .negation_factor = 1, .intensity_factor = 1 };
	if (!c)
		return (struct modifiers){ 1, false };
	look_before(r, match, c, &n);
	if (!n.intensity)
		look_behind(r, match, c, &n);
	bool is_softened = n.negation && n.intensity && n.negation_factor < 0 && n.negation->norm_from < n.intensity->norm_from;
	float factor = is_softened ? SOFTENED : n.negation_factor * n.intensity_factor;
	return (struct modifiers){ factor, n.negation_factor < 0.5f };
}
