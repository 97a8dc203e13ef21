/* Unit tests of articles: text, title, author of pages in both languages, and what must not come along. */
#include "crawler/extract.h"

#include <earshot/limits.h>

#include "crawler/extract_meta.h"
#include "crawler/extract_referee.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena;
static struct extraction got;

#define ZH_1 "<p>记者了解到，多名消费者反映，该品牌手机在使用两周后出现屏幕发黄的问题，售后要求自费更换，令人难以接受。</p>"
#define ZH_2 "<p>对此，该公司客服回应称，目前已经成立专项小组，将在七个工作日内给出处理方案，并承担由此产生的全部费用。</p>"
#define ZH_3 "<p>业内人士认为，企业应当正视质量问题，及时召回有缺陷的产品，而不是一味推卸责任，否则将失去市场的信任。</p>"
#define EN_1                                                                                                                     \
	"<p>Passengers were left waiting for nine hours on Sunday, with no word from the airline, and many slept on the "        \
	"floor.</p>"
#define EN_2                                                                                                                     \
	"<p>A spokeswoman said the company was sorry, and that every customer would receive a full refund within ten days.</p>"
#define EN_3                                                                                                                     \
	"<p>Consumer groups doubt it: last year, they say, hundreds of refunds were promised, and most of them never came.</p>"
#define NAV                                                                                                                      \
	"<div class='nav'><ul><li><a href=/a>Home</a></li><li><a href=/b>Business and markets</a></li>"                          \
	"<li><a href=/c>Sport and leisure</a></li></ul></div>"

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

static void read_bytes(struct str bytes, const char *content_type)
{
	const struct page page = {
		.bytes = bytes, .url = STR("https://news.example.com/2024/1"), .content_type = str_of(content_type)
	};
	struct err e = { 0 };
	arena_reset(&arena);
	if (extract_page(&arena, &page, &got, &e) != OK)
		fail_msg("expected a page, got: %s", e.text);
}

static void read_html(const char *html)
{
	read_bytes(str_of(html), "text/html; charset=utf-8");
}

static void expect_str(const char *what, struct str have, const char *want)
{
	if (!str_eqc(have, want))
		fail_msg("%s: expected \"%s\", got \"%.*s\"", what, want, STR_FMT(have));
}

static void expect_in(const char *part)
{
	if (str_find(got.text, str_of(part)) < 0)
		fail_msg("expected \"%s\" in the text, got \"%.*s\"", part, STR_FMT(got.text));
}

static void expect_out(const char *part)
{
	if (str_find(got.text, str_of(part)) >= 0)
		fail_msg("expected no \"%s\" in the text, got \"%.*s\"", part, STR_FMT(got.text));
}

static void an_article_is_found_between_navigation_and_footer(void **state)
{
	(void)state;
	read_html("<html><body>" NAV "<div id=wrap><h1>Stranded</h1>" EN_1 EN_2 EN_3
		  "</div><footer>All rights reserved, and then some more words.</footer></body></html>");
	assert_int_equal(got.level, EXTRACT_ARTICLE);
	expect_in("nine hours on Sunday");
	expect_in("never came");
	expect_out("Business and markets");
	expect_out("rights reserved");
	read_html("<body><div class=daohang><a href=/>首页</a> <a href=/x>新闻频道</a></div><div class=TRS_Editor>" ZH_1 ZH_2 ZH_3
		  "</div><div class=copyright>版权所有，未经许可不得转载，违者必究。</div></body>");
	expect_in("屏幕发黄");
	expect_in("市场的信任");
	expect_out("新闻频道");
	expect_out("版权所有");
}

static void related_links_and_editors_are_cut_off_the_end(void **state)
{
	(void)state;
	read_html("<body><div class=content>" ZH_1 ZH_2 ZH_3
		  "<p>（责任编辑：王小明）</p><h3>相关阅读</h3><p>另一篇文章讲的是别的事情，与此无关。</p>"
		  "</div></body>");
	expect_in("市场的信任");
	expect_out("王小明");
	expect_out("另一篇文章");
	read_html("<body><div class=content>" EN_1 EN_2 EN_3
		  "<p>Share this article</p><h3>Related articles</h3><p>Another story, about something else.</p></div></body>");
	expect_out("Share this");
	expect_out("Another story");
}

