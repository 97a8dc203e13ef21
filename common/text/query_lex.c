/* Taking a query apart into tokens, with the line and column of each. */
#include "common/text/query_node.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <string.h>

void query_lexer_init(struct query_lexer *l, struct str text, struct draft_place place, struct problems *p)
{
	*l = (struct query_lexer){ .text = text, .place = place, .p = p };
	if (l->place.line <= 0)
		l->place.line = 1;
	if (l->place.column <= 0)
		l->place.column = 1;
}

/* ---- one character ---- */

static bool at_end(const struct query_lexer *l)
{
	return l->at >= l->text.n;
}

static uint32_t peek(const struct query_lexer *l)
{
	size_t at = l->at;
	return at < l->text.n ? utf8_next(l->text, &at) : 0;
}

static uint32_t take(struct query_lexer *l)
{
	const uint32_t cp = utf8_next(l->text, &l->at);
	l->place.column++;
	if (cp == '\n') {
		l->place.line++;
		l->place.column = 1;
	}
	return cp;
}

static bool looking_at(const struct query_lexer *l, const char *what)
{
	return str_starts(str_from(l->text, l->at), str_of(what));
}

static bool is_blank(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x3000 || cp == 0xA0;
}

static bool is_comma(uint32_t cp)
{
	return cp == ',' || cp == 0xFF0C || cp == 0x3001;
}

static bool is_quote(uint32_t cp)
{
	return cp == '"' || cp == 0x201C || cp == 0x201D;
}

static bool is_open(uint32_t cp)
{
	return cp == '(' || cp == 0xFF08;
}

static bool is_close(uint32_t cp)
{
	return cp == ')' || cp == 0xFF09;
}

static bool is_colon(uint32_t cp)
{
	return cp == ':' || cp == 0xFF1A;
}

/* What ends a word. */
static bool is_border(const struct query_lexer *l)
{
	const uint32_t cp = peek(l);
	return is_blank(cp) || is_comma(cp) || is_quote(cp) || is_open(cp) || is_close(cp) || cp == '{' || cp == '}' ||
	       cp == '[' || cp == ']' || looking_at(l, "&&") || looking_at(l, "||") || looking_at(l, "<<<");
}

/* ---- white space and comments ---- */

static void skip_comment(struct query_lexer *l)
{
	const struct draft_place from = l->place;
	while (!at_end(l) && !looking_at(l, ">>>"))
		(void)take(l);
	if (at_end(l))
		query_tell(l->p, QUERY_Q002, from, "this comment does not end; close it with >>>");
	for (int i = 0; i < 3 && !at_end(l); i++)
		(void)take(l);
}

/* `# ` begins a comment, `#refund` is a term. */
static bool is_line_comment(const struct query_lexer *l)
{
	if (peek(l) != '#')
		return false;
	const char next = l->at + 1 < l->text.n ? l->text.p[l->at + 1] : '\n';
	return is_blank((unsigned char)next) || next == '#';
}

static void skip_blank(struct query_lexer *l)
{
	while (!at_end(l)) {
		if (is_blank(peek(l))) {
			(void)take(l);
		} else if (looking_at(l, "<<<")) {
			skip_comment(l);
		} else if (is_line_comment(l)) {
			while (!at_end(l) && peek(l) != '\n')
				(void)take(l);
		} else {
			return;
		}
	}
}

/* ---- quotations and regular expressions ---- */

/* Up to the closing character, which is taken; a backslash keeps the next one. */
static bool take_until(struct query_lexer *l, bool (*closes)(uint32_t cp), struct str *out)
{
	const size_t from = l->at;
	while (!at_end(l) && !closes(peek(l))) {
		if (take(l) == '\\' && !at_end(l))
			(void)take(l);
	}
	*out = (struct str){ l->text.p + from, l->at - from };
	if (at_end(l))
		return false;
	(void)take(l);
	return true;
}

static void lex_phrase(struct query_lexer *l, struct query_token *t)
{
	(void)take(l);
	t->kind = TOKEN_PHRASE;
	if (take_until(l, is_quote, &t->text))
		return;
	query_tell(l->p, QUERY_Q002, t->place, "this quotation does not end; close it with \"");
	t->kind = TOKEN_BAD;
}

static bool is_brace_close(uint32_t cp)
{
	return cp == '}';
}

static void lex_braces(struct query_lexer *l, struct query_token *t)
{
	(void)take(l);
	t->kind = TOKEN_PHRASE;
	t->is_exact = true;
	if (take_until(l, is_brace_close, &t->text))
		return;
	query_tell(l->p, QUERY_Q001, t->place, "this { has no }; write {BT} for a term whose case is exact");
	t->kind = TOKEN_BAD;
}

