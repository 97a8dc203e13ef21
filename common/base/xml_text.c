/* The characters of XML, and a tree's text and markup. */
#include "common/base/xml_text.h"

#include <earshot/limits.h>

#include "common/base/bytes.h"
#include "common/base/entity.h"
#include "common/base/utf8.h"
#include "common/base/xml.h"

#include <string.h>

/* Text cannot be longer than the document, and that is at most a body whose every byte took three on its way to UTF-8; a
 * control character that means a sign of windows-1252 takes half as much again. */
#define TEXT_MAX (5 * (size_t)LIMIT_BODY_BYTES)

#define NOT_A_REFERENCE "a & that starts no known character reference"

/* --- decoding ------------------------------------------------------------------------------------------------------ */

void xml_decoder_init(struct xml_decoder *d)
{
	buf_init(&d->scratch, TEXT_MAX);
}

void xml_decoder_release(struct xml_decoder *d)
{
	buf_release(&d->scratch);
}

static void complain(struct xml_decoder *d, const char *why)
{
	if (!d->why)
		d->why = why;
}

/* U+FFFE and U+FFFF, which are well-formed UTF-8 and yet no XML characters. */
static bool is_noncharacter(struct str s, size_t at)
{
	return s.p[at] == '\xEF' && at + 2 < s.n && s.p[at + 1] == '\xBF' && (s.p[at + 2] == '\xBE' || s.p[at + 2] == '\xBF');
}

/* U+0080 … U+009F: control characters that were windows-1252 before somebody took it for Latin-1. */
static bool is_c1(struct str s, size_t at)
{
	return s.p[at] == '\xC2' && at + 1 < s.n && (unsigned char)s.p[at + 1] < 0xA0;
}

/* Has it to be changed? Line ends become a line feed. */
static bool is_special(struct str s, size_t at, bool is_cdata)
{
	const unsigned char ch = (unsigned char)s.p[at];

	if (ch < 0x20)
		return ch != '\t' && ch != '\n';
	return (ch == '&' && !is_cdata) || (ch == 0xC2 && is_c1(s, at)) || (ch == 0xEF && is_noncharacter(s, at));
}

#ifdef __SSE2__
static inline __m128i wanted_in_cdata(__m128i x, __m128i next)
{
	const __m128i control = _mm_andnot_si128(bytes_range(x, '\t', 2), bytes_range(x, 0, ' '));
	const __m128i c1 = _mm_and_si128(bytes_are(x, '\xC2'), bytes_range(next, 0x80, 0x20));
	const __m128i noncharacter = _mm_and_si128(bytes_are(x, '\xEF'), bytes_are(next, '\xBF'));

	return _mm_or_si128(control, _mm_or_si128(c1, noncharacter));
}

static inline __m128i wanted_in_text(__m128i x, __m128i next)
{
	return _mm_or_si128(wanted_in_cdata(x, next), bytes_are(x, '&'));
}
#endif

/* U+FFFD is one bit away from a noncharacter, and damaged text is full of it. */
static size_t past_replacements(struct str s, size_t at)
{
	while (s.n - at >= 3 && memcmp(s.p + at, "\xEF\xBF\xBD", 3) == 0)
		at += 3;
	return at;
}

/* Place of the next byte that has to be changed, s.n when there is none. */
static size_t next_special(struct str s, size_t at, bool is_cdata)
{
	for (at = past_replacements(s, at); at < s.n; at = past_replacements(s, at + 1)) {
		if (is_special(s, at, is_cdata))
			break;
#ifdef __SSE2__
		at = is_cdata ? bytes_until(s, at + 1, wanted_in_cdata) - 1 : bytes_until(s, at + 1, wanted_in_text) - 1;
#endif
	}
	return at;
}

static size_t add_reference(struct xml_decoder *d, struct str s)
{
	struct entity read = { 0 };
	size_t bare = 0; /* of a row of them only the last one may start a reference */

	while (bare + 1 < s.n && s.p[bare + 1] == '&')
		bare++;
	if (bare > 0) {
		complain(d, NOT_A_REFERENCE);
		buf_add(&d->scratch, s.p, bare);
		return bare;
	}
	const size_t n = entity_read(s, true, &read);
	const uint32_t cp = read.cp;

	if (n == 0) {
		complain(d, NOT_A_REFERENCE);
		buf_addc(&d->scratch, '&');
		return 1;
	}
	if (cp == UTF8_REPLACEMENT)
		complain(d, "a reference to a character that XML does not allow");
	if (cp >= 0x80 && s.p[1] != '#' && !d->knows_names)
		complain(d, "a named character that was not declared");
	if (cp < 0x80 && read.second == 0)
		buf_addc(&d->scratch, (char)cp);
	else
		entity_add(&d->scratch, read);
	return n;
}

/* What next_special() stopped at; returns how many bytes of `s` it took. */
static size_t add_special(struct xml_decoder *d, struct str s)
{
	if (s.p[0] == '&')
		return add_reference(d, s);
	if (s.p[0] == '\xC2') {
		utf8_add(&d->scratch, entity_windows_1252((unsigned char)s.p[1]));
		return 2;
	}
	if (s.p[0] == '\r') {
		buf_addc(&d->scratch, '\n');
		return s.n > 1 && s.p[1] == '\n' ? 2 : 1;
	}
	complain(d, "a character that XML does not allow");
	return s.p[0] == '\xEF' ? 3 : 1;
}

