/* Unit tests of whole pages that hold threads of unknown engines, in Chinese and English: lists in the manner of a post bar, short
 * comments below a topic, answers to a question, a board without its marks, one post that nobody answered. */
#include "crawler/extract_thread.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

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

static void read_page(const char *url, const char *html)
{
	struct err e = { 0 };
	const struct page page = { .url = str_of(url), .fetched_ms = NOW, .bytes = str_of(html) };

	assert_int_equal(extract_page(&arena, &page, &found, &e), OK);
}

static void expect(size_t i, const char *text, const char *author)
{
	assert_true(i < found.nposts);
	assert_string_equal(arena_cstr(&arena, found.posts[i].text), text);
	assert_string_equal(arena_cstr(&arena, found.posts[i].author), author);
	assert_true(found.posts[i].published_ms > 0);
}

static bool says(const char *text)
{
	return str_find(found.text, str_of(text)) >= 0;
}

/* ---- a list of floors, each with its author at the side ---- */

#define FLOOR(n, user, when, text)                                                                                               \
	"<div class=\"lou lou_" n "\"><div class=\"ce\"><a href=\"/home/main?un=" user "\" class=\"ming\">" user                 \
	"</a><span>吧友</span></div><div class=\"you\"><div class=\"neirong\">" text "</div><div class=\"wei\"><span>" n         \
	"楼</span><span>" when "</span><a href=\"#\">回复</a></div></div></div>"

static void floors_of_a_post_bar_are_read(void **state)
{
	(void)state;
	read_page("https://ba.example.cn/p/88123",
		"<body><h1>洗衣机用了三天就漏水</h1>" FLOOR(
			"1", "春天的风", "2024-06-01 08:00", "上周买的洗衣机用了三天就漏水，客服让我自己拍视频，拍了又说看不清。")
			FLOOR("2", "老王", "2024-06-01 08:12", "我家那台也漏，换了门封才好。") FLOOR(
				"3", "小雨", "2024-06-01 09:30", "直接打厂家电话，别找商家，商家只会拖。") FLOOR("4", "春天的风",
				"2024-06-02 21:05", "打了三次电话，师傅今天终于上门了，谢谢大家。") "</body>");
	assert_int_equal(found.nposts, 4);
	expect(0, "上周买的洗衣机用了三天就漏水，客服让我自己拍视频，拍了又说看不清。", "春天的风");
	expect(3, "打了三次电话，师傅今天终于上门了，谢谢大家。", "春天的风");
}

/* ---- a topic of another build than its comments ---- */

#define COMMENT(id, user, when, text)                                                                                            \
	"<div class=\"comment\" id=\"c-" id "\"><div class=\"meta\"><a href=\"/user/" user "\">" user "</a> <time>" when         \
	"</time></div><div class=\"comment-words\"><p>" text "</p></div><div class=\"act\"><span>赞</span></div></div>"

#define TOPIC(user, when, words)                                                                                                 \
	"<article class=\"huati\"><div class=\"top\"><a href=\"/user/" user "\">" user "</a><span>" when                         \
	"</span></div><div class=\"zhengwen\"><h1>外卖迟到</h1><div class=\"zi\">" words                                         \
	"</div></div><div><a href=\"/user/8\">阿八</a><a href=\"/user/9\">阿九</a>赞过</div></article>"

static void a_topic_whose_author_answers_is_the_opening_post(void **state)
{
	(void)state;
	read_page("https://talk.example.cn/topic/1666",
		"<body><main>" TOPIC("鹿鸣", "2024-05-30 19:24",
			"<p>外卖迟到一个小时，骑手说餐厅没出餐。</p><p>平台只赔两块钱。</"
			"p>") "<section><h3>三条评论</h3>" COMMENT("3", "鹿鸣", "2024-06-01 10:34",
			"平台刚才又打来电话，说再赔五块。")
			COMMENT("2", "阿飞", "2024-05-31 20:45", "两块钱也叫赔，我上次一分钱都没有。")
				COMMENT("1", "小舟", "2024-05-31 09:10", "下次直接取消。") "</section></main></body>");
	assert_int_equal(found.nposts, 4);
	expect(0, "外卖迟到\n外卖迟到一个小时，骑手说餐厅没出餐。\n平台只赔两块钱。", "鹿鸣");
	expect(1, "平台刚才又打来电话，说再赔五块。", "鹿鸣");
}

/* ---- a question and its answers ---- */

#define ANSWER(id, user, when, text)                                                                                             \
	"<div class=\"answer\"><div class=\"who\"><a href=\"/people/" user "\">" user "</a></div><div class=\"rich\">" text      \
	"</div><div class=\"foot\"><a href=\"/question/5/answer/" id "\">" when "</a></div></div>"

