/* Unit tests of the polling policy: what is learned of a source, which interval follows, and the sentence about it. */
#include "crawler/polling.h"

#include "common/base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define START_MS 1700006400000 /* a midnight UTC */
#define AT_MOST MS_PER_DAY

static struct source_arrivals past;
static int64_t now_ms;

static int start(void **unused)
{
	(void)unused;
	past = (struct source_arrivals){ 0 };
	now_ms = START_MS;
	polling_learn(&past, &(struct polling_sight){ now_ms, NULL, 0 });
	return 0;
}

/* Polls every ten minutes; posts come evenly, `a_day` of them, from hour `from` to hour `to`. */
static void live(double days, double a_day, int from, int to)
{
	double due = 0;
	for (int i = 0; i < (int)(days * 144); i++) {
		now_ms += 10 * MS_PER_MINUTE;
		const int hour = (int)(now_ms % MS_PER_DAY / MS_PER_HOUR);
		int64_t posted[64];
		size_t n = 0;
		due += hour >= from && hour < to ? a_day / 6 / (to - from) : 0;
		for (; due >= 1; due -= 1)
			posted[n++] = now_ms - 5 * MS_PER_MINUTE;
		polling_learn(&past, &(struct polling_sight){ now_ms, posted, n });
	}
}

static int64_t interval(void)
{
	return polling_interval(&past, now_ms, AT_MOST);
}

static void a_busy_source_is_polled_more_often_by_about_the_root_of_its_rate(void **unused)
{
	(void)unused;
	live(10, 144, 0, 24);
	const double busy = (double)interval();
	start(NULL);
	live(10, 36, 0, 24);
	const double calm = (double)interval();
	assert_true(calm / busy > 1.6 && calm / busy < 3);
	assert_true(busy > MS_PER_MINUTE && busy < 15 * MS_PER_MINUTE);
}

static void a_source_that_never_posts_is_left_for_long(void **unused)
{
	(void)unused;
	const int64_t unknown = interval();
	live(14, 0, 0, 24);
	assert_true(unknown < 2 * MS_PER_HOUR);
	assert_true(interval() > 2 * unknown);
}

static void the_hours_of_a_source_are_learned_and_a_night_ends_in_the_morning(void **unused)
{
	(void)unused;
	live(10, 48, 8, 20);
	now_ms = START_MS + 10 * MS_PER_DAY;
	const int64_t midnight = interval();
	assert_true(now_ms + midnight < START_MS + 10 * MS_PER_DAY + 9 * MS_PER_HOUR);
	now_ms += 14 * MS_PER_HOUR;
	assert_true(interval() * 2 < midnight);
	assert_true(polling_expected(&past, now_ms, now_ms + MS_PER_HOUR) > 2);
}

static void few_posts_say_nothing_of_hours(void **unused)
{
	(void)unused;
	live(3, 0.5, 8, 9);
	const double noon = polling_expected(&past, now_ms + 12 * MS_PER_HOUR, now_ms + 13 * MS_PER_HOUR);
	const double morning = polling_expected(&past, now_ms + 8 * MS_PER_HOUR, now_ms + 9 * MS_PER_HOUR);
	assert_true(morning < 2 * noon);
}

static void a_source_that_wakes_up_is_followed_within_hours(void **unused)
{
	(void)unused;
	live(14, 2, 0, 24);
	const int64_t before = interval();
	live(0.5, 48, 0, 24);
	assert_true(interval() * 2 < before);
}

static void a_source_that_falls_silent_is_let_go_within_days(void **unused)
{
	(void)unused;
	live(14, 48, 0, 24);
	const int64_t before = interval();
	live(3, 0, 0, 24);
	assert_true(interval() > 3 * before);
}