static void headings_lists_and_quotes_stay_inside(void **state)
{
	(void)state;
	read_html("<body><div class=post-content>" EN_1
		  "<h2>What we know</h2><ul><li>No food</li><li>No water</li></ul><blockquote>It was awful.</blockquote>" EN_2
		  "</div></body>");
	expect_in("What we know\nNo food\nNo water\nIt was awful.\nA spokeswoman");
}

static void comments_are_not_the_article(void **state)
{
	(void)state;
	read_html("<body><div>" ZH_1 ZH_2 ZH_3
		  "<div>网友评论</div><p>太坑了，我也遇到了一样的问题，客服根本不理人。</p></div></body>");
	expect_in("屏幕发黄");
	expect_out("太坑了");
	read_html("<body><article><h1>Stranded</h1>" EN_1 EN_2
		  "</article><div id=comments><p>I was there, and it was a shame, really.</p></div></body>");
	expect_out("I was there");
}

static void a_form_around_the_whole_page_is_not_left_out(void **state)
{
	(void)state;
	read_html("<body><form id=aspnetForm action=/><h1>Stranded</h1>" EN_1 EN_2 EN_3 "</form></body>");
	expect_in("nine hours");
}

static void text_that_a_script_will_show_is_read(void **state)
{
	(void)state;
	read_html("<body><div>Loading</div><div hidden id=S:0><main><h1>Stranded</h1>" EN_1 EN_2 EN_3 "</main></div></body>");
	expect_in("nine hours");
}

static void hidden_copies_are_not_read(void **state)
{
	(void)state;
	read_html("<body><div class=content>" EN_1 EN_2 EN_3
		  "<div style='display: none'><p>This copy is for machines, not for people.</p></div></div></body>");
	expect_in("nine hours");
	expect_out("for machines");
}

static void the_articles_own_data_say_what_belongs_to_it(void **state)
{
	(void)state;
	read_html(
		"<head><script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Stranded\",\"author\":"
		"[{\"@id\":\"#p\"}],\"articleBody\":\"Passengers were left waiting for nine hours on Sunday, with no word from "
		"the "
		"airline, and many slept on the floor. A spokeswoman said the company was sorry, and that every customer would "
		"receive a full refund within ten days. Consumer groups doubt it: last year, they say, hundreds of refunds were "
		"promised, and most of them never came.\"}</script><script type='application/ld+json'>{\"@type\":\"Person\","
		"\"@id\":\"#p\",\"name\":\"Jane Roe\"}</script></head><body><div>" EN_1
		"<p>You are reading this on a quiet day, so do take out a subscription.</p>" EN_2 EN_3 "</div></body>");
	expect_in("nine hours");
	expect_in("full refund");
	expect_out("quiet day");
	expect_str("author", got.author, "Jane Roe");
}

