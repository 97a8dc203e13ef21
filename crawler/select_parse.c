/* From the text of a CSS selector to its steps. */
#include "crawler/select.h"

#include "crawler/select_steps.h"

#include <string.h>

struct parser {
	struct arena *a;
	struct str text;
	size_t at;
	struct err *e;
	bool failed;
};

#define FAIL(p, ...) ((p)->failed = true, (void)err_set((p)->e, REJECT, __VA_ARGS__))

static char peek(const struct parser *p)
{
	return p->at < p->text.n ? p->text.p[p->at] : '\0';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool skip_space(struct parser *p)
{
	const size_t from = p->at;
	while (p->at < p->text.n && is_space(peek(p)))
		p->at++;
	return p->at != from;
}

static bool take(struct parser *p, char c)
{
	if (p->at >= p->text.n || peek(p) != c)
		return false;
	p->at++;
	return true;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* A name with `mark` kept in the byte before it (see select_key); a backslash takes the next byte as it is. */
static struct str word(struct parser *p, char mark, const char *what)
{
	char *out = arena_take(p->a, p->text.n - p->at + 2);
	size_t n = 0;
	out[0] = mark;
	while (p->at < p->text.n && (is_word(peek(p)) || peek(p) == '\\')) {
		p->at += peek(p) == '\\';
		if (p->at < p->text.n)
			out[++n] = p->text.p[p->at++];
	}
	if (n == 0)
		FAIL(p, "a selector needs %s here", what);
	return (struct str){ out + 1, n };
}

static struct str lower(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			((char *)(uintptr_t)s.p)[i] = (char)(s.p[i] + 32);
	return s;
}

static struct str quoted(struct parser *p, char quote)
{
	const size_t from = ++p->at;
	while (p->at < p->text.n && peek(p) != quote)
		p->at++;
	if (p->at == p->text.n)
		FAIL(p, "a value has no closing %c", quote);
	const struct str value = { p->text.p + from, p->at - from };
	p->at += !p->failed;
	return value;
}

static struct str plain_value(struct parser *p)
{
	const size_t from = p->at;
	while (p->at < p->text.n && peek(p) != ']' && !is_space(peek(p)))
		p->at++;
	if (p->at == from)
		FAIL(p, "an attribute test needs a value: [name=value]");
	return (struct str){ p->text.p + from, p->at - from };
}

static enum select_kind relation(struct parser *p)
{
	static const struct {
		char mark;
		enum select_kind kind;
	} marks[] = { { '^', SELECT_STARTS }, { '$', SELECT_ENDS }, { '*', SELECT_HOLDS }, { '~', SELECT_WORD } };
	enum select_kind kind = SELECT_IS;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (take(p, marks[i].mark)) {
			kind = marks[i].kind;
			break;
		}
	if (!take(p, '='))
		FAIL(p, "an attribute test is [name], [name=value], or one with ^= $= *= ~=");
	return kind;
}

static void attribute(struct parser *p, struct select_test *t)
{
	(void)skip_space(p);
	t->kind = SELECT_HAS;
	t->name = lower(word(p, '[', "the name of an attribute"));
	(void)skip_space(p);
	if (p->failed || take(p, ']'))
		return;
	t->kind = relation(p);
	(void)skip_space(p);
	if (p->failed)
		return;
	t->value = peek(p) == '"' || peek(p) == '\'' ? quoted(p, peek(p)) : plain_value(p);
	(void)skip_space(p);
	t->folds = !p->failed && (take(p, 'i') || take(p, 'I'));
	(void)skip_space(p);
	if (!p->failed && !take(p, ']'))
		FAIL(p, "an attribute test has no closing ]; put a value with spaces in quotes");
}

static void number(struct parser *p, struct select_test *t)
{
	const ptrdiff_t n = str_findc(str_from(p->text, p->at), ')');
	const struct str digits = str_trim(str_first(str_from(p->text, p->at), n < 0 ? 0 : (size_t)n));
	if (!str_to_i64(digits, &t->nth) || t->nth < 1 || t->nth > 999)
		FAIL(p, "a place is a number from 1 to 999: :nth-child(3)");
	else
		p->at += (size_t)n + 1;
}

static void one_test(struct parser *p, struct select_test *t);

static void negation(struct parser *p, struct select_test *t)
{
	if (t->is_negated) {
		FAIL(p, ":not() inside :not() is the thing itself; leave both away");
		return;
	}
	t->is_negated = true;
	(void)skip_space(p);
	one_test(p, t);
	(void)skip_space(p);
	if (!p->failed && !take(p, ')'))
		FAIL(p, "one test fits into :not(); write :not(.a):not(.b)");
}

static void pseudo(struct parser *p, struct select_test *t)
{
	static const struct {
		const char *name;
		enum select_kind kind;
		int nth; /* 0: stands in the parentheses */
	} known[] = {
		{ "first-child", SELECT_NTH_CHILD, 1 },
		{ "last-child", SELECT_LAST_CHILD, -1 },
		{ "first-of-type", SELECT_NTH_OF_TYPE, 1 },
		{ "last-of-type", SELECT_LAST_OF_TYPE, -1 },
		{ "scope", SELECT_SCOPE, -1 },
		{ "nth-child(", SELECT_NTH_CHILD, 0 },
		{ "nth-of-type(", SELECT_NTH_OF_TYPE, 0 },
	};
	struct str name = word(p, ':', "a name such as first-child");
	if (take(p, '('))
		name = arena_printf(p->a, "%.*s(", STR_FMT(name));
	if (!p->failed && str_eqc(name, "not(")) {
		negation(p, t);
		return;
	}
	for (size_t i = 0; !p->failed && i < sizeof known / sizeof *known; i++) {
		if (!str_eqc(name, known[i].name))
			continue;
		t->kind = known[i].kind;
		t->nth = known[i].nth;
		if (t->nth == 0)
			number(p, t);
		return;
	}
	if (!p->failed)
		FAIL(p,
			"\":%.*s\" is not known; there are :first-child :last-child :first-of-type :last-of-type :nth-child(N) "
			":nth-of-type(N) :not(…) :scope",
			STR_FMT(name));
}

static void one_test(struct parser *p, struct select_test *t)
{
	if (take(p, '#')) {
		t->kind = SELECT_ID;
		t->value = word(p, '#', "an id behind #");
	} else if (take(p, '.')) {
		t->kind = SELECT_CLASS;
		t->value = word(p, '.', "a class behind .");
	} else if (take(p, '[')) {
		attribute(p, t);
	} else if (take(p, ':')) {
		pseudo(p, t);
	} else {
		t->kind = SELECT_TAG;
		t->name = lower(word(p, ' ', "a tag, #id, .class, [attribute] or :first-child"));
	}
}

static bool starts_test(char c)
{
	return is_word(c) || c == '#' || c == '.' || c == '[' || c == ':' || c == '\\';
}

static uint64_t needs_of(const struct select_test *t)
{
	if (t->is_negated)
		return 0;
	if (t->kind == SELECT_TAG)
		return select_bit('<', t->name);
	if (t->kind == SELECT_ID || t->kind == SELECT_CLASS)
		return select_bit(t->kind == SELECT_ID ? '#' : '.', t->value);
	return t->kind >= SELECT_HAS && t->kind <= SELECT_WORD ? select_bit('[', t->name) : 0;
}

/* A bit that elements must bear for which the step holds, of as rare a word as there is; all bits when nothing is sure. */
static uint64_t wanted_of(const struct select_step *s)
{
	uint64_t of_tag = ~0ull;
	for (size_t i = 0; i < s->ntests; i++) {
		const uint64_t needs = needs_of(&s->test[i]);
		if (needs != 0 && s->test[i].kind != SELECT_TAG)
			return needs;
		of_tag = needs != 0 ? needs : of_tag;
	}
	return of_tag;
}

static struct select_step step(struct parser *p, enum select_join join)
{
	struct select_test list[SELECT_TESTS];
	struct select_step s = { .join = join };
	memset(list, 0, sizeof list);
	const bool any = take(p, '*');
	if (!any && !starts_test(peek(p)))
		one_test(p, &list[0]); /* says what is missing */
	while (!p->failed && starts_test(peek(p))) {
		if (s.ntests == SELECT_TESTS) {
			FAIL(p, "a selector has more than %d tests for one element", SELECT_TESTS);
			break;
		}
		one_test(p, &list[s.ntests++]);
		if (!p->failed && (is_word(peek(p)) || peek(p) == '*'))
			FAIL(p, "the tag stands first: div.post, not .post div without a space");
	}
	s.test = arena_list(p->a, struct select_test, s.ntests + 1);
	memcpy(s.test, list, s.ntests * sizeof *list);
	for (size_t i = 0; i < s.ntests; i++)
		s.needs |= needs_of(&list[i]);
	return s;
}

/* What ties the next step to the last one; SELECT_START: there is no next one. */
static enum select_join join(struct parser *p, bool is_first)
{
	const bool spaced = skip_space(p);
	enum select_join found = is_first ? SELECT_START : spaced ? SELECT_DESCENDANT : SELECT_START;
	if (take(p, '>'))
		found = SELECT_CHILD;
	else if (!is_first && take(p, '+'))
		found = SELECT_SIBLING;
	(void)skip_space(p);
	return !is_first && (p->at == p->text.n || peek(p) == ',') && found == SELECT_DESCENDANT ? SELECT_START : found;
}

static struct select_path path(struct parser *p)
{
	struct select_step list[SELECT_STEPS];
	struct select_path out = { 0 };
	enum select_join tie = join(p, true);
	do {
		if (out.n == SELECT_STEPS) {
			FAIL(p, "a selector has more than %d steps; begin it nearer to what it means", SELECT_STEPS);
			break;
		}
		list[out.n++] = step(p, tie);
		tie = p->failed ? SELECT_START : join(p, false);
	} while (!p->failed && tie != SELECT_START);
	out.step = arena_list(p->a, struct select_step, out.n);
	memcpy(out.step, list, out.n * sizeof *list);
	for (size_t i = 0; i < out.n; i++)
		out.needs |= list[i].needs;
	return out;
}

const struct select *select_parse(struct arena *a, struct str text, size_t *at, struct err *e)
{
	struct parser p = { .a = a, .text = arena_copy(a, text), .e = e };
	struct select_path list[SELECT_PATHS];
	struct select *s = arena_new(a, struct select);
	do {
		if (s->n == SELECT_PATHS)
			FAIL(&p, "a selector has more than %d alternatives", SELECT_PATHS);
		else
			list[s->n++] = path(&p);
	} while (!p.failed && take(&p, ','));
	if (!p.failed && p.at < p.text.n)
		FAIL(&p, "\"%c\" has no meaning in a selector; there are spaces, > + and commas between tests", peek(&p));
	if (at != NULL)
		*at = p.at;
	if (p.failed)
		return NULL;
	s->path = arena_list(a, struct select_path, s->n);
	memcpy(s->path, list, s->n * sizeof *list);
	for (size_t i = 0; i < s->n; i++)
		s->wanted |= wanted_of(&list[i].step[list[i].n - 1]);
	return s;
}