static void the_first_sight_teaches_from_its_dates(void **unused)
{
	(void)unused;
	int64_t posted[20];
	for (int i = 0; i < 20; i++)
		posted[i] = now_ms - (i + 1) * MS_PER_HOUR;
	past = (struct source_arrivals){ 0 };
	polling_learn(&past, &(struct polling_sight){ now_ms, posted, 20 });
	const double day = polling_expected(&past, now_ms, now_ms + MS_PER_DAY);
	assert_true(day > 12 && day < 26);
	for (int i = 0; i < 20; i++)
		posted[i] = now_ms; /* undated: nothing is known */
	past = (struct source_arrivals){ 0 };
	polling_learn(&past, &(struct polling_sight){ now_ms, posted, 20 });
	assert_true(polling_expected(&past, now_ms, now_ms + MS_PER_DAY) < 3);
}

static void a_clock_that_jumps_and_a_damaged_state_do_no_harm(void **unused)
{
	(void)unused;
	live(2, 48, 0, 24);
	polling_learn(&past, &(struct polling_sight){ now_ms - MS_PER_DAY, NULL, 0 });
	polling_learn(&past, &(struct polling_sight){ now_ms + 4000 * MS_PER_DAY, NULL, 0 });
	assert_in_range(interval(), 1000, AT_MOST);
	past = (struct source_arrivals){ INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN, -1, INT64_MAX, INT64_MIN, INT64_MAX,
		INT64_MIN };
	polling_learn(&past, &(struct polling_sight){ now_ms, NULL, 0 });
	assert_in_range(interval(), 1000, AT_MOST);
}

static struct polling_plan plan(struct polling_terms t)
{
	return polling_plan(&past, &t, now_ms);
}

static void bounds_wishes_failures_and_orders_come_in_this_order(void **unused)
{
	(void)unused;
	live(4, 48, 0, 24);
	const struct polling_terms plain = { .min_ms = MS_PER_MINUTE, .max_ms = 6 * MS_PER_HOUR };
	const int64_t wish = plan(plain).wait_ms;
	assert_int_equal(plan(plain).why, POLLING_RATE);
	struct polling_terms t = plain;
	t.min_ms = 2 * MS_PER_HOUR;
	assert_int_equal(plan(t).why, POLLING_FLOOR);
	assert_int_equal(plan(t).wait_ms, 2 * MS_PER_HOUR);
	t = plain;
	t.hint_ms = MS_PER_HOUR / 2;
	assert_int_equal(plan(t).why, POLLING_HINT);
	assert_int_equal(plan(t).wait_ms, MS_PER_HOUR / 2);
	t.hint_ms = MS_PER_DAY; /* as many servers say of everything */
	assert_int_equal(plan(t).wait_ms, MS_PER_HOUR);
	t = plain;
	t.boosted = true;
	t.min_ms = 1000;
	assert_int_equal(plan(t).wait_ms, wish / 4);
	t.hint_ms = MS_PER_HOUR;
	assert_int_equal(plan(t).wait_ms, MS_PER_HOUR); /* an alert is no leave to be impolite */
	t.hint_ms = 0;
	t.failures = 1;
	assert_int_equal(plan(t).wait_ms, wish * 2); /* nor to hurry one that fails */
	t = plain;
	t.failures = 2;
	assert_int_equal(plan(t).wait_ms, wish * 4);
	t.failures = 60;
	assert_int_equal(plan(t).wait_ms, MS_PER_HOUR);
	t.retry_after_ms = MS_PER_DAY;
	assert_int_equal(plan(t).wait_ms, MS_PER_DAY);
	assert_int_equal(plan(t).why, POLLING_TOLD);
}

static void an_interval_that_is_written_holds_against_wishes_but_not_against_orders(void **unused)
{
	(void)unused;
	struct polling_terms t = { .every_ms = 5000, .min_ms = MS_PER_MINUTE, .max_ms = MS_PER_HOUR, .hint_ms = MS_PER_HOUR };
	assert_int_equal(plan(t).wait_ms, 5000);
	assert_int_equal(plan(t).why, POLLING_EVERY);
	t.retry_after_ms = 9000;
	assert_int_equal(plan(t).wait_ms, 9000);
}

