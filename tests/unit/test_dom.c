/* Unit tests of reading pages: structure as HTML5 has it, text as people see it, caps. Each case is tried in Chinese and English. */
#include "common/base/dom.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, 256u << 20);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct dom read_with(struct str html, enum dom_builder builder)
{
	struct dom d;
	struct err e;

	assert_int_equal(dom_read(&arena, html, builder, &d, &e), OK);
	return d;
}

static struct dom read_page(const char *html)
{
	return read_with(str_of(html), DOM_BUILDER_AUTO);
}

/* The tree as one line: <name> ( … ), text in quotes; html, head and body left out. */
static struct str outline(const struct dom *d)
{
	struct buf b;
	struct str copy;
	uint32_t body = 1;

	while (body < d->n && d->node[body].tag != TAG_BODY)
		body++;
	assert_true(body < d->n);
	buf_init(&b, 1u << 20);
	for (uint32_t i = body + 1; i < d->node[body].end; i++) {
		const struct dom_node *node = &d->node[i];
		buf_addz(&b, b.n > 0 ? " " : "");
		buf_addf(&b, "%u", node->depth - d->node[body].depth);
		if (node->tag == TAG_TEXT)
			buf_addf(&b, "\"%.*s\"", STR_FMT(node->text));
		else
			buf_adds(&b, node->name);
	}
	copy = arena_copy(&arena, buf_str(&b));
	buf_release(&b);
	return copy;
}

static void expect_str(struct str got, const char *want)
{
	if (!str_eqc(got, want))
		fail_msg("expected \"%s\", got \"%.*s\"", want, STR_FMT(got));
}

static void expect_outline(const char *html, const char *want)
{
	const struct dom d = read_page(html);

	expect_str(outline(&d), want);
}

static void expect_text(const char *html, const char *want)
{
	const struct dom d = read_page(html);

	expect_str(dom_text(&arena, &d, 0), want);
}

static void an_unclosed_div_ends_with_its_nav(void **state)
{
	(void)state;
	expect_outline(
		"<header><nav><div>menu</nav></header><main><p>good</main>", "1header 2nav 3div 4\"menu\" 1main 2p 3\"good\"");
	expect_outline(
		"<header><nav><div>菜单</nav></header><main><p>正文</main>", "1header 2nav 3div 4\"菜单\" 1main 2p 3\"正文\"");
}

static void a_stray_end_tag_does_not_leave_its_cell(void **state)
{
	(void)state;
	expect_outline(
		"<div><table><tr><td>one</div>two</table>three</div>", "1div 2table 3tbody 4tr 5td 6\"onetwo\" 2\"three\"");
	expect_outline("<div><table><tr><td>一</div>二</table>三</div>", "1div 2table 3tbody 4tr 5td 6\"一二\" 2\"三\"");
}

static void paragraphs_items_and_cells_end_by_themselves(void **state)
{
	(void)state;
	expect_outline("<p>a<p>b<section>c", "1p 2\"a\" 1p 2\"b\" 1section 2\"c\"");
	expect_outline("<ul><li>a<ul><li>b</ul><li>c</ul>", "1ul 2li 3\"a\" 3ul 4li 5\"b\" 2li 3\"c\"");
	expect_outline("<dl><dt>a<dd>b<dt>c", "1dl 2dt 3\"a\" 2dd 3\"b\" 2dt 3\"c\"");
	expect_outline("<table><td>a<td>b<tr><td>c", "1table 2tbody 3tr 4td 5\"a\" 4td 5\"b\" 3tr 4td 5\"c\"");
}

static void text_behind_the_body_stays_in_it(void **state)
{
	(void)state;
	expect_outline("<body><p>a</p></body></html><div>b</div>", "1p 2\"a\" 1div 2\"b\"");
}

static void what_stands_between_cells_moves_before_the_table(void **state)
{
	const struct dom d = read_page("<table><tr><div>前文 before</div><td>格 cell</table>");

	(void)state;
	expect_str(outline(&d), "1div 2\"前文 before\" 1table 2tbody 3tr 4td 5\"格 cell\"");
	assert_string_equal(d.builder, "gumbo");
}

static void plain_pages_need_no_second_builder(void **state)
{
	const struct dom d = read_page("<table><form action=x><tr><td>a</form></table><b><p>b</b></p>");

	(void)state;
	assert_string_equal(d.builder, "earshot");
	assert_null(d.exotic);
}

static void references_are_read_as_browsers_do(void **state)
{
	(void)state;
	expect_outline("&#128;&#x99;&copy 2024 &amp;lt; &nbsp;a &notit; &unknown; &", "1\"€™© 2024 &lt; \xC2\xA0"
										      "a ¬it; &unknown; &\"");
	expect_str(dom_attribute(&(struct dom[]){ read_page("<a href='?a=1&copy=2&amp;b=&eacute'>x</a>") }[0], 4, "href"),
		"?a=1&copy=2&b=é");
}

