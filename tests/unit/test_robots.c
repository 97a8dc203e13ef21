/* Unit tests of robots.txt: how lines are read, which groups speak to us, and which rule wins. */
#include "crawler/robots.h"
#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

static struct arena arena;
static struct robots robots;

static int start(void **unused)
{
	(void)unused;
	arena_init(&arena, 64u << 20);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	arena_release(&arena);
	return 0;
}

static void read_text(const char *text)
{
	robots_parse(&arena, str_of(text), STR("earshot"), &robots);
}

static bool may(const char *url)
{
	const struct robots_rule *by;
	return robots_allows(&robots, robots_path(&arena, str_of(url)), &by);
}

static void the_longest_rule_wins_and_allow_wins_a_tie(void **unused)
{
	(void)unused;
	read_text("User-agent: *\nDisallow: /shop\nAllow: /shop/public\nDisallow: /page\nAllow: /page\n");
	assert_false(may("http://e.org/shop/cart"));
	assert_true(may("http://e.org/shop/public/1"));
	assert_true(may("http://e.org/page"));
	assert_true(may("http://e.org/"));
	assert_true(may("http://e.org"));
}

static void groups_that_name_us_are_one_and_make_the_general_one_void(void **unused)
{
	(void)unused;
	read_text("User-agent: *\nDisallow: /\n\nUser-agent: Earshot/1.0\nDisallow: /a\n\nUser-agent: other\nDisallow: /c\n\n"
		  "user-agent: EARSHOT\nDisallow: /b\n");
	assert_true(robots.is_named);
	assert_false(may("http://e.org/a"));
	assert_false(may("http://e.org/b"));
	assert_true(may("http://e.org/c"));
	assert_true(may("http://e.org/"));
}

static void agents_that_share_a_group_share_its_rules(void **unused)
{
	(void)unused;
	read_text("User-agent: other\nUser-agent: earshot\nSitemap: http://e.org/s\nCrawl-delay: 2\nUser-agent: third\nDisallow: "
		  "/x\n");
	assert_false(may("http://e.org/x"));
	assert_int_equal(robots.delay_ms, 2000);
	read_text("User-agent: earshots\nDisallow: /\nUser-agent: ear\nDisallow: /\n");
	assert_true(may("http://e.org/x"));
}

static void an_empty_rule_lets_everything_in(void **unused)
{
	(void)unused;
	read_text("User-agent: *\nDisallow: /\n\nUser-agent: earshot\nDisallow:\n");
	assert_true(may("http://e.org/x"));
	read_text("Disallow: /\nUser-agent: *\n");
	assert_true(may("http://e.org/x"));
}

static void stars_and_the_dollar_match_as_the_standard_says(void **unused)
{
	(void)unused;
	read_text("User-agent: *\nDisallow: /*.pdf$\nDisallow: /a*b*c\nDisallow: /fish*$\nDisallow: /x$y\n");
	assert_false(may("http://e.org/d/1.pdf"));
	assert_true(may("http://e.org/d/1.pdf?x=1"));
	assert_false(may("http://e.org/d.pdf/2.pdf"));
	assert_false(may("http://e.org/a1b2c3"));
	assert_true(may("http://e.org/acb"));
	assert_false(may("http://e.org/fishing/1"));
	assert_false(may("http://e.org/x$y"));
	assert_true(may("http://e.org/x"));
}

static void stars_cost_no_more_than_the_length_of_the_path(void **unused)
{
	(void)unused;
	char pattern[4096] = "User-agent: *\nDisallow: /", path[4096] = "http://e.org/";
	for (size_t n = strlen(pattern); n < 4000; n += 2)
		memcpy(pattern + n, "*a", 2);
	memcpy(pattern + strlen(pattern), "b$\n", 4);
	memset(path + strlen(path), 'a', 4000);
	read_text(pattern);
	const clock_t from = clock();
	for (int i = 0; i < 100; i++)
		assert_true(may(path));
	assert_true(clock() - from < CLOCKS_PER_SEC / 2);
}

static void chinese_paths_compare_as_their_escapes(void **unused)
{
	(void)unused;
	read_text("User-agent: *\nDisallow: /投诉\nDisallow: /b/%e5%9b%9e\nDisallow: /caf\xC3\xA9\n");
	assert_false(may("http://e.org/%E6%8A%95%E8%AF%89/1"));
	assert_false(may("http://e.org/b/%E5%9B%9E"));
	assert_false(may("http://e.org/caf%C3%A9"));
	assert_true(may("http://e.org/%E6%8A%95"));
	assert_true(str_eqc(robots_escape(&arena, STR("/投%zz%4a")), "/%E6%8A%95%zz%4A"));
}

