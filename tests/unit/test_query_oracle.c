/* Random queries on random posts: the product against a naive evaluator that has no index, no scan and no parser in common with
 * it. The evaluator reads the same generated tree from which the text of the query is written.
 *
 * QUERY_ORACLE_PAIRS=200000 (tests/run soak) for the long form; QUERY_ORACLE_SEED= for other numbers. */
#include "common/text/query.h"

#include "tests/support/query_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHORT_FORM 20000
#define QUERIES_OF_BOOK 6 /* beside each other, so that the index has to tell them apart */
#define POSTS_OF_BOOK 8

/* ---- the naive evaluator: code points, and everything tried everywhere ---- */

enum answer { NO, UNSURE, YES };

#define LONGEST 400

struct plain {
	uint32_t raw[LONGEST], cp[LONGEST]; /* as written, and folded: small letters, Simplified, white space as space */
	int n;
};

struct world {
	struct plain field[2]; /* title, text */
	const struct post *post;
};

struct window {
	bool in[2];
	int from, to;
};

struct place {
	int field, from, to;
};

struct placed {
	struct place at[4000];
	int n;
};

static bool is_latin(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= '0' && cp <= '9');
}

static bool is_letter(uint32_t cp)
{
	return is_latin(cp) || (cp >= 0x4E00 && cp <= 0x9FFF);
}

static uint32_t plain_fold(uint32_t cp)
{
	if (cp >= 'A' && cp <= 'Z')
		return cp + 32;
	return cp == 0x8ECA /* 車 */ ? 0x8F66 : cp == '\n' ? ' ' : cp;
}

static struct plain plain_of(struct str s)
{
	struct plain p = { .n = 0 };
	for (size_t at = 0; at < s.n && p.n < LONGEST;) {
		const unsigned char c = (unsigned char)s.p[at];
		const int more = c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
		uint32_t cp = more == 0 ? c : c & (0x3Fu >> more);
		for (int i = 1; i <= more; i++)
			cp = cp << 6 | ((unsigned char)s.p[at + (size_t)i] & 0x3Fu);
		at += (size_t)more + 1;
		p.raw[p.n] = cp;
		p.cp[p.n++] = plain_fold(cp);
	}
	return p;
}

/* Laid on p[at…]: where `pattern` may end, by recursion over everything a wildcard may be; -1 = nowhere. */
static int lay(const struct plain *p, int at, const struct plain *pattern, int k, bool exact, bool ends_tag)
{
	if (k == pattern->n) {
		const bool has_next = at < p->n;
		if (ends_tag && has_next && (is_letter(p->cp[at]) || p->cp[at] == '_'))
			return -1;
		return has_next && at > 0 && is_latin(p->cp[at - 1]) && is_latin(p->cp[at]) ? -1 : at;
	}
	if (pattern->raw[k] == '*') {
		for (int taken = 0; taken <= 16; taken++) {
			const int end = lay(p, at + taken, pattern, k + 1, exact, ends_tag);
			if (end >= 0)
				return end;
			if (at + taken >= p->n || !is_letter(p->cp[at + taken]))
				return -1;
		}
		return -1;
	}
	if (at >= p->n)
		return -1;
	const bool fits = pattern->raw[k] == '?' ? is_letter(p->cp[at])
			  : exact                ? pattern->raw[k] == p->raw[at]
						 : pattern->cp[k] == p->cp[at];
	return fits ? lay(p, at + 1, pattern, k + 1, exact, ends_tag) : -1;
}

static void places_of_word(const struct world *w, const char *word, bool exact, bool tag, struct placed *out)
{
	const struct plain pattern = plain_of((struct str){ word, strlen(word) });
	for (int f = 0; f < 2; f++)
		for (int at = 0; at < w->field[f].n; at++) {
			const struct plain *p = &w->field[f];
			if (at > 0 && is_latin(p->cp[at - 1]) && is_latin(p->cp[at]))
				continue;
			if (tag && (at == 0 || p->cp[at - 1] != '#'))
				continue;
			const int end = lay(p, at, &pattern, 0, exact, tag);
			if (end >= 0)
				out->at[out->n++] = (struct place){ f, at, end };
		}
}

