/* Unit tests of data inside pages: JSON-LD, microdata, preloaded JSON; and that stumps of data do not win. */
#include "crawler/extract_structured.h"

#include <earshot/limits.h>

#include "crawler/amount.h"
#include "crawler/extract_jsonld.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena;
static struct dom dom;
static struct page page;
static struct extract x;
static struct extraction got;

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

static float read_page(const char *html)
{
	struct err e;
	arena_reset(&arena);
	page = (struct page){ .bytes = str_of(html), .url = STR("https://talk.example/t/5"), .fetched_ms = 1715169600000 };
	assert_int_equal(dom_read(&arena, page.bytes, DOM_BUILDER_AUTO, &dom, &e), OK);
	x = (struct extract){ .a = &arena, .page = &page, .base = page.url, .dom = &dom, .charset = "utf-8" };
	got = (struct extraction){ .published_ms = -1 };
	return extract_structured(&x, &got);
}

static void expect(struct str s, const char *want)
{
	if (!str_eqc(s, want))
		fail_msg("expected \"%s\", got \"%.*s\"", want, STR_FMT(s));
}

#define LD(json) "<script type='application/ld+json'>" json "</script>"

static void a_thread_in_json_ld_gives_its_posts(void **state)
{
	(void)state;
	const float sure = read_page(LD(
		"{\"@context\":\"https://schema.org\",\"@type\":\"DiscussionForumPosting\",\"headline\":\"充电器过热\","
		"\"text\":\"充电十分钟就烫手，\n客服不理。\",\"author\":{\"@type\":\"Person\",\"name\":\"阿岚\",\"url\":\"/u/"
		"lan\"},"
		"\"datePublished\":\"2024-05-01T10:00:00+08:00\",\"url\":\"https://talk.example/t/5\",\"interactionStatistic\":[{"
		"\"@type\":\"InteractionCounter\",\"interactionType\":\"https://schema.org/"
		"LikeAction\",\"userInteractionCount\":\"12\"}],"
		"\"comment\":[{\"@type\":\"Comment\",\"text\":\"<p>Same here, <b>returned</b> mine.</p>\",\"author\":\"Joe\","
		"\"datePublished\":\"2024-05-02\"}]};") "<p>充电十分钟就烫手， 客服不理。</p><p>Same here, returned mine.</p>");
	assert_true(sure > 0.8f);
	assert_int_equal(got.nposts, 2);
	expect(got.title, "充电器过热");
	expect(got.posts[0].author, "阿岚");
	expect(got.posts[0].author_url, "https://talk.example/u/lan");
	assert_int_equal(got.posts[0].published_ms, 1714528800000);
	assert_int_equal(got.posts[0].likes, 12);
	expect(got.posts[1].text, "Same here, returned mine.");
	assert_true(got.posts[1].day_only);
}

static void a_question_page_gives_question_and_answers(void **state)
{
	(void)state;
	const float sure = read_page(
		LD("[{\"@type\":[\"QAPage\",\"WebPage\"],\"mainEntity\":{\"@type\":\"Question\",\"name\":\"Refund?\",\"text\":"
		   "\"How do I get a "
		   "refund for a broken lamp\",\"dateCreated\":\"2024-04-01\",\"author\":{\"name\":\"Kim\"},\"answerCount\":2,"
		   "\"acceptedAnswer\":{\"@type\":\"Answer\",\"text\":\"凭发票去柜台退。\",\"author\":{\"name\":\"小张\"},"
		   "\"dateCreated\":\"2024-04-02\",\"upvoteCount\":7},\"suggestedAnswer\":[{\"@type\":\"Answer\",\"text\":\"Ask "
		   "the bank.\","
		   "\"author\":{\"name\":\"Lee\"},\"dateCreated\":\"2024-04-03\"}]}}]") "<div>How do I get a refund for a broken "
											"lamp</div><div>凭发票去柜台退。</"
											"div><div>Ask the bank.</div>");
	assert_true(sure > 0.8f);
	assert_int_equal(got.nposts, 3);
	expect(got.title, "Refund?");
	assert_int_equal(got.posts[0].replies, 2);
	assert_int_equal(got.posts[1].likes, 7);
	expect(got.posts[2].author, "Lee");
}

