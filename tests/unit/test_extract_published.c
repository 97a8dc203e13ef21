/* Unit tests of the publication date of a page, on pages of our own in English and in Chinese. */
#include "crawler/extract.h"

#include "common/base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define ARENA_BYTES (64u << 20)
#define FETCHED_MS 1715153400000LL /* 2024-05-08T07:30:00Z */
#define CHINA_MINUTES 480

/* What a page says, and the day or moment (UTC) that it was published; "" = none. */
struct row {
	const char *html, *url, *published;
};

static void check(const struct row *row, int64_t fetched_ms, int zone_minutes)
{
	struct page page = {
		.bytes = str_of(row->html), .url = str_of(row->url), .fetched_ms = fetched_ms, .zone_minutes = zone_minutes
	};
	struct arena a;
	struct dom dom;
	struct err e = { 0 };
	struct extract x = { .a = &a, .page = &page, .base = page.url, .dom = &dom, .charset = "utf-8" };
	struct str written;
	char text[32] = "";
	int64_t ms;
	bool day_only;

	arena_init(&a, ARENA_BYTES);
	assert_int_equal(dom_read(&a, page.bytes, DOM_BUILDER_AUTO, &dom, &e), OK);
	if (extract_published(&x, &written, &ms, &day_only)) {
		clock_iso(ms + (day_only ? zone_minutes * MS_PER_MINUTE : 0), text);
		if (day_only)
			text[10] = '\0';
	} else {
		assert_int_equal(ms, -1);
		assert_int_equal(written.n, 0);
	}
	if (strcmp(text, row->published) != 0)
		fail_msg("expected \"%s\", got \"%s\" (\"%.*s\") for\n%s", row->published, text, STR_FMT(written), row->html);
	arena_release(&a);
}

static void expect(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(&rows[i], FETCHED_MS, CHINA_MINUTES);
}

#define EXPECT(rows) expect(rows, sizeof(rows) / sizeof((rows)[0]))

static void data_about_the_article_is_believed_first(void **state)
{
	static const struct row rows[] = {
		{ "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2023-11-02T10:00:00+08:00\","
		  "\"dateModified\":\"2023-12-01\"}</script><h1>Trains are late again</h1><p>12 March 2022</p>",
			"", "2023-11-02T02:00:00Z" },
		{ "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"WebPage\",\"datePublished\":\"2021-01-01\"},"
		  "{\"@type\":[\"BlogPosting\"],\"datePublished\":\"2023-11-02\"}]}</script><h1>列车又晚点了</h1>",
			"", "2023-11-02" },
		/* what comes with it is not it */
		{ "<script "
		  "type='application/ld+json'>{\"@type\":\"Article\",\"comment\":[{\"@type\":\"Comment\",\"datePublished\":"
		  "\"2023-11-05\"}],\"datePublished\":\"2023-11-02\"}</script>",
			"", "2023-11-02" },
		{ "<script type='application/ld+json'>{\"@type\":\"Book\",\"datePublished\":\"1999-02-03\"}</script>"
		  "<h1>A book review of ours</h1><time datetime='2023-11-02'>2 Nov</time>",
			"", "2023-11-02" },
		/* JSON that is none: a line end inside of a string */
		{ "<script "
		  "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"description\":\"two\nlines\",\"datePublished\":"
		  "\"2023-11-02\",}</script>",
			"", "2023-11-02" },
	};

	(void)state;
	EXPECT(rows);
}

static void meta_elements_are_known_by_what_their_name_says(void **state)
{
	static const struct row rows[] = {
		{ "<meta property='article:published_time' content='2023-11-02T10:00:00Z'><p>x</p>", "", "2023-11-02T10:00:00Z" },
		{ "<meta name='PubDate' content='2023-11-02 10:00:00'><p>通知</p>", "", "2023-11-02T02:00:00Z" },
		{ "<meta name='publishdate' content='20231102'><p>通知</p>", "", "2023-11-02" },
		{ "<meta name='weibo: article:create_at' content='2023-11-02 10:00:00'><p>微博</p>", "", "2023-11-02T02:00:00Z" },
		{ "<meta name='DC.date.issued' content='2023-11-02'><p>x</p>", "", "2023-11-02" },
		{ "<meta name='sailthru.date' content='Thu, 02 Nov 2023 10:00:00 GMT'><p>x</p>", "", "2023-11-02T10:00:00Z" },
		{ "<meta name='parsely-pub-date' content='2023-11-02T10:00:00Z'><p>x</p>", "", "2023-11-02T10:00:00Z" },
		{ "<meta property='og:updated_time' content='2023-12-01T10:00:00Z'><meta name='date' "
		  "content='2023-11-02'><p>x</p>",
			"", "2023-11-02" },
		/* no dates of the page */
		{ "<meta name='expires' content='2023-11-02'><meta name='publisher' content='2023-11-02'><p>x</p>", "", "" },
		{ "<meta name='pubdate' content='2031-11-02'><meta name='date' content='1970-01-01'><p>x</p>", "", "" },
	};

	(void)state;
	EXPECT(rows);
}

