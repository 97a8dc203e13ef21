/* Fuel: units and the clock, and documents that are given up when it is out. */
#include "common/base/fuel.h"

#include <earshot/limits.h>

#include "common/base/buf.h"
#include "crawler/answer.h"
#include "crawler/extract.h"
#include "crawler/feed.h"
#include "crawler/recipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;

static void units_are_counted(void **unused)
{
	struct fuel f;
	(void)unused;
	fuel_init(&f, 10, 0);
	assert_true(fuel_spend(&f, 4));
	assert_true(fuel_spend(&f, 6));
	assert_false(fuel_spend(&f, 1));
	assert_true(fuel_is_out(&f));
	assert_false(fuel_spend(&f, 0)); /* and it stays out */
}

static void none_is_fuel_without_end(void **unused)
{
	(void)unused;
	assert_true(fuel_spend(NULL, INT64_MAX));
	assert_false(fuel_is_out(NULL));
}

static void the_clock_of_the_thread_ends_it_too(void **unused)
{
	struct fuel f;
	volatile unsigned work = 0;
	int64_t turns = 0;
	(void)unused;
	fuel_init(&f, 0, 3);
	while (fuel_spend(&f, 1) && turns < 10000000) {
		for (int i = 0; i < 1000; i++)
			work = work * 31 + 1;
		turns++;
	}
	assert_true(fuel_is_out(&f));
	assert_true(turns > FUEL_LOOK);
	assert_true(turns < 10000000);
}

/* ---- documents: `units` 0 = without end ---- */

static struct page page_of(struct str bytes, struct fuel *f, int64_t units)
{
	fuel_init(f, units, 0);
	return (struct page){
		.bytes = bytes, .url = STR("https://a.example/t/7"), .content_type = STR("text/html; charset=utf-8"), .fuel = f
	};
}

static struct str thread_of(int posts)
{
	struct buf b;
	buf_init(&b, 1u << 20);
	buf_addz(&b, "<html><body><h1>刹车 brakes</h1><div id=posts>");
	for (int i = 0; i < posts; i++)
		buf_addf(&b,
			"<div class=post><a class=user href=/u/%d>owner %d</a><time datetime='2026-11-%02dT10:00:00Z'></time>"
			"<div class=content>云雀的刹车又失灵了，4S店说检测不出问题 number %d, nobody answers the "
			"phone.</div></div>",
			i, i, i % 28 + 1, i);
	buf_addz(&b, "</div></body></html>");
	const struct str text = arena_copy(&arena, buf_str(&b));
	buf_release(&b);
	return text;
}

static enum outcome extract_with(int64_t units, struct extraction *got, struct err *e)
{
	struct fuel f;
	const struct page page = page_of(thread_of(40), &f, units);
	return extract_page(&arena, &page, got, e);
}

static void a_page_that_costs_too_much_is_given_up(void **unused)
{
	struct extraction got, bounded;
	struct err e = { 0 };
	(void)unused;
	assert_int_equal(extract_with(0, &got, &e), OK);
	assert_int_equal(got.nposts, 40);
	assert_int_equal(extract_with(10, &bounded, &e), REJECT);
	assert_non_null(strstr(e.text, "too much work"));
	assert_int_equal(extract_with(1000000, &bounded, &e), OK); /* enough changes nothing */
	assert_int_equal(bounded.nposts, got.nposts);
	assert_int_equal(bounded.level, got.level);
}

static struct page feed_page(struct fuel *f, int64_t units)
{
	struct buf b;
	buf_init(&b, 1u << 20);
	buf_addz(&b, "<rss version='2.0'><channel><title>x</title>");
	for (int i = 0; i < 100; i++)
		buf_addf(&b, "<item><guid>%d</guid><title>云雀 Skylark %d</title></item>", i, i);
	buf_addz(&b, "</channel></rss>");
	struct page page = page_of(arena_copy(&arena, buf_str(&b)), f, units);
	page.content_type = STR("application/rss+xml");
	buf_release(&b);
	return page;
}

static enum outcome feed_with(int64_t units, struct feed *got, struct err *e)
{
	struct fuel f;
	const struct page page = feed_page(&f, units);
	return feed_parse(&arena, &page, got, e);
}

static void so_is_a_feed(void **unused)
{
	struct feed got;
	struct err e = { 0 };
	(void)unused;
	assert_int_equal(feed_with(0, &got, &e), OK);
	assert_int_equal(got.nentries, 100);
	assert_int_equal(feed_with(50, &got, &e), REJECT);
	assert_non_null(strstr(e.text, "too much work"));
}

static enum outcome answer_with(int64_t units, struct answer *got, struct err *e)
{
	struct fuel f;
	const struct source_how how = { .family = STR("news") };
	const struct source source = { .id = STR("s"), .scope = STR("a.example"), .how = &how };
	const struct admit_terms terms = { .source = &source, .pseudonym_key = STR("k"), .keep_ms = INT64_MAX / 4 };
	const struct page page = feed_page(&f, units);
	return answer_read(&arena, &terms, &page, got, e);
}

static void the_door_is_under_the_same_deadline(void **unused)
{
	struct answer got;
	struct err e = { 0 };
	(void)unused;
	assert_int_equal(answer_with(0, &got, &e), OK);
	assert_int_equal(got.n, 100);
	assert_null(got.post[99].refused);
	assert_int_equal(answer_with(250, &got, &e), OK);
	assert_int_equal(answer_with(150, &got, &e), REJECT); /* enough to read it, not to mask it */
	assert_non_null(strstr(e.text, "too much work"));
}

static enum outcome recipe_with(const struct recipe *r, int64_t units, struct recipe_result *got, struct err *e)
{
	struct fuel f;
	const struct page page =
		page_of(STR("{\"items\":[{\"id\":1,\"t\":\"a\"},{\"id\":2,\"t\":\"b\"},{\"id\":3,\"t\":\"c\"}]}"), &f, units);
	return recipe_read(&arena, r, &page, got, e);
}

static void so_is_what_a_recipe_reads(void **unused)
{
	static const char text[] =
		"[recipe one]\nabout = x\nkind = json\nhosts = *\nexample = https://a.example/\nterms = x\nevery = 5m\n"
		"list = /items/*\n[fields]\nid = /id\ntext = /t\n";
	struct err e = { 0 };
	struct recipe_result got;
	struct problems problems;
	(void)unused;
	problems_init(&problems);
	struct recipe *r = recipe_parse(&arena, str_of(text), "one.recipe", &problems);
	assert_non_null(r);
	assert_int_equal(recipe_with(r, 0, &got, &e), OK);
	assert_int_equal(got.n, 3);
	assert_int_equal(recipe_with(r, 3, &got, &e), REJECT);
	assert_non_null(strstr(e.text, "too much work"));
	recipe_free(r);
	problems_release(&problems);
}

static int start(void **unused)
{
	(void)unused;
	arena_init(&arena, LIMIT_ARENA_BYTES);
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
		cmocka_unit_test(units_are_counted),
		cmocka_unit_test(none_is_fuel_without_end),
		cmocka_unit_test(the_clock_of_the_thread_ends_it_too),
		cmocka_unit_test(a_page_that_costs_too_much_is_given_up),
		cmocka_unit_test(so_is_a_feed),
		cmocka_unit_test(so_is_what_a_recipe_reads),
		cmocka_unit_test(the_door_is_under_the_same_deadline),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
