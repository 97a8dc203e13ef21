/* Cuts an HTML page into start tags, end tags and text. */
#include "common/base/html_token.h"

#include "common/base/entity.h"
#include "common/base/utf8.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static char at(const struct html_reader *r, size_t ahead)
{
	return r->at + ahead < r->in.n ? r->in.p[r->at + ahead] : '\0';
}

static struct str slice(const struct html_reader *r, size_t from, size_t to)
{
	return (struct str){ r->in.p + from, to - from };
}

/* --- tags ---------------------------------------------------------------------------------------------------------- */

static struct str take_attribute_name(struct html_reader *r)
{
	const size_t start = r->at;

	if (at(r, 0) == '=')
		r->at++; /* a name may begin with it */
	while (r->at < r->in.n && !is_space(at(r, 0)) && at(r, 0) != '/' && at(r, 0) != '>' && at(r, 0) != '=')
		r->at++;
	return slice(r, start, r->at);
}

static struct str take_value(struct html_reader *r)
{
	const char quote = at(r, 0);
	const size_t start = r->at;

	if (quote == '"' || quote == '\'') {
		const char *end = memchr(r->in.p + start + 1, quote, r->in.n - start - 1);
		r->at = end ? (size_t)(end - r->in.p) + 1 : r->in.n;
		return slice(r, start + 1, end ? r->at - 1 : r->in.n);
	}
	while (r->at < r->in.n && !is_space(at(r, 0)) && at(r, 0) != '>')
		r->at++;
	return slice(r, start, r->at);
}

static void skip_space(struct html_reader *r)
{
	while (r->at < r->in.n && is_space(r->in.p[r->at]))
		r->at++;
}

static void take_attribute(struct html_reader *r, struct html_token *out)
{
	struct html_attribute attribute = { .name = take_attribute_name(r), .value = { "", 0 } };

	skip_space(r);
	if (at(r, 0) == '=') {
		r->at++;
		skip_space(r);
		attribute.value = take_value(r);
	}
	if (out->nattributes < LIMIT_XML_ATTRIBUTES)
		out->attribute[out->nattributes++] = attribute;
	else
		out->is_cut = true;
}

/* Reads from behind the name up to and with the `>`; false when the page ends before. */
static bool take_attributes(struct html_reader *r, struct html_token *out)
{
	for (;;) {
		skip_space(r);
		if (r->at >= r->in.n)
			return false;
		if (at(r, 0) == '>') {
			r->at++;
			return true;
		}
		if (at(r, 0) == '/') {
			out->is_self_closing = at(r, 1) == '>';
			r->at++;
			continue;
		}
		take_attribute(r, out);
	}
}

static bool take_tag(struct html_reader *r, struct html_token *out)
{
	size_t start;

	out->kind = at(r, 1) == '/' ? HTML_END : HTML_START;
	r->at += out->kind == HTML_END ? 2 : 1;
	start = r->at;
	while (r->at < r->in.n && !is_space(r->in.p[r->at]) && r->in.p[r->at] != '/' && r->in.p[r->at] != '>')
		r->at++;
	out->name = slice(r, start, r->at);
	return take_attributes(r, out);
}

/* --- what is passed over ------------------------------------------------------------------------------------------- */

static void skip_to(struct html_reader *r, const char *end, size_t from)
{
	const ptrdiff_t found = str_find(str_from(r->in, from), str_of(end));

	r->at = found < 0 ? r->in.n : from + (size_t)found + strlen(end);
}

/* A comment ends at --> or --!>; <!--> and <!---> are comments, too. */
static void skip_comment(struct html_reader *r)
{
	const struct str behind = str_from(r->in, r->at + 4);
	size_t dashes;

	if (str_starts(behind, STR(">")) || str_starts(behind, STR("->"))) {
		skip_to(r, ">", r->at + 4);
		return;
	}
	for (dashes = r->at + 4;; dashes++) {
		const ptrdiff_t found = str_find(str_from(r->in, dashes), STR("--"));
		if (found < 0)
			break;
		dashes += (size_t)found;
		r->at = dashes + 2;
		if (at(r, 0) == '>' || (at(r, 0) == '!' && at(r, 1) == '>')) {
			r->at += at(r, 0) == '>' ? 1 : 2;
			return;
		}
	}
	r->at = r->in.n;
}

static bool starts_markup(const struct html_reader *r)
{
	const char next = at(r, 1);

	return is_letter(next) || next == '!' || next == '?' || (next == '/' && r->at + 2 < r->in.n);
}

static void take_cdata(struct html_reader *r, struct html_token *out)
{
	const size_t start = r->at + strlen("<![CDATA[");

	skip_to(r, "]]>", start);
	out->kind = HTML_TEXT;
	out->is_literal = true;
	out->text = slice(r, start, r->at);
	if (str_ends(out->text, STR("]]>")))
		out->text.n -= 3;
}

