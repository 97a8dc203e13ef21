/* Unit tests of the newest N of many: the same as sorting all and taking N, whatever the order of arrival. */
#include "cli/newest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void place(struct newest *k, int64_t at_ms, int number)
{
	struct buf *out = newest_place(k, at_ms);
	if (out == NULL)
		return;
	buf_addf(out, "%lld.%d", (long long)at_ms, number);
	newest_settle(k);
}

static void the_newest_are_left_newest_first(void **state)
{
	static const int64_t at[] = { 5, 1, 9, 3, 9, 7, 2, 8 };
	static const char *const wanted[] = { "9.4", "9.2", "8.7", "7.5" };
	struct newest k;
	(void)state;
	newest_init(&k, 4, 1000);
	for (int i = 0; i < 8; i++)
		place(&k, at[i], i);
	newest_sort(&k);
	assert_int_equal(k.n, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(k.line[i].text.p, wanted[i]);
	newest_release(&k);
}

static void fewer_than_wanted_are_all_there(void **state)
{
	struct newest k;
	(void)state;
	newest_init(&k, 10, 1000);
	place(&k, 2, 0);
	place(&k, 3, 1);
	newest_sort(&k);
	assert_int_equal(k.n, 2);
	assert_string_equal(k.line[0].text.p, "3.1");
	newest_release(&k);
}

/* Times by a fixed generator; what must be left is found by counting, not by the same heap. */
static void any_order_of_arrival_leaves_the_same(void **state)
{
	enum { MANY = 3000, MOST = 50 };
	static int64_t at[MANY];
	struct newest k;
	uint32_t random = 1;
	(void)state;
	newest_init(&k, MOST, 100);
	for (int i = 0; i < MANY; i++) {
		random = random * 1664525u + 1013904223u;
		at[i] = (random >> 8) % 1000;
		place(&k, at[i], i);
	}
	newest_sort(&k);
	assert_int_equal(k.n, MOST);
	for (size_t i = 1; i < MOST; i++)
		assert_true(k.line[i - 1].at_ms >= k.line[i].at_ms);
	size_t newer = 0;
	for (int i = 0; i < MANY; i++)
		newer += at[i] > k.line[MOST - 1].at_ms;
	assert_true(newer < MOST);
	newest_release(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_are_left_newest_first),
		cmocka_unit_test(fewer_than_wanted_are_all_there),
		cmocka_unit_test(any_order_of_arrival_leaves_the_same),
	};
	return cmocka_run_group_tests_name("newest", tests, NULL, NULL);
}