/* The four expressions by hand, as global matching would find them, where their literal begins a word. */
static bool has_literal(const struct plain *p, const uint32_t *literal, int n)
{
	for (int at = 0; at + n <= p->n; at++) {
		int same = 0;
		while (same < n && p->cp[at + same] == literal[same])
			same++;
		if (same == n && !(at > 0 && is_latin(p->cp[at - 1]) && is_latin(p->cp[at])))
			return true;
	}
	return false;
}

static int regex_at(const struct plain *p, int at, int number)
{
	static const uint32_t fire[] = { 'f', 'i', 'r', 'e' }, fire_exact[] = { 'F', 'i', 'r', 'e' }, car[] = { 'c', 'a', 'r' };
	int n = 0;
	switch (number) {
	case 0: /* 退.{0,2}难, greedy */
		if (p->cp[at] != 0x9000)
			return -1;
		for (int skip = 2; skip >= 0; skip--)
			if (at + 1 + skip < p->n && p->cp[at + 1 + skip] == 0x96BE)
				return at + 2 + skip;
		return -1;
	case 1:
		while (n < 4 && at + n < p->n && p->cp[at + n] == fire[n])
			n++;
		return n < 4 ? -1 : at + 4 < p->n && p->cp[at + 4] == 's' ? at + 5 : at + 4;
	case 2:
		while (n < 4 && at + n < p->n && p->raw[at + n] == fire_exact[n])
			n++;
		return n < 4 ? -1 : at + 4;
	default:
		while (n < 3 && at + n < p->n && p->cp[at + n] == car[n])
			n++;
		if (n == 3 && at + 3 < p->n && p->cp[at + 3] == ' ')
			return at + 4;
		for (n = 0; n < 4 && at + n < p->n && p->cp[at + n] == fire[n];)
			n++;
		return n == 4 && at + 4 < p->n && p->cp[at + 4] == ' ' ? at + 5 : -1;
	}
}

static bool regex_is_led_to(const struct plain *p, int number)
{
	static const uint32_t back[] = { 0x9000 }, fire[] = { 'f', 'i', 'r', 'e' }, car[] = { 'c', 'a', 'r' };
	if (number == 0)
		return has_literal(p, back, 1);
	if (number < 3)
		return has_literal(p, fire, 4);
	return has_literal(p, car, 3) || has_literal(p, fire, 4);
}

static void places_of_regex(const struct world *w, int number, struct placed *out)
{
	for (int f = 0; f < 2; f++) {
		if (!regex_is_led_to(&w->field[f], number))
			continue;
		for (int at = 0; at < w->field[f].n;) {
			const int end = regex_at(&w->field[f], at, number);
			if (end < 0) {
				at++;
				continue;
			}
			out->at[out->n++] = (struct place){ f, at, end };
			at = end;
		}
	}
}

static void places_of(const struct world *w, const struct tree *t, struct placed *out)
{
	if (t->kind == WORD)
		places_of_word(w, words[t->number], false, false, out);
	else if (t->kind == GROUP) {
		places_of_word(w, "坏", false, false, out);
		places_of_word(w, "car", false, false, out);
	} else if (t->kind == WILD)
		places_of_word(w, wilds[t->number], false, false, out);
	else if (t->kind == EXACT)
		places_of_word(w, "Fire", true, false, out);
	else if (t->kind == TAG)
		places_of_word(w, words[t->number], false, true, out);
	else if (t->kind == REGEX)
		places_of_regex(w, t->number, out);
	else
		for (int i = 0; i < t->n; i++)
			places_of(w, t->child[i], out);
}

static bool is_in(const struct place *p, const struct window *v)
{
	return v->in[p->field] && p->from >= v->from && p->to <= v->to;
}

