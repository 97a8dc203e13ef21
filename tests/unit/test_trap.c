/* Traps: real-life forms of addresses without an end, and addresses that only look like them. */
#include "crawler/trap.h"

#include "common/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;

struct row {
	const char *own, *next, *why; /* why: a word of the reason */
};

static const char *judge(const struct row *r)
{
	const struct trap_sight sight = { str_of(r->next), str_of(r->own), clock_from_utc(2026, 11, 22, 12, 0, 0) };
	return trap_find(&arena, &sight);
}

static void addresses_without_an_end_are_traps(void **unused)
{
	static const struct row rows[] = {
		/* a relative link without its slash */
		{ "https://a.example/forum/", "https://a.example/forum/page/forum/page/forum/page/2", "path" },
		{ "https://a.example/", "https://a.example/a/b/a/b/a/b/", "path" },
		{ "https://a.example/news", "https://a.example/news/news/news/", "path" },
		{ "https://a.example/", "https://a.example/x/y/z/x/y/z/x/y/z", "path" },
		{ "https://a.example/", "https://a.example/en/list/zh/list/ja/list/ko/list/", "path" },
		{ "https://a.example/", "https://a.example/%E8%AE%BA%E5%9D%9B/%E8%AE%BA%E5%9D%9B/%E8%AE%BA%E5%9D%9B/", "path" },
		{ "https://a.example/",
			"https://a.example/\xE6\x8A\x95\xE8\xAF\x89/1/\xE6\x8A\x95\xE8\xAF\x89/1/\xE6\x8A\x95\xE8\xAF\x89/1",
			"path" },
		{ "https://a.example/", "https://a.example/1/1/1/1/", "path" },
		{ "https://a.example/a", "https://a.example/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v", "folders" },
		/* what was asked is asked again, and once more */
		{ "https://a.example/list", "https://a.example/list?sort=new&sort=new&sort=new&page=2", "parameters" },
		{ "https://a.example/list?page=1", "https://a.example/list?page=1&tag=x&tag=x&tag=x", "parameters" },
		/* an address in an address in an address */
		{ "https://a.example/login", "https://a.example/login?back=%2Flogin%3Fback%3D%252Flogin%253Fback%253D%25252F",
			"address" },
		/* calendars */
		{ "https://a.example/events/", "https://a.example/events/2028/01/", "calendar" },
		{ "https://a.example/events/", "https://a.example/events/2099/12/31/", "calendar" },
		{ "https://a.example/events/", "https://a.example/events/1970/01/", "calendar" },
		{ "https://a.example/cal", "https://a.example/cal?month=2031-05", "calendar" },
		{ "https://a.example/cal?month=2026-11", "https://a.example/cal?month=2028-02", "calendar" },
		{ "https://a.example/cal", "https://a.example/cal?year=2077&month=3", "calendar" },
		{ "https://a.example/rili", "https://a.example/rili/2031-05-01.html", "calendar" },
	};
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *why = judge(&rows[i]);
		if (why == NULL || strstr(why, rows[i].why) == NULL)
			fail_msg("%s: expected \"%s\", got %s", rows[i].next, rows[i].why, why != NULL ? why : "nothing");
	}
}

