/* Unit tests of the HTML cleaner: what stays, what goes, and that nothing runs. */
#include "crawler/clean.h"

#include <earshot/limits.h>

#include "common/base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena arena;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void expect_clean(const char *html, const char *want)
{
	const struct str got = clean_html(&arena, str_of(html), STR("https://bbs.example.com/a/b.html"));

	if (!str_eqc(got, want))
		fail_msg("%s:\n  expected %s\n       got %.*s", html, want, STR_FMT(got));
	const struct str again = clean_html(&arena, got, STR("https://bbs.example.com/a/b.html"));
	if (!str_eq(again, got))
		fail_msg("%s: cleaned again it becomes %.*s", html, STR_FMT(again));
}

static void listed_markup_stays(void **state)
{
	(void)state;
	expect_clean("没有标记", "没有标记");
	expect_clean(
		"<p>屏幕<b>碎了</b> &amp; <em>no</em> refund&nbsp;</p>", "<p>屏幕<b>碎了</b> &amp; <em>no</em> refund&nbsp;</p>");
	expect_clean("<IMG SRC=http://x.example/1.png ALT='图 \"一\"'>",
		"<img alt=\"图 &quot;一&quot;\" src=\"http://x.example/1.png\" />");
	expect_clean("<td nowrap>1", "<td nowrap=\"nowrap\">1</td>");
}

static void scripts_and_sheets_go_with_what_they_hold(void **state)
{
	(void)state;
	expect_clean("客服<script>if (a<b) alert('</b>')</script>不理", "客服不理");
	expect_clean("a<style>b{}</STYLE >c<SCRIPT src=x></SCRIPT>d", "acd");
	expect_clean("a<script>never closed", "a");
	expect_clean("a<!-- <b> -->b<!-- never closed", "ab");
	expect_clean("<scr<script>x</script>ipt>alert(1)</script>", "xipt>alert(1)");
}

static void unknown_elements_leave_their_text(void **state)
{
	(void)state;
	expect_clean("<object data=x>退款</object><iframe src=y>a</iframe><form action=/logout><input name=q value=1></form>",
		"退款a<input value=\"1\" />");
	expect_clean("<o:p>Word</o:p><noscript><b>看</b></noscript>", "<p>Word</p><b>看</b>");
}

static void handlers_and_odd_attributes_go(void **state)
{
	(void)state;
	expect_clean("<b onclick=alert(1) id=x name=y class=z>1</b>", "<b class=\"z\">1</b>");
	expect_clean("<img src=x onerror=alert(1)//>", "<img src=\"https://bbs.example.com/a/x\" />");
	expect_clean("<a/onmouseover='x'href='/1'>1</a>", "<a href=\"https://bbs.example.com/1\">1</a>");
}

static void addresses_have_a_listed_scheme(void **state)
{
	static const char *const bad[] = { "javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
		"&#106;avascript:alert(1)", "&#x6A&#x61vascript:alert(1)", "\x01javascript:x", "vbscript:x", "data:text/html,x",
		"file:///etc/passwd", "java&Tab;script:x", "javascript&colon;x" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct str html = arena_printf(&arena, "<a href=\"%s\">x</a>", bad[i]);
		const struct str got = clean_html(&arena, html, STR(""));
		if (str_find(got, STR("script:")) >= 0 || str_find(got, STR("data:")) >= 0 || str_find(got, STR("file:")) >= 0 ||
			str_find(got, STR("&colon;")) >= 0 || str_find(got, STR("&Tab;")) >= 0)
			fail_msg("%s became %.*s", bad[i], STR_FMT(got));
	}
	expect_clean("<a href='mailto:a@b.c'>1</a>", "<a href=\"mailto:a@b.c\">1</a>");
}

static void relative_links_are_resolved(void **state)
{
	(void)state;
	expect_clean("<a href=\"c.html?x=1&amp;y=2\">1</a>", "<a href=\"https://bbs.example.com/a/c.html?x=1&amp;y=2\">1</a>");
	expect_clean("<a href='//cdn.example.com/x'>1</a>", "<a href=\"https://cdn.example.com/x\">1</a>");
	assert_true(str_eqc(clean_html(&arena, STR("<a href='/x'>1</a>"), STR("")), "<a href=\"/x\">1</a>"));
}

