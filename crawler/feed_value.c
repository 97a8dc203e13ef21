/* Text constructs of XML feeds: plain, escaped, inline and base64 markup, each with its type, language and base. */
#include "crawler/feed_xml.h"

#include <earshot/limits.h>

#include "common/base/crypto.h"
#include "common/base/entity.h"
#include "common/base/utf8.h"
#include "crawler/clean.h"

#include <string.h>

#define XML_NAMESPACE "http://www.w3.org/XML/1998/namespace"
#define LANGUAGE_BYTES 64

static bool is_web_address(struct str s)
{
	return str_istarts(s, STR("http://")) || str_istarts(s, STR("https://"));
}

/* A base that is no web address (javascript:, a mistake) is not followed. */
static struct str base_below(struct feed_scope *s, struct str reference)
{
	reference = str_trim(reference);
	if (reference.n == 0 || reference.n > LIMIT_URL_BYTES)
		return s->base;
	if (is_web_address(reference))
		return reference;
	return feed_has_scheme(reference) || s->base.n == 0 ? s->base : feed_resolve(s, reference);
}

/* en_US for en-US has been seen. */
static struct str language_of(struct arena *a, struct str language)
{
	language = str_trim(language);
	if (language.n > LANGUAGE_BYTES)
		return str_of("");
	if (str_findc(language, '_') < 0)
		return language;
	char *copy = (char *)(uintptr_t)arena_copy(a, language).p;
	for (size_t i = 0; i < language.n; i++)
		copy[i] = copy[i] == '_' ? '-' : copy[i];
	return (struct str){ copy, language.n };
}

struct str feed_attribute(const struct feed_scope *s, const struct xml_node *n, const char *local_name)
{
	return n->nattributes > 0 ? xml_keep(s->a, s->xml, xml_attribute(n, local_name)) : STR("");
}

void feed_enter(struct feed_scope *s, const struct xml_node *n)
{
	struct str value;

	if (n->nattributes == 0)
		return;
	if (xml_attribute_ns(n, XML_NAMESPACE, "base", &value))
		s->base = base_below(s, xml_keep(s->a, s->xml, value));
	if (xml_attribute_ns(n, XML_NAMESPACE, "lang", &value))
		s->language = language_of(s->a, xml_keep(s->a, s->xml, value));
}

struct str feed_read_plain(struct feed_scope *s, const struct xml_node *n)
{
	return str_trim(xml_text(s->a, s->xml, n));
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct str feed_child_text(struct feed_scope *s, const struct xml_node *n, const char *name)
{
	for (const struct xml_node *child = xml_first(n); child; child = xml_next(child)) {
		if (str_eqc(str_of(feed_name_of(child).text), name))
			return feed_read_plain(s, child);
	}
	return str_of("");
}

/* The tag at text.p[0] == '<' has a name that HTML knows, or is none: "<" before a digit or a space. */
static bool is_known_tag(struct str text)
{
	const size_t start = text.n > 1 && text.p[1] == '/' ? 2 : 1;
	size_t end = start;

	while (end < text.n && is_name_byte(text.p[end]))
		end++;
	return end == start || clean_is_element((struct str){ text.p + start, end - start });
}

/* Plain text that is HTML after all: an end tag or a reference is in it, and no tag that HTML does not know. */
bool feed_looks_like_html(struct str text)
{
	struct entity read;
	bool found = false;

	for (size_t i = 0; i + 2 < text.n; i++) {
		if (text.p[i] == '<' && !is_known_tag(str_from(text, i)))
			return false;
		found = found || (text.p[i] == '<' && text.p[i + 1] == '/' && is_name_byte(text.p[i + 2]));
		found = found || (text.p[i] == '&' && entity_read(str_from(text, i), true, &read) > 0);
	}
	return found;
}

static struct str mapped_type(struct arena *a, struct str type, const char *default_type)
{
	type = str_trim(type);
	if (type.n == 0)
		return str_of(default_type);
	if (str_ieq(type, STR("text")) || str_ieq(type, STR("plain")))
		return STR("text/plain");
	if (str_ieq(type, STR("html")))
		return STR("text/html");
	if (str_ieq(type, STR("xhtml")))
		return STR("application/xhtml+xml");
	char *lower = (char *)(uintptr_t)arena_copy(a, type).p;
	for (size_t i = 0; i < type.n; i++)
		lower[i] = lower[i] >= 'A' && lower[i] <= 'Z' ? (char)(lower[i] + ('a' - 'A')) : lower[i];
	return (struct str){ lower, type.n };
}

static bool is_xml_type(struct str type)
{
	return str_ends(type, STR("xml"));
}

/* Atom: content of any other type is base64; Atom 0.3 says so in its mode. */
static bool is_base64(struct feed_scope *s, const struct xml_node *n, struct str type)
{
	const struct str mode = feed_attribute(s, n, "mode");

	if (str_ieq(mode, STR("base64")))
		return true;
	return mode.n == 0 && !str_starts(type, STR("text/")) && !is_xml_type(type) && !str_ends(type, STR("json")) &&
	       str_findc(type, '/') >= 0;
}

static struct str decoded_base64(struct arena *a, struct str text)
{
	struct buf packed, bytes;
	struct str value = text;

