/* A page as a flat list of nodes: reading one and asking its nodes. */
#include "common/base/dom.h"

#include <earshot/limits.h>

#include "common/base/dom_build.h"
#include "common/base/entity.h"
#include "common/base/html_tree.h"
#include "common/base/tree_gumbo.h"
#include "common/base/utf8.h"

#include <string.h>

/* U+0080 … U+009F: control characters that were windows-1252 before somebody took it for Latin-1. */
static bool is_c1(struct str s, size_t at)
{
	return s.p[at] == '\xC2' && at + 1 < s.n && (unsigned char)s.p[at + 1] < 0xA0;
}

static bool needs_repair(struct str html)
{
	const char *from = html.p, *end = html.p + html.n;

	if (html.n == 0 || memchr(html.p, '\0', html.n))
		return html.n > 0;
	for (from = memchr(from, 0xC2, html.n); from; from = memchr(from + 1, 0xC2, (size_t)(end - from - 1))) {
		if (is_c1(html, (size_t)(from - html.p)))
			return true;
	}
	return false;
}

/* NULs mean nothing in HTML and would end the page for some builders: out. Characters that only Latin-1 has where windows-1252
 * was meant: set right. */
static struct str repaired(struct arena *a, struct str html)
{
	char *copy;
	size_t n = 0;

	if (!needs_repair(html))
		return html;
	copy = arena_raw(a, 2 * html.n); /* a mark of two bytes becomes one of up to three */
	for (size_t i = 0; i < html.n; i++) {
		if (is_c1(html, i))
			n += (size_t)utf8_put(copy + n, entity_windows_1252((unsigned char)html.p[++i]));
		else if (html.p[i] != '\0')
			copy[n++] = html.p[i];
	}
	return (struct str){ copy, n };
}

/* true when the builder made the page; gumbo may refuse. */
static bool build(struct dom_build *b, struct str html, enum dom_builder builder)
{
	static const char *const names[] = {
		[DOM_BUILDER_AUTO] = "earshot",
		[DOM_BUILDER_QUICK] = "earshot",
		[DOM_BUILDER_GUMBO] = "gumbo",
	};
	const char *exotic = NULL;
	bool done = true;

	b->dom->builder = names[builder];
	if (builder == DOM_BUILDER_GUMBO)
		done = tree_gumbo_html(b, html);
	else
		html_tree_read(b, html, &exotic);
	dom_build_end(b);
	b->dom->exotic = exotic;
	return done;
}

enum outcome dom_read(struct arena *a, struct str html, enum dom_builder builder, struct dom *out, struct err *e)
{
	const bool is_long = html.n > LIMIT_HTML_BYTES;
	struct dom_build first, second;
	struct dom exact;

	(void)e;
	html = repaired(a, str_cut_utf8(html, LIMIT_HTML_BYTES));
	dom_build_init(&first, a, html, out);
	if (!build(&first, html, builder))
		(void)build(&first, html, DOM_BUILDER_QUICK);
	out->cut = out->cut || is_long;
	if (builder != DOM_BUILDER_AUTO || !out->exotic || out->cut)
		return OK;
	dom_build_init(&second, a, html, &exact);
	if (build(&second, html, DOM_BUILDER_GUMBO) && !exact.cut)
		*out = exact;
	return OK;
}

const struct dom_attribute *dom_attribute_find(const struct dom *d, uint32_t node, struct str name)
{
	const struct dom_node *x = &d->node[node];

	for (uint32_t i = 0; i < x->nattributes; i++) {
		const struct dom_attribute *at = &d->attribute[x->attribute + i];
		if (at->name.n == name.n && name.n > 0 && at->name.p[0] == name.p[0] && memcmp(at->name.p, name.p, name.n) == 0)
			return at;
	}
	return NULL;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool dom_has_class(const struct dom *d, uint32_t node, struct str token)
{
	struct str list = dom_attribute(d, node, "class");

	while (list.n > 0) {
		size_t n = 0;
		while (n < list.n && !is_space(list.p[n]))
			n++;
		if (n > 0 && str_eq(str_first(list, n), token))
			return true;
		list = str_from(list, n + 1);
	}
	return false;
}
