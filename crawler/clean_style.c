/* The CSS of a style attribute: without addresses, without anything that is not plainly a declaration, by list. */
#include "crawler/clean_style.h"

#include "crawler/clean_lists.h"

#define STYLE_BYTES 4096 /* longer ones are dropped: nobody writes so much by hand */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters of all scripts count as such: font names are written in Chinese, too. */
static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static size_t skip_space(struct str s, size_t at)
{
	while (at < s.n && is_space(s.p[at]))
		at++;
	return at;
}

/* Bytes of `url( … )` at the start of `s`; 0 when there is none. */
static size_t url_length(struct str s)
{
	size_t at = skip_space(s, 3);

	if (!str_istarts(s, STR("url")) || at >= s.n || s.p[at] != '(')
		return 0;
	while (at < s.n && s.p[at] != ')')
		at++;
	return at < s.n ? at + 1 : 0;
}

static void add_without_urls(struct buf *out, struct str s)
{
	for (size_t at = 0; at < s.n;) {
		const size_t n = url_length(str_from(s, at));
		buf_addc(out, n > 0 ? ' ' : s.p[at]);
		at += n > 0 ? n : 1;
	}
}

/* --- the gauntlet: a style with any other character in it is dropped whole ----------------------------------------- */

/* Bytes of a quoted name at `at`, 0 when it is not one. */
static size_t quoted_length(struct str s, size_t at)
{
	size_t end = at + 1;

	while (end < s.n && (is_space(s.p[end]) || is_word(s.p[end])))
		end++;
	return end > at + 1 && end < s.n && s.p[end] == s.p[at] ? end + 1 - at : 0;
}

/* Bytes of "(1, 2, 3)". */
static size_t numbers_length(struct str s, size_t at)
{
	size_t end = at + 1;

	while (end < s.n && (is_space(s.p[end]) || is_digit(s.p[end]) || s.p[end] == ','))
		end++;
	return end > at + 1 && end < s.n && s.p[end] == ')' ? end + 1 - at : 0;
}

static size_t harmless_length(struct str s, size_t at)
{
	const char c = s.p[at];

	if (is_space(c) || is_word(c) || c == ':' || c == ',' || c == ';' || c == '#' || c == '%' || c == '.' || c == '!')
		return 1;
	if (c == '-')
		return at > 0 && is_word(s.p[at - 1]) && at + 1 < s.n && is_word(s.p[at + 1]);
	if (c == '\'' || c == '"')
		return quoted_length(s, at);
	return c == '(' ? numbers_length(s, at) : 0;
}

static bool is_harmless(struct str s)
{
	for (size_t at = 0; at < s.n;) {
		const size_t n = harmless_length(s, at);
		if (n == 0)
			return false;
		at += n;
	}
	return true;
}

/* --- declarations -------------------------------------------------------------------------------------------------- */

static bool is_hex_colour(struct str s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (!is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f') && !(s.p[i] >= 'A' && s.p[i] <= 'F'))
			return false;
	}
	return s.n > 1 && s.p[0] == '#';
}

static bool is_rgb_colour(struct str s)
{
	if (!str_starts(s, STR("rgb(")))
		return false;
	for (size_t i = 4; i < s.n; i++) {
		if (!is_digit(s.p[i]) && s.p[i] != ',' && s.p[i] != '%' && s.p[i] != ')')
			return false;
	}
	return true;
}

/* "2px", ".5em", "120%": at most three digits, so that nothing is pushed over the rest of the page. */
static bool is_length(struct str s)
{
	static const char *const units[] = { "", "cm", "em", "ex", "in", "mm", "pc", "pt", "px", "%", ",", ")" };
	size_t at = 0, digits = 0;

	for (; at < s.n && is_digit(s.p[at]) && digits < 3; digits++)
		at++;
	if (at < s.n && s.p[at] == '.') {
		at++;
		for (digits = 0; at < s.n && is_digit(s.p[at]) && digits < 2; digits++)
			at++;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (str_eqc(str_from(s, at), units[i]))
			return true;
	}
	return false;
}

static bool is_box_value(struct str value)
{
	struct str word;

	while (str_split(&value, ' ', &word)) {
		word = str_trim(word);
		if (word.n > 0 && !clean_is_keyword(word) && !is_hex_colour(word) && !is_rgb_colour(word) && !is_length(word))
			return false;
	}
	return true;
}

/* false when it is no declaration at all, which makes the whole style suspect. */
static bool add_declaration(struct buf *out, struct str declaration)
{
	const ptrdiff_t colon = str_findc(declaration, ':');
	const struct str property = str_trim(str_first(declaration, colon < 0 ? 0 : (size_t)colon));
	const struct str rest = str_from(declaration, (size_t)colon + 1);
	const struct str value = str_from(rest, skip_space(rest, 0));

	if (colon < 0)
		return str_trim(declaration).n == 0;
	if (str_findc(value, ':') >= 0)
		return false;
	/* A page of ours is not overruled: nothing is !important. */
	if (value.n == 0 || str_findc(value, '!') >= 0 ||
		!(clean_is_property(property) || (clean_is_box_property(property) && is_box_value(value))))
		return true;
	if (out->n > 0)
		buf_addc(out, ' ');
	buf_adds(out, property);
	buf_addz(out, ": ");
	buf_adds(out, value);
	buf_addc(out, ';');
	return true;
}

void clean_style(struct buf *out, struct str style)
{
	struct str declaration, rest;
	struct buf bare, declarations;
	bool is_fine;

	if (style.n > STYLE_BYTES)
		return;
	buf_init(&bare, STYLE_BYTES);
	buf_init(&declarations, 2 * STYLE_BYTES);
	add_without_urls(&bare, style);
	rest = buf_str(&bare);
	is_fine = is_harmless(rest);
	while (is_fine && str_split(&rest, ';', &declaration))
		is_fine = add_declaration(&declarations, declaration);
	if (is_fine)
		buf_adds(out, buf_str(&declarations));
	buf_release(&declarations);
	buf_release(&bare);
}
