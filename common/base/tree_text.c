/* HTML fragments as plain text for people and for matching: a small tokenizer, without a tree. */
#include "common/base/tree.h"

#include "common/base/bytes.h"
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

/* A tag is found by its first two letters and its length; that no two share a slot, the compiler checks (-Woverride-init). */
#define TAG_SLOTS 128u
#define TAG_SLOT(first, second, n) (((unsigned)(first)*3u + (unsigned)(second)*21u + (unsigned)(n)*7u) % TAG_SLOTS)
#define TAG(first, second, name, effect) [TAG_SLOT(first, second, sizeof(name) - 1)] = { name, effect }

static const struct tag_row tag_rows[TAG_SLOTS] = {
	TAG('a', 'd', "address", TAG_BREAK),
	TAG('a', 'r', "article", TAG_BREAK),
	TAG('a', 's', "aside", TAG_BREAK),
	TAG('b', 'l', "blockquote", TAG_BREAK),
	TAG('b', 'r', "br", TAG_BREAK),
	TAG('c', 'a', "caption", TAG_BREAK),
	TAG('c', 'e', "center", TAG_BREAK),
	TAG('d', 'd', "dd", TAG_BREAK),
	TAG('d', 'e', "details", TAG_BREAK),
	TAG('d', 'i', "div", TAG_BREAK),
	TAG('d', 'l', "dl", TAG_BREAK),
	TAG('d', 't', "dt", TAG_BREAK),
	TAG('f', 'i', "fieldset", TAG_BREAK),
	TAG('f', 'i', "figcaption", TAG_BREAK),
	TAG('f', 'i', "figure", TAG_BREAK),
	TAG('f', 'o', "footer", TAG_BREAK),
	TAG('f', 'o', "form", TAG_BREAK),
	TAG('h', '1', "h1", TAG_BREAK),
	TAG('h', '2', "h2", TAG_BREAK),
	TAG('h', '3', "h3", TAG_BREAK),
	TAG('h', '4', "h4", TAG_BREAK),
	TAG('h', '5', "h5", TAG_BREAK),
	TAG('h', '6', "h6", TAG_BREAK),
	TAG('h', 'e', "header", TAG_BREAK),
	TAG('h', 'r', "hr", TAG_BREAK),
	TAG('l', 'i', "li", TAG_BREAK),
	TAG('m', 'a', "main", TAG_BREAK),
	TAG('n', 'a', "nav", TAG_BREAK),
	TAG('n', 'o', "noscript", TAG_HIDDEN),
	TAG('o', 'l', "ol", TAG_BREAK),
	TAG('o', 'p', "option", TAG_BREAK),
	TAG('p', '\0', "p", TAG_BREAK),
	TAG('p', 'r', "pre", TAG_BREAK),
	TAG('s', 'c', "script", TAG_HIDDEN),
	TAG('s', 'e', "section", TAG_BREAK),
	TAG('s', 't', "style", TAG_HIDDEN),
	TAG('s', 'u', "summary", TAG_BREAK),
	TAG('t', 'a', "table", TAG_BREAK),
	TAG('t', 'b', "tbody", TAG_BREAK),
	TAG('t', 'd', "td", TAG_SPACE),
	TAG('t', 'e', "template", TAG_HIDDEN),
	TAG('t', 'h', "th", TAG_SPACE),
	TAG('t', 'r', "tr", TAG_BREAK),
	TAG('u', 'l', "ul", TAG_BREAK),
};

#define TAG_BYTES 10 /* the longest name of the table: blockquote, figcaption */

struct writer {
	struct buf out;
	enum tag_effect pending; /* white space that is written before the next character, if any comes */
	bool ignores_quotes; /* a quoted value never ended: looking for the end of each would take for ever */
};

static enum tag_effect effect_of(struct str name)
{
	const struct tag_row *row;

	if (name.n == 0 || name.n > TAG_BYTES)
		return TAG_INLINE;
	row = &tag_rows[TAG_SLOT(name.p[0] | 0x20, name.n > 1 ? name.p[1] | 0x20 : '\0', name.n)];
	return row->name && str_ieq(str_of(row->name), name) ? row->effect : TAG_INLINE;
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

static void add_character(struct writer *w, uint32_t cp)
{
	char bytes[4];

	if (cp == 0xA0 || (cp < 0x80 && is_space((unsigned char)cp)))
		want_gap(w, TAG_SPACE);
	else
		add_bytes(w, bytes, (size_t)utf8_put(bytes, cp));
}

static bool may_be_reference(struct str s, size_t at)
{
	const char next = at + 1 < s.n ? s.p[at + 1] : '\0';
	const char small = (char)(next | 0x20);
	return s.p[at] == '&' && (next == '#' || (small >= 'a' && small <= 'z'));
}

/* Does something begin here that is not shown as it stands: white space, a reference? */
static bool is_special(struct str s, size_t at)
{
	const bool is_nbsp = s.p[at] == '\xC2' && at + 1 < s.n && s.p[at + 1] == '\xA0';
	return is_space((unsigned char)s.p[at]) || is_nbsp || may_be_reference(s, at);
}

#ifdef __SSE2__
static inline __m128i may_be_special(__m128i x)
{
	return _mm_or_si128(bytes_range(x, '\t', 5), _mm_or_si128(bytes_are(x, '&'), bytes_are(x, '\xC2')));
}

/* A blank alone between two words is shown as it stands. */
static inline __m128i wanted(__m128i x, __m128i next)
{
	const __m128i before = _mm_or_si128(may_be_special(next), bytes_are(next, ' '));

	return _mm_or_si128(may_be_special(x), _mm_and_si128(bytes_are(x, ' '), before));
}
#endif

/* How many bytes from the start of `s`, which does not begin with white space, are shown as they stand: words, and the single blanks
 * between them. */
static size_t words_length(struct str s)
{
	size_t n = 0;

	for (; n < s.n; n++) {
#ifdef __SSE2__
		n = bytes_until(s, n, wanted);
#endif
		if (is_special(s, n) && (s.p[n] != ' ' || n + 1 >= s.n || is_special(s, n + 1)))
			break;
	}
	return n;
}

static void add_text(struct writer *w, struct str s)
{
	while (s.n > 0) {
		size_t used = 0;
		if (!is_special(s, 0)) {
			used = words_length(s);
			add_bytes(w, s.p, used);
		} else if (s.p[0] == '&') {
			struct entity read = { 0 };
			used = entity_read(s, false, &read);
			add_character(w, used ? read.cp : '&');
			if (read.second != 0)
				add_character(w, read.second);
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

	for (size_t at = 1; at < s.n && !w->ignores_quotes; at++) {
		const char c = s.p[at];
		if (c == '>')
			return at + 1;
		if ((c != '"' && c != '\'') || s.p[at - 1] != '=')
			continue;
		end = str_findc(str_from(s, at + 1), c);
		at = end < 0 ? s.n : at + 1 + (size_t)end;
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
	buf_room(&w.out, html.n + 1);
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
