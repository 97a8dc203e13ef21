/* Unit tests of the records reader on templates of our own making, in Chinese and English: threads, questions, reviews and
 * complaints are found post by post; news, articles, shops are not taken for them. */
#include "crawler/extract.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define NOW 1718000000000 /* 2024-06-10 06:13 UTC */

static struct arena arena;
static struct extraction found;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, 512u << 20);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static float read_at(const char *url, const char *html)
{
	struct err e;
	struct dom d;
	const struct page page = { .url = str_of(url), .fetched_ms = NOW };
	const struct extract x = { .a = &arena, .page = &page, .base = page.url, .dom = &d, .charset = "utf-8" };

	assert_int_equal(dom_read(&arena, str_of(html), DOM_BUILDER_AUTO, &d, &e), OK);
	found = (struct extraction){ .published_ms = -1 };
	return extract_records(&x, &found);
}

static void expect(size_t i, const char *text, const char *author, const char *published)
{
	assert_true(i < found.nposts);
	assert_string_equal(arena_cstr(&arena, found.posts[i].text), text);
	assert_string_equal(arena_cstr(&arena, found.posts[i].author), author);
	assert_true(str_find(found.posts[i].published, str_of(published)) >= 0);
}

/* ---- threads ---- */

#define PHPBB(id, user, when, text)                                                                                              \
	"<div id=\"p" id "\" class=\"post has-profile bg2\"><div class=\"inner\"><dl class=\"postprofile\"><dt><a "              \
	"href=\"./memberlist.php?mode=viewprofile&amp;u=" id "\" class=\"username\">" user "</a></dt><dd>Posts: 1" id            \
	"</dd><dd>Joined: 12 Mar 2009</dd></dl><div class=\"postbody\"><h3><a href=\"#p" id                                      \
	"\">Re: Router</a></h3><p class=\"author\"><a href=\"./viewtopic.php?p=" id "#p" id                                      \
	"\">Post</a> by <strong><a href=\"./memberlist.php?mode=viewprofile&amp;u=" id "\">" user "</a></strong> » " when        \
	"</p><div class=\"content\">" text "</div><div class=\"signature\">My lovely router, bought with love</div></div>"       \
	"</div></div><hr>"

static void a_phpbb_thread_gives_its_posts_without_signatures(void **state)
{
	(void)state;
	assert_true(read_at("https://forum.example.org/viewtopic.php?t=7",
			    "<body><div id=menu><a href=/>Board index</a></div><h2>Router keeps dropping</h2>" PHPBB("11", "anna",
				    "23 Jul 2018 09:58",
				    "My new router drops the line every evening at nine, what can I do about it?") PHPBB("12",
				    "bert", "23 Jul 2018 11:02",
				    "<blockquote><cite>anna wrote:</cite>My new router drops the line</blockquote>Mine did that "
				    "as well until I changed the channel of the radio.") PHPBB("13", "carl", "24 Jul 2018 08:00",
				    "Send it back, they refund it without asking.")) > 0.5F);
	assert_int_equal(found.nposts, 3);
	expect(0, "My new router drops the line every evening at nine, what can I do about it?", "anna", "23 Jul 2018 09:58");
	expect(1, "Mine did that as well until I changed the channel of the radio.", "bert", "23 Jul 2018 11:02");
	assert_true(str_find(found.posts[1].quote, STR("My new router drops the line")) >= 0);
	assert_string_equal(arena_cstr(&arena, found.posts[2].url), "https://forum.example.org/viewtopic.php?p=13#p13");
	assert_string_equal(arena_cstr(&arena, found.posts[2].id), "p13");
	assert_int_equal(found.posts[0].likes, -1);
}

#define XENFORO(id, user, iso, text)                                                                                             \
	"<article class=\"message message--post js-post\" data-author=\"" user "\" id=\"js-post-" id                             \
	"\"><span class=\"u-anchorTarget\" id=\"post-" id                                                                        \
	"\"></span><div class=\"message-cell message-cell--user\"><h4 class=\"message-name\"><a href=\"/members/" user           \
	".5/\" class=\"username\">" user                                                                                         \
	"</a></h4><h5 class=\"userTitle\">Well-known member</h5></div><div class=\"message-cell "                                \
	"message-cell--main\"><header><ul><li><a href=\"/threads/battery.77/post-" id "\"><time datetime=\"" iso                 \
	"\">Jun 3, 2024</time></a></li><li><a href=\"/threads/battery.77/post-" id "\">#" id                                     \
	"</a></li></ul></header><div class=\"message-body\"><div class=\"bbWrapper\">" text                                      \
	"</div></div><div class=\"message-actionBar\"><a href=\"/posts/" id "/report\">Report</a><a href=\"/posts/" id           \
	"/quote\">Quote</a></div></div></article>"

