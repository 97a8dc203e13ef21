/* A visit's posts on their way into the streams: what is found in them is bounded in memory and in time. Redis is not there: what is
 * queued is counted. In Chinese and in English. */
#include "crawler/visit.h"

#include "common/base/fuel.h"
#include "common/store/redis.h"
#include "crawler/fetch.h"
#include "crawler/road.h"
#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define POSTS 600
#define TEXT_BYTES 16000

static struct rulebox box;
static struct crawl crawl;
static struct arena round_arena;
static const struct source_how how = { .kind = SOURCE_FEED };
static const struct source source = { .how = &how };

static int start(void **state)
{
	struct err e = { 0 };
	(void)state;
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf", STR("[brand lark]\nname = 云雀\naliases = 云雀电动车, Skylark EV\n"));
	rulebox_file(&box, "complaint.xx.tsv", STR("退款\t1\trefund\nrefund\t1\trefund\nfraud\t1\tquality\n"));
	assert_non_null(rulebox_load(&box));
	arena_init(&round_arena, LIMIT_ARENA_BYTES);
	crawl = (struct crawl){ .book = box.book, .redis = redis_new("unix:///nowhere", NULL, STR(""), &e) };
	assert_non_null(crawl.redis);
	arena_init(&crawl.one, LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	redis_free(crawl.redis);
	arena_release(&crawl.one);
	arena_release(&round_arena);
	rulebox_close(&box);
	return 0;
}

/* A visit with so many posts that say `unit` over and over. */
static struct visit visit_of(const char *unit, size_t n)
{
	static struct crawl_fetch fetch;
	const size_t size = strlen(unit), times = TEXT_BYTES / size;
	char *text = arena_take(&round_arena, TEXT_BYTES);
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * size, unit, size);
	struct visit v = {
		.c = &crawl, .a = &round_arena, .f = &fetch, .now_ms = 1, .terms = { .book = box.book, .source = &source }
	};
	fetch = (struct crawl_fetch){ .source = &source, .target = &source };
	v.in.n = n;
	v.in.post = arena_list(&round_arena, struct admitted, n + 1);
	v.known = arena_list(&round_arena, uint64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		post_init(&v.in.post[i].post);
		v.in.post[i].post.id = STR("id");
		v.in.post[i].post.text = (struct str){ text, times * size };
		v.in.post[i].fingerprint = i + 1;
	}
	return v;
}

static void what_is_found_in_many_posts_takes_the_memory_of_one(void **state)
{
	static const char *const units[] = { "云雀电动车 退款 ", "Skylark EV refund fraud " };
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fuel fuel;
		struct visit v = visit_of(units[i], POSTS);
		const size_t before = round_arena.used;
		fuel_init(&fuel, 0, 0);
		visit_append(&v, &fuel);
		assert_int_equal(v.nappended, POSTS);
		assert_int_equal(v.nlooked, POSTS);
		assert_false(visit_is_cut(&v));
		assert_true(round_arena.used - before < POSTS * 64);
		redis_drain(crawl.redis);
		arena_reset(&round_arena);
	}
}

static void when_time_is_over_the_rest_is_left_for_the_next_visit(void **state)
{
	struct fuel fuel;
	struct visit v = visit_of("云雀电动车 Skylark EV ", 10);
	(void)state;
	fuel_init(&fuel, 3 * (1 + TEXT_BYTES / 1024), 0);
	v.known[1] = 2; /* shown before, as it is */
	visit_append(&v, &fuel);
	assert_true(visit_is_cut(&v));
	assert_true(v.nlooked >= 3 && v.nlooked < 10);
	assert_int_equal(v.nseen, v.nlooked); /* of the others nothing says that they were seen */
	assert_int_equal(v.nappended, v.nlooked - 1);
	assert_int_equal(v.nnew, v.nlooked - 1);
	redis_drain(crawl.redis);
}

static void so_are_posts_that_nobody_fetched(void **state)
{
	const struct visit v = visit_of("云雀电动车 Skylark EV refund ", 300);
	struct road road = { .redis = crawl.redis, .book = box.book, .now_ms = 1 };
	struct road_post *post = arena_list(&round_arena, struct road_post, v.in.n);
	const size_t before = round_arena.used;
	size_t n = 0;
	(void)state;
	for (bool is_full = false; n < v.in.n && !is_full; n++) {
		post[n].admitted = v.in.post[n];
		is_full = road_append(&road, &post[n]);
	}
	assert_int_equal(road.queued, n);
	assert_true(n < LIMIT_BATCH); /* so many bytes wait for Redis at most */
	assert_int_equal(round_arena.used, before);
	redis_drain(crawl.redis);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_found_in_many_posts_takes_the_memory_of_one),
		cmocka_unit_test(so_are_posts_that_nobody_fetched),
		cmocka_unit_test(when_time_is_over_the_rest_is_left_for_the_next_visit),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