static void bylines_are_read_near_the_headline(void **state)
{
	static const struct row rows[] = {
		{ "<title>站台上的风波</title><div>今天是2024年5月8日</div><h1>站台上的风波</h1>"
		  "<p><span>发布时间：</span><span>2023-11-02 10:00</span> 来源：本站</p><p>2019年3月1日，车站启用。</p>",
			"", "2023-11-02T02:00:00Z" },
		{ "<h1>站台上的风波</h1><div class='info'>2023年11月02日 10:00　记者 张三</div><p>正文</p>", "",
			"2023-11-02T02:00:00Z" },
		{ "<h1>Trouble on the platform</h1><div class='byline'>By Ann Lee <time datetime='2023-11-02T10:00:00Z'>2 "
		  "Nov</time></div>"
		  "<aside><time datetime='2024-02-02T10:00:00Z'>newer story</time></aside>",
			"", "2023-11-02T10:00:00Z" },
		{ "<h1>Trouble on the platform</h1><p>Updated: December 1, 2023</p><p>Posted on November 2, 2023</p>", "",
			"2023-11-02" },
		{ "<h1>Trouble on the platform</h1><p>Member since 4 May 2009</p><p>November 2, 2023</p>", "", "2023-11-02" },
		{ "<h1>站台上的风波</h1><p>注册日期：2009-05-04</p><p>2023-11-02</p>", "", "2023-11-02" },
		{ "<h1>Trouble on the platform</h1><div class=date><b>02</b> <i>Nov</i> <u>2023</u></div>", "", "2023-11-02" },
		{ "<h1>站台上的风波</h1><p>更新时间：2023-12-01</p>", "", "2023-12-01" },
		{ "<h1>Trouble on the platform</h1><footer>Copyright 2 Nov 2023</footer><p>no date</p>", "", "2023-11-02" },
	};

	(void)state;
	EXPECT(rows);
}

static void a_relative_date_counts_from_the_fetch_in_a_byline_only(void **state)
{
	static const struct row rows[] = {
		{ "<h1>站台上的风波</h1><span class='time'>3小时前</span><p>正文</p>", "", "2024-05-08T04:30:00Z" },
		{ "<h1>Trouble on the platform</h1><time>yesterday at 10:00</time>", "", "2024-05-07T02:00:00Z" },
		{ "<h1>站台上的风波</h1><p>今天天气不错，昨天也不错。去年3月的事大家都记得，那时候站台上人山人海，谁也走不动。</"
		  "p>",
			"", "" },
	};
	static const struct row unknown = { "<h1>站台上的风波</h1><span class='time'>3小时前</span>", "", "" };

	(void)state;
	EXPECT(rows);
	check(&unknown, 0, CHINA_MINUTES); /* no fetch time, no date */
}

static void addresses_name_days(void **state)
{
	static const struct row rows[] = {
		{ "<p>x</p>", "https://news.example/2023/11/02/trains", "2023-11-02" },
		{ "<p>x</p>", "https://news.example/a/20231102/0001.html", "2023-11-02" },
		{ "<p>x</p>", "https://news.example/t20231102_17.html", "2023-11-02" },
		{ "<p>x</p>", "https://news.example/2023-11/02/content_1.htm", "2023-11-02" },
		{ "<p>x</p>", "https://news.example/2023/1102/c1.html", "2023-11-02" },
		{ "<link rel=canonical href='https://news.example/2023/11/2/x'><p>x</p>", "", "2023-11-02" },
		{ "<p>x</p>", "https://news.example/item/202311021234567", "" },
		{ "<p>x</p>", "https://news.example/2023/13/02/", "" },
		{ "<p>x</p>", "https://news.example/1020231102", "" },
	};

	(void)state;
	EXPECT(rows);
}