static void a_xenforo_thread_takes_times_from_attributes(void **state)
{
	(void)state;
	assert_true(read_at("https://cars.example.com/threads/battery.77/",
			    "<body><h1>Battery</h1>" XENFORO("501", "Dora", "2024-06-03T14:05:00+0200",
				    "The battery died after two years of driving.") XENFORO("502", "Emil",
				    "2024-06-03T15:00:00+0200", "Mine is fine, but the screen is not.")) > 0.5F);
	assert_int_equal(found.nposts, 2);
	expect(0, "The battery died after two years of driving.", "Dora", "2024-06-03T14:05");
	assert_true(found.posts[0].published_ms == 1717416300000);
	assert_string_equal(arena_cstr(&arena, found.posts[1].url), "https://cars.example.com/threads/battery.77/post-502");
	assert_string_equal(arena_cstr(&arena, found.posts[1].author_url), "https://cars.example.com/members/Emil.5/");
}

#define VBULLETIN(id, user, when, text)                                                                                          \
	"<table id=\"post" id "\" class=\"tborder\"><tr><td class=\"thead\"><a name=\"post" id "\"></a>" when                    \
	"</td></tr><tr><td class=\"alt2\"><a class=\"bigusername\" href=\"member.php?u=" id "\">" user                           \
	"</a><div>Join Date: Jan 2005</div></td></tr><tr><td class=\"alt1\" id=\"td_post_" id "\"><div id=\"post_message_" id    \
	"\">" text "</div></td></tr></table>"

static void a_vbulletin_thread_knows_its_bodies_by_numbered_ids(void **state)
{
	(void)state;
	assert_true(read_at("https://old.example.net/showthread.php?t=9",
			    "<body>" VBULLETIN("31", "fred", "03-05-2019, 10:11 AM",
				    "Has anybody had luck with the hotline of this airline?") VBULLETIN("32", "gina",
				    "03-05-2019, 11:30 AM", "Forty minutes of music, then the line was cut.") VBULLETIN("33",
				    "hugo", "03-06-2019, 07:45 PM", "Write to the regulator, that helped.")) > 0.5F);
	assert_int_equal(found.nposts, 3);
	expect(1, "Forty minutes of music, then the line was cut.", "gina", "03-05-2019, 11:30 AM");
	assert_string_equal(arena_cstr(&arena, found.posts[2].url), "https://old.example.net/showthread.php?t=9#post33");
}

#define DISCUZ(id, user, when, text)                                                                                               \
	"<div id=\"post_" id "\"><table id=\"pid" id "\" class=\"plhin\"><tr><td class=\"pls\"><div class=\"authi\"><a "           \
	"href=\"home.php?mod=space&amp;uid=" id "\" class=\"xw1\">" user                                                           \
	"</a></div><p>金牌会员</p></td><td class=\"plc\"><div class=\"pi\"><strong><a href=\"forum.php?mod=redirect&amp;goto=" \
	"findpost&amp;ptid=8&amp;pid=" id "\">" id "#</a></strong><em id=\"authorposton" id "\">发表于 <span title=\"" when        \
	"\">昨天&nbsp;08:18</span></em></div><div class=\"t_fsz\"><table><tr><td class=\"t_f\" id=\"postmessage_" id "\">" text    \
	"</td></tr></table></div><div class=\"po\"><a href=\"forum.php?mod=post&amp;action=reply\">回复</a> <a "                 \
	"href=\"misc.php?mod=report\">举报</a></div></td></tr></table></div>"

static void a_discuz_thread_gives_chinese_posts_with_their_quotes(void **state)
{
	(void)state;
	assert_true(read_at("https://bbs.example.cn/thread-8-1-1.html",
			    "<body><h1>路由器老是掉线</h1>" DISCUZ("901", "小明", "2024-3-2 08:18:40",
				    "新买的路由器每天晚上九点准时掉线，客服电话打不通，怎么办？")
				    DISCUZ("902", "老王", "2024-3-2 09:00:00",
					    "<div class=\"quote\"><blockquote>小明 发表于 2024-3-2 "
					    "08:18<br>新买的路由器</blockquote></div>换个信道试试，我的就是这么解决的。")
					    DISCUZ("903", "阿芳", "2024-3-3 10:20:30", "直接退货吧，七天无理由。")) > 0.5F);
	assert_int_equal(found.nposts, 3);
	expect(0, "新买的路由器每天晚上九点准时掉线，客服电话打不通，怎么办？", "小明", "2024-3-2 08:18:40");
	expect(1, "换个信道试试，我的就是这么解决的。", "老王", "2024-3-2 09:00:00");
	assert_true(str_find(found.posts[1].quote, STR("新买的路由器")) >= 0);
	assert_true(str_find(found.posts[2].url, STR("pid=903")) >= 0);
}