static void reviews_have_stars(void **state)
{
	(void)state;
	const float sure = read_page(LD(
		"{\"@type\":\"Product\",\"name\":\"Lamp\",\"review\":[{\"@type\":\"Review\",\"reviewBody\":\"Flickers from day "
		"one\","
		"\"author\":\"Ann\",\"datePublished\":\"2024-03-01\",\"reviewRating\":{\"ratingValue\":1}},{\"@type\":\"Review\","
		"\"reviewBody\":\"光线柔和，孩子喜欢\",\"author\":\"丽丽\",\"datePublished\":\"2024-03-02\",\"reviewRating\":{"
		"\"ratingValue\":\"8\",\"bestRating\":\"10\"}}]}") "<p>Flickers from day one<p>光线柔和，孩子喜欢");
	assert_true(sure > 0.8f);
	assert_int_equal(got.nposts, 2);
	assert_true(got.posts[0].stars > 0.9f && got.posts[0].stars < 1.1f);
	assert_true(got.posts[1].stars > 3.9f && got.posts[1].stars < 4.1f);
}

static void microdata_gives_posts_within_posts(void **state)
{
	(void)state;
	const float sure = read_page("<div itemscope itemtype='http://schema.org/DiscussionForumPosting' id=p1><h1 "
				     "itemprop=headline>Late train</h1><span "
				     "itemprop=author itemscope itemtype='http://schema.org/Person'><a itemprop=url "
				     "href='/u/ada'><b itemprop=name>Ada</b></a>"
				     "</span><time itemprop=datePublished datetime='2024-05-03T08:00:00Z'>3 May</time><div "
				     "itemprop=text>Two hours late, no "
				     "word from anybody.</div><div itemprop=comment itemscope "
				     "itemtype='http://schema.org/Comment'><span itemprop=author>小李"
				     "</span><meta itemprop=datePublished content='2024-05-03T09:00:00Z'><div "
				     "itemprop=text><blockquote>Two hours late</blockquote>"
				     "晚点应该赔一半票价。</div></div></div>");
	assert_true(sure > 0.8f);
	assert_int_equal(got.nposts, 2);
	expect(got.posts[0].text, "Two hours late, no word from anybody.");
	expect(got.posts[0].author_url, "https://talk.example/u/ada");
	expect(got.posts[1].author, "小李");
	expect(got.posts[1].text, "晚点应该赔一半票价。");
	expect(got.posts[1].quote, "Two hours late");
}

static void preloaded_json_is_read_where_the_page_is_empty(void **state)
{
	(void)state;
	const float sure =
		read_page("<div id=data-preloaded "
			  "data-preloaded='{\"topic_5\":\"{\\\"id\\\":5,\\\"slug\\\":\\\"lamp\\\",\\\"title\\\":\\\"Lamp\\\","
			  "\\\"post_stream\\\":{\\\"posts\\\":[{\\\"id\\\":1,\\\"post_number\\\":1,\\\"username\\\":\\\"ann\\\","
			  "\\\"created_at\\\":"
			  "\\\"2024-05-01T00:00:00Z\\\",\\\"cooked\\\":\\\"&lt;p&gt;It "
			  "flickers.&lt;/p&gt;\\\"},{\\\"id\\\":2,\\\"post_number\\\":2,"
			  "\\\"username\\\":\\\"小王\\\",\\\"created_at\\\":\\\"2024-05-02T00:00:00Z\\\",\\\"cooked\\\":\\\"&lt;"
			  "p&gt;换灯泡。&lt;/p&gt;"
			  "\\\"}]}}\"}'></div><p>Loading</p>");
	assert_true(sure > 0.8f);
	assert_int_equal(got.nposts, 2);
	expect(got.title, "Lamp");
	expect(got.posts[0].text, "It flickers.");
	expect(got.posts[1].url, "https://talk.example/t/lamp/5/2");
	expect(got.posts[1].author, "小王");
}

