/* Unit tests of log lines: what reaches standard error. */
#include "common/base/log.h"

#include "common/base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char seen[16384];

/* Runs `act` with standard error in a pipe; what it wrote is in `seen`. */
static void capture(void (*act)(void))
{
	int ends[2];
	int saved = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	act();
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	(void)close(ends[1]);
	size_t n = 0;
	for (ssize_t got = 1; got > 0; n += (size_t)got) {
		got = read(ends[0], seen + n, sizeof(seen) - 1 - n);
		assert_true(got >= 0);
	}
	seen[n] = 0;
	(void)close(ends[0]);
}

static void say_one(void)
{
	log_event(LOG_INFO, EV_source_fetched, "source=%s status=%d", "s1", 200);
}

static void a_line_is_time_level_role_event_and_details(void **state)
{
	(void)state;
	int64_t at = 0;
	log_init("crawler", LOG_INFO);
	capture(say_one);
	assert_true(clock_parse_iso((struct str){ seen, 24 }, &at));
	assert_true(at <= clock_now_ms() && at > clock_now_ms() - 10000);
	assert_string_equal(seen + 24, " info crawler source_fetched source=s1 status=200\n");
}

static void say_debug_and_error(void)
{
	log_event(LOG_DEBUG, EV_started, "a=1");
	log_event(LOG_ERROR, EV_http_error, "b=2");
}

static void what_is_below_the_level_is_not_said(void **state)
{
	(void)state;
	log_init("detector", LOG_WARN);
	capture(say_debug_and_error);
	assert_null(strstr(seen, "started"));
	assert_non_null(strstr(seen, " error detector http_error b=2\n"));
	log_init("earshot", LOG_DEBUG);
	capture(say_debug_and_error);
	assert_non_null(strstr(seen, " debug earshot started a=1\n"));
}

static void say_too_much(void)
{
	char text[5001];
	for (size_t i = 0; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, i % 2 ? "退" : "a\nb", 3);
	text[4998] = 0;
	log_event(LOG_INFO, EV_started, "x=%s", text);
}

static void an_event_is_one_line_of_bounded_length(void **state)
{
	(void)state;
	capture(say_too_much);
	size_t n = strlen(seen);
	assert_in_range(n, 1900, 2100);
	assert_ptr_equal(strchr(seen, '\n'), seen + n - 1);
}

static void quoting_keeps_a_value_in_its_place(void **state)
{
	(void)state;
	assert_string_equal(log_quote(STR("plain-1.2")), "plain-1.2");
	assert_string_equal(log_quote(STR("")), "\"\"");
	assert_string_equal(log_quote(STR("a b=\"c\"\\")), "\"a b=\\\"c\\\"\\\\\"");
	assert_string_equal(log_quote(STR("退款")), "\"退款\"");
	assert_string_equal(log_quote(STR("a\nb\r\t\033[31m\x7f")), "\"a\\nb\\r\\t\\u001b[31m\\u007f\"");
	assert_string_equal(log_quote(STR("\xC2\x85\xE2\x80\xA8\xE2\x80\xAE")), "\"\\u0085\\u2028\\u202e\"");
	assert_string_equal(log_quote(STR("\xFF")), "\"\xEF\xBF\xBD\"");
}

static void four_quotes_fit_in_one_line(void **state)
{
	(void)state;
	const char *q[4];
	char text[1000];
	memset(text, ' ', sizeof(text));
	q[0] = log_quote((struct str){ text, sizeof(text) });
	for (size_t i = 1; i < 4; i++)
		q[i] = log_quote((struct str){ &"1 2 3 4"[2 * i], 1 });
	assert_true(str_ends(str_of(q[0]), STR("…\"")));
	assert_true(strlen(q[0]) < 512);
	assert_string_equal(q[1], "2");
	assert_string_equal(q[3], "4");
}

static struct complaint_log trouble;

static void complain_thrice(void)
{
	for (int i = 0; i < 3; i++)
		log_complain(&trouble, EV_redis_lost, "try=%d", i);
}

static void be_relieved(void)
{
	log_relieved(&trouble, EV_redis_back, "after_ms=%d", 5);
	log_relieved(&trouble, EV_redis_back, "after_ms=%d", 6);
}

static void trouble_that_repeats_is_said_once_and_when_it_is_over(void **state)
{
	(void)state;
	capture(complain_thrice);
	assert_non_null(strstr(seen, " warn earshot redis_lost try=0\n"));
	assert_null(strstr(seen, "try=1"));
	trouble.last_ms -= 60000; /* the first pause is over */
	capture(complain_thrice);
	assert_non_null(strstr(seen, "try=0 unsaid=2\n"));
	assert_null(strstr(seen, "try=1"));
	capture(be_relieved);
	assert_non_null(strstr(seen, " info earshot redis_back after_ms=5 unsaid=2\n"));
	assert_null(strstr(seen, "after_ms=6"));
}

static void pauses_grow_to_an_hour(void **state)
{
	(void)state;
	struct complaint_log c = { 0 };
	log_init("earshot", LOG_ERROR); /* quiet */
	for (int i = 0; i < 20; i++) {
		log_complain(&c, EV_redis_lost, "try=%d", i);
		c.last_ms -= c.pause_ms;
	}
	assert_int_equal(c.pause_ms, 3600000);
	log_init("earshot", LOG_INFO);
}

static void every_event_has_its_name(void **state)
{
	(void)state;
	for (int e = 0; e < EV__N; e++)
		assert_true(strlen(log_event_name((enum log_event)e)) > 0);
	assert_string_equal(log_event_name(EV_alert_sent), "alert_sent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_time_level_role_event_and_details),
		cmocka_unit_test(what_is_below_the_level_is_not_said),
		cmocka_unit_test(an_event_is_one_line_of_bounded_length),
		cmocka_unit_test(quoting_keeps_a_value_in_its_place),
		cmocka_unit_test(four_quotes_fit_in_one_line),
		cmocka_unit_test(trouble_that_repeats_is_said_once_and_when_it_is_over),
		cmocka_unit_test(pauses_grow_to_an_hour),
		cmocka_unit_test(every_event_has_its_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