/* What stands at a `<`: true when it is a token, false when it was passed over. */
static bool take_markup(struct html_reader *r, struct html_token *out)
{
	const struct str here = str_from(r->in, r->at);
	const char next = at(r, 1);

	if (is_letter(next) || (next == '/' && is_letter(at(r, 2))))
		return take_tag(r, out);
	if (r->has_cdata && str_starts(here, STR("<![CDATA["))) {
		take_cdata(r, out);
		return true;
	}
	if (str_starts(here, STR("<!--")))
		skip_comment(r);
	else
		skip_to(r, ">", r->at + 2);
	return false;
}

static void take_text(struct html_reader *r, struct html_token *out)
{
	const size_t start = r->at;

	while (r->at < r->in.n) {
		const char *tag = memchr(r->in.p + r->at, '<', r->in.n - r->at);
		r->at = tag ? (size_t)(tag - r->in.p) : r->in.n;
		if (tag && starts_markup(r))
			break;
		r->at += tag ? 1 : 0;
	}
	out->kind = HTML_TEXT;
	out->text = slice(r, start, r->at);
}

bool html_token_next(struct html_reader *r, struct html_token *out)
{
	out->nattributes = 0;
	out->is_self_closing = out->is_literal = out->is_cut = false;
	while (r->at < r->in.n) {
		if (r->in.p[r->at] != '<' || !starts_markup(r)) {
			take_text(r, out);
			return true;
		}
		if (take_markup(r, out))
			return true;
	}
	return false;
}

/* --- raw text ------------------------------------------------------------------------------------------------------ */

/* Does `prefix` and `name` stand here, with an end of the name behind? */
static bool names_here(const struct html_reader *r, const char *prefix, struct str name)
{
	const size_t n = strlen(prefix);
	const struct str here = str_from(r->in, r->at);

	if (here.n < n + name.n || memcmp(here.p, prefix, n) != 0 || !str_ieq((struct str){ here.p + n, name.n }, name))
		return false;
	return here.n > n + name.n && (is_space(here.p[n + name.n]) || here.p[n + name.n] == '/' || here.p[n + name.n] == '>');
}

/* Scripts may hide their own end tag in <!-- <script> … </script> -->. */
enum hiding { HIDING_NOT, HIDING_COMMENT, HIDING_SCRIPT };

static enum hiding hiding_after(const struct html_reader *r, enum hiding now, struct str name)
{
	if (str_starts(str_from(r->in, r->at), STR("-->")))
		return HIDING_NOT;
	if (now == HIDING_NOT && str_starts(str_from(r->in, r->at), STR("<!--")))
		return HIDING_COMMENT;
	if (now == HIDING_COMMENT && names_here(r, "<", name))
		return HIDING_SCRIPT;
	return now;
}

struct str html_token_raw(struct html_reader *r, struct str name)
{
	const bool is_script = str_ieq(name, STR("script"));
	const size_t start = r->at;
	enum hiding hiding = HIDING_NOT;

	for (; r->at < r->in.n; r->at++) {
		if (hiding == HIDING_NOT) {
			const char *tag = memchr(r->in.p + r->at, '<', r->in.n - r->at);
			r->at = tag ? (size_t)(tag - r->in.p) : r->in.n;
		}
		if (r->at < r->in.n && names_here(r, "</", name)) {
			if (hiding != HIDING_SCRIPT)
				break;
			hiding = HIDING_COMMENT;
		}
		if (is_script && r->at < r->in.n) {
			const enum hiding next = hiding_after(r, hiding, name);
			r->at += hiding == HIDING_NOT && next == HIDING_COMMENT ? 1 : 0; /* so that <!--> ends at once */
			hiding = next;
		}
	}
	r->at = r->at < r->in.n ? r->at : r->in.n;
	return slice(r, start, r->at);
}

/* --- references ---------------------------------------------------------------------------------------------------- */

static size_t read_legacy(struct str s, bool in_attribute, struct entity *out)
{
	const size_t n = 1 + entity_legacy(str_from(s, 1), out);
	const char next = n < s.n ? s.p[n] : '\0';

	return n == 1 || (in_attribute && (next == '=' || is_alnum(next))) ? 0 : n;
}

size_t html_reference(struct str s, bool in_attribute, struct entity *out)
{
	const bool is_number = s.n > 1 && s.p[1] == '#';
	const size_t n = is_number || (s.n > 1 && is_letter(s.p[1])) ? entity_read(s, !is_number, out) : 0;

	if (n > 0 || is_number)
		return n;
	return s.n > 1 && is_letter(s.p[1]) ? read_legacy(s, in_attribute, out) : 0;
}

void html_decode(struct buf *out, struct str s, bool in_attribute)
{
	while (s.n > 0) {
		const ptrdiff_t mark = str_findc(s, '&');
		struct entity character;
		size_t n;

		buf_adds(out, mark < 0 ? s : str_first(s, (size_t)mark));
		if (mark < 0)
			return;
		s = str_from(s, (size_t)mark);
		n = html_reference(s, in_attribute, &character);
		if (n == 0)
			buf_addc(out, '&');
		else
			entity_add(out, character);
		s = str_from(s, n == 0 ? 1 : n);
	}
}
