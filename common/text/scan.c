/* From the places the pass finds to the matches of a post: which rules take them, and where they are in code points. */
#include "common/text/scan.h"

#include "common/base/utf8.h"
#include "common/text/query.h"
#include "common/text/scan_pass.h"
#include "common/text/scan_settle.h"
#include <earshot/limits.h>

#include <string.h>

#define FIRST_MATCHES 8
#define SHORT_TEXT 2048 /* bytes; longer texts get their padded copy from the arena */

struct scan *scan_new(const struct rule *rules, const struct str *folded_terms, size_t n, struct err *e)
{
	(void)e; /* every term that the rulebook lets in can be compiled */
	return scan_book_new(rules, folded_terms, n);
}

void scan_free(struct scan *s)
{
	scan_book_free(s);
}

/* ---- one field ---- */

struct search {
	struct arena *arena;
	const struct scan *scan;
	enum post_field field;
	struct scan_text text;
	struct scanned *out;
	size_t cap, leaf_cap;
	size_t byte; /* a place that was asked for … */
	uint32_t codepoint; /* … and its index in code points: the next one is near */
};

/* How many characters begin in `n` bytes: eight at a time, a sum in each byte. */
static uint32_t count_characters(const unsigned char *p, size_t n)
{
	const uint64_t ones = 0x0101010101010101u;
	uint32_t inner = 0;
	size_t at = 0;
	while (n - at >= 8) {
		uint64_t sums = 0, x;
		for (int i = 0; i < 31 && n - at >= 8; i++, at += 8) {
			memcpy(&x, p + at, 8);
			sums += (x >> 7) & ~(x >> 6) & ones;
		}
		inner += (uint32_t)(sums * ones >> 56);
	}
	for (; at < n; at++)
		inner += (p[at] & 0xC0) == 0x80;
	return (uint32_t)n - inner;
}

static uint32_t search_codepoint(struct search *s, size_t byte)
{
	if (byte >= s->byte)
		s->codepoint += count_characters(s->text.p + s->byte, byte - s->byte);
	else
		s->codepoint -= count_characters(s->text.p + byte, s->byte - byte);
	s->byte = byte;
	return s->codepoint;
}

/* Room for one more in a list of matches that doubles. */
static struct match *list_grow(struct arena *a, struct match *list, size_t n, size_t *cap)
{
	if (n < *cap)
		return list;
	*cap = *cap ? *cap * 2 : FIRST_MATCHES;
	struct match *grown = arena_raw(a, *cap * sizeof(*grown));
	if (n)
		memcpy(grown, list, n * sizeof(*list));
	return grown;
}

static void search_add(struct search *s, const struct match *m, bool is_leaf)
{
	struct scanned *o = s->out;
	if (is_leaf ? o->nleaves == LIMIT_LEAVES : o->n == LIMIT_MATCHES) {
		o->dropped++;
	} else if (is_leaf) {
		o->leaf = list_grow(s->arena, o->leaf, o->nleaves, &s->leaf_cap);
		o->leaf[o->nleaves++] = *m;
	} else {
		o->match = list_grow(s->arena, o->match, o->n, &s->cap);
		o->match[o->n++] = *m;
	}
}

/* A rule that wants its case exact is compared with what was really written. */
static bool has_case(const struct search *s, const struct rule *rule, const struct scan_hit *hit)
{
	const struct str written = { (const char *)s->text.p + hit->from, hit->to - hit->from };
	return !rule->case_exact || str_eq(written, rule->term);
}

static void search_found(void *context, const struct scan_term *t, const struct scan_hit *hit)
{
	struct search *s = context;
	struct match m = { .field = s->field, .folds = hit->folds };
	if (hit->folds & ~t->may)
		return;
	m.from = search_codepoint(s, hit->from);
	m.to = m.from +
	       (hit->characters ? (uint32_t)hit->characters : count_characters(s->text.p + hit->from, hit->to - hit->from));
	if (t->nmembers == 1 && !t->any_case_exact) { /* what the rule wants is known without looking at it */
		m.rule = &s->scan->rule[t->first];
		search_add(s, &m, t->is_leaf);
		return;
	}
	for (uint32_t i = 0; i < t->nmembers; i++) {
		m.rule = &s->scan->rule[t->nmembers == 1 ? t->first : s->scan->member[t->first + i]];
		if (!(hit->folds & ~m.rule->folds) && (!hit->goes_on || m.rule->open_end) && has_case(s, m.rule, hit))
			search_add(s, &m, m.rule->list == LIST_LEAF);
	}
}

