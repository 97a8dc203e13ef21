/* Unit tests of sharing partitions. */
#include "common/store/share.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void each_worker_wants_its_part_rounded_up(void **state)
{
	(void)state;
	assert_int_equal(share_want(64, 1), 64);
	assert_int_equal(share_want(64, 2), 32);
	assert_int_equal(share_want(64, 3), 22);
	assert_int_equal(share_want(1, 8), 1);
	assert_int_equal(share_want(0, 3), 0);
	assert_int_equal(share_want(5, 0), 5);
}

static void who_has_enough_leaves_the_rest_to_others(void **state)
{
	(void)state;
	struct lease l[4] = { { .held = true }, { .held = false }, { .held = true }, { .held = false } };
	share_ask(l, 4, 2);
	assert_true(!l[0].is_left && l[1].is_left && !l[2].is_left && l[3].is_left);
	share_ask(l, 4, 3);
	assert_true(!l[1].is_left && !l[3].is_left);
}

static void what_is_too_much_is_given_up_the_idle_first(void **state)
{
	(void)state;
	struct lease l[5] = { { .held = true }, { .held = true }, { .held = true, .is_busy = true }, { .held = false },
		{ .held = true, .is_busy = true } };
	share_leave(l, 5, 4);
	for (int i = 0; i < 5; i++)
		assert_false(l[i].is_leaving);
	share_leave(l, 5, 1);
	assert_true(l[0].is_leaving && l[1].is_leaving && !l[2].is_leaving && !l[3].is_leaving && l[4].is_leaving);
	share_leave(l, 5, 4); /* a worker has gone: nothing needs to be given up after all */
	for (int i = 0; i < 5; i++)
		assert_false(l[i].is_leaving);
}

static void what_nobody_came_for_is_kept_for_some_looks(void **state)
{
	(void)state;
	struct lease l[2] = { { .held = true }, { .held = true, .stays = 2 } };
	share_leave(l, 2, 1);
	assert_true(l[0].is_leaving && !l[1].is_leaving);
	share_leave(l, 2, 1);
	assert_true(!l[0].is_leaving && l[1].is_leaving);
}

static void what_is_busy_is_not_given_up_yet(void **state)
{
	(void)state;
	struct lease l[2] = { { .held = true, .is_busy = true, .is_leaving = true }, { .held = true } };
	assert_false(share_settle(NULL, NULL, l, 2, 1));
	assert_true(l[0].held && l[0].is_leaving);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_worker_wants_its_part_rounded_up),
		cmocka_unit_test(who_has_enough_leaves_the_rest_to_others),
		cmocka_unit_test(what_is_too_much_is_given_up_the_idle_first),
		cmocka_unit_test(what_nobody_came_for_is_kept_for_some_looks),
		cmocka_unit_test(what_is_busy_is_not_given_up_yet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
