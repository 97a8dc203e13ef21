/* HTML fragments as plain text for people and for matching: a small tokenizer, without a tree. */
#include "common/base/tree.h"

#include "common/base/entity.h"
#include "common/base/utf8.h"

#include <string.h>

enum tag_effect {
	TAG_INLINE, /* nothing to see: <b>, <a>, <span> */
	TAG_SPACE, /* cells of a table row stand apart */
	TAG_BREAK, /* starts a new line */
	TAG_HIDDEN, /* is not shown, and neither is what it holds */
};

struct tag_row {
	const char *name;
	enum tag_effect effect;
};

static const struct tag_row tag_rows[] = { { "address", TAG_BREAK }, { "article", TAG_BREAK }, { "aside", TAG_BREAK },
	{ "blockquote", TAG_BREAK }, { "br", TAG_BREAK }, { "caption", TAG_BREAK }, { "center", TAG_BREAK }, { "dd", TAG_BREAK },
	{ "details", TAG_BREAK }, { "div", TAG_BREAK }, { "dl", TAG_BREAK }, { "dt", TAG_BREAK }, { "fieldset", TAG_BREAK },
	{ "figcaption", TAG_BREAK }, { "figure", TAG_BREAK }, { "footer", TAG_BREAK }, { "form", TAG_BREAK }, { "h1", TAG_BREAK },
	{ "h2", TAG_BREAK }, { "h3", TAG_BREAK }, { "h4", TAG_BREAK }, { "h5", TAG_BREAK }, { "h6", TAG_BREAK },
	{ "header", TAG_BREAK }, { "hr", TAG_BREAK }, { "li", TAG_BREAK }, { "main", TAG_BREAK }, { "nav", TAG_BREAK },
	{ "noscript", TAG_HIDDEN }, { "ol", TAG_BREAK }, { "option", TAG_BREAK }, { "p", TAG_BREAK }, { "pre", TAG_BREAK },
	{ "script", TAG_HIDDEN }, { "section", TAG_BREAK }, { "style", TAG_HIDDEN }, { "summary", TAG_BREAK },
	{ "table", TAG_BREAK }, { "tbody", TAG_BREAK }, { "td", TAG_SPACE }, { "template", TAG_HIDDEN }, { "th", TAG_SPACE },
	{ "tr", TAG_BREAK }, { "ul", TAG_BREAK } };

#define TAG_BYTES 10 /* the longest name of the table: blockquote, figcaption */

struct writer {
	struct buf out;
	enum tag_effect pending; /* white space that is written before the next character, if any comes */
	bool ignores_quotes; /* a quoted value never ended: looking for the end of each would take for ever */
};

static enum tag_effect effect_of(struct str name)
{
	const char first = name.n > 0 ? (char)(name.p[0] | 0x20) : '\0'; /* a letter, in lower case */

	if (name.n > TAG_BYTES)
		return TAG_INLINE;
	for (size_t i = 0; i < sizeof(tag_rows) / sizeof(tag_rows[0]); i++) {
		if (tag_rows[i].name[0] == first && str_ieq(str_of(tag_rows[i].name), name))
			return tag_rows[i].effect;
	}
	return TAG_INLINE;
}

static void want_gap(struct writer *w, enum tag_effect gap)
{
	if (gap > w->pending)
		w->pending = gap;
}

static void add_bytes(struct writer *w, const char *p, size_t n)
{
	if (w->pending != TAG_INLINE && w->out.n > 0)
		buf_addc(&w->out, w->pending == TAG_BREAK ? '\n' : ' ');
	w->pending = TAG_INLINE;
	buf_add(&w->out, p, n);
}

static bool is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void add_reference(struct writer *w, uint32_t cp)
{
	char bytes[4];

	if (cp == 0xA0 || (cp < 0x80 && is_space((unsigned char)cp)))
		want_gap(w, TAG_SPACE);
	else
		add_bytes(w, bytes, (size_t)utf8_put(bytes, cp));
}

/* How many bytes from the start of `s` are neither white space nor a reference. */
static size_t word_length(struct str s)
{
	size_t n = 0;

	while (n < s.n && !is_space((unsigned char)s.p[n]) && s.p[n] != '&' &&
		!(s.p[n] == '\xC2' && n + 1 < s.n && s.p[n + 1] == '\xA0'))
		n++;
	return n;
}