static void a_title_loses_the_name_of_the_site(void **state)
{
	static const char *const pages[][2] = {
		{ "<title>Stranded at the gate | Example News</title><body><h1>Stranded at the gate</h1>" EN_1,
			"Stranded at the gate" },
		{ "<title>Example News: Stranded at the gate - Example News</title><meta property=og:title content='Stranded at "
		  "the "
		  "gate'><body>" EN_1,
			"Stranded at the gate" },
		{ "<title>手机屏幕发黄遭投诉_新浪科技_新浪网</title><body>" ZH_1, "手机屏幕发黄遭投诉" },
		{ "<title>手机屏幕发黄遭投诉-示例新闻网</title><body>" ZH_1, "手机屏幕发黄遭投诉" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		read_html(pages[i][0]);
		expect_str("title", got.title, pages[i][1]);
	}
}

static void authors_are_read_from_bylines_in_both_languages(void **state)
{
	static const char *const pages[][2] = {
		{ "<h1>Stranded</h1><p class=byline>By <a rel=author href=/jane>Jane van Roe</a> | 3 May 2024</p>" EN_1,
			"Jane van Roe" },
		{ "<h1>Stranded</h1><p>By Jane Roe</p>" EN_1, "Jane Roe" },
		{ "<meta name=author content='Jane Roe'><h1>Stranded</h1>" EN_1, "Jane Roe" },
		{ "<meta name=author content='https://example.com/jane'><h1>Stranded</h1>" EN_1, "" },
		{ "<h1>屏幕发黄</h1><div>作者：张小明 来源：示例日报</div>" ZH_1, "张小明" },
		{ "<h1>屏幕发黄</h1>" ZH_2 "<p>（本报记者 李雷 韩梅）</p>", "李雷 韩梅" },
		{ "<h1>屏幕发黄</h1>" ZH_2 "<p>就是这样。（王芳）</p>", "王芳" },
		{ "<h1>屏幕发黄</h1>" ZH_1, "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		read_html(pages[i][0]);
		expect_str("author", got.author, pages[i][1]);
	}
}

static void what_is_no_name_is_no_author(void **state)
{
	static const char *const none[] = { "", "3 May 2024", "www.example.com", "Read more", "by", "July 22",
		"this is a sentence about something", "a@b.example", "作者简介", "12345" };
	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		const struct str name = meta_name(&arena, str_of(none[i]), true);
		if (name.n > 0)
			fail_msg("expected no name in \"%s\", got \"%.*s\"", none[i], STR_FMT(name));
	}
	expect_str("name", meta_name(&arena, STR("Written by Jane Roe, Updated 3 May"), false), "Jane Roe");
	expect_str("name", meta_name(&arena, STR("by April May"), false), "April May");
	expect_str("name", meta_name_han(STR("文/李雷 编辑/韩梅"), META_BYLINE_AUTHOR), "李雷");
	expect_str("name", meta_name_han(STR("记者近日从公司了解到"), META_BYLINE_REPORTER), "");
	expect_str("name", meta_name_han(STR("责任编辑：山石"), META_BYLINE_EDITOR), "山石");
}

static void a_page_labelled_gb2312_is_read_as_gb18030(void **state)
{
	/* 退款退款… with a character (镕) that GB2312 does not know */
	static const char gbk[] =
		"<meta charset=gb2312><title>\xCD\xCB\xBF\xEE</title><body><p>\xCD\xCB\xBF\xEE\xE9\x46\xA3\xAC\xCD\xCB\xBF\xEE"
		"\xA1\xA3\xCD\xCB\xBF\xEE\xA3\xAC\xCD\xCB\xBF\xEE\xA3\xAC\xCD\xCB\xBF\xEE\xA1\xA3</p></body>";
	(void)state;
	read_bytes((struct str){ gbk, sizeof gbk - 1 }, "");
	expect_in("退款镕，退款。");
	expect_str("language", got.language, "zh-Hans");
}

static void scripts_of_large_pages_go_but_not_their_data(void **state)
{
	(void)state;
	const struct str html =
		STR("<p>a</p><script>var x = 1;</script><script type=\"application/ld+json\">{}</script><p>b</p><script");
	const struct str slim = extract_without_scripts(&arena, html);
	expect_str("page", slim, "<p>a</p><script></script><script type=\"application/ld+json\">{}</script><p>b</p><script");
}

static void a_page_drawn_by_a_script_says_at_least_what_its_head_says(void **state)
{
	(void)state;
	read_html("<title>Range - Forum</title><meta name=description content='short'>"
		  "<meta property='og:description' content='退款等了三周，客服一直不回。 What is your range?'><div "
		  "id=app></div><script>x()</script>");
	assert_true(str_eqc(got.text, "退款等了三周，客服一直不回。 What is your range?"));
	assert_int_equal(got.level, EXTRACT_NONE);
}

static void a_page_without_text_is_refused_with_a_reason(void **state)
{
	const struct page page = { .bytes = STR("<html><body><script>draw()</script></body></html>") };
	struct err e = { 0 };
	(void)state;
	arena_reset(&arena);
	assert_int_equal(extract_page(&arena, &page, &got, &e), REJECT);
	assert_non_null(strstr(e.text, "no text"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_article_is_found_between_navigation_and_footer),
		cmocka_unit_test(related_links_and_editors_are_cut_off_the_end),
		cmocka_unit_test(headings_lists_and_quotes_stay_inside),
		cmocka_unit_test(comments_are_not_the_article),
		cmocka_unit_test(a_form_around_the_whole_page_is_not_left_out),
		cmocka_unit_test(text_that_a_script_will_show_is_read),
		cmocka_unit_test(hidden_copies_are_not_read),
		cmocka_unit_test(the_articles_own_data_say_what_belongs_to_it),
		cmocka_unit_test(a_title_loses_the_name_of_the_site),
		cmocka_unit_test(authors_are_read_from_bylines_in_both_languages),
		cmocka_unit_test(what_is_no_name_is_no_author),
		cmocka_unit_test(a_page_labelled_gb2312_is_read_as_gb18030),
		cmocka_unit_test(scripts_of_large_pages_go_but_not_their_data),
		cmocka_unit_test(a_page_drawn_by_a_script_says_at_least_what_its_head_says),
		cmocka_unit_test(a_page_without_text_is_refused_with_a_reason),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
