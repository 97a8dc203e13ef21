/* Longest match, exclusions and repetitions: what stays of what was found. */
#include "common/text/scan_settle.h"

#include <stdlib.h>
#include <string.h>

#define SHORT_LIST 32u

int scan_match_order(const void *a, const void *b)
{
	const struct match *x = a, *y = b;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to > y->to ? -1 : 1;
	return (x->rule > y->rule) - (x->rule < y->rule);
}

static bool lies_in(const struct match *inner, const struct match *outer)
{
	return inner->field == outer->field && inner->from >= outer->from && inner->to <= outer->to;
}

static bool is_longer(const struct match *a, const struct match *b)
{
	return a->to - a->from > b->to - b->from;
}

/* What an exclusion of all rules takes away: in "I recall" or 爆炸头 there is no complaint, no urgency and nothing sensitive. Praise
 * inside stays, and brands have their own exclusions. */
static bool is_excludable(enum rule_list list)
{
	return list == LIST_COMPLAINT || list == LIST_URGENCY || list == LIST_SENSITIVE;
}

/* Does `other` take `m` away, which lies in it? */
static bool overrules(const struct match *other, const struct match *m)
{
	const struct rule *by = other->rule, *rule = m->rule;
	if (by->list == LIST_EXCLUDE && by->brand < 0)
		return is_excludable(rule->list);
	if (by->brand != rule->brand)
		return false;
	if (by->list == LIST_EXCLUDE && rule->list == LIST_BRAND)
		return true;
	return by->list == rule->list && is_longer(other, m);
}

/* The longest match decides how far back one has to look. */
static uint32_t longest_of(const struct scanned *s)
{
	uint32_t longest = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].to - s->match[i].from > longest)
			longest = s->match[i].to - s->match[i].from;
	return longest;
}

static bool is_repetition(const struct match *a, const struct match *b)
{
	return a->rule == b->rule && a->field == b->field && a->from == b->from && a->to == b->to;
}

static bool is_overruled(const struct scanned *s, size_t at, uint32_t longest)
{
	const struct match *m = &s->match[at];
	if (at > 0 && is_repetition(&s->match[at - 1], m))
		return true;
	for (size_t i = at; i-- > 0;) {
		const struct match *other = &s->match[i];
		if (other->field != m->field || other->from + longest < m->to)
			break;
		if (lies_in(m, other) && overrules(other, m))
			return true;
	}
	for (size_t i = at + 1; i < s->n && s->match[i].field == m->field && s->match[i].from == m->from; i++)
		if (lies_in(m, &s->match[i]) && overrules(&s->match[i], m))
			return true;
	return false;
}

/* The pass reports nearly in order: insertion is fastest, until a text full of matches makes the list long. */
static void matches_sort(struct match *match, size_t n)
{
	if (n > SHORT_LIST) {
		qsort(match, n, sizeof(*match), scan_match_order);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		const struct match moved = match[i];
		size_t at = i;
		for (; at > 0 && scan_match_order(&match[at - 1], &moved) > 0; at--)
			match[at] = match[at - 1];
		match[at] = moved;
	}
}

void scan_settle(struct arena *a, struct scanned *s)
{
	if (s->n < 2)
		return;
	matches_sort(s->match, s->n);
	const uint32_t longest = longest_of(s);
	bool *gone = arena_take(a, s->n);
	for (size_t i = 0; i < s->n; i++)
		gone[i] = is_overruled(s, i, longest);
	size_t kept = 0;
	for (size_t i = 0; i < s->n; i++)
		if (!gone[i])
			s->match[kept++] = s->match[i];
	s->n = kept;
}