#define TIEBA(id, user, when, text)                                                                                              \
	"<div class=\"l_post l_post_bright\"><div class=\"d_author\"><ul><li class=\"d_name\"><a class=\"p_author_name\" "       \
	"href=\"/home/main?un=" id "\">" user "</a></li><li class=\"d_badge\">初级粉丝</li></ul></div><div "                 \
	"class=\"d_post_content_main\"><div id=\"post_content_" id "\" class=\"d_post_content\">" text                           \
	"</div><div class=\"core_reply\"><span class=\"tail-info\">来自Android客户端</span><span class=\"tail-info\">" id        \
	"楼</span><span class=\"tail-info\">" when "</span></div></div></div>"

static void a_thread_of_floors_gives_each_floor(void **state)
{
	(void)state;
	assert_true(read_at("https://tieba.example.cn/p/123456",
			    "<body>" TIEBA("1", "起风了", "2024-05-01 10:00", "外卖送了两个小时，汤都洒了，商家还不理人。")
				    TIEBA("2", "云朵", "2024-05-01 10:07", "投诉它，平台会赔的。")
					    TIEBA("3", "星星", "2024-05-01 12:30", "我上次也是，最后退了一半。")) > 0.5F);
	assert_int_equal(found.nposts, 3);
	expect(0, "外卖送了两个小时，汤都洒了，商家还不理人。", "起风了", "2024-05-01 10:00");
	expect(2, "我上次也是，最后退了一半。", "星星", "2024-05-01 12:30");
}

/* ---- other lists of what people write ---- */

#define REVIEW(user, when, text)                                                                                                 \
	"<div class=\"review-card\"><div class=\"review-head\"><span class=\"reviewer-name\">" user                              \
	"</span><span class=\"stars\">★★☆☆☆</span><span class=\"review-date\">" when                                             \
	"</span></div><p class=\"review-text\">" text "</p><a href=\"#helpful\">Helpful</a></div>"

static void cards_of_reviews_without_links_are_posts(void **state)
{
	(void)state;
	assert_true(read_at("https://apps.example.com/app/reviews",
			    "<body><h1>Ratings and reviews</h1>" REVIEW(
				    "Ivy P.", "May 3, 2024", "Crashes whenever I open the camera, since the last update.")
				    REVIEW("Jon", "May 1, 2024", "Fine, but far too many advertisements in it.")
					    REVIEW("刘洋", "2024年4月28日", "更新以后一直闪退，希望尽快修复。")) > 0.5F);
	assert_int_equal(found.nposts, 3);
	expect(0, "Crashes whenever I open the camera, since the last update.", "Ivy P.", "May 3, 2024");
	expect(2, "更新以后一直闪退，希望尽快修复。", "刘洋", "2024年4月28日");
}

#define COMPLAINT(id, user, when, text)                                                                                          \
	"<li class=\"complaint-item\"><div class=\"u\"><a class=\"nickname\" href=\"/user/" id "\">" user                        \
	"</a> <span class=\"time\">" when "</span></div><h3><a href=\"/complaint/view/" id "\">投诉某品牌售后第" id              \
	"号</a></h3><p class=\"summary\">" text "</p><dl><dt>诉求</dt><dd>退款</dd></dl></li>"

static void cards_of_complaints_are_posts_though_their_titles_lead_away(void **state)
{
	(void)state;
	assert_true(
		read_at("https://tousu.example.cn/brand/77",
			"<body><ul>" COMPLAINT("1701", "匿名用户甲", "2024-05-20 11:20",
				"购买的冰箱三天就不制冷，售后推脱不处理，要求全额退款。") COMPLAINT("1702", "张女士",
				"2024-05-19 09:10", "预约的安装师傅一直没来，电话也没人接，耽误了整整一周。") COMPLAINT("1703",
				"李先生", "2024-05-18 20:45", "收到的商品有明显划痕，商家拒绝退换货。") "</ul>") > 0.5F);
	assert_int_equal(found.nposts, 3);
	assert_string_equal(arena_cstr(&arena, found.posts[1].author), "张女士");
	assert_true(str_find(found.posts[0].text, STR("购买的冰箱三天就不制冷")) >= 0);
	assert_string_equal(arena_cstr(&arena, found.posts[2].url), "https://tousu.example.cn/complaint/view/1703");
}