static void elements_are_closed_in_order(void **state)
{
	(void)state;
	expect_clean("<div><b><i>1</b>2</div></div>3", "<div><b><i>1</i></b>2</div>3");
	expect_clean("<ul><li>一<li>二</ul>", "<ul><li>一</li><li>二</li></ul>");
	expect_clean("<br/><hr></hr>", "<br /><hr />");
}

static void what_is_no_tag_is_text(void **state)
{
	(void)state;
	expect_clean("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 > 2");
	expect_clean("<3 退款 <", "&lt;3 退款 &lt;");
	expect_clean("<a href=\"x>没有引号</a> ok", "<a href=\"https://bbs.example.com/a/x\">没有引号</a> ok");
	expect_clean("to <b and so on", "to &lt;b and so on");
	expect_clean("&#146;&#0;&bogus;", "&#x2019;&#xfffd;&amp;bogus;");
}

static void styles_are_declarations_by_list(void **state)
{
	(void)state;
	expect_clean("<b style='color:red;position:fixed;top:0'>1</b>", "<b style=\"color: red;\">1</b>");
	expect_clean("<b style=\"font-family:'微软雅黑'; margin: 2px 10em\">1</b>",
		"<b style=\"font-family: '微软雅黑'; margin: 2px 10em;\">1</b>");
	expect_clean("<b style='background:url(http://x/)'>1</b>", "<b>1</b>");
	expect_clean("<b style='width:expression(alert(1))'>1</b>", "<b>1</b>");
	expect_clean("<b style='color:red !important;c\\6f lor:x'>1</b>", "<b>1</b>");
	expect_clean("<b style='margin: 2000px'>1</b>", "<b>1</b>");
}

static void drawings_and_formulas_are_kept_without_their_tricks(void **state)
{
	(void)state;
	expect_clean(
		"<svg viewbox='0 0 1 1' onload=x><circle r=1 /><script>x</script><foreignObject><b>1</b></foreignObject></svg>",
		"<svg viewBox=\"0 0 1 1\" xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"1\"></circle><b>1</b></svg>");
	expect_clean("<svg><a xlink:href='javascript:x'>1</a></svg>", "<svg xmlns=\"http://www.w3.org/2000/svg\"><a>1</a></svg>");
	expect_clean("<circle r=1></circle><mi>a</mi>", "a");
}

static void a_value_that_grows_too_long_is_left_out(void **state)
{
	(void)state;
	static const char *const starts[] = { "<a href=\"/", "<p title=\"" };
	for (size_t i = 0; i < 2; i++) {
		struct buf html;
		buf_init(&html, 1u << 16);
		buf_addz(&html, starts[i]);
		for (int k = 0; k < 1000; k++)
			buf_addz(&html, "x&; ");
		buf_addz(&html, "\">x");
		expect_clean(html.p, i == 0 ? "<a>x</a>" : "<p>x</p>");
		buf_release(&html);
	}
}

static void growth_and_depth_are_capped(void **state)
{
	struct buf many;

	(void)state;
	buf_init(&many, 4u << 20);
	for (int i = 0; i < 100000; i++)
		buf_addz(&many, "<a href=x>");
	const struct str base = arena_printf(&arena, "https://x.example/%0*d/", 3000, 0);
	const struct str links = clean_html(&arena, buf_str(&many), base);
	assert_true(links.n < many.n + (1u << 20));
	assert_true(str_ends(links, STR("</a>")));
	buf_clear(&many);
	for (int i = 0; i < 100000; i++)
		buf_addz(&many, "<div>");
	const struct str deep = clean_html(&arena, buf_str(&many), STR(""));
	assert_int_equal(deep.n, CLEAN_DEPTH * 11);
	buf_release(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed_markup_stays),
		cmocka_unit_test(scripts_and_sheets_go_with_what_they_hold),
		cmocka_unit_test(unknown_elements_leave_their_text),
		cmocka_unit_test(handlers_and_odd_attributes_go),
		cmocka_unit_test(addresses_have_a_listed_scheme),
		cmocka_unit_test(relative_links_are_resolved),
		cmocka_unit_test(elements_are_closed_in_order),
		cmocka_unit_test(what_is_no_tag_is_text),
		cmocka_unit_test(styles_are_declarations_by_list),
		cmocka_unit_test(drawings_and_formulas_are_kept_without_their_tricks),
		cmocka_unit_test(a_value_that_grows_too_long_is_left_out),
		cmocka_unit_test(growth_and_depth_are_capped),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