/* Finds in one text, with room around it that the pass may read. false when the budget did not last. */
static bool pass_over(struct arena *a, const struct scan *scan, struct str original, struct scan_text *text,
	scan_odd_found *found, void *context)
{
	unsigned char padded[SCAN_PAD_FRONT + SHORT_TEXT + SCAN_PAD_BEHIND];
	unsigned char *p = padded;
	struct scan_budget budget = { LIMIT_LOOKS, LIMIT_DOUBTS };
	if (original.n > SHORT_TEXT)
		p = arena_raw(a, SCAN_PAD_FRONT + original.n + SCAN_PAD_BEHIND);
	memset(p, 0, SCAN_PAD_FRONT);
	memcpy(p + SCAN_PAD_FRONT, original.p, original.n);
	memset(p + SCAN_PAD_FRONT + original.n, 0, SCAN_PAD_BEHIND);
	*text = (struct scan_text){ p + SCAN_PAD_FRONT, original.n };
	scan_pass(scan, text, found, context, &budget);
	return budget.looks > 0 && budget.doubts > 0;
}

static void search_field(struct search *s, enum post_field field, struct str original)
{
	s->field = field;
	s->out->original[field] = original;
	if (original.n == 0)
		return;
	s->byte = s->codepoint = 0;
	s->out->dropped += !pass_over(s->arena, s->scan, original, &s->text, search_found, s);
}

static void touch_found(void *context, const struct scan_term *t, const struct scan_hit *hit)
{
	*(bool *)context |= !(hit->folds & ~t->may);
}

bool scan_touches(struct arena *a, const struct scan *scan, struct str original)
{
	struct scan_text text;
	bool is_touched = false;
	return original.n > 0 && (!pass_over(a, scan, original, &text, touch_found, &is_touched) || is_touched);
}

static void search_post(struct arena *a, const struct scan *scan, const struct post *post, struct scanned *out)
{
	struct search s = { .arena = a, .scan = scan, .out = out };
	out->has_norm[POST_TITLE] = out->has_norm[POST_TEXT] = out->has_places = false; /* out->field is made by who needs it */
	out->match = out->leaf = NULL;
	out->n = out->nleaves = out->dropped = 0;
	search_field(&s, POST_TITLE, post->title);
	search_field(&s, POST_TEXT, post->text);
	scan_settle(a, out);
}

void scan_matches(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out)
{
	search_post(a, book->scan, post, out);
	queries_eval(a, book, post, false, out);
}

void scan_admission(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out)
{
	search_post(a, book->admission ? book->admission : book->scan, post, out);
	queries_eval(a, book, post, true, out);
}

/* ---- the normalised text ---- */

const struct norm *scanned_norm(struct arena *a, struct scanned *s, enum post_field field)
{
	if (!s->has_norm[field])
		normalise(a, s->original[field], &s->field[field]);
	s->has_norm[field] = true;
	return &s->field[field];
}

/* The first byte of the normalised text that comes from code point `index` or from behind it; `from` is one before it. */
static uint32_t norm_at(const struct norm *n, uint32_t from, uint32_t index)
{
	size_t step = 1, high = from;
	while (high < n->text.n && n->origin[high] < index) { /* near as a rule: in growing steps, then by halves */
		from = (uint32_t)high + 1;
		high += step;
		step *= 2;
	}
	for (size_t low = from, end = high < n->text.n ? high : n->text.n;;) {
		if (low >= end)
			return (uint32_t)low;
		const size_t middle = (low + end) / 2;
		if (n->origin[middle] < index)
			low = middle + 1;
		else
			end = middle;
	}
}

void scanned_places(struct arena *a, struct scanned *out)
{
	uint32_t from = 0;
	if (out->has_places)
		return;
	out->has_places = true;
	for (int field = 0; field < POST_FIELD__N; field++)
		(void)scanned_norm(a, out, (enum post_field)field);
	for (size_t i = 0; i < out->n; i++) { /* nearly all in order */
		struct match *m = &out->match[i];
		const struct norm *n = &out->field[m->field];
		if (i > 0 && (m->field != m[-1].field || m->from < m[-1].from))
			from = 0;
		from = m->norm_from = norm_at(n, from, m->from);
		m->norm_to = norm_at(n, from, m->to);
	}
}

void scan_post(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out)
{
	scan_matches(a, book, post, out);
	scanned_places(a, out);
}