struct str xml_decode(struct xml_decoder *d, struct arena *a, struct str raw, bool is_cdata)
{
	size_t at = next_special(raw, 0, is_cdata), from = 0;

	if (at == raw.n)
		return raw;
	buf_clear(&d->scratch);
	while (at < raw.n) {
		buf_add(&d->scratch, raw.p + from, at - from);
		from = at + add_special(d, str_from(raw, at));
		at = next_special(raw, from, is_cdata);
	}
	buf_add(&d->scratch, raw.p + from, raw.n - from);
	return arena_copy(a, buf_str(&d->scratch));
}

/* --- a tree's text ------------------------------------------------------------------------------------------------- */

struct str xml_uri(const struct xml_node *n)
{
	return n->ns ? n->ns->uri : STR("");
}

static const struct xml_node *element_from(const struct xml_node *n)
{
	while (n && n->is_text)
		n = n->next;
	return n;
}

const struct xml_node *xml_first(const struct xml_node *n)
{
	return element_from(n->first);
}

const struct xml_node *xml_next(const struct xml_node *n)
{
	return element_from(n->next);
}

struct str xml_attribute(const struct xml_node *n, const char *local_name)
{
	const struct xml_attribute *found = NULL;

	for (size_t i = 0; i < n->nattributes; i++) {
		const struct xml_attribute *x = &n->attributes[i];
		if ((!found || !x->ns) && str_eqc(x->name, local_name))
			found = x;
	}
	return found ? found->value : STR("");
}

bool xml_attribute_ns(const struct xml_node *n, const char *uri, const char *local_name, struct str *value)
{
	for (size_t i = 0; i < n->nattributes; i++) {
		const struct xml_attribute *x = &n->attributes[i];
		if (!str_eqc(x->name, local_name) || !str_eqc(x->ns ? x->ns->uri : STR(""), uri))
			continue;
		*value = x->value;
		return true;
	}
	return false;
}

/* The next node in document order below `top`. */
static const struct xml_node *next_below(const struct xml_node *top, const struct xml_node *n)
{
	if (n->first)
		return n->first;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

static bool is_of_document(const struct xml *x, struct str s)
{
	return s.p >= x->document.p && s.p + s.n <= x->document.p + x->document.n;
}

struct str xml_keep(struct arena *a, const struct xml *x, struct str s)
{
	return s.n == 0 ? STR("") : is_of_document(x, s) ? s : arena_copy(a, s);
}

struct str xml_text(struct arena *a, const struct xml *x, const struct xml_node *n)
{
	const struct xml_node *only = n->first;
	struct buf text;
	struct str copy;

	if (!only)
		return STR("");
	if (only->is_text && !only->next)
		return xml_keep(a, x, only->name);
	buf_init(&text, TEXT_MAX);
	for (const struct xml_node *below = only; below; below = next_below(n, below)) {
		if (below->is_text)
			buf_adds(&text, below->name);
	}
	copy = arena_copy(a, buf_str(&text));
	buf_release(&text);
	return copy;
}

/* --- markup -------------------------------------------------------------------------------------------------------- */

static void add_escaped(struct buf *out, struct str s, bool is_attribute)
{
	for (size_t at = 0; at < s.n;) {
		size_t n = at;
		while (n < s.n && s.p[n] != '&' && s.p[n] != '<' && s.p[n] != '>' && s.p[n] != '"')
			n++;
		buf_add(out, s.p + at, n - at);
		at = n;
		if (at == s.n)
			return;
		const char ch = s.p[at++];
		buf_addz(out, ch == '&' ? "&amp;" : ch == '<' ? "&lt;" : ch == '>' ? "&gt;" : is_attribute ? "&quot;" : "\"");
	}
}

/* HTML's elements without content: the only ones that readers of HTML let close themselves. */
static bool is_void(struct str name)
{
	static const char *const names[] = { "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
		"source", "track", "wbr" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eqc(name, names[i]))
			return true;
	}
	return false;
}

static void add_start_tag(struct buf *out, const struct xml_node *n)
{
	buf_addc(out, '<');
	buf_adds(out, n->name);
	for (size_t i = 0; i < n->nattributes; i++) {
		const struct xml_attribute *x = &n->attributes[i];
		buf_addc(out, ' ');
		if (x->ns) {
			buf_adds(out, x->ns->prefix);
			buf_addc(out, ':');
		}
		buf_adds(out, x->name);
		buf_addz(out, "=\"");
		add_escaped(out, x->value, true);
		buf_addc(out, '"');
	}
	buf_addz(out, !n->first && is_void(n->name) ? " />" : ">");
}

static void add_end_tag(struct buf *out, const struct xml_node *n)
{
	if (!n->first && is_void(n->name))
		return;
	buf_addz(out, "</");
	buf_adds(out, n->name);
	buf_addc(out, '>');
}

void xml_inner_markup(struct buf *out, const struct xml_node *n)
{
	const struct xml_node *x = n->first;

	while (x) {
		if (x->is_text)
			add_escaped(out, x->name, false);
		else
			add_start_tag(out, x);
		if (x->first) {
			x = x->first;
			continue;
		}
		/* Nothing below (any more): close this one and all that end here. */
		if (!x->is_text)
			add_end_tag(out, x);
		while (!x->next && x->parent != n) {
			x = x->parent;
			add_end_tag(out, x);
		}
		x = x->next;
	}
}
