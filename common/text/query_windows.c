/* Where a regular expression is run: around the literals that lead to it, not over the whole post. */
#include "common/text/query_work.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

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
	size_t looked; /* bytes looked at */
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

static void look(struct finder *f, struct regex_span window)
{
	struct regex_span span[LIMIT_REGEX_SPOTS];
	struct regex_found found = { .at = span, .most = LIMIT_REGEX_SPOTS - f->found.n };
	if (!regex_find(f->re, f->subject, window, &f->w->budget, &found))
		f->found.is_unsure = true;
	for (size_t i = 0; i < found.n; i++)
		add_span(f, span[i]);
	f->looked += window.to - window.from;
}

static uint32_t at_character(struct str s, size_t at)
{
	while (at > 0 && at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80)
		at--;
	return (uint32_t)(at < s.n ? at : s.n);
}

static struct regex_span window_around(const struct finder *f, const struct match *m)
{
	size_t from, to;
	if (regex_is_folded(f->re)) {
		const struct norm *n = scanned_norm(f->w->a, f->w->s, f->field);
		from = norm_at(n, m->from);
		to = norm_at(n, m->to);
	} else {
		from = utf8_offset(f->subject, m->from);
		to = utf8_offset(f->subject, m->to);
	}
	from = from > LIMIT_REGEX_WINDOW ? from - LIMIT_REGEX_WINDOW : 0;
	return (struct regex_span){ at_character(f->subject, from), at_character(f->subject, to + LIMIT_REGEX_WINDOW) };
}

/* The next place of any of the literals in this field; the lists of places are walked side by side, nothing is copied. */
static const struct match *next_literal(struct finder *f)
{
	const struct match *first = NULL;
	size_t of = 0;
	for (size_t k = 0; k < f->node->as.regex.nkeys; k++) {
		const struct query_spots spots = work_key(f->w, f->node->as.regex.key[k]);
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

/* Windows that touch are one; in all LIMIT_REGEX_SUBJECT bytes of a field are looked at. */
static void look_at_literals(struct finder *f)
{
	struct regex_span window = { 0, 0 };
	for (const struct match *m = next_literal(f); m; m = next_literal(f)) {
		const struct regex_span around = window_around(f, m);
		if (window.to > 0 && around.from > window.to) {
			look(f, window);
			window = around;
		} else {
			window.from = window.to > 0 ? window.from : around.from;
			window.to = around.to > window.to ? around.to : window.to;
		}
		const size_t room = LIMIT_REGEX_SUBJECT - f->looked;
		if (window.to - window.from < room)
			continue;
		window.to = at_character(f->subject, window.from + room);
		break;
	}
	if (window.to > window.from)
		look(f, window);
}

static void look_at_field(struct finder *f)
{
	f->subject = regex_is_folded(f->re) ? scanned_norm(f->w->a, f->w->s, f->field)->text : f->w->s->original[f->field];
	f->walked = f->walked_place = f->looked = 0;
	if (f->subject.n == 0)
		return;
	if (f->w->budget.left_us <= 0) {
		f->found.is_unsure = true;
		return;
	}
	if (f->node->as.regex.nkeys > 0)
		look_at_literals(f);
	else
		look(f, (struct regex_span){ 0, at_character(f->subject, LIMIT_REGEX_SUBJECT) });
}

struct query_spots work_regex(struct query_work *w, const struct query_node *node)
{
	struct finder f = { .w = w, .node = node, .re = node->as.regex.regex };
	bool may_match = node->as.regex.nkeys == 0;
	for (size_t k = 0; k < node->as.regex.nkeys && !may_match; k++)
		may_match = work_is_touched(w, node->as.regex.key[k]);
	if (!may_match)
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