#define ANSWER(id, user, when, text)                                                                                             \
	"<div class=\"answer\" id=\"answer-" id "\"><div class=\"answer-body\"><p>" text                                         \
	"</p></div><div class=\"sign\">answered <span class=\"time\" title=\"" when "\">a while ago</span> <a href=\"/users/" id \
	"/" user "\">" user "</a> <a href=\"/a/" id "\">link</a></div></div>"

static void the_question_of_another_build_is_the_first_post(void **state)
{
	(void)state;
	assert_true(read_at("https://ask.example.com/questions/5/blue-smoke",
			    "<body><h1>Blue smoke</h1><div class=\"question-box\"><div class=\"prose\"><p>Why does the engine of "
			    "my van blow blue smoke "
			    "on cold mornings, and is it safe to drive on?</p></div><div class=\"asked\">asked <span "
			    "title=\"2024-01-05 10:00:00Z\">Jan 5</span> by <a href=\"/users/9/kim\">kim</a></div></div>" ANSWER(
				    "71", "lars", "2024-01-05 12:00:00Z",
				    "Worn valve seals let oil pass when the engine stands over night.") ANSWER("72", "mona",
				    "2024-01-06 09:30:00Z", "Safe for a while, but watch the level of the oil.") ANSWER("73",
				    "nils", "2024-01-07 18:00:00Z", "Check the turbo first, it is cheaper to do.")) > 0.5F);
	assert_int_equal(found.nposts, 4);
	expect(0, "Why does the engine of my van blow blue smoke on cold mornings, and is it safe to drive on?", "kim",
		"2024-01-05");
	expect(2, "Safe for a while, but watch the level of the oil.", "mona", "2024-01-06");
}

/* ---- not records ---- */

#define STORY(n, when, title, teaser)                                                                                            \
	"<div class=\"story\"><h3><a href=\"/2024/06/story-" n ".html\">" title "</a></h3><p>" teaser                            \
	"</p><span class=\"author\">Desk</span> <time>" when "</time></div>"

static void a_home_page_of_news_is_no_thread(void **state)
{
	(void)state;
	assert_true(read_at("https://news.example.com/",
			    "<body>" STORY("1", "2024-06-09", "Government falls over the price of bread",
				    "The coalition broke on Sunday evening after a long night.")
				    STORY("2", "2024-06-08", "Harbour closed after the storm of the year",
					    "Ships wait outside while divers search the entrance.")
					    STORY("3", "2024-06-07", "Museum shows the lost drawings at last",
						    "Visitors queued around the block on the first day.")) == 0.0F);
	assert_true(read_at("https://news.example.cn/",
			    "<body>" STORY("1", "2024-06-09", "面包价格上涨引发内阁危机，总理宣布辞职",
				    "联合政府在周日晚间经过漫长谈判后宣告破裂。") STORY("2", "2024-06-08",
				    "年度最强风暴过后港口仍然关闭", "船只在港外等候，潜水员正在搜索入口。") STORY("3",
				    "2024-06-07", "博物馆终于展出失落多年的素描作品", "首日参观者在街区外排起了长队。")) == 0.0F);
}

#define PARAGRAPH                                                                                                                \
	"<p>The committee met for the third time this year and spoke about the bridge, its cost, its colour and the noise that " \
	"it "                                                                                                                    \
	"will bring to the quarter around the old harbour, where people have lived quietly for a hundred years.</p>"

static void an_article_with_related_links_and_comments_stays_an_article(void **state)
{
	(void)state;
	assert_true(
		read_at("https://paper.example.com/2024/bridge.html",
			"<html><head><meta property=\"og:type\" content=\"article\"></head><body><article><h1>The "
			"bridge</h1><span "
			"class=\"byline\">By Ann Writer</span> <time>2024-06-01</time>" PARAGRAPH PARAGRAPH PARAGRAPH PARAGRAPH
				PARAGRAPH "</article><div class=\"related\"><div class=\"card\"><a href=\"/2024/a.html\">Another "
			"bridge in another town</a> <time>2024-05-30"
			"</time></div><div class=\"card\"><a href=\"/2024/b.html\">The tunnel that never was built</a> "
			"<time>2024-05-29</time></div>"
			"</div><div id=\"comments\"><div class=\"comment\"><a class=\"user\" href=\"/user/1\">olga</a> "
			"<time>2024-06-02</time><p>Far too "
			"expensive for this town.</p></div><div class=\"comment\"><a class=\"user\" href=\"/user/2\">paul</a> "
			"<time>2024-06-02</time>"
			"<p>I like the colour very much.</p></div><div class=\"comment\"><a class=\"user\" "
			"href=\"/user/3\">rita</a> "
			"<time>2024-06-03</time><p>What about the noise at night?</p></div></div>") == 0.0F);
}

