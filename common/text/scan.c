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
	struct match *grown = arena_list(a, struct match, *cap);
	if (n)
		memcpy(grown, list, n * sizeof(*list));
	return grown;
}

static void search_add(struct search *s, const struct match *m)
{
	struct scanned *o = s->out;
	const bool is_leaf = m->rule->list == LIST_LEAF;
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
	m.to = m.from + count_characters(s->text.p + hit->from, hit->to - hit->from);
	if (t->nmembers == 1 && !t->any_case_exact) { /* what the rule wants is known without looking at it */
		m.rule = &s->scan->rule[t->first];
		search_add(s, &m);
		return;
	}
	for (uint32_t i = 0; i < t->nmembers; i++) {
		m.rule = &s->scan->rule[t->nmembers == 1 ? t->first : s->scan->member[t->first + i]];
		if (!(hit->folds & ~m.rule->folds) && (!hit->goes_on || m.rule->open_end) && has_case(s, m.rule, hit))
			search_add(s, &m);
	}
}

static void search_field(struct search *s, enum post_field field, struct str original)
{
	unsigned char padded[SCAN_PAD_FRONT + SHORT_TEXT + SCAN_PAD_BEHIND];
	unsigned char *p = padded;
	struct scan_budget budget = { LIMIT_LOOKS, LIMIT_DOUBTS };
	s->field = field;
	s->out->original[field] = original;
	if (original.n == 0)
		return;
	if (original.n > SHORT_TEXT)
		p = arena_take(s->arena, SCAN_PAD_FRONT + original.n + SCAN_PAD_BEHIND);
	memset(p, 0, SCAN_PAD_FRONT);
	memcpy(p + SCAN_PAD_FRONT, original.p, original.n);
	memset(p + SCAN_PAD_FRONT + original.n, 0, SCAN_PAD_BEHIND);
	s->text = (struct scan_text){ p + SCAN_PAD_FRONT, original.n };
	s->byte = s->codepoint = 0;
	scan_pass(s->scan, &s->text, search_found, s, &budget);
	s->out->dropped += budget.looks == 0 || budget.doubts == 0;
}

void scan_matches(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out)
{
	*out = (struct scanned){ 0 };
	struct search s = { .arena = a, .scan = book->scan, .out = out };
	search_field(&s, POST_TITLE, post->title);
	search_field(&s, POST_TEXT, post->text);
	scan_settle(a, out);
	queries_eval(a, book, post, out);
}

/* ---- the normalised text ---- */

const struct norm *scanned_norm(struct arena *a, struct scanned *s, enum post_field field)
{
	if (!s->has_norm[field])
		normalise(a, s->original[field], &s->field[field]);
	s->has_norm[field] = true;
	return &s->field[field];
}

/* The first byte of the normalised text that comes from code point `index` or from behind it. */
static uint32_t norm_at(const struct norm *n, uint32_t index)
{
	size_t low = 0, high = n->text.n;
	while (low < high) {
		const size_t middle = (low + high) / 2;
		if (n->origin[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

void scanned_places(struct arena *a, struct scanned *out)
{
	if (out->has_places)
		return;
	out->has_places = true;
	for (int field = 0; field < POST_FIELD__N; field++)
		(void)scanned_norm(a, out, (enum post_field)field);
	for (size_t i = 0; i < out->n; i++) {
		struct match *m = &out->match[i];
		m->norm_from = norm_at(&out->field[m->field], m->from);
		m->norm_to = norm_at(&out->field[m->field], m->to);
	}
}

void scan_post(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out)
{
	scan_matches(a, book, post, out);
	scanned_places(a, out);
}
