/* All literals of a rulebook in one Vectorscan pass, and what is done with the hits: the only file that includes Vectorscan.
 *
 * Vectorscan tells where a literal ends and its number; a number stands for every rule with that folded term. Word
 * boundaries, longest match and exclusions are settled here, afterwards. A `struct scan` holds its scratch space, so one
 * rulebook serves one thread. */
#include "common/text/scan.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <hs.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define SCAN_ARENA_BYTES ((size_t)512 << 20) /* tables for LIMIT_RULES terms */
#define FIRST_MATCHES 64

/* One distinct folded term and the rules that share it: scan.member[first … first + n). */
struct literal {
	uint32_t bytes, first, n;
	bool opens_with_word, closes_with_word; /* this side needs a word boundary */
};

struct scan {
	struct arena arena;
	const struct rule *rule;
	struct literal *literal;
	uint32_t *member;
	unsigned nliterals;
	hs_database_t *database; /* NULL when there is no term */
	hs_scratch_t *scratch;
};

/* ---- compiling ---- */

struct numbered_term {
	struct str term;
	uint32_t rule;
};

static int numbered_term_cmp(const void *a, const void *b)
{
	const struct numbered_term *x = a, *y = b;
	int order = str_cmp(x->term, y->term);
	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static uint32_t last_codepoint(struct str s)
{
	size_t at = s.n - 1;
	while (at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80)
		at--;
	return utf8_next(s, &at);
}

static uint32_t first_codepoint(struct str s)
{
	size_t at = 0;
	return utf8_next(s, &at);
}

/* Groups equal terms; fills literal[] and member[]; `pattern` receives the terms, NUL-terminated. */
static void scan_group(struct scan *s, struct numbered_term *sorted, size_t n, const char **pattern, size_t *length)
{
	for (size_t i = 0; i < n; i++) {
		struct str term = sorted[i].term;
		bool is_new = s->nliterals == 0 || !str_eq(term, sorted[i - 1].term);
		if (is_new) {
			pattern[s->nliterals] = arena_cstr(&s->arena, term);
			length[s->nliterals] = term.n;
			s->literal[s->nliterals++] = (struct literal){
				.bytes = (uint32_t)term.n,
				.first = (uint32_t)i,
				.opens_with_word = utf8_is_word(first_codepoint(term)),
				.closes_with_word = utf8_is_word(last_codepoint(term)),
			};
		}
		s->literal[s->nliterals - 1].n++;
		s->member[i] = sorted[i].rule;
	}
}

static bool scan_compile(struct scan *s, const char *const *pattern, const size_t *length, struct err *e)
{
	unsigned *flags = arena_list(&s->arena, unsigned, s->nliterals);
	unsigned *ids = arena_list(&s->arena, unsigned, s->nliterals);
	for (unsigned i = 0; i < s->nliterals; i++)
		ids[i] = i;
	hs_compile_error_t *problem = NULL;
	hs_error_t got =
		hs_compile_lit_multi(pattern, flags, ids, length, s->nliterals, HS_MODE_BLOCK, NULL, &s->database, &problem);
	if (got != HS_SUCCESS) {
		int at = problem ? problem->expression : -1;
		(void)err_set(e, STOP, "Vectorscan refuses %s%s%s: %s; remove or shorten the term",
			at >= 0 ? "the term \"" : "the rules", at >= 0 ? pattern[at] : "", at >= 0 ? "\"" : "",
			problem ? problem->message : "no reason given");
		hs_free_compile_error(problem);
		return false;
	}
	(void)malloc_trim(0); /* compiling takes some 15 MB for a moment; give them back */
	got = hs_alloc_scratch(s->database, &s->scratch);
	if (got != HS_SUCCESS)
		(void)err_set(e, STOP, "Vectorscan cannot allocate its scratch space (error %d) for %u terms; free some memory",
			got, s->nliterals);
	return got == HS_SUCCESS;
}

struct scan *scan_new(const struct rule *rules, const struct str *folded_terms, size_t n, struct err *e)
{
	struct arena arena;
	arena_init(&arena, SCAN_ARENA_BYTES);
	struct scan *s = arena_new(&arena, struct scan);
	s->arena = arena; /* the struct lives in its own arena; from here on only s->arena is used */
	s->rule = rules;
	if (n == 0)
		return s;
	s->literal = arena_list(&s->arena, struct literal, n);
	s->member = arena_list(&s->arena, uint32_t, n);
	struct numbered_term *sorted = arena_list(&s->arena, struct numbered_term, n);
	const char **pattern = arena_list(&s->arena, const char *, n);
	size_t *length = arena_list(&s->arena, size_t, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct numbered_term){ folded_terms[i], (uint32_t)i };
	qsort(sorted, n, sizeof(*sorted), numbered_term_cmp);
	scan_group(s, sorted, n, pattern, length);
	if (scan_compile(s, pattern, length, e))
		return s;
	scan_free(s);
	return NULL;
}

void scan_free(struct scan *s)
{
	if (!s)
		return;
	(void)hs_free_scratch(s->scratch);
	(void)hs_free_database(s->database);
	struct arena arena = s->arena;
	arena_release(&arena);
}

/* ---- finding ---- */

#define SHORT_LIST 128u

struct search {
	struct arena *arena;
	const struct scan *scan;
	const struct post *post;
	enum post_field field;
	struct scanned *out;
	size_t cap, leaf_cap;
};

static bool is_word_before(struct str text, size_t at)
{
	return at > 0 && utf8_is_word(last_codepoint(str_first(text, at)));
}

static bool is_word_at(struct str text, size_t at)
{
	return at < text.n && utf8_is_word(first_codepoint(str_from(text, at)));
}

/* A rule that wants its case exact is compared with what was really written. */
static bool has_case(const struct search *s, const struct match *m)
{
	if (!m->rule->case_exact)
		return true;
	struct str original = m->field == POST_TITLE ? s->post->title : s->post->text;
	size_t from = utf8_offset(original, m->from), to = utf8_offset(original, m->to);
	return str_eq((struct str){ original.p + from, to - from }, m->rule->term);
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

static void search_add(struct search *s, struct match m)
{
	struct scanned *o = s->out;
	const bool is_leaf = m.rule->list == LIST_LEAF;
	if (!has_case(s, &m))
		return;
	if (is_leaf ? o->nleaves == LIMIT_LEAVES : o->n == LIMIT_MATCHES) {
		o->dropped++;
	} else if (is_leaf) {
		o->leaf = list_grow(s->arena, o->leaf, o->nleaves, &s->leaf_cap);
		o->leaf[o->nleaves++] = m;
	} else {
		o->match = list_grow(s->arena, o->match, o->n, &s->cap);
		o->match[o->n++] = m;
	}
}

/* What was hidden in front of the first byte does not belong to the match. */
static unsigned folds_between(const struct norm *n, size_t from, size_t to)
{
	if (!n->any_folds)
		return 0;
	unsigned folds = n->folds[from] & ~(unsigned)FOLD_HIDDEN;
	for (size_t i = from + 1; i < to; i++)
		folds |= n->folds[i];
	return folds;
}

static int search_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	(void)from, (void)flags;
	struct search *s = context;
	const struct literal *l = &s->scan->literal[id];
	const struct norm *n = &s->out->field[s->field];
	size_t end = (size_t)to, begin = end - l->bytes;
	if (l->opens_with_word && is_word_before(n->text, begin))
		return 0;
	if (l->closes_with_word && is_word_at(n->text, end))
		return 0;
	struct match m = {
		.field = s->field,
		.from = n->origin[begin],
		.to = n->origin_end[end - 1],
		.norm_from = (uint32_t)begin,
		.norm_to = (uint32_t)end,
		.folds = folds_between(n, begin, end),
	};
	for (uint32_t i = 0; i < l->n; i++) {
		m.rule = &s->scan->rule[s->scan->member[l->first + i]];
		search_add(s, m);
	}
	return 0;
}

static void search_field(struct search *s, enum post_field field, struct str original)
{
	struct norm *n = &s->out->field[field];
	s->field = field;
	normalise(s->arena, original, n);
	if (!s->scan->database || n->text.n == 0)
		return;
	hs_error_t got = hs_scan(s->scan->database, n->text.p, (unsigned)n->text.n, 0, s->scan->scratch, search_hit, s);
	if (got != HS_SUCCESS)
		abort(); /* only a scratch in use or a broken database: a bug */
}

/* ---- settling ---- */

static int match_cmp(const void *a, const void *b)
{
	const struct match *x = a, *y = b;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->norm_from != y->norm_from)
		return x->norm_from < y->norm_from ? -1 : 1;
	if (x->norm_to != y->norm_to)
		return x->norm_to > y->norm_to ? -1 : 1;
	return (x->rule > y->rule) - (x->rule < y->rule);
}

