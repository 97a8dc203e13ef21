/* Unit tests of how long a host is left alone. */
#include "crawler/polite.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static int64_t pause_of(struct polite p)
{
	return polite_pause_ms(&p, 0);
}

static void the_longest_wish_counts(void **state)
{
	(void)state;
	assert_int_equal(pause_of((struct polite){ .delay_ms = 1000, .duration_ms = 20, .retry_after_ms = -1 }), 1000);
	assert_int_equal(pause_of((struct polite){ .delay_ms = 1000, .crawl_delay_ms = 10000, .retry_after_ms = -1 }), 10000);
	assert_int_equal(pause_of((struct polite){ .delay_ms = 1000, .crawl_delay_ms = 10000, .retry_after_ms = 90000 }), 90000);
	assert_int_equal(pause_of((struct polite){ .delay_ms = 60000, .crawl_delay_ms = 10000, .retry_after_ms = 5000 }), 60000);
}

static void a_slow_host_is_asked_less(void **state)
{
	(void)state;
	assert_int_equal(pause_of((struct polite){ .delay_ms = 1000, .duration_ms = 800 }), 4000);
	assert_int_equal(pause_of((struct polite){ .delay_ms = 1000, .duration_ms = 29000 }), LIMIT_POLITE_MS);
	assert_int_equal(pause_of((struct polite){ .delay_ms = 60000, .duration_ms = 29000 }), 60000);
	assert_int_equal(pause_of((struct polite){ .delay_ms = 0, .duration_ms = 29000 }), 0);
}

static void a_crawl_delay_is_obeyed_up_to_five_minutes(void **state)
{
	(void)state;
	assert_int_equal(pause_of((struct polite){ .delay_ms = 1000, .crawl_delay_ms = 86400000 }), LIMIT_ROBOTS_DELAY_MS);
}

static void a_tenth_at_most_is_added(void **state)
{
	(void)state;
	const struct polite p = { .delay_ms = 10000 };
	assert_int_equal(polite_pause_ms(&p, 0), 10000);
	assert_in_range(polite_pause_ms(&p, UINT32_MAX / 2), 10490, 10510);
	assert_in_range(polite_pause_ms(&p, UINT32_MAX), 10990, 11000);
}

static void a_host_that_fails_is_shut_longer_and_longer_and_probed_between(void **state)
{
	(void)state;
	struct polite p = { .delay_ms = 100 };
	const int64_t want[] = { 100, 100, 100, 2000, 4000, 8000 };
	for (p.failures = 0; p.failures < 6; p.failures++)
		assert_int_equal(pause_of(p), want[p.failures]);
	p.failures = 1000000;
	assert_int_equal(pause_of(p), LIMIT_HOST_BACKOFF_MS);
	p.retry_after_ms = LIMIT_HOST_BACKOFF_MS + 1;
	assert_int_equal(pause_of(p), LIMIT_HOST_BACKOFF_MS + 1);
}

static void only_what_is_the_hosts_fault_is_held_against_it(void **state)
{
	(void)state;
	assert_true(polite_is_failure(RETRY, 0));
	assert_true(polite_is_failure(OK, 429));
	assert_true(polite_is_failure(OK, 503));
	assert_false(polite_is_failure(OK, 200));
	assert_false(polite_is_failure(OK, 304));
	assert_false(polite_is_failure(OK, 404));
	assert_false(polite_is_failure(OK, 500));
	assert_false(polite_is_failure(REJECT, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_wish_counts),
		cmocka_unit_test(a_slow_host_is_asked_less),
		cmocka_unit_test(a_crawl_delay_is_obeyed_up_to_five_minutes),
		cmocka_unit_test(a_tenth_at_most_is_added),
		cmocka_unit_test(a_host_that_fails_is_shut_longer_and_longer_and_probed_between),
		cmocka_unit_test(only_what_is_the_hosts_fault_is_held_against_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
