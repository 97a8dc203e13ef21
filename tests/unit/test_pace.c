/* Unit tests of the pace of a target. */
#include "notifier/pace.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static const struct channel robot = { .name = "robot", .burst = 4, .every_ms = 4000 };
static const struct channel hook = { .name = "hook" };

/* How many messages leave in [from, from + 60 s) when there is always one waiting. */
static int sent_in_a_minute(struct pace *p, int64_t from_ms)
{
	int sent = 0;
	for (int64_t now = from_ms; now < from_ms + 60000; now += 50) {
		if (pace_wait_ms(p, &robot, now) > 0)
			continue;
		pace_take(p, &robot, now);
		sent++;
	}
	return sent;
}

static void a_robot_never_gets_more_than_twenty_a_minute(void **state)
{
	(void)state;
	struct pace p = { 0 };
	int first = sent_in_a_minute(&p, 1000000), second = sent_in_a_minute(&p, 1060000);
	assert_true(first >= 15 && first <= 19);
	assert_true(second >= 14 && second <= 16);
}

static void the_first_few_leave_a_second_apart(void **state)
{
	(void)state;
	struct pace p = { 0 };
	int64_t now = 500000;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pace_wait_ms(&p, &robot, now), 0);
		pace_take(&p, &robot, now);
		assert_true(pace_wait_ms(&p, &robot, now) >= 1000);
		now += 1000;
	}
	pace_take(&p, &robot, now); /* one came back meanwhile */
	assert_int_equal(pace_wait_ms(&p, &robot, now), 4000);
}

static void other_channels_are_not_slowed(void **state)
{
	(void)state;
	struct pace p = { 0 };
	for (int i = 0; i < 100; i++) {
		assert_int_equal(pace_wait_ms(&p, &hook, 77), 0);
		pace_take(&p, &hook, 77);
	}
}

static void a_hold_keeps_every_channel_silent(void **state)
{
	(void)state;
	struct pace p = { 0 };
	pace_hold(&p, 5000);
	pace_hold(&p, 3000); /* a shorter one takes nothing away */
	assert_int_equal(pace_wait_ms(&p, &hook, 1000), 4000);
	assert_int_equal(pace_wait_ms(&p, &hook, 5000), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_robot_never_gets_more_than_twenty_a_minute),
		cmocka_unit_test(the_first_few_leave_a_second_apart),
		cmocka_unit_test(other_channels_are_not_slowed),
		cmocka_unit_test(a_hold_keeps_every_channel_silent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