/* Tokens that begin in [from, to): a Latin word or a Chinese character. */
static int tokens(const struct plain *p, int from, int to)
{
	int n = 0;
	for (int i = from; i < to; i++) {
		const bool goes_on = i > 0 && is_latin(p->cp[i]) && is_latin(p->cp[i - 1]);
		n += is_letter(p->cp[i]) && (!goes_on || i == from);
	}
	return n;
}

static bool holds_near(const struct world *w, const struct tree *t, const struct window *v)
{
	static struct placed a, b;
	a.n = b.n = 0;
	places_of(w, t->child[0], &a);
	places_of(w, t->child[1], &b);
	for (int i = 0; i < a.n; i++)
		for (int j = 0; j < b.n; j++) {
			const struct place *x = &a.at[i], *y = &b.at[j];
			if (!is_in(x, v) || !is_in(y, v) || x->field != y->field)
				continue;
			if (y->from >= x->to && tokens(&w->field[x->field], x->to, y->from) <= t->number)
				return true;
			if (t->kind == NEAR && x->from >= y->to && tokens(&w->field[x->field], y->to, x->from) <= t->number)
				return true;
		}
	return false;
}

/* Every choice of one place for each word. */
static bool holds_slop_from(
	const struct world *w, const struct tree *t, const struct window *v, int word, struct place span, int own)
{
	if (word == t->n)
		return tokens(&w->field[span.field], span.from, span.to) <= own + t->number;
	struct placed *places = calloc(1, sizeof(*places));
	bool holds = false;
	places_of(w, t->child[word], places);
	for (int i = 0; i < places->n && !holds; i++) {
		const struct place *p = &places->at[i];
		if (!is_in(p, v) || (word > 0 && p->field != span.field))
			continue;
		const struct place all = { p->field, word && span.from < p->from ? span.from : p->from,
			word && span.to > p->to ? span.to : p->to };
		holds = holds_slop_from(w, t, v, word + 1, all, own + tokens(&w->field[p->field], p->from, p->to));
	}
	free(places);
	return holds;
}

static bool ends_sentence(const struct plain *p, int i, bool paragraph)
{
	const uint32_t c = p->raw[i];
	if (c == '\n')
		return true;
	if (paragraph)
		return false;
	if (c == 0x3002 || c == '!')
		return true;
	if (c != '.')
		return false;
	int letters = 0;
	while (i - letters > 0 && is_latin(p->raw[i - letters - 1]))
		letters++;
	if (letters == 1 || (i + 1 < p->n && p->raw[i + 1] != ' ' && p->raw[i + 1] != '\n'))
		return false;
	int next = i + 1;
	while (next < p->n && p->raw[next] == ' ')
		next++;
	return next >= p->n || p->raw[next] < 'a' || p->raw[next] > 'z';
}

static enum answer eval(const struct world *w, const struct tree *t, const struct window *v);

static enum answer holds_scope(const struct world *w, const struct tree *t, const struct window *v)
{
	enum answer best = NO;
	for (int f = 0; f < 2; f++) {
		const struct plain *p = &w->field[f];
		int from = 0;
		while (v->in[f] && from < p->n) {
			int to = from;
			while (to < p->n && !ends_sentence(p, to, t->kind == PARAGRAPH))
				to++;
			while (to < p->n && ends_sentence(p, to, t->kind == PARAGRAPH))
				to++;
			const struct window unit = { { f == 0, f == 1 }, from, to };
			const enum answer one = eval(w, t->child[0], &unit);
			best = one > best ? one : best;
			from = to;
		}
	}
	return best;
}

static enum answer eval_number(int64_t value, int64_t from, int64_t to)
{
	return value < 0 ? UNSURE : value >= from && value <= to ? YES : NO;
}

static enum answer eval_children(const struct world *w, const struct tree *t, const struct window *v, int least)
{
	int yes = 0, maybe = 0;
	for (int i = 0; i < t->n; i++) {
		const enum answer one = eval(w, t->child[i], v);
		yes += one == YES;
		maybe += one != NO;
	}
	return yes >= least ? YES : maybe >= least ? UNSURE : NO;
}

