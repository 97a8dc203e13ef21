/* Title, author, date and language of a page, from meta elements, JSON-LD, headings and bylines. */
#include "crawler/extract_meta.h"

#include "common/base/utf8.h"

#include <string.h>

struct str meta_content(const struct extract *x, const char *name)
{
	static const char *const keys[] = { "property", "name", "itemprop", "http-equiv" };
	const struct dom *d = x->dom;
	for (uint32_t i = 1; i < d->n; i++) {
		if (d->node[i].tag != TAG_META)
			continue;
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
			const struct str content = str_trim(dom_attribute(d, i, "content"));
			if (content.n > 0 && str_ieq(str_trim(dom_attribute(d, i, keys[k])), str_of(name)))
				return content;
		}
	}
	return STR("");
}

struct str meta_text_of(const struct extract *x, enum dom_tag tag)
{
	for (uint32_t i = 1; i < x->dom->n; i++) {
		if (x->dom->node[i].tag != tag)
			continue;
		const struct str text = str_trim(dom_text(x->a, x->dom, i));
		if (text.n > 0)
			return text;
	}
	return STR("");
}

static bool is_squeezed_out(const unsigned char *p, size_t left)
{
	if (left < 3)
		return false;
	return (p[0] == 0xE2 && (p[1] == 0x80 || p[1] == 0x81)) || (p[0] == 0xE3 && p[1] == 0x80) ||
	       (p[0] == 0xEF && (p[1] == 0xBC || p[1] == 0xBD || p[1] == 0xBB));
}

/* What is kept of an ASCII byte, in small letters; 0 = nothing. */
#define TEN(c) (c), (c) + 1, (c) + 2, (c) + 3, (c) + 4, (c) + 5, (c) + 6, (c) + 7, (c) + 8, (c) + 9
static const unsigned char kept_byte[128] = {
	['0'] = TEN('0'),
	['A'] = TEN('a'),
	['K'] = TEN('k'),
	['U'] = 'u',
	['V'] = 'v',
	['W'] = 'w',
	['X'] = 'x',
	['Y'] = 'y',
	['Z'] = 'z',
	['a'] = TEN('a'),
	['k'] = TEN('k'),
	['u'] = 'u',
	['v'] = 'v',
	['w'] = 'w',
	['x'] = 'x',
	['y'] = 'y',
	['z'] = 'z',
};

struct str meta_squeezed(struct arena *a, struct str s, size_t max)
{
	char *out = arena_raw(a, (s.n < max ? s.n : max) + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < max; i++) {
		const unsigned char c = (unsigned char)s.p[i];
		if (c < 0x80) {
			out[n] = (char)kept_byte[c];
			n += kept_byte[c] != 0;
		} else if (c >= 0xE4 && n + 3 <= max && utf8_is_plain_three(s, i)) {
			memcpy(out + n, s.p + i, 3);
			n += 3;
			i += 2;
		} else if (c >= 0xE2 && is_squeezed_out((const unsigned char *)s.p + i, s.n - i)) {
			i += 2;
		} else if (c == 0xC2 && s.n - i >= 2) {
			i += 1;
		} else {
			out[n++] = s.p[i];
		}
	}
	return (struct str){ out, n };
}

/* What the page says its language is. */
static struct str language_of(const struct extract *x, const struct jsonld_article *ld)
{
	struct str hint = STR("");
	for (uint32_t i = 1; i < x->dom->n && hint.n == 0; i++)
		if (x->dom->node[i].tag == TAG_HTML)
			hint = str_trim(dom_attribute(x->dom, i, "lang"));
	if (hint.n == 0)
		hint = ld->language;
	if (hint.n == 0)
		hint = x->page->content_language;
	return hint;
}

void extract_headline(const struct extract *x, struct extraction *out)
{
	struct jsonld_article ld;
	(void)jsonld_article(x, &ld);
	out->title = meta_title(x, &ld);
	out->language = language_of(x, &ld);
}

void extract_metadata(const struct extract *x, struct extraction *out)
{
	struct jsonld_article ld;
	(void)jsonld_article(x, &ld);
	extract_headline(x, out);
	out->author = meta_author(x, &ld);
	(void)extract_published(x, &out->published, &out->published_ms, &out->day_only);
}