#define ARTICLE                                                                                                                                                                         \
	"<p>委员会今年第三次开会，讨论了大桥的造价、颜色以及它给老港口周边街区带来的噪音，那里的居民已经安静地生活了一百年。</" \
	"p>"

static void a_chinese_article_with_comments_stays_an_article(void **state)
{
	(void)state;
	assert_true(read_at("https://paper.example.cn/2024/qiao.html",
			    "<html><head><script "
			    "type=\"application/ld+json\">{\"@type\":\"NewsArticle\"}</script></head><body><h1>大桥</"
			    "h1><div>作者：<span "
			    "class=\"author\">王记者</span> <span>2024-06-01 08:00</span></div><div class=\"content\">" ARTICLE
				    ARTICLE ARTICLE ARTICLE ARTICLE ARTICLE
			    "</div><ul><li class=\"comment\"><a class=\"nick\" href=\"/user/1\">小李</a><em>2024-06-02 "
			    "10:00</em><p>太贵了，不值得。</p></li><li "
			    "class=\"comment\"><a class=\"nick\" href=\"/user/2\">小赵</a><em>2024-06-02 "
			    "11:00</em><p>颜色很好看，我喜欢。</p></li></ul>") == 0.0F);
}

#define PRODUCT(n, price)                                                                                                        \
	"<li class=\"product\"><a href=\"/p/" n "\"><h4>Kettle " n "</h4></a><span class=\"price\">" price                       \
	"</span><p>Boils a litre and a half in three minutes.</p><button>Add</button></li>"

static void a_list_of_products_is_no_list_of_posts(void **state)
{
	(void)state;
	assert_true(read_at("https://shop.example.com/kettles", "<body><ul>" PRODUCT("10", "$ 19.90") PRODUCT("11", "$ 24.50")
									PRODUCT("12", "$ 31.00") "</ul>") == 0.0F);
	assert_true(read_at("https://shop.example.cn/shuihu",
			    "<body><ul>" PRODUCT("20", "￥199.00") PRODUCT("21", "￥245.00") "</ul>") == 0.0F);
}

static void pages_without_anything_are_nothing(void **state)
{
	(void)state;
	assert_true(read_at("", "") == 0.0F);
	assert_true(read_at("https://a.example/", "<p>你好</p><p>hello</p>") == 0.0F);
}

/* A page of very many alike nodes, and one of very deep ones, are read in the time of their size. */
static void many_and_deep_nodes_are_read(void **state)
{
	struct buf html;

	(void)state;
	buf_init(&html, 4u << 20);
	for (int i = 0; i < 6000; i++)
		buf_addf(&html,
			"<div class=post id=p%d><a href=/user/%d>u%d</a> 2024-01-02 <p>words of a post number %d</p></div>", i, i,
			i, i);
	(void)read_at("https://a.example/thread/1", html.p);
	buf_clear(&html);
	for (int i = 0; i < 20000; i++)
		buf_addz(&html, "<div class=c><b>x");
	(void)read_at("https://a.example/thread/1", html.p);
	buf_release(&html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_phpbb_thread_gives_its_posts_without_signatures),
		cmocka_unit_test(a_xenforo_thread_takes_times_from_attributes),
		cmocka_unit_test(a_vbulletin_thread_knows_its_bodies_by_numbered_ids),
		cmocka_unit_test(a_discuz_thread_gives_chinese_posts_with_their_quotes),
		cmocka_unit_test(a_thread_of_floors_gives_each_floor),
		cmocka_unit_test(cards_of_reviews_without_links_are_posts),
		cmocka_unit_test(cards_of_complaints_are_posts_though_their_titles_lead_away),
		cmocka_unit_test(the_question_of_another_build_is_the_first_post),
		cmocka_unit_test(a_home_page_of_news_is_no_thread),
		cmocka_unit_test(an_article_with_related_links_and_comments_stays_an_article),
		cmocka_unit_test(a_chinese_article_with_comments_stays_an_article),
		cmocka_unit_test(a_list_of_products_is_no_list_of_posts),
		cmocka_unit_test(pages_without_anything_are_nothing),
		cmocka_unit_test(many_and_deep_nodes_are_read),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