static void day_and_month_follow_the_page(void **state)
{
	static const struct row rows[] = {
		{ "<html lang='en-GB'><h1>Trouble on the platform</h1><p>Published 02/11/2023</p>", "", "2023-11-02" },
		{ "<html lang='en-US'><h1>Trouble on the platform</h1><p>Published 11/02/2023</p>", "", "2023-11-02" },
		{ "<html lang='de'><h1>Trouble on the platform</h1><p>02/11/2023</p>", "https://x.example", "2023-11-02" },
		{ "<h1>Trouble on the platform</h1><p>02/11/2023</p>", "https://x.co.uk/a", "2023-11-02" },
		{ "<html lang='zh-CN'><h1>站台上的风波</h1><p>发布时间：2023/11/02</p>", "", "2023-11-02" },
	};

	(void)state;
	EXPECT(rows);
}

static void data_made_anew_gives_way_to_what_readers_see(void **state)
{
	static const struct row rows[] = {
		{ "<script "
		  "type='application/ld+json'>{\"@type\":\"Article\",\"datePublished\":\"2024-05-01T10:00:00Z\",\"dateModified\":"
		  "\"2024-05-01T10:00:00Z\"}</script><h1>Trouble on the platform</h1><time>2 November 2023</time>",
			"", "2023-11-02" },
		{ "<script "
		  "type='application/ld+json'>{\"@type\":\"Article\",\"datePublished\":\"2024-04-30T10:00:00Z\",\"dateModified\":"
		  "\"2024-05-01T10:00:00Z\"}</script><h1>站台上的风波</h1><span class=date>2023年11月2日</span>",
			"", "2024-04-30T10:00:00Z" },
	};

	(void)state;
	EXPECT(rows);
}

static void pages_without_a_date_have_none(void **state)
{
	static const struct row rows[] = {
		{ "", "", "" },
		{ "<h1>价格 ¥2023.11</h1><p>订单号 20231102103000123456，电话 400-820-8820，版本 3.11.7</p>", "", "" },
		{ "<h1>Order 20231102103000123456</h1><p>Call 1-800-273-8255, version 3.11.7, $20.23</p>", "", "" },
		{ "<script>var build = '20231102';</script><p>x</p>", "", "" },
		{ "<p>1912年1月1日</p><p>4 July 1976</p>", "", "" },
	};

	(void)state;
	EXPECT(rows);
}

static void dates_of_records_are_read_with_the_page_s_zone(void **state)
{
	struct page page = { .fetched_ms = FETCHED_MS, .zone_minutes = CHINA_MINUTES, .url = STR("https://x.co.uk/a") };
	struct dom_node nodes[1] = { { 0 } };
	struct dom dom = { .node = nodes, .n = 1 };
	struct extract x = { .page = &page, .dom = &dom };
	int64_t ms;
	bool day_only;

	(void)state;
	assert_true(extract_date(&x, STR("发表于 昨天 08:00"), &ms, &day_only));
	assert_int_equal(ms, clock_from_utc(2024, 5, 7, 0, 0, 0));
	assert_false(day_only);
	assert_true(extract_date(&x, STR("02/11/2023"), &ms, &day_only));
	assert_int_equal(ms, clock_from_utc(2023, 11, 1, 16, 0, 0));
	assert_true(day_only);
	assert_false(extract_date(&x, STR("第3楼"), &ms, &day_only));
	assert_int_equal(ms, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_about_the_article_is_believed_first),
		cmocka_unit_test(meta_elements_are_known_by_what_their_name_says),
		cmocka_unit_test(bylines_are_read_near_the_headline),
		cmocka_unit_test(a_relative_date_counts_from_the_fetch_in_a_byline_only),
		cmocka_unit_test(addresses_name_days),
		cmocka_unit_test(day_and_month_follow_the_page),
		cmocka_unit_test(data_made_anew_gives_way_to_what_readers_see),
		cmocka_unit_test(pages_without_a_date_have_none),
		cmocka_unit_test(dates_of_records_are_read_with_the_page_s_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
