/* The text of a page's nodes as people see it. */
#include "common/base/dom.h"

#include "common/base/buf.h"
#include "common/base/bytes.h"

#include <string.h>

#define SHORT_TEXT 1024 /* bytes of a text that is put together on the stack, as nearly all are */

enum look {
	LOOK_INLINE,
	LOOK_SPACE, /* cells of a table row stand apart */
	LOOK_BLOCK, /* stands on lines of its own */
	LOOK_HIDDEN, /* is not shown, and neither is what it holds */
};

static const uint8_t looks[TAG__N] = {
	[TAG_ADDRESS] = LOOK_BLOCK,
	[TAG_ARTICLE] = LOOK_BLOCK,
	[TAG_ASIDE] = LOOK_BLOCK,
	[TAG_AUDIO] = LOOK_HIDDEN,
	[TAG_BLOCKQUOTE] = LOOK_BLOCK,
	[TAG_BODY] = LOOK_BLOCK,
	[TAG_BR] = LOOK_BLOCK,
	[TAG_CANVAS] = LOOK_HIDDEN,
	[TAG_CAPTION] = LOOK_BLOCK,
	[TAG_CENTER] = LOOK_BLOCK,
	[TAG_DD] = LOOK_BLOCK,
	[TAG_DETAILS] = LOOK_BLOCK,
	[TAG_DIALOG] = LOOK_BLOCK,
	[TAG_DIV] = LOOK_BLOCK,
	[TAG_DL] = LOOK_BLOCK,
	[TAG_DT] = LOOK_BLOCK,
	[TAG_FIELDSET] = LOOK_BLOCK,
	[TAG_FIGCAPTION] = LOOK_BLOCK,
	[TAG_FIGURE] = LOOK_BLOCK,
	[TAG_FOOTER] = LOOK_BLOCK,
	[TAG_FORM] = LOOK_BLOCK,
	[TAG_H1] = LOOK_BLOCK,
	[TAG_H2] = LOOK_BLOCK,
	[TAG_H3] = LOOK_BLOCK,
	[TAG_H4] = LOOK_BLOCK,
	[TAG_H5] = LOOK_BLOCK,
	[TAG_H6] = LOOK_BLOCK,
	[TAG_HEAD] = LOOK_HIDDEN,
	[TAG_HEADER] = LOOK_BLOCK,
	[TAG_HGROUP] = LOOK_BLOCK,
	[TAG_HR] = LOOK_BLOCK,
	[TAG_HTML] = LOOK_BLOCK,
	[TAG_IFRAME] = LOOK_HIDDEN,
	[TAG_LI] = LOOK_BLOCK,
	[TAG_MAIN] = LOOK_BLOCK,
	[TAG_NAV] = LOOK_BLOCK,
	[TAG_NOSCRIPT] = LOOK_HIDDEN,
	[TAG_OL] = LOOK_BLOCK,
	[TAG_OPTION] = LOOK_BLOCK,
	[TAG_P] = LOOK_BLOCK,
	[TAG_PRE] = LOOK_BLOCK,
	[TAG_SCRIPT] = LOOK_HIDDEN,
	[TAG_SECTION] = LOOK_BLOCK,
	[TAG_STYLE] = LOOK_HIDDEN,
	[TAG_SUMMARY] = LOOK_BLOCK,
	[TAG_TABLE] = LOOK_BLOCK,
	[TAG_TBODY] = LOOK_BLOCK,
	[TAG_TD] = LOOK_SPACE,
	[TAG_TEMPLATE] = LOOK_HIDDEN,
	[TAG_TFOOT] = LOOK_BLOCK,
	[TAG_TH] = LOOK_SPACE,
	[TAG_THEAD] = LOOK_BLOCK,
	[TAG_TITLE] = LOOK_HIDDEN,
	[TAG_TR] = LOOK_BLOCK,
	[TAG_UL] = LOOK_BLOCK,
	[TAG_VIDEO] = LOOK_HIDDEN,
};

struct writer {
	struct buf out;
	enum look pending; /* white space that is written before the next character, if any comes */
};

bool dom_is_block(enum dom_tag tag)
{
	return looks[tag] == LOOK_BLOCK || looks[tag] == LOOK_SPACE;
}

static void want_gap(struct writer *w, enum look gap)
{
	if (gap > w->pending)
		w->pending = gap;
}

/* Bytes of the white space character at the start of `s`, 0 when there is none. Unicode's spaces of every width count: Chinese
 * pages indent by U+3000. */
static size_t space_length(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (p[0] == ' ' || (p[0] >= '\t' && p[0] <= '\r'))
		return 1;
	if (p[0] == 0xC2)
		return s.n > 1 && p[1] == 0xA0 ? 2 : 0;
	if (s.n < 3 || (p[0] != 0xE2 && p[0] != 0xE3))
		return 0;
	if (p[0] == 0xE3)
		return p[1] == 0x80 && p[2] == 0x80 ? 3 : 0;
	return p[1] == 0x80 && (p[2] <= 0x8A || p[2] == 0xA8 || p[2] == 0xA9 || p[2] == 0xAF) ? 3 : 0;
}

#ifdef __SSE2__
/* White space, and bytes that it may begin with. */
static inline __m128i may_be_space(__m128i x)
{
	const __m128i blank = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(' ')), x);
	return _mm_or_si128(_mm_or_si128(blank, bytes_are(x, '\xC2')), bytes_range(x, 0xE2, 2));
}