static void answers_to_a_question_are_read(void **state)
{
	(void)state;
	read_page("https://wen.example.cn/question/5",
		"<body><h1>充电宝被航空公司没收能要回来吗？</h1>" ANSWER("51", "航友", "编辑于 2024-04-02 12:00",
			"<p>过了安检再被没收的，可以写投诉，机场一般会在七天内回复。</p>") ANSWER("52", "律师甲",
			"发布于 2024-04-03 08:30", "<p>看有没有三西标志，没有标志的话要不回来。</p>")
			ANSWER("53", "阿宝", "发布于 2024-04-05 18:00", "<p>我去年要回来了，填表格，等了一个月。</p>") "</body>");
	assert_int_equal(found.nposts, 3);
	expect(1, "看有没有三西标志，没有标志的话要不回来。", "律师甲");
}

/* ---- comments in the manner of a film page ---- */

#define SHORT(id, user, when, text)                                                                                              \
	"<li class=\"duanping\" data-cid=\"" id "\"><h3><span class=\"votes\">1" id "</span><span><a href=\"/people/" user       \
	"/\">" user "</a> 看过 <span title=\"" when "\">" when "</span></span></h3><p><span>" text "</span></p></li>"

static void short_comments_are_read(void **state)
{
	(void)state;
	read_page("https://film.example.cn/subject/77/comments",
		"<body><ul>" SHORT("1", "看客", "2024-03-01 20:00:00", "票价太贵，座位太挤，空调坏了也没人管。")
			SHORT("2", "影迷", "2024-03-02 21:00:00", "片子不错，影院太差。")
				SHORT("3", "路人", "2024-03-03 22:30:00", "退票等了两个星期，客服电话一直占线。") "</ul></body>");
	assert_int_equal(found.nposts, 3);
	expect(2, "退票等了两个星期，客服电话一直占线。", "路人");
}

/* ---- a board without the marks of its engine, with a notice above ---- */

#define BOARD(id, user, rank, when, text)                                                                                        \
	"<div class=\"row message\"><div class=\"col-2\"><ul><li><strong><a href=\"/forum/user/" id "-" user "\">" user          \
	"</a></strong></li><li>" rank "</li></ul></div><div class=\"col-10\"><small><span title=\"" when "\">2 weeks ago</span>" \
	" <a href=\"#" id "\">#" id "</a></small><div class=\"words\">" text                                                     \
	"</div><p>Please <a href=\"/login\">Log in</a> or <a href=\"/component/registration\">Create an account</a> to join "    \
	"the conversation.</p></div></div>"

#define NOTICE                                                                                                                   \
	"<div class=\"alert\"><h5>Version seven is there</h5><p>The team is glad to announce the seventh version, which brings " \
	"a new look, quicker pages, fewer clicks and better mails, and which can be taken from the page of downloads at once. "  \
	"Whoever comes from the fifth version has to go by way of the sixth, and to keep a copy of the data base before.</p>"    \
	"<p>Please read the notes about the new version before you write here, and name your version in every "                  \
	"question.</p></div>"

static void a_notice_above_a_thread_does_not_outweigh_it(void **state)
{
	(void)state;
	read_page("https://help.example.org/forum/support/31-numbers",
		"<body>" NOTICE "<h1>Numbers are wrong</h1>" BOARD("41", "ssno", "Senior Member", "01 Jun 2024 17:39",
			"The statistics page shows an error since the last version.") BOARD("42", "xill", "Administrator",
			"02 Jun 2024 09:00", "I cannot see it here, which version of the language do you run?") BOARD("43",
			"ssno", "Senior Member", "02 Jun 2024 10:15", "The newest one, and the cache is empty.") "</body>");
	assert_int_equal(found.level, EXTRACT_RECORDS);
	assert_int_equal(found.nposts, 3);
	assert_true(says("which version of the language") && !says("seventh version"));
}

static void a_thread_that_nobody_answered_is_one_post(void **state)
{
	(void)state;
	read_page("https://help.example.org/forum/support/32-login",
		"<body>" NOTICE "<h1>Login</h1>" BOARD("51", "mvv", "New Member", "28 Apr 2024 17:39",
			"How can I show the buttons of other networks on the login page of the forum?") "</body>");
	assert_int_equal(found.nposts, 1);
	expect(0, "How can I show the buttons of other networks on the login page of the forum?", "mvv");
	assert_true(!says("seventh version"));
}

static void a_post_on_a_page_that_is_no_thread_is_not_read_alone(void **state)
{
	(void)state;
	read_page("https://blog.example.org/2024/login.html",
		"<body>" NOTICE "<h1>Login</h1>" BOARD("51", "mvv", "New Member", "28 Apr 2024 17:39",
			"How can I show the buttons of other networks on the login page of the forum?") "</body>");
	assert_int_equal(found.level, EXTRACT_ARTICLE);
}