static void stumps_of_data_fall_through(void **state)
{
	(void)state;
	static const char *const pages[] = {
		/* the opening post alone, the page has answers */
		LD("{\"@type\":\"DiscussionForumPosting\",\"text\":\"Is it "
		   "safe?\",\"author\":\"A\",\"datePublished\":\"2024-05-01\"}") "<p>Is it safe?<p>No, and here "
										 "is a long answer "
										 "why it is not, from somebody "
										 "who "
										 "knows.<p>"
										 "还有另一个人也说不安全，因为出"
										 "过事。",
		/* something else than the page shows */
		LD("{\"@type\":\"Product\",\"review\":[{\"@type\":\"Review\",\"reviewBody\":\"Best lamp in the "
		   "world\",\"author\":\"A\"},"
		   "{\"@type\":\"Review\",\"reviewBody\":\"I love it so much\",\"author\":\"B\"}]}") "<p>This "
												     "lamp "
												     "flickers "
												     "and "
												     "the shop "
												     "does not "
												     "answer.<p>"
												     "用了一天就"
												     "坏了，差评"
												     "。",
		/* cut off */
		LD("[{\"@type\":\"Comment\",\"text\":\"It flickers "
		   "and…\",\"author\":\"A\"},{\"@type\":\"Comment\",\"text\":\"The shop said…\","
		   "\"author\":\"B\"}]") "<p>It flickers and hums.<p>The shop said no.",
		/* cut off without dots */
		LD("[{\"@type\":\"Comment\",\"text\":\"The lamp flickers for an hour every evening and "
		   "then\",\"author\":\"A\",\"datePublished\":\"2024-05-01\"},{\"@type\":\"Comment\",\"text\":"
		   "\"客服说这是正常现象，让我们再等三个月，\",\"author\":\"B\",\"datePublished\":\"2024-05-01\"}"
		   "]") "<p>The lamp flickers for an hour every evening and then it goes dark until I take the "
			"bulb out and put it "
			"back.<p>"
			"客服说这是正常现象，让我们再等三个月，三个月以后又说已经过了保修期，只能自费维修。",
		LD("{\"@type\":\"DiscussionForumPosting\",\"text\":") "<p>broken",
		LD("{\"@type\":\"Comment\",\"author\":\"A\"}") "<p>no text",
		"<p>Nothing at all. 什么都没有。",
	};
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (read_page(pages[i]) >= 0.5f)
			fail_msg("page %zu was taken: %.*s", i, STR_FMT(got.posts[0].text));
}

/* Six comments in the data, twelve on the page. */
static void the_first_comments_do_not_stand_for_all(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1u << 16);
	buf_addz(&b, "<script type='application/ld+json'>[");
	for (int i = 0; i < 6; i++)
		buf_addf(&b,
			"%s{\"@type\":\"Comment\",\"text\":\"Opinion %d of the lamp: it hums, it flickers, 而且客服不理人。\","
			"\"author\":\"User%d\",\"datePublished\":\"2024-05-%02d\"}",
			i == 0 ? "" : ",", i, i, i + 1);
	buf_addz(&b, "]</script><h1>Lamp</h1><div class=list>");
	for (int i = 0; i < 12; i++)
		buf_addf(&b,
			"<div class=comment><a class=user href=/u/%d>User%d</a> <time datetime=2024-05-%02d>%d May</time><div "
			"class=text>Opinion %d of the lamp: it hums, it flickers, 而且客服不理人。</div></div>",
			i, i, i + 1, i + 1, i);
	buf_addz(&b, "</div>");
	buf_addc(&b, '\0');
	assert_true(read_page(buf_str(&b).p) < 0.5f);
	assert_int_equal(got.nposts, 6);
	buf_release(&b);
}