static int64_t hint(const char *header)
{
	return polling_hint_ms(str_of(header), START_MS);
}

static void headers_tell_how_long_an_answer_is_fresh(void **unused)
{
	(void)unused;
	assert_int_equal(hint(""), 0);
	assert_int_equal(hint("Cache-Control: public, max-age=600\n"), 600000);
	assert_int_equal(hint("cache-control: max-age=\"600\"\nAge: 100\n"), 500000);
	assert_int_equal(hint("Cache-Control: max-age=600\nAge: 700\n"), 0);
	assert_int_equal(hint("Cache-Control: no-cache\nExpires: Fri, 01 Jan 2100 00:00:00 GMT\n"), 0);
	assert_int_equal(hint("Expires: Wed, 15 Nov 2023 00:10:00 GMT\n"), 10 * MS_PER_MINUTE);
	assert_int_equal(hint("Expires: 0\n"), 0);
	assert_int_equal(hint("Cache-Control: max-age=99999999999999999999\n"), 0);
	assert_int_equal(hint("Cache-Control: max-age=9999999999\n"), MS_PER_HOUR);
	assert_int_equal(hint("Cache-Control: max-age=\"\nExpires: -1\n"), 0);
}

static void expect_sentence(struct arena *a, const struct source_state *s, const char *part)
{
	const struct str said = polling_explain(a, s, now_ms);
	if (str_find(said, str_of(part)) < 0)
		fail_msg("expected \"%s\" in \"%.*s\"", part, STR_FMT(said));
}

static void every_reason_has_its_sentence(void **unused)
{
	(void)unused;
	struct arena a;
	arena_init(&a, 1u << 16);
	struct source_state s = { .why = STR("every"), .interval_ms = 300000, .wish_ms = 60000, .failures = 3, .pages = 1 };
	s.error = STR("a.example answered 500");
	expect_sentence(&a, &s, "never polled");
	s.fetched_ms = now_ms - 50000;
	s.next_ms = now_ms + 250000;
	expect_sentence(&a, &s, "in 4 min 10 s: its section says every = 5 min");
	s.why = STR("hint");
	expect_sentence(&a, &s, "asks for a poll every 1 min; the feed or its server wishes one in 5 min");
	s.why = STR("boost");
	s.boost = STR("yunque");
	s.boost_ms = 1795348800000;
	expect_sentence(
		&a, &s, "polled every 5 min instead of 1 min because brand yunque is in alert since 2026-11-22T12:00:00Z");
	s.why = STR("failures");
	expect_sentence(&a, &s, "failed 3 times in a row (a.example answered 500): 5 min instead of 1 min");
	for (int i = 0; i < POLLING_WHY__N; i++) {
		s.why = str_of(polling_why_names[i]);
		assert_true(str_find(polling_explain(&a, &s, now_ms), STR("before reasons")) < 0);
	}
	s.why = STR("");
	expect_sentence(&a, &s, "before reasons were kept");
	s.next_ms = now_ms;
	expect_sentence(&a, &s, "due since");
	arena_release(&a);
}

#define TEST(f) cmocka_unit_test_setup(f, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_busy_source_is_polled_more_often_by_about_the_root_of_its_rate),
		TEST(a_source_that_never_posts_is_left_for_long),
		TEST(the_hours_of_a_source_are_learned_and_a_night_ends_in_the_morning),
		TEST(few_posts_say_nothing_of_hours),
		TEST(a_source_that_wakes_up_is_followed_within_hours),
		TEST(a_source_that_falls_silent_is_let_go_within_days),
		TEST(the_first_sight_teaches_from_its_dates),
		TEST(a_clock_that_jumps_and_a_damaged_state_do_no_harm),
		TEST(bounds_wishes_failures_and_orders_come_in_this_order),
		TEST(an_interval_that_is_written_holds_against_wishes_but_not_against_orders),
		TEST(headers_tell_how_long_an_answer_is_fresh),
		TEST(every_reason_has_its_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
