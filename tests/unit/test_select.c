/* Unit tests of CSS selectors: what they find, what they refuse, and that hostile pages cost little. */
#include "crawler/select.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>

static struct arena arena;
static struct dom dom;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, 2 * LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void load(struct str html)
{
	struct err e;
	arena_reset(&arena);
	assert_int_equal(dom_read(&arena, html, DOM_BUILDER_AUTO, &dom, &e), OK);
}

/* The ids of what a selector finds below `scope`, one letter each. */
static const char *found(const char *selector, uint32_t scope)
{
	static char ids[64];
	struct err e = { 0 };
	size_t n = 0;
	const struct select *s = select_parse(&arena, str_of(selector), NULL, &e);
	if (s == NULL)
		fail_msg("%s: %s", selector, e.text);
	for (uint32_t i = select_first(s, &dom, scope); i != 0 && n < 60; i = select_next(s, &dom, scope, i))
		ids[n++] = dom_attribute(&dom, i, "id").n != 0 ? dom_attribute(&dom, i, "id").p[0] : '?';
	ids[n] = '\0';
	return ids;
}

static const char page[] =
	"<div id=a class='post odd' data-k='投诉 quality'><p id=b>1<p id=c class=last>2<span id=d title=Refund>x</span></div>"
	"<div id=e class='post'><ul id=f><li id=g><li id=h><b id=i>z</b><li id=j></ul><p id=k class=作者>y</div>";

static void a_selector_finds_what_css_finds(void **state)
{
	(void)state;
	static const struct {
		const char *selector, *ids;
	} cases[] = {
		{ "div", "ae" },
		{ ".post", "ae" },
		{ "div.post.odd", "a" },
		{ "#h b", "i" },
		{ "DIV > p", "bck" },
		{ "div>p:first-child", "b" },
		{ "p:not(.last)", "bk" },
		{ "li:nth-child(2), #a span", "dh" },
		{ "li:last-child", "j" },
		{ "p:first-of-type", "bk" },
		{ "p:nth-of-type(2)", "c" },
		{ "ul + p", "k" },
		{ "p + p > span", "d" },
		{ "[data-k~=投诉]", "a" },
		{ "[data-k^='投诉 q']", "a" },
		{ "[data-k$=\"quality\"]", "a" },
		{ "[title=refund i]", "d" },
		{ "[title=refund]", "" },
		{ "[title*=fun]", "d" },
		{ ".作者", "k" },
		{ "*#a", "a" },
		{ "div li b", "i" },
		{ "div > li", "" },
		{ "body div ul li", "ghj" },
		{ ".post\\ x", "" },
	};
	load(STR(page));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (strcmp(found(cases[i].selector, 0), cases[i].ids) != 0)
			fail_msg("%s: expected \"%s\", got \"%s\"", cases[i].selector, cases[i].ids, found(cases[i].selector, 0));
}

static void a_leading_child_sign_starts_at_the_scope(void **state)
{
	(void)state;
	struct err e;
	load(STR(page));
	const uint32_t e_div = select_first(select_parse(&arena, STR("#e"), NULL, &e), &dom, 0);
	assert_string_equal(found("> p", e_div), "k");
	assert_string_equal(found("> li", e_div), "");
	assert_string_equal(found("> ul li", e_div), "ghj");
	assert_string_equal(found(":scope > ul > li", e_div), "ghj");
	assert_string_equal(found("body li", e_div), "ghj");
	assert_string_equal(found("p", e_div), "k");
}

static void what_is_no_selector_is_refused_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *selector;
		size_t at;
		const char *word;
	} cases[] = {
		{ "", 0, "needs a tag" },
		{ "div >", 5, "needs a tag" },
		{ "a,,b", 2, "needs a tag" },
		{ ".", 1, "a class behind ." },
		{ "[a=b", 4, "no closing ]" },
		{ "[a='b]", 6, "no closing '" },
		{ "p:hover", 7, "is not known" },
		{ "p:nth-child(n)", 12, "1 to 999" },
		{ "a ~ b", 2, "" },
		{ ".post div:not(.a.b)", 16, "one test fits" },
		{ ".a*", 2, "tag stands first" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };
		size_t at = 0;
		assert_null(select_parse(&arena, str_of(cases[i].selector), &at, &e));
		if (at != cases[i].at || strstr(e.text, cases[i].word) == NULL)
			fail_msg("%s: at %zu: %s", cases[i].selector, at, e.text);
	}
}

/* Deep and broad pages against selectors that a naive matcher would try in every way. */
static void hostile_pages_cost_little(void **state)
{
	(void)state;
	struct buf b;
	struct err e;
	buf_init(&b, 2u << 20);
	for (int i = 0; i < 200; i++)
		buf_addz(&b, "<div class=a>");
	for (int i = 0; i < 20000; i++)
		buf_addz(&b, "<i></i>");
	load(buf_str(&b));
	buf_release(&b);
	const clock_t from = clock();
	assert_int_equal(select_first(select_parse(&arena, STR(".a .a .a .a .a .a .a .b i"), NULL, &e), &dom, 0), 0);
	assert_int_equal(
		select_first(select_parse(&arena, STR("b:nth-of-type(3), i:nth-of-type(900) + b"), NULL, &e), &dom, 0), 0);
	assert_true((double)(clock() - from) / CLOCKS_PER_SEC < 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_selector_finds_what_css_finds),
		cmocka_unit_test(a_leading_child_sign_starts_at_the_scope),
		cmocka_unit_test(what_is_no_selector_is_refused_with_its_place),
		cmocka_unit_test(hostile_pages_cost_little),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