static void control_characters_of_latin_1_are_set_right(void **state)
{
	(void)state;
	expect_text("it\xC2\x92s \xC2\x80 5", "it’s € 5");
	expect_text("价格\xC2\x85", "价格…");
}

static void a_nul_does_not_end_the_page(void **state)
{
	const struct dom d = read_with((struct str){ "<p>前\0后 be\0fore</p>", 23 }, DOM_BUILDER_AUTO);

	(void)state;
	expect_str(dom_text(&arena, &d, 0), "前后 before");
}

static void attributes_may_be_written_in_any_way(void **state)
{
	const struct dom d = read_page("<DIV CLASS='a B  post-12' ID=x data-n=\"1\"title=t @click='a > b' hidden/>");
	const uint32_t div = 4;

	(void)state;
	assert_int_equal(d.node[div].tag, TAG_DIV);
	assert_true(dom_has_class(&d, div, STR("B")) && dom_has_class(&d, div, STR("post-12")));
	assert_false(dom_has_class(&d, div, STR("post")));
	expect_str(dom_attribute(&d, div, "id"), "x");
	expect_str(dom_attribute(&d, div, "title"), "t");
	expect_str(dom_attribute(&d, div, "@click"), "a > b");
	assert_true(dom_has_attribute(&d, div, "hidden"));
	assert_false(dom_has_attribute(&d, div, "style"));
	expect_str(dom_attribute(&d, div, "style"), "");
}

static void raw_text_is_no_markup(void **state)
{
	(void)state;
	expect_outline("<p><script>if (a<b) x='</p>'</script>a<textarea>\n<b>&amp;</textarea>",
		"1p 2script 3\"if (a<b) x='</p>'\" 2\"a\" 2textarea 3\"<b>&\"");
	expect_outline("<p><script><!-- <script>1</script> --></script>a", "1p 2script 3\"<!-- <script>1</script> -->\" 2\"a\"");
}

static void raw_text_may_be_the_last(void **state)
{
	(void)state;
	expect_outline("<p><script>a", "1p 2script 3\"a\"");
	expect_outline("<p><script>a<!-", "1p 2script 3\"a<!-\"");
	expect_outline("<p><script>a<!--", "1p 2script 3\"a<!--\"");
	expect_outline("<p><textarea>a</textarea", "1p 2textarea 3\"a</textarea\"");
}

static void comments_and_declarations_are_passed_over(void **state)
{
	(void)state;
	expect_outline("<!doctype html><?xml?>a<!-- <p> --!>b<!-->c</3>d<![CDATA[x]]>", "1\"abcd\"");
	expect_outline("1 < 2 <3 </", "1\"1 < 2 <3 </\"");
}

static void graphics_are_closed_by_html(void **state)
{
	(void)state;
	expect_outline("<svg><path/><title>t</title></svg>a<svg><g><p>b", "1svg 2path 2title 3\"t\" 1\"a\" 1svg 2g 1p 2\"b\"");
}

static void noscript_keeps_its_content_in_the_head(void **state)
{
	const struct dom d = read_page("<head><noscript><img src=x>没有脚本</noscript><title>题</title></head>正文");

	(void)state;
	expect_str(outline(&d), "1\"正文\"");
}

static void text_is_what_people_see(void **state)
{
	(void)state;
	expect_text(
		"<title>t</title><p>one <b>two</b><br>three</p><style>x</style>four<script>y</script>", "one two\nthree\nfour");
	expect_text("<ul><li>一<li>二</ul><table><tr><td>甲<td>乙<tr><td>丙</table>", "一\n二\n甲 乙\n丙");
	expect_text(
		"<p>\xE3\x80\x80\xE3\x80\x80段落&nbsp;&nbsp;一</p><div hidden>藏</div><p style='Display: None'>hid</p><i>in</i>",
		"段落 一\nin");
	expect_text("<pre>a\n  b</pre>c\nd", "a\nb\nc d");
}

static bool is_quote(const void *context, uint32_t node)
{
	const struct dom *d = context;

	return d->node[node].tag == TAG_BLOCKQUOTE;
}

static void text_can_leave_things_out(void **state)
{
	const struct dom d = read_page("<div>前 <blockquote>引 quote</blockquote>后 <span>after</span></div>");

	(void)state;
	expect_str(dom_text_without(&arena, &d, 4, is_quote, &d), "前\n后 after");
	expect_str(dom_text(&arena, &d, 4), "前\n引 quote\n后 after");
}

static void an_empty_page_has_an_empty_body(void **state)
{
	const struct dom d = read_page("");

	(void)state;
	assert_int_equal(d.n, 4);
	expect_str(dom_text(&arena, &d, 0), "");
}

static struct str repeated(const char *what, size_t times)
{
	const size_t n = strlen(what);
	char *p = arena_raw(&arena, n * times);