static void add_text(struct writer *w, struct str s)
{
	while (s.n > 0) {
		uint32_t cp = 0;
		size_t used = word_length(s);
		if (used > 0) {
			add_bytes(w, s.p, used);
		} else if (s.p[0] == '&') {
			used = entity_read(s, false, &cp);
			add_reference(w, used ? cp : '&');
			used = used ? used : 1;
		} else {
			used = s.p[0] == '\xC2' ? 2 : 1; /* U+00A0 is white space too */
			want_gap(w, TAG_SPACE);
		}
		s = str_from(s, used);
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str tag_name(struct str tag)
{
	size_t n = 0;

	while (n < tag.n && (is_letter(tag.p[n]) || (tag.p[n] >= '0' && tag.p[n] <= '9')))
		n++;
	return str_first(tag, n);
}

/* Bytes of the tag at s.p[0] == '<', up to and with its `>`; quoted values may hold one. 0 when it never ends. */
static size_t tag_length(struct writer *w, struct str s)
{
	ptrdiff_t end;
	char quote = '\0';

	for (size_t i = 1; i < s.n && !w->ignores_quotes; i++) {
		const char c = s.p[i];
		if (quote)
			quote = c == quote ? '\0' : quote;
		else if ((c == '"' || c == '\'') && s.p[i - 1] == '=')
			quote = c;
		else if (c == '>')
			return i + 1;
	}
	w->ignores_quotes = true;
	end = str_findc(s, '>');
	return end < 0 ? 0 : (size_t)end + 1;
}

/* Bytes from behind a hidden element's start tag to its end tag; all of `s` when there is none. */
static size_t hidden_length(struct str s, struct str name)
{
	for (size_t at = 0; at + 2 + name.n <= s.n; at++) {
		const char *next = memchr(s.p + at, '<', s.n - at);
		if (!next)
			break;
		at = (size_t)(next - s.p);
		if (at + 2 + name.n <= s.n && next[1] == '/' && str_ieq((struct str){ next + 2, name.n }, name))
			return at;
	}
	return s.n;
}

static size_t skip_until(struct str s, const char *end, size_t from)
{
	const ptrdiff_t found = str_find(str_from(s, from), str_of(end));

	return found < 0 ? s.n : from + (size_t)found + strlen(end);
}

static size_t take_tag(struct writer *w, struct str s)
{
	const bool is_end = s.p[1] == '/';
	const struct str name = tag_name(str_from(s, is_end ? 2 : 1));
	const enum tag_effect effect = effect_of(name);
	const size_t n = tag_length(w, s);

	if (n == 0) {
		add_text(w, s);
		return s.n;
	}
	if (effect != TAG_HIDDEN) {
		want_gap(w, effect);
		return n;
	}
	want_gap(w, TAG_SPACE);
	return is_end || s.p[n - 2] == '/' ? n : n + hidden_length(str_from(s, n), name);
}

static size_t take_cdata(struct writer *w, struct str s)
{
	const size_t start = strlen("<![CDATA["), end = skip_until(s, "]]>", start);

	add_text(w, (struct str){ s.p + start, (str_ends(str_first(s, end), STR("]]>")) ? end - 3 : end) - start });
	return end;
}

/* What begins with `<`: a tag, a comment, a declaration, or just a sign. Returns the bytes it took. */
static size_t take_markup(struct writer *w, struct str s)
{
	const char next = s.n > 1 ? s.p[1] : '\0';

	if (is_letter(next) || (next == '/' && s.n > 2 && is_letter(s.p[2])))
		return take_tag(w, s);
	if (str_starts(s, STR("<!--")))
		return skip_until(s, "-->", 4);
	if (str_starts(s, STR("<![CDATA[")))
		return take_cdata(w, s);
	if (next == '!' || next == '?')
		return skip_until(s, ">", 2);
	add_bytes(w, "<", 1);
	return 1;
}

struct str tree_html_to_text(struct arena *a, struct str html)
{
	struct writer w = { .pending = TAG_INLINE };
	struct str text;

	buf_init(&w.out, html.n + 1);
	while (html.n > 0) {
		const ptrdiff_t tag = str_findc(html, '<');
		const size_t n = tag < 0 ? html.n : (size_t)tag;
		add_text(&w, str_first(html, n));
		html = str_from(html, n);
		if (html.n > 0)
			html = str_from(html, take_markup(&w, html));
	}
	text = arena_copy(a, buf_str(&w.out));
	buf_release(&w.out);
	return text;
}