static void what_only_looks_like_one_is_none(void **unused)
{
	static const struct row rows[] = {
		{ "https://a.example/", "https://a.example/2026/11/22/", NULL },
		{ "https://a.example/", "https://a.example/2011/11/11/", NULL },
		{ "https://a.example/", "https://a.example/11/11/11/", NULL },
		{ "https://a.example/2011/", "https://a.example/2011/11/11/page/2", NULL },
		{ "https://a.example/", "https://a.example/a/b/a/b", NULL },
		{ "https://a.example/", "https://a.example/news/news/", NULL },
		{ "https://a.example/", "https://a.example/wiki/wiki/wiki-history", NULL },
		{ "https://a.example/r/cars/", "https://a.example/r/cars/new/r/2", NULL },
		{ "https://a.example/t/2077", "https://a.example/t/2077/12", NULL }, /* a topic and its page */
		{ "https://a.example/thread-2099-1-1.html", "https://a.example/thread-2099-2-1.html", NULL },
		{ "https://bbs.example/forum.php?mod=viewthread&tid=1999",
			"https://bbs.example/forum.php?mod=viewthread&tid=1999&page=12", NULL },
		{ "https://a.example/x/x/x/", "https://a.example/x/x/x/page-2", NULL }, /* so the operator wrote it */
		{ "https://a.example/cal/2031/", "https://a.example/cal/2031/05/", NULL },
		{ "https://a.example/events/", "https://a.example/events/2027/03/", NULL }, /* next spring */
		{ "https://a.example/archive/", "https://a.example/archive/1999/12/", NULL },
		{ "https://a.example/p/", "https://a.example/p/2048x1536/12", NULL },
		{ "https://a.example/s?q=a", "https://a.example/s?q=a&f%5B%5D=1&f%5B%5D=2&f%5B%5D=3&page=2", NULL },
		{ "https://a.example/s", "https://a.example/s?q=100%25&page=2", NULL },
		{ "https://a.example/s", "https://a.example/s?u=https%3A%2F%2Fb.example%2F%3Fv%3D%2520", NULL },
		{ "https://a.example/s", "https://a.example/s?year=2026&month=12", NULL },
		{ "https://a.example/s", "not an address", NULL },
		{ "", "https://a.example/s?page=2", NULL },
	};
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (judge(&rows[i]) != NULL)
			fail_msg("%s is none, but it %s", rows[i].next, judge(&rows[i]));
}

static void what_grows_with_every_page_is_one(void **unused)
{
	char next[6000] = "https://a.example/api?cursor=";
	struct row r = { "https://a.example/api", next, NULL };
	(void)unused;
	memset(next + strlen(next), 'x', 1500);
	assert_null(judge(&r)); /* cursors are long */
	memset(next + strlen(next), 'y', 1500);
	assert_non_null(strstr(judge(&r), "grows"));
}

static void a_query_of_a_hundred_parameters_is_one(void **unused)
{
	char next[4000] = "https://a.example/list?";
	struct row r = { "https://a.example/list", next, NULL };
	(void)unused;
	for (int i = 0; i < 100; i++)
		(void)snprintf(next + strlen(next), 32, "p%d=%d&", i, i);
	assert_non_null(strstr(judge(&r), "parameters"));
	assert_null(judge(&(struct row){ next, next, NULL }));
}

static void without_a_clock_dates_say_nothing(void **unused)
{
	const struct trap_sight sight = { .next = STR("https://a.example/cal/2099/12/"), .own = STR("https://a.example/cal") };
	(void)unused;
	assert_null(trap_find(&arena, &sight));
}

static void another_session_is_the_same_page(void **unused)
{
	(void)unused;
	assert_true(trap_is_same(&arena, STR("https://a.example/t?tid=1&PHPSESSID=0123456789abcdef0123456789"),
		STR("https://a.example/t?tid=1&PHPSESSID=ffff456789abcdef0123456789")));
	assert_true(trap_is_same(&arena, STR("https://a.example/t;jsessionid=1A2B?x=1"), STR("https://a.example/t?x=1#top")));
	assert_false(trap_is_same(&arena, STR("https://a.example/t?tid=1&page=2"), STR("https://a.example/t?tid=1&page=3")));
	assert_false(trap_is_same(&arena, STR("https://a.example/t?from=20"), STR("https://a.example/t?from=40")));
}

static int start(void **unused)
{
	(void)unused;
	arena_init(&arena, 4u << 20);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_without_an_end_are_traps),
		cmocka_unit_test(what_only_looks_like_one_is_none),
		cmocka_unit_test(what_grows_with_every_page_is_one),
		cmocka_unit_test(a_query_of_a_hundred_parameters_is_one),
		cmocka_unit_test(without_a_clock_dates_say_nothing),
		cmocka_unit_test(another_session_is_the_same_page),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