	for (size_t i = 0; i < times; i++)
		memcpy(p + i * n, what, n);
	return (struct str){ p, n * times };
}

static void caps_cut_and_say_so(void **state)
{
	const struct dom many = read_with(repeated("<br>", 2 * LIMIT_HTML_NODES), DOM_BUILDER_AUTO);
	const struct dom large = read_with(repeated("text文字 ", LIMIT_HTML_BYTES / 5), DOM_BUILDER_AUTO);
	const struct dom deep = read_with(repeated("<div>", 4 * LIMIT_HTML_DEPTH), DOM_BUILDER_AUTO);

	(void)state;
	assert_true(many.cut && many.n <= LIMIT_HTML_NODES + 1);
	assert_true(large.cut);
	assert_int_equal(deep.n, 4 * LIMIT_HTML_DEPTH + 4);
	for (uint32_t i = 0; i < deep.n; i++)
		assert_true(deep.node[i].depth <= LIMIT_HTML_DEPTH);
}

static void a_tag_keeps_the_first_attributes_only(void **state)
{
	struct buf b;
	struct dom d;

	(void)state;
	buf_init(&b, 1u << 20);
	buf_addz(&b, "<p a0=first a0=second");
	for (int i = 1; i < 400; i++)
		buf_addf(&b, " a%d=%d", i, i);
	buf_addz(&b, ">x");
	d = read_with(buf_str(&b), DOM_BUILDER_AUTO);
	assert_true(d.cut && d.node[4].nattributes <= LIMIT_XML_ATTRIBUTES);
	expect_str(dom_attribute(&d, 4, "a0"), "first");
	expect_str(dom_text(&arena, &d, 0), "x");
	buf_release(&b);
}

/* What our builder says that it did without moving nodes is what gumbo builds. */
static void our_trees_are_those_of_html5(void **state)
{
	static const char *const pages[] = {
		"<div><p>a<div>b</div>c</p></div><h1>x<h2>y</h1>z",
		"<a href=1>x<a href=2>y</a><button>b<button>c",
		"<select><option>a<option>b<optgroup><option>c</select>d",
		"<form><div></form><p>x</div>y",
		"<ol><li><p>a<li><div>b<li>c</div></ol>d",
		"<table><caption>c<tr><th>h<thead><tr><td>x</table>y<table><colgroup><col><tbody><tr><td>z",
		"<article><header>h<p>p</article>f<br/></br>g</p>",
		"<pre>\n\nx</pre><iframe><p></iframe><center>c</p>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		const struct dom ours = read_with(str_of(pages[i]), DOM_BUILDER_QUICK);
		const struct dom exact = read_with(str_of(pages[i]), DOM_BUILDER_GUMBO);
		const struct str want = outline(&exact);
		assert_null(ours.exotic);
		expect_str(outline(&ours), arena_cstr(&arena, want));
	}
}

static void an_element_of_raw_text_closed_in_its_own_tag_does_not_swallow_the_page(void **state)
{
	(void)state;
	const struct dom d = read_with(
		STR("<body><iframe src=\"a\"/><iframe src=\"b\" /><textarea rows=\"2\"/><p>the rest of the page 其余的页面</p>"),
		DOM_BUILDER_AUTO);
	const struct str text = dom_text(&arena, &d, 0);

	assert_true(str_find(text, STR("the rest of the page 其余的页面")) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_element_of_raw_text_closed_in_its_own_tag_does_not_swallow_the_page),
		cmocka_unit_test(an_unclosed_div_ends_with_its_nav),
		cmocka_unit_test(a_stray_end_tag_does_not_leave_its_cell),
		cmocka_unit_test(paragraphs_items_and_cells_end_by_themselves),
		cmocka_unit_test(text_behind_the_body_stays_in_it),
		cmocka_unit_test(what_stands_between_cells_moves_before_the_table),
		cmocka_unit_test(plain_pages_need_no_second_builder),
		cmocka_unit_test(references_are_read_as_browsers_do),
		cmocka_unit_test(control_characters_of_latin_1_are_set_right),
		cmocka_unit_test(a_nul_does_not_end_the_page),
		cmocka_unit_test(attributes_may_be_written_in_any_way),
		cmocka_unit_test(raw_text_is_no_markup),
		cmocka_unit_test(raw_text_may_be_the_last),
		cmocka_unit_test(comments_and_declarations_are_passed_over),
		cmocka_unit_test(graphics_are_closed_by_html),
		cmocka_unit_test(noscript_keeps_its_content_in_the_head),
		cmocka_unit_test(text_is_what_people_see),
		cmocka_unit_test(text_can_leave_things_out),
		cmocka_unit_test(an_empty_page_has_an_empty_body),
		cmocka_unit_test(caps_cut_and_say_so),
		cmocka_unit_test(a_tag_keeps_the_first_attributes_only),
		cmocka_unit_test(our_trees_are_those_of_html5),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
