/* The pieces that expressions of recipes are written with: words, quotations, bare text, and where each ends. */
#include "crawler/recipe_expression.h"

struct str reader_rest(const struct expression_reader *r)
{
	return str_from(r->text, r->at);
}

bool reader_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

void reader_skip_space(struct expression_reader *r)
{
	while (r->at < r->text.n && reader_is_space(r->text.p[r->at]))
		r->at++;
}

size_t reader_behind_blanks(const struct expression_reader *r, size_t at)
{
	while (at < r->text.n && (r->text.p[at] == ' ' || r->text.p[at] == '\t'))
		at++;
	return at;
}

/* Does `mark` stand at `at`, and is it a word of its own? */
bool reader_is_mark(const struct expression_reader *r, size_t at, struct str mark)
{
	const struct str rest = str_from(r->text, at);
	return str_starts(rest, mark) && (rest.n == mark.n || reader_is_space(rest.p[mark.n]));
}

/* A line end separates like ||, so that a block has one alternative a line. */
bool reader_is_way_end(const struct expression_reader *r, size_t at)
{
	const size_t next = reader_behind_blanks(r, at);
	if (next >= r->text.n || r->text.p[next] == '\n')
		return true;
	if (r->depth > 0 && r->text.p[next] == '}')
		return true;
	return next > at && reader_is_mark(r, next, STR("||"));
}

bool reader_is_filter_start(const struct expression_reader *r, size_t at)
{
	const size_t next = reader_behind_blanks(r, at);
	return next > at && reader_is_mark(r, next, STR("|"));
}

bool reader_is_piece_end(const struct expression_reader *r, size_t at)
{
	return reader_is_way_end(r, at) || reader_is_filter_start(r, at);
}

/* Selectors and pointers stand bare, up to " | ", " || ", the line end or the brace of their template. */
struct str reader_bare(struct expression_reader *r)
{
	const size_t from = r->at;
	char quote = '\0';
	int bracket = 0;
	while (r->at < r->text.n) {
		const char c = r->text.p[r->at];
		if (quote == '\0' && bracket == 0 && reader_is_piece_end(r, r->at))
			break;
		if (c == '\n')
			break;
		if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (bracket > 0 && (c == '"' || c == '\''))
			quote = c;
		else
			bracket += c == '[' ? 1 : c == ']' && bracket > 0 ? -1 : 0;
		r->at++;
	}
	return str_trim((struct str){ r->text.p + from, r->at - from });
}

struct str reader_word(struct expression_reader *r)
{
	const size_t from = r->at;
	while (!reader_is_piece_end(r, r->at) && !reader_is_space(r->text.p[r->at]))
		r->at++;
	return (struct str){ r->text.p + from, r->at - from };
}

/* "…" with \" and \\ inside. */
bool reader_quoted(struct expression_reader *r, struct str *out)
{
	reader_skip_space(r);
	const size_t from = r->at;
	char *p = arena_take(r->d->a, r->text.n + 1);
	size_t n = 0;
	if (r->at >= r->text.n || r->text.p[r->at] != '"')
		return FAIL(r, P_ARGUMENT, from, "a text in quotation marks is missing here; write it as \"…\"");
	for (r->at++; r->at < r->text.n && r->text.p[r->at] != '"'; r->at++) {
		if (r->text.p[r->at] == '\\' && r->at + 1 < r->text.n)
			r->at++;
		p[n++] = r->text.p[r->at];
	}
	if (r->at >= r->text.n)
		return FAIL(r, P_QUOTE, from, "this quotation does not end; close it with \"");
	r->at++;
	*out = (struct str){ p, n };
	return true;
}