/* A slash inside [ ] is one of the set. */
static void lex_regex(struct query_lexer *l, struct query_token *t)
{
	bool in_set = false;
	(void)take(l);
	const size_t from = l->at;
	while (!at_end(l) && peek(l) != '\n' && (in_set || peek(l) != '/')) {
		const uint32_t cp = take(l);
		if (cp == '\\' && !at_end(l))
			(void)take(l);
		else
			in_set = cp == '[' || (in_set && cp != ']');
	}
	t->text = (struct str){ l->text.p + from, l->at - from };
	if (at_end(l) || peek(l) != '/') {
		query_tell(l->p, QUERY_Q002, t->place,
			"this regular expression does not end; close it with / in the same line, or quote a term that begins "
			"with /");
		t->kind = TOKEN_BAD;
		return;
	}
	(void)take(l);
	t->kind = TOKEN_REGEX;
	while (!at_end(l) && !is_border(l)) {
		const struct draft_place place = l->place;
		const uint32_t flag = take(l);
		if (flag == 'i')
			t->is_folded = true;
		else
			query_tell(l->p, QUERY_Q018, place, "\"%c\" is no flag of a regular expression; the only one is i",
				flag < 0x80 ? (char)flag : '?');
	}
}

/* ---- words ---- */

static bool is_name_character(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || cp == '-' || cp == '_' || utf8_is_han(cp);
}

/* Is the word so far, which a colon follows, the name of a field and not the `http` of an address? */
static bool names_field(const struct query_lexer *l, size_t from)
{
	const struct str name = { l->text.p + from, l->at - from };
	for (size_t at = 0; at < name.n;)
		if (!is_name_character(utf8_next(name, &at)))
			return false;
	return name.n > 1 && !looking_at(l, "://");
}

/* Takes the rest of a word; a field's colon, or the parenthesis of a call, ends it and says which it is. */
static void lex_word(struct query_lexer *l, struct query_token *t)
{
	const size_t from = l->at;
	t->kind = TOKEN_WORD;
	while (!at_end(l) && !is_border(l)) {
		if (is_colon(peek(l)) && !t->is_exact && names_field(l, from)) {
			t->kind = TOKEN_FIELD;
			break;
		}
		if (peek(l) == '~' && l->at > from)
			break;
		if (take(l) == '\\' && !at_end(l))
			(void)take(l);
	}
	t->text = (struct str){ l->text.p + from, l->at - from };
	if (t->kind == TOKEN_FIELD)
		(void)take(l);
}

static bool word_is(const struct query_token *t, const char *a, const char *b, const char *c)
{
	return str_eqc(t->text, a) || str_eqc(t->text, b) || (c && str_eqc(t->text, c));
}

/* Digits off the front of `*s`; false when there is none or they are too many. */
static bool take_number(struct str *s, uint32_t *out)
{
	size_t n = 0;
	*out = 0;
	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9' && n < 6)
		*out = *out * 10 + (uint32_t)(s->p[n++] - '0');
	*s = str_from(*s, n);
	return n > 0;
}

/* NEAR/3, NEAR/3f, 邻近/3, 邻近/3顺. */
static bool lex_near(struct query_lexer *l, struct query_token *t)
{
	static const char *const names[] = { "NEAR", "邻近", "鄰近" };
	struct str rest = { 0 };
	for (size_t i = 0; i < 3; i++)
		if (str_eqc(t->text, names[i]) || (str_starts(t->text, str_of(names[i])) && t->text.p[strlen(names[i])] == '/'))
			rest = str_from(t->text, strlen(names[i])), t->kind = TOKEN_NEAR;
	if (t->kind != TOKEN_NEAR)
		return false;
	rest = str_from(rest, 1);
	const bool has_number = take_number(&rest, &t->number);
	t->is_forward = str_eqc(rest, "f") || str_eqc(rest, "顺") || str_eqc(rest, "順");
	if (!has_number || (rest.n > 0 && !t->is_forward) || t->number > LIMIT_QUERY_NEAR) {
		query_tell(l->p, QUERY_Q014, t->place,
			"\"%.*s\" has no distance from 0 to %d; write NEAR/5, or NEAR/5f when the order counts", STR_FMT(t->text),
			LIMIT_QUERY_NEAR);
		t->number = 0;
	}
	return true;
}

static void warn_small(const struct query_lexer *l, const struct query_token *t)
{
	static const char *const names[] = { "AND", "OR", "NOT", "NEAR" };
	for (size_t i = 0; i < 4; i++)
		if (str_ieq(t->text, str_of(names[i])))
			query_tell(l->p, QUERY_W101, t->place,
				"\"%.*s\" is searched for as a word; write %s for the operator, or \"%.*s\" in quotes for the "
				"word",
				STR_FMT(t->text), names[i], STR_FMT(t->text));
}