static enum answer eval_place(const struct world *w, const struct tree *t, const struct window *v)
{
	static struct placed places;
	places.n = 0;
	places_of(w, t, &places);
	for (int i = 0; i < places.n; i++)
		if (is_in(&places.at[i], v))
			return YES;
	return NO;
}

static enum answer eval(const struct world *w, const struct tree *t, const struct window *v)
{
	struct window narrow = *v;
	switch (t->kind) {
	case AND:
		return eval_children(w, t, v, t->n);
	case OR:
		return eval_children(w, t, v, 1);
	case NOT:
		return YES - eval(w, t->child[0], v);
	case MIN:
		return eval_children(w, t, v, t->number);
	case NEAR:
	case FORWARD:
		return holds_near(w, t, v) ? YES : NO;
	case SLOP:
		return holds_slop_from(w, t, v, 0, (struct place){ 0 }, 0) ? YES : NO;
	case SENTENCE:
	case PARAGRAPH:
		return holds_scope(w, t, v);
	case TITLE:
	case BODY:
		narrow.in[t->kind == TITLE] = false;
		return eval(w, t->child[0], &narrow);
	case STARS:
		return eval_number(w->post->stars, t->from, t->to);
	case LIKES:
		return eval_number(w->post->likes, t->from + 1, INT64_MAX);
	case LANG:
		return w->post->lang.n == 0 ? UNSURE : (w->post->lang.p[0] == 'z') == (t->from > 3) ? YES : NO;
	default:
		return eval_place(w, t, v);
	}
}

/* ---- pairs ---- */

static struct str make_text(struct arena *a, unsigned longest)
{
	struct buf b;
	buf_init(&b, 4096);
	const unsigned n = random_below(longest);
	for (unsigned i = 0; i < n; i++) {
		if (random_below(9) == 0)
			buf_addc(&b, '#');
		buf_addz(&b, pieces[random_below(NPIECES)]);
		buf_addz(&b, joints[random_below(NJOINTS)]);
	}
	const struct str copy = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return copy;
}

static struct post make_post(struct arena *a)
{
	struct post p;
	post_init(&p);
	p.title = make_text(a, 6);
	p.text = make_text(a, 24);
	p.stars = random_below(3) ? (int)random_below(5) + 1 : -1;
	p.likes = random_below(3) ? (int64_t)random_below(7) : -1;
	p.lang = random_below(3) ? random_below(2) ? STR("zh-Hans") : STR("en") : STR("");
	return p;
}

struct tally {
	size_t pairs, yes, queries, refused;
};

static bool is_found(const struct scanned *s, int number)
{
	char name[16];
	snprintf(name, sizeof(name), "q%d", number);
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].rule->query && str_eqc(s->match[i].rule->term, name))
			return true;
	return false;
}

struct question {
	const struct tree *tree;
	struct str text;
};

static void compare(const struct rulebook *book, const struct question *q, int n, struct tally *tally)
{
	struct arena a;
	struct scanned s;
	static struct world w;
	const struct window all = { { true, true }, 0, LONGEST };
	arena_init(&a, 16u << 20);
	for (int i = 0; i < POSTS_OF_BOOK * n; i++) {
		if (i % n == 0)
			arena_reset(&a);
		static struct post post;
		if (i % n == 0) {
			post = make_post(&a);
			w = (struct world){ { plain_of(post.title), plain_of(post.text) }, &post };
			scan_matches(&a, book, &post, &s);
		}
		const bool got = is_found(&s, i % n), wanted = eval(&w, q[i % n].tree, &all) == YES;
		tally->pairs++;
		tally->yes += wanted;
		if (got != wanted)
			fail_msg("%.*s\nshould be %s of title \"%.*s\" text \"%.*s\" stars %d likes %d lang %.*s",
				STR_FMT(q[i % n].text), wanted ? "true" : "false", STR_FMT(post.title), STR_FMT(post.text),
				post.stars, (int)post.likes, STR_FMT(post.lang));
	}
	arena_release(&a);
}

