/* Fuzz target: any text as a CSS selector, and as an XPath, is one or is refused with its place; what compiles is asked of a page. Input:
 * the text, and behind a NUL a page, else one of our own. */
#include "crawler/recipe_plan.h"
#include "crawler/select.h"

#include <stdlib.h>

#define PAGE_BYTES 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char html[] =
	"<body id=b class='a b'><div class=post id=p1 data-f='{\"a\":1}'><a class=author href=/u title=\"A b\">小王</a><p "
	"class=text>充电 "
	"<b>x</b></p><time datetime=2024-05-01></time></div><div class=post id=p2><p class=text>y</p><p>z</p></div>"
	"<table><tr><td>1<td class=n>2<tr><td>3<td>4</table><ul><li>a<li class='b c'>b<ul><li>c</ul></ul>";

static void require(bool claim)
{
	if (!claim)
		abort();
}

/* Everything that is found matches, in order, and nothing that matches is passed over. */
static void ask(const struct select *s, const struct dom *d, uint32_t scope)
{
	uint32_t found = select_first(s, d, scope);
	for (uint32_t i = scope + 1; i < d->node[scope].end; i++) {
		const bool matches = select_matches(s, d, scope, i);
		require(matches == (i == found));
		if (matches)
			found = select_next(s, d, scope, i);
	}
	require(found == 0);
}

static void check_css(struct arena *a, const struct dom *d, struct str css)
{
	struct err e = { 0 };
	size_t at = 0;
	const struct select *s = select_parse(a, css, &at, &e);
	require(s != NULL || (at <= css.n && e.text[0] != '\0'));
	if (s == NULL)
		return;
	for (size_t i = 0; i < select_nalternatives(s); i++)
		(void)select_key(s, i);
	ask(s, d, 0);
	if (d->n > 3)
		ask(s, d, 2);
}

static void check_xpath(struct arena *a, const struct dom *d, struct str path)
{
	struct recipe_xpath x;
	struct err e = { 0 };
	size_t at = 0;
	if (!recipe_xpath(a, path, &x, &at, &e)) {
		require(at <= path.n && e.text[0] != '\0');
		return;
	}
	if (select_parse(a, x.css, &at, &e) != NULL)
		check_css(a, d, x.css);
	else
		require(x.css.n == 0 || str_find(str_of(e.text), STR("more than")) >= 0); /* caps, nothing else */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct dom d;
	struct err e;
	struct str page = { (const char *)data, size }, text;
	if (!str_split(&page, '\0', &text) || page.n > PAGE_BYTES || text.n > PAGE_BYTES)
		return 0;
	arena_init(&a, 64u << 20);
	if (dom_read(&a, page.n > 0 ? page : STR(html), DOM_BUILDER_QUICK, &d, &e) == OK) {
		check_css(&a, &d, text);
		check_xpath(&a, &d, text);
	}
	arena_release(&a);
	return 0;
}
