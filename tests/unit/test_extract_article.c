/* Unit tests of what belongs to an article and what it is called: names of elements, phrases, captions, titles, bylines. */
#include "crawler/extract_article.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena;
static struct extraction got;

#define ZH                                                                                                                                                              \
	"<p>多位车主反映，这款新能源汽车在冬季高速行驶时突然断电，仪表盘没有任何提示，维修网点至今没有给出说法。</p>" \
	"<p>市场监管部门表示，已经约谈企业负责人，要求其在十个工作日之内提交调查报告，并妥善处理消费者的诉求。</p>"
#define EN                                                                                                                       \
	"<p>Owners say that the car lost all power on the motorway in winter, without a warning, and that no garage could "      \
	"tell them why.</p>"                                                                                                     \
	"<p>The regulator has asked the maker for a report within ten days, and wants every complaint answered by then.</p>"

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

static void read_html(const char *html)
{
	const struct page page = { .bytes = str_of(html),
		.url = STR("https://news.example.com/cars/winter-power-loss"),
		.content_type = STR("text/html; charset=utf-8") };
	struct err e = { 0 };
	arena_reset(&arena);
	if (extract_page(&arena, &page, &got, &e) != OK)
		fail_msg("expected a page, got: %s", e.text);
}

static void expect_str(const char *what, struct str have, const char *want)
{
	if (!str_eqc(have, want))
		fail_msg("%s: expected \"%s\", got \"%.*s\"", what, want, STR_FMT(have));
}

static void expect_text(const char *html, const char *in, const char *out)
{
	read_html(html);
	if (in != NULL && str_find(got.text, str_of(in)) < 0)
		fail_msg("expected \"%s\" in the text, got \"%.*s\"", in, STR_FMT(got.text));
	if (out != NULL && str_find(got.text, str_of(out)) >= 0)
		fail_msg("expected no \"%s\" in the text, got \"%.*s\"", out, STR_FMT(got.text));
}

static unsigned role_of(const char *name)
{
	arena_reset(&arena);
	return article_names_role(article_names_new(&arena), str_of(name));
}

static void a_name_is_read_by_its_words(void **state)
{
	(void)state;
	assert_true(role_of("post-content wide") & ROLE_SURE);
	assert_true(role_of("theArticleBody") & ROLE_SURE);
	assert_true(role_of("TRS_Editor") & ROLE_BODY);
	assert_false(role_of("dailypost-content") & ROLE_BODY); /* "dailypost" is one word */
	assert_true(role_of("ad") & ROLE_BOILER);
	assert_true(role_of("ad1 wide") & ROLE_BOILER);
	assert_true(role_of("left2-nav") & ROLE_BOILER);
	assert_false(role_of("block_7f3ad80c") & ROLE_BOILER); /* a number, not an advertisement */
	assert_false(role_of("shadow readable") & ROLE_BOILER);
	assert_true(role_of("wp-caption-text") & ROLE_CAPTION);
	assert_false(role_of("text-editor") & ROLE_META);
}

static enum article_phrase phrase_of(const char *text)
{
	arena_reset(&arena);
	return article_phrase(article_phrases(), str_of(text));
}

static void a_byline_is_no_sentence(void **state)
{
	(void)state;
	assert_int_equal(phrase_of("By Jane Doe, 3 May"), PHRASE_BYLINE);
	assert_int_equal(phrase_of("By checking the fuse first, most owners save a day in the garage"), PHRASE_NONE);
	assert_int_equal(phrase_of("By Monday the company had answered half of all complaints."), PHRASE_NONE);
	assert_int_equal(phrase_of("记者：王小明"), PHRASE_BYLINE);
	assert_int_equal(phrase_of("记者：您第一次遇到断电是在什么时候，当时有没有提示？"), PHRASE_NONE);
}

static void appeals_are_known_wherever_the_words_stand(void **state)
{
	(void)state;
	assert_int_equal(phrase_of("Get the best stories of the week to your inbox every Friday."), PHRASE_NOISE);
	assert_int_equal(phrase_of("更多内容，请扫描二维码阅读"), PHRASE_NOISE);
	assert_int_equal(phrase_of("12 Comments"), PHRASE_COMMENTS);
	assert_int_equal(phrase_of("全部评论（12）"), PHRASE_COMMENTS);
	assert_int_equal(phrase_of("Comments on the new rule were mixed"), PHRASE_NONE);
	assert_int_equal(phrase_of("Recommended for you"), PHRASE_END);
	assert_int_equal(phrase_of("Recommended tyre pressure"), PHRASE_NONE);
	assert_int_equal(phrase_of("相关阅读"), PHRASE_END);
}