/* ... but for one blank between two other bytes, which is written as it stands. */
static inline __m128i gap(__m128i x, __m128i next)
{
	return _mm_andnot_si128(_mm_andnot_si128(may_be_space(next), bytes_are(x, ' ')), may_be_space(x));
}
#endif

/* Bytes up to white space; words with single blanks between may be taken as one. */
static size_t word_length(struct str s)
{
	size_t n = 0;

	while (n < s.n) {
		const unsigned char c = (unsigned char)s.p[n];
		if ((c <= ' ' || c == 0xC2 || c == 0xE2 || c == 0xE3) && space_length(str_from(s, n)) > 0)
			break;
		n++;
#ifdef __SSE2__
		n = bytes_until(s, n, gap);
#endif
	}
	return n;
}

static void add_text(struct writer *w, struct str s, bool keeps_lines)
{
	while (s.n > 0) {
		size_t n = word_length(s);
		if (n > 0) {
			if (w->pending != LOOK_INLINE && w->out.n > 0)
				buf_addc(&w->out, w->pending == LOOK_BLOCK ? '\n' : ' ');
			w->pending = LOOK_INLINE;
			buf_add(&w->out, s.p, n);
		} else {
			n = space_length(s);
			want_gap(w, keeps_lines && s.p[0] == '\n' ? LOOK_BLOCK : LOOK_SPACE);
		}
		s = str_from(s, n);
	}
}

/* Does a style attribute say that nothing is shown? */
static bool style_hides(struct str style)
{
	char plain[512];
	size_t n = 0;

	for (size_t i = 0; i < style.n && n < sizeof(plain); i++) {
		const char c = style.p[i];
		if (c != ' ' && c != '\t' && c != '\n')
			plain[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	return str_find((struct str){ plain, n }, STR("display:none")) >= 0 ||
	       str_find((struct str){ plain, n }, STR("visibility:hidden")) >= 0;
}

static bool is_hidden(const struct dom *d, uint32_t node)
{
	const struct dom_node *x = &d->node[node];

	if (looks[x->tag] == LOOK_HIDDEN)
		return true;
	for (uint32_t i = 0; i < x->nattributes; i++) {
		const struct dom_attribute *attribute = &d->attribute[x->attribute + i];
		if (str_eq(attribute->name, STR("hidden")) && !str_eq(attribute->value, STR("until-found")))
			return true;
		if (str_eq(attribute->name, STR("style")) && style_hides(attribute->value))
			return true;
	}
	return false;
}

static bool is_in_pre(const struct dom *d, uint32_t node)
{
	while (node > 0 && d->node[node].tag != TAG_PRE)
		node = d->node[node].parent;
	return node > 0;
}

/* The gaps behind the elements that end between two nodes: `from`'s ancestors up to (not with) `to`. */
static void close_up_to(struct writer *w, const struct dom *d, uint32_t from, uint32_t to)
{
	for (uint32_t x = from; x != to && x != 0; x = d->node[x].parent)
		want_gap(w, looks[d->node[x].tag] == LOOK_HIDDEN ? LOOK_INLINE : looks[d->node[x].tag]);
}

/* Does the text below a node, with a gap before each piece, fit into a small buffer? */
static bool is_text_short(const struct dom *d, uint32_t node)
{
	size_t n = 0;

	for (uint32_t i = node; i < d->node[node].end && n <= SHORT_TEXT; i++)
		n += d->node[i].tag == TAG_TEXT ? d->node[i].text.n + 1 : 0;
	return n <= SHORT_TEXT;
}

struct str dom_text_without(struct arena *a, const struct dom *d, uint32_t node, bool (*skip)(const void *context, uint32_t node),
	const void *context)
{
	struct writer w = { .pending = LOOK_INLINE };
	const uint32_t end = d->node[node].end;
	const bool is_short = is_text_short(d, node);
	char small[SHORT_TEXT + 1];
	uint32_t open = node, pre_end = is_in_pre(d, node) ? end : 0;
	struct str text;

	if (is_short)
		buf_init_in(&w.out, small, SHORT_TEXT);
	else
		buf_init(&w.out, SIZE_MAX / 2);
	for (uint32_t i = d->node[node].tag == TAG_TEXT ? node : node + 1; i < end;) {
		const struct dom_node *x = &d->node[i];
		close_up_to(&w, d, open, i == node ? open : x->parent);
		open = i == node ? open : x->parent;
		if ((skip && skip(context, i)) || (x->tag != TAG_TEXT && is_hidden(d, i))) {
			want_gap(&w, dom_is_block(x->tag) ? LOOK_BLOCK : LOOK_INLINE);
			i = x->end;
			continue;
		}
		if (x->tag == TAG_TEXT) {
			add_text(&w, x->text, i < pre_end);
		} else {
			want_gap(&w, looks[x->tag]);
			pre_end = x->tag == TAG_PRE && x->end > pre_end ? x->end : pre_end;
			open = i;
		}
		i++;
	}
	text = arena_copy(a, buf_str(&w.out));
	if (!is_short)
		buf_release(&w.out);
	return text;
}

struct str dom_text(struct arena *a, const struct dom *d, uint32_t node)
{
	return dom_text_without(a, d, node, NULL, NULL);
}
