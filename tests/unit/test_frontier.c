/* Unit tests of who is asked next. */
#include "crawler/frontier.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#define SOURCES 600

static char names[SOURCES][24];
static struct source source[SOURCES];
static struct source_list sources = { .source = source };
static struct frontier f;

/* `n` sources, the first `of_one` of them on one host, the others with hosts of their own; all in shard 7. */
static void make(size_t n, size_t of_one)
{
	sources.n = n;
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(names[i], sizeof names[i], "h%zu", i < of_one ? 0 : i);
		source[i] = (struct source){ .host = str_of(names[i]), .shard = 7 };
	}
	frontier_init(&f, &sources);
	for (uint32_t i = 0; i < n; i++)
		frontier_due(&f, i, 100 + i);
	frontier_open(&f, 7, true);
}

static int down(void **state)
{
	(void)state;
	frontier_release(&f);
	return 0;
}

static uint32_t next(int64_t now_ms)
{
	uint32_t out = 0;
	return frontier_next(&f, now_ms, &out) ? out : UINT32_MAX;
}

/* The due list used to be read 64 ids at a time: this many of a blocked host at its head held everybody up. */
static void a_blocked_host_with_many_sources_starves_nobody(void **state)
{
	(void)state;
	make(502, 500);
	assert_int_equal(next(1000), 0);
	frontier_back(&f, 0, 100, 50000); /* shut for a long time */
	assert_int_equal(next(1000), 500);
	assert_int_equal(next(1000), 501);
	assert_int_equal(next(1000), UINT32_MAX);
	assert_int_equal(frontier_ready_ms(&f), 50000);
	assert_int_equal(next(50000), 0); /* still the one that waited longest */
}

static void one_request_of_a_host_is_under_way(void **state)
{
	(void)state;
	make(3, 3);
	assert_int_equal(next(1000), 0);
	assert_int_equal(next(1000), UINT32_MAX);
	frontier_back(&f, 0, 9000, 1500);
	assert_int_equal(next(1499), UINT32_MAX);
	assert_int_equal(next(1500), 1);
	frontier_back(&f, 1, 9001, 2000);
	assert_int_equal(next(2000), 2);
	frontier_back(&f, 2, 8000, 2500);
	assert_int_equal(next(7999), UINT32_MAX);
	assert_int_equal(next(9500), 2);
}

static void the_host_that_waited_longest_goes_first(void **state)
{
	(void)state;
	make(4, 0);
	frontier_due(&f, 3, 10);
	frontier_due(&f, 1, 20);
	frontier_due(&f, 0, 5000);
	assert_int_equal(next(1000), 3);
	assert_int_equal(next(1000), 1);
	assert_int_equal(next(1000), 2);
	assert_int_equal(next(1000), UINT32_MAX);
}

static void a_shard_that_is_not_ours_gives_nothing(void **state)
{
	(void)state;
	make(2, 0);
	source[1].shard = 9;
	frontier_release(&f);
	frontier_init(&f, &sources);
	frontier_due(&f, 0, 100);
	frontier_due(&f, 1, 50);
	assert_int_equal(next(1000), UINT32_MAX);
	frontier_open(&f, 7, true);
	assert_int_equal(next(1000), 0);
	assert_int_equal(next(1000), UINT32_MAX);
	frontier_open(&f, 7, false);
	frontier_back(&f, 0, 200, 0);
	assert_int_equal(next(1000), UINT32_MAX);
	size_t n = 0;
	assert_int_equal(frontier_shard(&f, 9, &n)[0], 1);
	assert_int_equal(n, 1);
	frontier_open(&f, 7, true);
	assert_int_equal(next(1000), 0);
}

/* Against the plain way to do it: look at everything each time. */
static void the_order_is_that_of_a_search_through_all(void **state)
{
	(void)state;
	make(SOURCES, 50);
	int64_t due[SOURCES], host_ms[SOURCES] = { 0 };
	for (uint32_t i = 0; i < SOURCES; i++) {
		due[i] = (int64_t)i * 7919 % 1009 * 1000 + i; /* no two alike */
		frontier_due(&f, i, due[i]);
	}
	for (int64_t turn = 0; turn < 3000; turn++) {
		int64_t least = INT64_MAX;
		size_t best = 0;
		for (size_t i = 0; i < SOURCES; i++) {
			const int64_t at = due[i] > host_ms[i < 50 ? 0 : i] ? due[i] : host_ms[i < 50 ? 0 : i];
			if (at < least || (at == least && due[i] < due[best])) {
				least = at;
				best = i;
			}
		}
		assert_int_equal(frontier_ready_ms(&f), least);
		assert_int_equal(next(least), best);
		due[best] = least + 1000000 + turn * 31;
		host_ms[best < 50 ? 0 : best] = least + 500;
		frontier_back(&f, (uint32_t)best, due[best], least + 500);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_blocked_host_with_many_sources_starves_nobody, down),
		cmocka_unit_test_teardown(one_request_of_a_host_is_under_way, down),
		cmocka_unit_test_teardown(the_host_that_waited_longest_goes_first, down),
		cmocka_unit_test_teardown(a_shard_that_is_not_ours_gives_nothing, down),
		cmocka_unit_test_teardown(the_order_is_that_of_a_search_through_all, down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