static void the_path_of_an_address_is_what_stands_behind_its_host(void **unused)
{
	(void)unused;
	static const char *const rows[][2] = {
		{ "", "/" },
		{ "http://www.e.org", "/" },
		{ "http://www.e.org/", "/" },
		{ "http://www.e.org/a", "/a" },
		{ "http://www.e.org/a/b?c=http://d.e/", "/a/b?c=http://d.e/" },
		{ "http://www.e.org/a/b?c=d&e=f#fragment", "/a/b?c=d&e=f" },
		{ "http://www.e.org?a#b", "/?a" },
		{ "http://www.e.org;a", "/;a" },
		{ "http://www.e.org#a/b", "/" },
		{ "e.org/a/b", "/a/b" },
		{ "//e.org/a", "/a" },
		{ "/a://b/c", "/a://b/c" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(str_eqc(robots_path(&arena, str_of(rows[i][0])), rows[i][1]));
}

static void lines_may_end_and_be_written_in_many_ways(void **unused)
{
	(void)unused;
	read_text("\xEF\xBB\xBFuser-agent * # all\r\n  Dissallow :  /a  # no\rdisallow /b\n\ndisallow /c d\ndisallow: /e#f\n");
	assert_false(may("http://e.org/a"));
	assert_false(may("http://e.org/b"));
	assert_true(may("http://e.org/c"));
	assert_false(may("http://e.org/e1"));
	assert_int_equal(robots.rule[1].line, 3);
	robots_parse(&arena, STR("\xFF\xFEU\0s\0e\0r\0-\0a\0g\0e\0n\0t\0:\0*\0\n\0D\0i\0s\0a\0l\0l\0o\0w\0:\0/\0q\0"),
		STR("earshot"), &robots);
	assert_false(may("http://e.org/q"));
}

static void an_index_page_stands_for_its_folder(void **unused)
{
	(void)unused;
	read_text("User-agent: *\nDisallow: /\nAllow: /shop/index.html\n");
	assert_true(may("http://e.org/shop/"));
	assert_true(may("http://e.org/shop/index.html"));
	assert_false(may("http://e.org/shop/x"));
}

static void delays_and_sitemaps_are_collected(void **unused)
{
	(void)unused;
	read_text("Sitemap: http://e.org/1.xml\nUser-agent: *\nCrawl-delay: 1.5\nsite-map: http://e.org/2.xml\n");
	assert_int_equal(robots.delay_ms, 1500);
	assert_int_equal(robots.nsitemaps, 2);
	assert_true(str_eqc(robots.sitemap[1], "http://e.org/2.xml"));
	read_text("User-agent: *\nCrawl-delay: 30\nUser-agent: earshot\nCrawl-delay: soon\nAllow: /\nUser-agent: *\nCrawl-delay: "
		  "60\n");
	assert_int_equal(robots.delay_ms, -1);
	read_text("User-agent: *\nCrawl-delay: 1e400\nCrawl-delay: -5\nDisallow: /\n");
	assert_true(robots.delay_ms == -1 || robots.delay_ms > LIMIT_ROBOTS_DELAY_MS);
}

static void what_is_behind_the_cap_is_not_read(void **unused)
{
	(void)unused;
	static char text[LIMIT_ROBOTS_BYTES + 64];
	memset(text, '\n', sizeof text);
	memcpy(text, "User-agent: *", 13);
	memcpy(text + LIMIT_ROBOTS_BYTES + 2, "Disallow: /", 11);
	robots_parse(&arena, (struct str){ text, sizeof text }, STR("earshot"), &robots);
	assert_int_equal(robots.nrules, 0);
	memcpy(text + LIMIT_ROBOTS_BYTES - 20, "Disallow: /", 11);
	robots_parse(&arena, (struct str){ text, sizeof text }, STR("earshot"), &robots);
	assert_int_equal(robots.nrules, 1);
}

static void a_product_token_ends_at_its_version(void **unused)
{
	(void)unused;
	assert_true(str_eqc(robots_token(STR("earshot/0.1 (+https://e.org)")), "earshot"));
	assert_true(str_eqc(robots_token(STR("My-Bot_x 2")), "My-Bot_x"));
	assert_int_equal(robots_token(STR("监测")).n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_longest_rule_wins_and_allow_wins_a_tie),
		TEST(groups_that_name_us_are_one_and_make_the_general_one_void),
		TEST(agents_that_share_a_group_share_its_rules),
		TEST(an_empty_rule_lets_everything_in),
		TEST(stars_and_the_dollar_match_as_the_standard_says),
		TEST(stars_cost_no_more_than_the_length_of_the_path),
		TEST(chinese_paths_compare_as_their_escapes),
		TEST(the_path_of_an_address_is_what_stands_behind_its_host),
		TEST(lines_may_end_and_be_written_in_many_ways),
		TEST(an_index_page_stands_for_its_folder),
		TEST(delays_and_sitemaps_are_collected),
		TEST(what_is_behind_the_cap_is_not_read),
		TEST(a_product_token_ends_at_its_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
