/* Unit tests of feed discovery: what an address gives, and which feeds a page names. */
#include "crawler/discover.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define RSS "<rss version=\"2.0\"><channel><title>车主论坛</title><item><title>a</title></item></channel></rss>"

static struct arena arena;
static struct err err;
static struct discovery found;

static enum outcome read(const char *bytes, const char *type)
{
	const struct page page = {
		.bytes = str_of(bytes), .url = STR("https://a.example/forum/list.html"), .content_type = str_of(type)
	};
	arena_reset(&arena);
	return discover_read(&arena, &page, &found, &err);
}

static void expect_feeds(const char *html, size_t n, const char *const *url)
{
	assert_int_equal(read(html, "text/html; charset=utf-8"), OK);
	assert_int_equal(found.kind, DISCOVER_PAGE);
	assert_int_equal(found.nfeeds, n);
	for (size_t i = 0; i < n; i++)
		if (!str_eqc(found.feed[i].url, url[i]))
			fail_msg("feed %zu is %.*s, not %s", i, STR_FMT(found.feed[i].url), url[i]);
}
#define EXPECT(html, ...)                                                                                                        \
	expect_feeds(html, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (const char *const[]){ __VA_ARGS__ })

static void feeds_and_sitemaps_are_told_by_their_content(void **state)
{
	(void)state;
	assert_int_equal(read(RSS, "text/html"), OK);
	assert_int_equal(found.kind, DISCOVER_FEED);
	assert_true(str_eqc(found.title, "车主论坛") && str_eqc(found.version, "rss20") && found.entries == 1);
	assert_int_equal(read("<urlset><url><loc>https://a.example/1</loc></url></urlset>", "application/xml"), OK);
	assert_int_equal(found.kind, DISCOVER_SITEMAP);
	assert_int_equal(read("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"b\",\"items\":[]}", ""), OK);
	assert_int_equal(found.kind, DISCOVER_FEED);
}

static void a_page_names_its_feeds_in_order_each_once(void **state)
{
	(void)state;
	EXPECT("<html><head><title> 刹车失灵 - 论坛 </title>"
	       "<link rel=alternate type=application/rss+xml title=\"最新\" href=\"../feed?a=1&amp;b=2\">"
	       "<link rel='feed Alternate' type='Application/Atom+XML; charset=utf-8' href='https://b.example/atom'>"
	       "<link rel=alternate type=application/rss+xml href=\"/feed?a=1&amp;b=2\">"
	       "<link rel=alternate type=application/feed+json href=feed.json></head><body>text</body></html>",
		"https://a.example/feed?a=1&b=2", "https://b.example/atom", "https://a.example/forum/feed.json");
	assert_true(str_eqc(found.title, "刹车失灵 - 论坛") && str_eqc(found.feed[0].title, "最新"));
}

static void relative_addresses_count_from_the_base_of_the_page(void **state)
{
	(void)state;
	EXPECT("<head><base href=\"//c.example/x/\"><link rel=alternate type=text/xml href=rss></head>",
		"https://c.example/x/rss");
}

static void other_alternates_are_no_feeds(void **state)
{
	(void)state;
	expect_feeds("<head><link rel=alternate hreflang=en href=/en><link rel=alternate type=application/json href=/wp-json/>"
		     "<link rel='alternate stylesheet' type=text/xml href=/s><link rel=alternate type=text/xml+oembed href=/o>"
		     "<link rel=alternate type=application/rss+xml href=''>"
		     "<link rel=alternate type=application/rss+xml href='javascript:alert(1)'>"
		     "<link rel=alternate type=application/rss+xml href='http://user:word@a.example/feed'>"
		     "<a rel=alternate type=application/rss+xml href=/feed>feed</a></head>",
		0, NULL);
}

static void no_more_feeds_than_the_cap(void **state)
{
	struct buf html;
	(void)state;
	buf_init(&html, 1u << 20);
	for (int i = 0; i < 2 * LIMIT_DISCOVER_FEEDS; i++)
		buf_addf(&html, "<link rel=alternate type=application/rss+xml href=/feed/%d>", i);
	assert_int_equal(read(html.p, "text/html"), OK);
	assert_int_equal(found.nfeeds, LIMIT_DISCOVER_FEEDS);
	buf_release(&html);
}

static void what_is_neither_is_refused_with_a_reason(void **state)
{
	(void)state;
	assert_int_equal(read("{\"posts\":[]}", "application/json"), REJECT);
	assert_non_null(strstr(err.text, "docs/recipes.md"));
	assert_int_equal(read("%PDF-1.4", "application/pdf"), REJECT);
	assert_non_null(strstr(err.text, "application/pdf"));
}

static void usual_addresses_are_of_the_site(void **state)
{
	(void)state;
	arena_reset(&arena);
	assert_true(str_eqc(discover_usual(&arena, STR("https://a.example/forum/x?y"), 0), "https://a.example/feed"));
	size_t n = 0;
	while (discover_usual(&arena, STR("https://a.example/"), n).n > 0)
		n++;
	assert_in_range(n, 4, 10);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(feeds_and_sitemaps_are_told_by_their_content),
		cmocka_unit_test(a_page_names_its_feeds_in_order_each_once),
		cmocka_unit_test(relative_addresses_count_from_the_base_of_the_page),
		cmocka_unit_test(other_alternates_are_no_feeds),
		cmocka_unit_test(no_more_feeds_than_the_cap),
		cmocka_unit_test(what_is_neither_is_refused_with_a_reason),
		cmocka_unit_test(usual_addresses_are_of_the_site),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