static bool lies_in(const struct match *inner, const struct match *outer)
{
	return inner->field == outer->field && inner->norm_from >= outer->norm_from && inner->norm_to <= outer->norm_to;
}

static bool is_longer(const struct match *a, const struct match *b)
{
	return a->norm_to - a->norm_from > b->norm_to - b->norm_from;
}

/* Does `other` take `m` away? A longer one of the same list and brand does, and so does an exclusion that covers an alias. */
static bool overrules(const struct match *other, const struct match *m)
{
	if (other->rule->brand != m->rule->brand || !lies_in(m, other))
		return false;
	if (other->rule->list == LIST_EXCLUDE && m->rule->list == LIST_BRAND)
		return true;
	return other->rule->list == m->rule->list && is_longer(other, m);
}

/* Matches are sorted, and no term is longer than RULEBOOK_FOLDED_BYTES: the neighbourhood is small. */
static bool is_overruled(const struct scanned *s, size_t at)
{
	const struct match *m = &s->match[at];
	for (size_t i = at; i-- > 0;) {
		const struct match *other = &s->match[i];
		if (other->field != m->field || other->norm_from + RULEBOOK_FOLDED_BYTES <= m->norm_from)
			break;
		if (overrules(other, m))
			return true;
	}
	for (size_t i = at + 1; i < s->n && s->match[i].field == m->field && s->match[i].norm_from == m->norm_from; i++)
		if (overrules(&s->match[i], m))
			return true;
	return false;
}

/* The scanner reports by the end of a match, so that the list is nearly sorted already: insertion is fastest, until a hostile
 * text makes it long. */
static void matches_sort(struct match *match, size_t n)
{
	if (n > SHORT_LIST) {
		qsort(match, n, sizeof(*match), match_cmp);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		const struct match moved = match[i];
		size_t at = i;
		for (; at > 0 && match_cmp(&match[at - 1], &moved) > 0; at--)
			match[at] = match[at - 1];
		match[at] = moved;
	}
}

static void scanned_settle(struct arena *a, struct scanned *s)
{
	if (s->n < 2)
		return;
	matches_sort(s->match, s->n);
	bool *gone = arena_take(a, s->n);
	for (size_t i = 0; i < s->n; i++)
		gone[i] = is_overruled(s, i);
	size_t kept = 0;
	for (size_t i = 0; i < s->n; i++)
		if (!gone[i])
			s->match[kept++] = s->match[i];
	s->n = kept;
}

void scan_post(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out)
{
	*out = (struct scanned){ 0 };
	struct search s = { .arena = a, .scan = book->scan, .post = post, .out = out };
	search_field(&s, POST_TITLE, post->title);
	search_field(&s, POST_TEXT, post->text);
	scanned_settle(a, out);
}