/* Operators and calls are words too. */
static void lex_operator(struct query_lexer *l, struct query_token *t)
{
	if (t->kind != TOKEN_WORD || t->is_exact)
		return;
	if (!at_end(l) && is_open(peek(l)) &&
		(str_ieq(t->text, STR("min")) || str_ieq(t->text, STR("sentence")) || str_ieq(t->text, STR("paragraph")) ||
			word_is(t, "至少", "同句", "同段"))) {
		(void)take(l);
		t->kind = TOKEN_CALL;
	} else if (word_is(t, "AND", "且", NULL)) {
		t->kind = TOKEN_AND;
	} else if (word_is(t, "OR", "或", NULL)) {
		t->kind = TOKEN_OR;
	} else if (word_is(t, "NOT", "非", NULL)) {
		t->kind = TOKEN_NOT;
	} else if (!lex_near(l, t)) {
		warn_small(l, t);
	}
}

static void lex_tilde(struct query_lexer *l, struct query_token *t)
{
	(void)take(l);
	struct str rest = str_from(l->text, l->at);
	const size_t before = rest.n;
	t->kind = TOKEN_TILDE;
	if (!take_number(&rest, &t->number) || t->number > LIMIT_QUERY_NEAR)
		query_tell(l->p, QUERY_Q014, t->place, "~ wants a distance from 0 to %d, as in \"battery fire\"~5",
			LIMIT_QUERY_NEAR);
	l->at += before - rest.n;
	l->place.column += (int)(before - rest.n);
}

/* ---- the next token ---- */

static void lex_pair(struct query_lexer *l, struct query_token *t, enum query_token_kind kind)
{
	(void)take(l);
	(void)take(l);
	t->kind = kind;
}

static void lex_macro(struct query_lexer *l, struct query_token *t)
{
	(void)take(l);
	lex_word(l, t);
	t->kind = TOKEN_MACRO;
}

static bool lex_mark(struct query_lexer *l, struct query_token *t)
{
	const uint32_t cp = peek(l);
	if (is_open(cp))
		t->kind = TOKEN_OPEN;
	else if (is_close(cp))
		t->kind = TOKEN_CLOSE;
	else if (is_comma(cp))
		t->kind = TOKEN_COMMA;
	else if (cp == '-')
		t->kind = TOKEN_NOT;
	else
		return false;
	(void)take(l);
	return true;
}

static void lex_stray(struct query_lexer *l, struct query_token *t)
{
	query_tell(l->p, QUERY_Q022, t->place, "\"%c\" means nothing here; put it in quotes to search for it", (int)peek(l));
	(void)take(l);
	t->kind = TOKEN_BAD;
}

void query_lexer_next(struct query_lexer *l, struct query_token *t)
{
	skip_blank(l);
	*t = (struct query_token){ .kind = TOKEN_END, .place = l->place };
	if (at_end(l))
		return;
	const uint32_t cp = peek(l);
	if (cp == '=') {
		t->is_exact = true;
		(void)take(l);
	}
	if (is_quote(peek(l)) && !at_end(l))
		lex_phrase(l, t);
	else if (t->is_exact)
		lex_word(l, t);
	else if (cp == '{')
		lex_braces(l, t);
	else if (cp == '/')
		lex_regex(l, t);
	else if (cp == '~')
		lex_tilde(l, t);
	else if (cp == '@')
		lex_macro(l, t);
	else if (looking_at(l, "&&"))
		lex_pair(l, t, TOKEN_AND);
	else if (looking_at(l, "||"))
		lex_pair(l, t, TOKEN_OR);
	else if (cp == '[' || cp == ']' || cp == '}')
		lex_stray(l, t);
	else if (!lex_mark(l, t))
		lex_word(l, t);
	lex_operator(l, t);
}

/* ---- values ---- */

static bool is_bracket_close(uint32_t cp)
{
	return cp == ']' || cp == '\n';
}

/* A range up to its bracket and, behind it, the time zone. */
static void lex_range(struct query_lexer *l, struct query_token *t)
{
	const size_t from = l->at;
	struct str inside;
	if (!take_until(l, is_bracket_close, &inside) || l->text.p[l->at - 1] != ']') {
		query_tell(l->p, QUERY_Q001, t->place, "this [ has no ]; write a range as [1 TO 5]");
		t->kind = TOKEN_BAD;
		return;
	}
	while (!at_end(l) && !is_border(l))
		(void)take(l);
	t->text = (struct str){ l->text.p + from, l->at - from };
}

struct query_token query_lexer_value(struct query_lexer *l)
{
	skip_blank(l);
	struct query_token t = { .kind = TOKEN_WORD, .place = l->place };
	if (at_end(l))
		t.kind = TOKEN_END;
	else if (is_quote(peek(l)))
		lex_phrase(l, &t);
	else if (peek(l) == '[')
		lex_range(l, &t);
	else {
		const size_t from = l->at;
		while (!at_end(l) && !is_border(l))
			(void)take(l);
		t.text = (struct str){ l->text.p + from, l->at - from };
	}
	return t;
}