/* ---- teasers beside a thread ---- */

#define TEASER(n, title)                                                                                                         \
	"<div class=\"post-box\"><div><a href=\"/2024/" n ".html\">" title "</a></div><div>Posted by <a href=\"/members/" n      \
	".html\">writer" n "</a> <span>2024-05-2" n " 10:00</span></div><div>The beginning of another thread that many people "  \
	"have read and that has nothing to do with this one, told at some length so that it weighs more than the answers do; "   \
	"it "                                                                                                                    \
	"goes on for a while and then it ends.</div></div>"

static void teasers_do_not_hide_the_thread_beside_them(void **state)
{
	(void)state;
	read_page("https://salon.example.com/2024/act.html",
		"<body><div class=\"replies\">" COMMENT("1", "moritz", "2024-05-12 12:06",
			"They raised the price twice in one year.") COMMENT("2", "sunset", "2024-05-12 12:47",
			"And they took the night bus away as well, nobody asked us.") COMMENT("3", "mc", "2024-05-12 13:10",
			"Write to the council, they do answer letters.") "</div><div class=\"boxes\">" TEASER("1",
			"Minority of voters is leaving") TEASER("2", "Fear of the bust is near")
			TEASER("3", "The dream is out of reach") TEASER("4", "Evidence was gathered in May") "</div></body>");
	assert_int_equal(found.nposts, 3);
	assert_true(says("took the night bus away") && !says("another thread"));
}

/* ---- what is quoted ---- */

static void a_quote_is_told_once(void **state)
{
	struct extract_post posts[] = {
		{ .text = STR("My new router drops the line every evening at nine.") },
		{ .text = STR("Mine did that as well."), .quote = STR("My new router drops the line every evening at nine.") },
		{ .text = STR("厂家是这样说的。"), .quote = STR("本产品保修期为一年，人为损坏不在保修范围之内。") },
	};
	const struct extraction thread = { .posts = posts, .nposts = 3 };

	(void)state;
	assert_string_equal(arena_cstr(&arena, extract_thread_text(&arena, &thread)),
		"My new router drops the line every evening at nine.\n\nMine did that as well.\n\n"
		"本产品保修期为一年，人为损坏不在保修范围之内。\n\n厂家是这样说的。");
}

static void posts_alone_are_the_posts_of_the_page(void **state)
{
	static const char html[] = "<body><h1>洗衣机用了三天就漏水</h1>" FLOOR(
		"1", "春天的风", "2024-06-01 08:00", "上周买的洗衣机用了三天就漏水，客服让我自己拍视频，拍了又说看不清。")
		FLOOR("2", "老王", "2024-06-01 08:12", "我家那台也漏，换了门封才好。") FLOOR("3", "Jane", "2024-06-01 09:30",
			"Call the maker, not the shop: the shop only plays for time.") "<a href=\"?pn=2\">下一页</a></body>";
	const struct page page = { .url = STR("https://ba.example.cn/p/88123"), .fetched_ms = NOW, .bytes = STR(html) };
	struct extraction posts;
	struct err e = { 0 };
	(void)state;
	read_page("https://ba.example.cn/p/88123", html);
	assert_int_equal(extract_posts(&arena, &page, &posts, &e), OK);
	assert_int_equal(posts.nposts, 3);
	assert_int_equal(posts.nposts, found.nposts);
	for (size_t i = 0; i < posts.nposts; i++) {
		assert_true(str_eq(posts.posts[i].text, found.posts[i].text));
		assert_true(str_eq(posts.posts[i].author, found.posts[i].author));
		assert_true(str_eq(posts.posts[i].url, found.posts[i].url));
		assert_int_equal(posts.posts[i].published_ms, found.posts[i].published_ms);
	}
	assert_true(str_eq(posts.title, found.title) && str_eq(posts.language, found.language) && str_eq(posts.next, found.next));
	assert_int_equal(posts.published_ms, -1); /* of the page: nobody asked */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(floors_of_a_post_bar_are_read),
		cmocka_unit_test(a_topic_whose_author_answers_is_the_opening_post),
		cmocka_unit_test(answers_to_a_question_are_read),
		cmocka_unit_test(short_comments_are_read),
		cmocka_unit_test(a_notice_above_a_thread_does_not_outweigh_it),
		cmocka_unit_test(a_thread_that_nobody_answered_is_one_post),
		cmocka_unit_test(a_post_on_a_page_that_is_no_thread_is_not_read_alone),
		cmocka_unit_test(teasers_do_not_hide_the_thread_beside_them),
		cmocka_unit_test(a_quote_is_told_once),
		cmocka_unit_test(posts_alone_are_the_posts_of_the_page),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