static void captions_are_not_the_article(void **state)
{
	(void)state;
	expect_text("<body><div class=content>" EN "<div class=photo-caption>A car in the snow, as seen in January.</div>" EN
		    "</div>",
		"lost all power", "in the snow");
	expect_text("<body><div class=content>" ZH "<div class=wp-caption-text>图为一辆停在雪地里的汽车，摄于一月。</div>" ZH
		    "</div>",
		"突然断电", "雪地里");
}

static void headings_may_have_ids_made_of_their_words(void **state)
{
	(void)state;
	expect_text("<body><div class=content>" EN "<h2 id=how-ads-share-the-road>How ads share the road</h2>" EN "</div>",
		"How ads share the road", NULL);
	expect_text("<body><div class=content>" ZH "<h2 id=ad-share>车主怎么说</h2>" ZH "</div>", "车主怎么说", NULL);
}

static void what_stands_outside_of_main_is_not_the_article(void **state)
{
	(void)state;
	expect_text("<body><main><h1>Power loss</h1><p>A short note: the maker has answered, and owners wait.</p></main>"
		    "<div><div><p>This letter may hold advertising, deals, or links that pay us, as many pages on this site "
		    "do, and you agree to all of it, whatever it is.</p></div></div>",
		"owners wait", "advertising");
	expect_text("<body><main><h1>断电</h1><p>企业今天作出回应，车主仍在等待，本报将继续关注。</p></main>"
		    "<div><div><p>余额是充值得到的虚拟货币，按照一比一的比例抵扣，不能提现，也不能转让给他人使用，请您知悉。"
		    "</p></div></div>",
		"车主仍在等待", "虚拟货币");
}

static void the_heading_people_read_is_the_title(void **state)
{
	(void)state;
	read_html("<title>Best Winter Cars 2024: power loss explained | Example</title><h1>Why a car loses power in "
		  "winter</h1>" EN);
	expect_str("title", got.title, "Why a car loses power in winter");
	read_html("<title>新能源汽车断电原因_冬季用车指南_示例网</title><h1>冬季高速断电，汽车怎么了</h1>" ZH);
	expect_str("title", got.title, "冬季高速断电，汽车怎么了");
}

static void a_heading_that_is_the_sites_name_is_no_title(void **state)
{
	(void)state;
	read_html(
		"<title>Power loss in winter - Example Daily News</title><h1>Example Daily</h1><h2>Power loss in winter</h2>" EN);
	expect_str("title", got.title, "Power loss in winter");
	read_html("<title>新能源汽车冬季突然断电 - 示例日报网</title><h1>示例日报</h1>" ZH);
	expect_str("title", got.title, "新能源汽车冬季突然断电");
}

static void a_byline_that_people_see_is_believed_first(void **state)
{
	(void)state;
	read_html("<title>x</title><meta name=author content=webteam><h1>Power loss</h1><p>By <a href=/a>Jane O'Neil</a></p>" EN);
	expect_str("author", got.author, "Jane O'Neil");
	read_html("<title>x</title><h1>Power loss</h1><div>Written by</div><div>Ben Mayer</div>" EN);
	expect_str("author", got.author, "Ben Mayer");
	read_html("<title>x</title><meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ana Ruiz'>"
		  "<h1>Power loss</h1>" EN);
	expect_str("author", got.author, "Ana Ruiz");
	read_html("<title>x</title><meta name=author content=webteam><h1>断电</h1><p>作者：王小明</p>" ZH);
	expect_str("author", got.author, "王小明");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_read_by_its_words),
		cmocka_unit_test(a_byline_is_no_sentence),
		cmocka_unit_test(appeals_are_known_wherever_the_words_stand),
		cmocka_unit_test(captions_are_not_the_article),
		cmocka_unit_test(headings_may_have_ids_made_of_their_words),
		cmocka_unit_test(what_stands_outside_of_main_is_not_the_article),
		cmocka_unit_test(the_heading_people_read_is_the_title),
		cmocka_unit_test(a_heading_that_is_the_sites_name_is_no_title),
		cmocka_unit_test(a_byline_that_people_see_is_believed_first),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