/* The help beside a short question is longer than question and answer. */
static void a_marked_question_may_be_short(void **state)
{
	(void)state;
	const float sure = read_page(
		"<div itemscope itemtype='https://schema.org/QAPage'><div itemprop=mainEntity itemscope "
		"itemtype='https://schema.org/Question'><h1 itemprop=name>Refund?</h1><div itemprop=text>Can I get my money "
		"back?</div><span itemprop=author>Kim</span><time itemprop=dateCreated datetime=2024-04-01></time><div "
		"itemprop=acceptedAnswer itemscope itemtype='https://schema.org/Answer'><div itemprop=text>凭发票去柜台退。</div>"
		"<span itemprop=author>小张</span><time itemprop=dateCreated datetime=2024-04-02></time></div></div></div>"
		"<p>When you answer, read the question with care. Be kind to those who write in a language that is not theirs. "
		"Do not insult anybody, and do not send people to the manual. 请友善讨论，不要人身攻击。</p>");
	assert_true(sure > 0.8f);
	assert_int_equal(got.nposts, 2);
	expect(got.title, "Refund?");
	expect(got.posts[1].author, "小张");
}

static void the_article_of_json_ld_is_found_in_a_graph(void **state)
{
	(void)state;
	struct jsonld_article a;
	(void)read_page(LD(
		"<!-- {\"@graph\":[{\"@type\":\"WebSite\",\"name\":\"N\"},{\"@type\":\"NewsArticle\",\"headline\":\"召回通知\","
		"\"author\":[{\"name\":\"王芳\"},{\"name\":\"Ben\"}],\"datePublished\":\"2024-05-01\",\"articleBody\":\"Body\"}]}"
		" -->"));
	assert_true(jsonld_article(&x, &a));
	expect(a.headline, "召回通知");
	expect(a.author, "王芳, Ben");
	expect(a.published, "2024-05-01");
	expect(a.body, "Body");
	(void)read_page("<p>none");
	assert_false(jsonld_article(&x, &a));
}

static void amounts_are_read_in_both_languages(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t n; /* -1: none */
	} cases[] = { { "赞(25)", 25 }, { "1,234 views", 1234 }, { "1.2k", 1200 }, { "3.4万", 34000 }, { "2亿次播放", 200000000 },
		{ "3 months", 3 }, { "1.5M", 1500000 }, { "-3", -1 }, { "none", -1 }, { "", -1 } };
	static const struct {
		const char *text;
		float stars;
	} ratings[] = { { "4 out of 5", 4 }, { "★★★☆☆", 3 }, { "8/10", 4 }, { "width: 60%", 3 }, { "allstar40 rating", 4 },
		{ "star5", 5 }, { "", 0 }, { "rating", 0 }, { "1200", 0 } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t n = -1;
		if (!amount_read(str_of(cases[i].text), &n))
			n = -1;
		if (n != cases[i].n)
			fail_msg("%s: %lld", cases[i].text, (long long)n);
	}
	for (size_t i = 0; i < sizeof ratings / sizeof *ratings; i++) {
		const float stars = amount_stars(str_of(ratings[i].text));
		if (stars < ratings[i].stars - 0.05f || stars > ratings[i].stars + 0.05f)
			fail_msg("%s: %.2f", ratings[i].text, (double)stars);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_in_json_ld_gives_its_posts),
		cmocka_unit_test(a_question_page_gives_question_and_answers),
		cmocka_unit_test(reviews_have_stars),
		cmocka_unit_test(microdata_gives_posts_within_posts),
		cmocka_unit_test(preloaded_json_is_read_where_the_page_is_empty),
		cmocka_unit_test(stumps_of_data_fall_through),
		cmocka_unit_test(the_first_comments_do_not_stand_for_all),
		cmocka_unit_test(a_marked_question_may_be_short),
		cmocka_unit_test(the_article_of_json_ld_is_found_in_a_graph),
		cmocka_unit_test(amounts_are_read_in_both_languages),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
