/* Where a regular expression is run: where a match with one of the literals that lead to it can begin, not over the whole post. */
#include "common/text/query_work.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

#define LEAST_LOOK 64u /* bytes: a look costs as much however short it is, and what is nearer than this is looked at in one */

struct finder {
	struct query_work *w;
	const struct query_node *node;
	struct regex *re;
	enum post_field field;
	struct str subject; /* the folded field, or the field as written */
	struct query_spots found; /* .at is `list` */
	struct match *list;
	size_t next[REGEX_LITERALS]; /* of each literal's places */
	size_t walked, walked_place; /* of the field as written: bytes and code points up to the last span */
	size_t looked; /* bytes at which a match could begin */
	uint32_t behind; /* the last span: no other begins in front of it */
};

/* Spans come from left to right, so that the text is walked once. */
static uint32_t place_of(struct finder *f, size_t byte)
{
	if (byte < f->walked)
		f->walked = f->walked_place = 0;
	f->walked_place += utf8_count((struct str){ f->subject.p + f->walked, byte - f->walked });
	f->walked = byte;
	return (uint32_t)f->walked_place;
}

static void add_span(struct finder *f, struct regex_span span)
{
	struct match m = { .rule = f->w->now->rule, .field = f->field };
	if (f->found.n == LIMIT_REGEX_SPOTS)
		return;
	if (regex_is_folded(f->re)) {
		const struct norm *n = scanned_norm(f->w->a, f->w->s, f->field);
		m.from = n->origin[span.from];
		m.to = span.to > span.from ? n->origin_end[span.to - 1] : m.from;
	} else {
		m.from = place_of(f, span.from);
		m.to = place_of(f, span.to);
	}
	if (!f->list)
		f->list = arena_list(f->w->a, struct match, LIMIT_REGEX_SPOTS);
	f->list[f->found.n++] = m;
}

static uint32_t starts_end(struct regex_window window)
{
	return window.last < window.to ? window.last + 1 : window.to;
}

static void look(struct finder *f, struct regex_window window)
{
	struct regex_span span[LIMIT_REGEX_SPOTS];
	struct regex_found found = { .at = span, .most = LIMIT_REGEX_SPOTS - f->found.n };
	window.from = window.from < f->behind ? f->behind : window.from;
	if (window.from > window.last)
		return;
	f->w->q->nlooks++;
	if (!regex_find(f->re, f->subject, window, &f->w->budget, &found))
		f->found.is_unsure = true;
	for (size_t i = 0; i < found.n; i++)
		add_span(f, span[i]);
	if (found.n > 0)
		f->behind = span[found.n - 1].to;
	const uint32_t looked = starts_end(window) - window.from;
	f->looked += looked > LEAST_LOOK ? looked : LEAST_LOOK;
}

static uint32_t at_character(struct str s, size_t at)
{
	while (at > 0 && at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80)
		at--;
	return (uint32_t)(at < s.n ? at : s.n);
}

static uint32_t byte_of(const struct finder *f, uint32_t place)
{
	if (regex_is_folded(f->re))
		return norm_at(scanned_norm(f->w->a, f->w->s, f->field), place);
	return (uint32_t)utf8_offset(f->subject, place);
}

static struct regex_window window_around(const struct finder *f, const struct match *m)
{
	const uint32_t before = f->node->as.regex.need[0].before, literal = byte_of(f, m->from);
	const uint32_t reach = before < LIMIT_REGEX_WINDOW ? before : LIMIT_REGEX_WINDOW;
	const bool is_at_end = literal + LIMIT_REGEX_WINDOW >= f->subject.n;
	const uint32_t to = is_at_end ? (uint32_t)f->subject.n : at_character(f->subject, byte_of(f, m->to) + LIMIT_REGEX_WINDOW);
	return (struct regex_window){ .from = at_character(f->subject, literal > reach ? literal - reach : 0),
		.last = before == REGEX_ANYWHERE ? to : literal,
		.to = to };
}

/* The next place of any of the literals in this field; the lists of places are walked side by side, nothing is copied. */
static const struct match *next_literal(struct finder *f)
{
	const struct match *first = NULL;
	size_t of = 0;
	const struct query_need *need = &f->node->as.regex.need[0];
	for (size_t k = 0; k < need->n; k++) {
		const struct query_spots spots = work_key(f->w, need->key[k]);
		while (f->next[k] < spots.n && spots.at[f->next[k]].field < f->field)
			f->next[k]++;
		const struct match *m = f->next[k] < spots.n ? &spots.at[f->next[k]] : NULL;
		if (!m || m->field != f->field || (first && spot_cmp(first, m) <= 0))
			continue;
		first = m;
		of = k;
	}
	f->next[of] += first != NULL;
	return first;
}

/* Windows whose beginnings touch are one; in all LIMIT_REGEX_SUBJECT bytes of a field are looked at. */
static void look_at_literals(struct finder *f)
{
	struct regex_window window = { 0, 0, 0 };
	for (const struct match *m = next_literal(f); m; m = next_literal(f)) {
		const struct regex_window around = window_around(f, m);
		if (window.to > 0 && (around.from > window.to || around.from > window.last + LEAST_LOOK)) {
			look(f, window);
			window = around;
		} else {
			window.from = window.to > 0 ? window.from : around.from;
			window.last = around.last;
			window.to = around.to > window.to ? around.to : window.to;
		}
		const size_t room = f->looked < LIMIT_REGEX_SUBJECT ? LIMIT_REGEX_SUBJECT - f->looked : 0;
		if (starts_end(window) - window.from < room)
			continue;
		window.last = at_character(f->subject, window.from + room);
		break;
	}
	if (window.to > window.from && f->looked < LIMIT_REGEX_SUBJECT)
		look(f, window);
}

static void look_at_field(struct finder *f)
{
	f->subject = regex_is_folded(f->re) ? scanned_norm(f->w->a, f->w->s, f->field)->text : f->w->s->original[f->field];
	f->walked = f->walked_place = f->looked = f->behind = 0;
	if (f->subject.n == 0)
		return;
	if (!regex_budget_is_left(&f->w->budget)) {
		f->found.is_unsure = true;
		return;
	}
	if (f->node->as.regex.nneeds > 0)
		look_at_literals(f);
	else
		look(f, regex_window_whole(at_character(f->subject, LIMIT_REGEX_SUBJECT)));
}

static bool is_met(const struct query_work *w, const struct query_need *need)
{
	for (size_t k = 0; k < need->n; k++)
		if (work_is_touched(w, need->key[k]))
			return true;
	return false;
}

bool work_may_match(const struct query_work *w, const struct query_node *regex)
{
	for (size_t i = 0; i < regex->as.regex.nneeds; i++)
		if (!is_met(w, &regex->as.regex.need[i]))
			return false;
	return true;
}

struct query_spots work_regex(struct query_work *w, const struct query_node *node)
{
	struct finder f = { .w = w, .node = node, .re = node->as.regex.regex };
	if (!work_may_match(w, node))
		return f.found;
	for (int field = 0; field < POST_FIELD__N; field++) {
		f.field = (enum post_field)field;
		look_at_field(&f);
	}
	if (regex_settle(f.re))
		w->q->trouble[w->q->ntrouble++] = w->now->rule;
	if (f.found.n > 1)
		qsort(f.list, f.found.n, sizeof(*f.list), spot_cmp);
	f.found.at = f.list;
	return f.found;
}
