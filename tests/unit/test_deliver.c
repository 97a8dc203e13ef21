/* Unit tests of what an attempt comes to. */
#include "notifier/deliver.h"

#include <earshot/limits.h>

#include <string.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void the_pause_doubles_up_to_its_cap(void **state)
{
	(void)state;
	int64_t whole = DELIVER_BASE_MS;
	for (int64_t n = 1; n <= LIMIT_ATTEMPTS; n++) {
		int64_t half = whole / 2;
		assert_int_equal(deliver_backoff_ms(n, -1, 0), half);
		assert_int_equal(deliver_backoff_ms(n, -1, (uint32_t)half), whole);
		for (uint32_t r = 0; r < 1000; r++) {
			int64_t pause = deliver_backoff_ms(n, -1, r * 2654435761u);
			assert_true(pause >= half && pause <= whole);
		}
		whole = whole * 2 < LIMIT_BACKOFF_MS ? whole * 2 : LIMIT_BACKOFF_MS;
	}
	assert_int_equal(deliver_backoff_ms(1000000, -1, 0), LIMIT_BACKOFF_MS / 2);
}

static void retry_after_is_honoured_within_an_hour(void **state)
{
	(void)state;
	assert_int_equal(deliver_backoff_ms(1, 90000, 1), 90000);
	assert_int_equal(deliver_backoff_ms(1, 48 * 3600000LL, 1), DELIVER_WAIT_MOST_MS);
	assert_true(deliver_backoff_ms(5, 10, 1) > 10000);
	assert_true(deliver_backoff_ms(1, 0, 1) >= DELIVER_BASE_MS / 2);
}

static struct settlement settle(int64_t attempts, enum outcome outcome)
{
	struct err why;
	(void)err_set(&why, outcome, "the target answered 500; it is tried again");
	const struct attempt a = { .attempts = attempts, .outcome = outcome, .retry_after_ms = -1, .now_ms = 1000, .random = 7 };
	return deliver_settle(&a, &why);
}

static void ok_is_sent_and_refusals_are_dead_at_once(void **state)
{
	(void)state;
	assert_int_equal(settle(1, OK).how, SETTLE_SENT);
	assert_int_equal(settle(1, REJECT).how, SETTLE_DEAD);
	assert_int_equal(settle(1, RETRY).how, SETTLE_RETRY);
	assert_true(settle(1, RETRY).at_ms > 1000);
}

static void the_last_attempt_ends_in_the_dead_letters_with_its_reason(void **state)
{
	(void)state;
	assert_int_equal(settle(LIMIT_ATTEMPTS - 1, RETRY).how, SETTLE_RETRY);
	struct settlement last = settle(LIMIT_ATTEMPTS, RETRY);
	assert_int_equal(last.how, SETTLE_DEAD);
	assert_non_null(strstr(last.why.text, "given up after 10 attempts"));
	assert_non_null(strstr(last.why.text, "answered 500"));
}

static void a_sentence_never_keeps_address_token_or_secret(void **state)
{
	(void)state;
	const struct target t = { .url = STR("https://oapi.example.com/robot/send?access_token=deadbeef"),
		.token = STR("t0ken-1234"),
		.secret = STR("SECabcdef") };
	struct err e;
	(void)err_set(&e, RETRY,
		"https://oapi.example.com/robot/send?access_token=deadbeef: no answer (SECabcdef) access_token=deadbeef "
		"t0ken-1234 "
		"/robot/send?access_token=deadbeef t0ken-1234");
	deliver_hide(&t, &e);
	assert_null(strstr(e.text, "deadbeef"));
	assert_null(strstr(e.text, "t0ken"));
	assert_null(strstr(e.text, "SECabc"));
	assert_non_null(strstr(e.text, "no answer"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pause_doubles_up_to_its_cap),
		cmocka_unit_test(retry_after_is_honoured_within_an_hour),
		cmocka_unit_test(ok_is_sent_and_refusals_are_dead_at_once),
		cmocka_unit_test(the_last_attempt_ends_in_the_dead_letters_with_its_reason),
		cmocka_unit_test(a_sentence_never_keeps_address_token_or_secret),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