	buf_init(&packed, text.n + 1);
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] > ' ')
			buf_addc(&packed, text.p[i]);
	}
	buf_init(&bytes, text.n + 3);
	/* What only looks like base64 ("test" does) decodes to rubbish and stays as written. */
	if (packed.n > 0 && crypto_unbase64(&bytes, buf_str(&packed)) && utf8_valid(buf_str(&bytes)))
		value = utf8_repair(a, arena_copy(a, buf_str(&bytes)));
	buf_release(&packed);
	buf_release(&bytes);
	return value;
}

/* Half of what one element may take: escaping can make markup longer than it was, a hostile text five times so. */
static struct str inner_markup(struct feed_scope *s, const struct xml_node *n)
{
	struct buf markup;
	struct str value;

	buf_init(&markup, s->reserve / 2);
	xml_inner_markup(&markup, n);
	value = str_trim(arena_copy(s->a, buf_str(&markup)));
	buf_release(&markup);
	return value;
}

static bool is_div(const struct xml_node *n)
{
	return str_ieq(n->name, STR("div"));
}

/* Atom 1.0 wraps XHTML in a div, which goes when it is all there is. */
static struct str without_div(struct str markup, const struct xml_node *n)
{
	const struct xml_node *first = xml_first(n);
	const ptrdiff_t end = str_findc(markup, '>');

	if (!first || xml_next(first) || !is_div(first) || !str_starts(markup, STR("<div")) || !str_ends(markup, STR("</div>")))
		return markup;
	return str_trim(str_from(str_first(markup, markup.n - strlen("</div>")), (size_t)end + 1));
}

static void read_inline(struct feed_scope *s, const struct xml_node *n, struct feed_text *out)
{
	const struct xml_node *only = xml_first(n);
	const bool is_xml = is_xml_type(out->detail.type);

	/* TypePad: <content type="html"><div>escaped</div></content>; the div means nothing. */
	if (!is_xml && only && is_div(only) && !xml_next(only) && !xml_first(only)) {
		out->value = feed_read_plain(s, only);
		return;
	}
	if (!is_xml)
		out->detail.type = STR("application/xhtml+xml");
	out->value = inner_markup(s, n);
	if (str_eqc(s->feed->version, "atom10"))
		out->value = without_div(out->value, n);
}

struct feed_text feed_read_text(struct feed_scope *s, const struct xml_node *n, const char *default_type)
{
	struct feed_scope inner = *s;
	struct feed_text out = { .value = str_of("") };

	feed_enter(&inner, n);
	out.detail = (struct feed_detail){ .type = mapped_type(s->a, feed_attribute(s, n, "type"), default_type),
		.language = inner.language,
		.base = inner.base };
	if (xml_first(n) || str_eqc(out.detail.type, "application/xhtml+xml"))
		read_inline(&inner, n, &out);
	else
		out.value = feed_read_plain(s, n);
	if (!xml_first(n) && is_base64(s, n, out.detail.type))
		out.value = str_trim(decoded_base64(s->a, out.value));
	if (!s->is_atom && str_eqc(out.detail.type, "text/plain") && feed_looks_like_html(out.value))
		out.detail.type = STR("text/html");
	feed_clean_text(s, &out);
	return out;
}