/* Disguises are the matcher's affair and have tests of their own: here terms are seen through plain folds only. */
static struct rulebook *book_of(struct arena *a, const struct question *q, int n, struct problems *p)
{
	struct buf b;
	buf_init(&b, 1u << 18);
	for (int k = 0; k < n; k++) {
		buf_addf(&b, "[q%d]\nfolds =", k);
		for (unsigned i = 0; i < FOLD__N; i++)
			if ((1u << i) & FOLDS_DISGUISES)
				buf_addf(&b, " -%s", fold_names[i]);
		buf_addf(&b, "\nquery = %.*s\n", STR_FMT(q[k].text));
	}
	struct rulebook_file file[2] = {
		{ .name = STR("a.query"), .path = "a.query", .bytes = arena_copy(a, buf_str(&b)) },
		{ .name = STR("sentiment.x.tsv"), .path = "sentiment.x.tsv", .bytes = STR("坏\t-0.5\ncar\t0.5\n") },
	};
	buf_release(&b);
	return rulebook_compile(&(struct rulebook_files){ file, 2 }, p);
}

/* What the linter refuses of random queries. */
static bool is_refusal(const struct problem *p)
{
	return p->is_warning || (p->code && strstr("Q006 Q007 Q008 Q019", p->code));
}

static bool is_accepted(struct arena *a, const struct question *q, struct tally *tally)
{
	struct problems p;
	problems_init(&p);
	struct rulebook *book = book_of(a, q, 1, &p);
	for (size_t i = 0; i < p.n && !book; i++)
		if (!is_refusal(&p.list[i]))
			fail_msg("%.*s is refused: %s", STR_FMT(q->text), p.list[i].text);
	const bool is_fine = book != NULL;
	tally->queries++;
	tally->refused += !is_fine;
	rulebook_free(book);
	problems_release(&p);
	return is_fine;
}

static struct question make_question(struct arena *a)
{
	struct buf text;
	buf_init(&text, 1u << 16);
	const struct tree *t = make_tree(a, 3, false);
	write_tree(&text, t);
	const struct question q = { t, arena_copy(a, buf_str(&text)) };
	buf_release(&text);
	return q;
}

/* A book of random queries on some posts. */
static void try_book(struct tally *tally)
{
	struct arena a;
	struct problems p;
	struct question q[QUERIES_OF_BOOK];
	int n = 0;
	arena_init(&a, 16u << 20);
	problems_init(&p);
	while (n < QUERIES_OF_BOOK) {
		q[n] = make_question(&a);
		n += is_accepted(&a, &q[n], tally);
	}
	struct rulebook *book = book_of(&a, q, n, &p);
	if (!book)
		fail_msg("together they are refused: %s", p.list[p.n - 1].text);
	compare(book, q, n, tally);
	rulebook_free(book);
	problems_release(&p);
	arena_release(&a);
}

static void queries_agree_with_a_naive_evaluator(void **state)
{
	(void)state;
	const char *pairs = getenv("QUERY_ORACLE_PAIRS"), *seed = getenv("QUERY_ORACLE_SEED");
	const size_t wanted = pairs ? (size_t)strtoull(pairs, NULL, 10) : SHORT_FORM;
	struct tally tally = { 0 };
	state_of_random = seed ? strtoull(seed, NULL, 10) : 20260131;
	while (tally.pairs < wanted)
		try_book(&tally);
	if (pairs)
		printf("%zu pairs of %zu queries agree, %zu true; %zu queries were refused\n", tally.pairs, tally.queries,
			tally.yes, tally.refused);
	assert_true(tally.yes > tally.pairs / 20); /* a test of falsehoods alone would prove little */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries_agree_with_a_naive_evaluator),
	};
	return cmocka_run_group_tests_name("query_oracle", tests, NULL, NULL);
}
