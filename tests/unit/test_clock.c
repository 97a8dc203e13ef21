/* Unit tests of the calendar and of ISO 8601. */
#include "common/base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>

static void the_calendar_agrees_with_the_c_library(void **state)
{
	(void)state;
	for (int64_t day = -800000; day < 3000000; day += 37) {
		time_t seconds = (time_t)(day * 86400 + day % 86400 / 2);
		struct tm tm;
		assert_non_null(gmtime_r(&seconds, &tm));
		struct utc t = clock_utc((int64_t)seconds * 1000);
		bool same = t.year == tm.tm_year + 1900 && t.month == tm.tm_mon + 1 && t.day == tm.tm_mday &&
			    t.hour == tm.tm_hour && t.minute == tm.tm_min && t.second == tm.tm_sec &&
			    t.weekday == (tm.tm_wday + 6) % 7 && t.yearday == tm.tm_yday + 1;
		if (!same || clock_from_utc(t.year, t.month, t.day, t.hour, t.minute, t.second) != (int64_t)seconds * 1000)
			fail_msg("%lld seconds: differs from gmtime_r", (long long)seconds);
	}
}

static void a_moment_before_1970_rounds_down(void **state)
{
	(void)state;
	char text[32];
	assert_string_equal(clock_iso(-1, text), "1969-12-31T23:59:59Z");
	assert_string_equal(clock_iso(0, text), "1970-01-01T00:00:00Z");
	assert_string_equal(clock_iso(1795315843999, text), "2026-11-22T02:50:43Z");
	assert_true(strlen(clock_iso(INT64_MIN, text)) < 32);
	assert_true(strlen(clock_iso(INT64_MAX, text)) < 32);
}

static void stamps_with_a_zone_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "2026-11-22T02:50:43Z", 1795315843000 },
		{ "2026-11-22t02:50:43.9z", 1795315843900 },
		{ "2026-11-22 10:50:43.123456+08:00", 1795315843123 },
		{ "2026-11-22T10:50:43+0800", 1795315843000 },
		{ "2026-11-22T10:50+08", 1795315800000 },
		{ "2026-11-21 21:50:43 -0500", 1795315843000 },
		{ "2024-02-29T00:00:00Z", 1709164800000 },
		{ "2016-12-31T23:59:60Z", 1483228800000 },
		{ "1795315843", 1795315843000 },
		{ "1795315843.25", 1795315843250 },
		{ "1795315843123", 1795315843123 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = 0;
		if (!clock_parse_iso(str_of(cases[i].text), &ms) || ms != cases[i].ms)
			fail_msg("%s: expected %lld, came %lld", cases[i].text, (long long)cases[i].ms, (long long)ms);
	}
}

static void what_is_not_a_moment_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "2026-11-22", "2026-11-22T02:50:43", "2023-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00+24:00",
		"2026-01-01T00:00:00+08:60", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "20261122", "2026", "-1795315843",
		"17953158431234567", "1795315843x", "2026年11月22日", "２０２６-11-22T02:50:43Z", "2026-01-01T00:00:00+08:" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int64_t ms = 0;
		if (clock_parse_iso(str_of(wrong[i]), &ms))
			fail_msg("\"%s\" was taken for %lld", wrong[i], (long long)ms);
	}
}

static void clocks_go_forward(void **state)
{
	(void)state;
	int64_t from = clock_monotonic_ms();
	clock_sleep_ms(5);
	clock_sleep_ms(-5);
	assert_true(clock_monotonic_ms() >= from + 4);
	assert_true(clock_now_ms() > clock_from_utc(2024, 1, 1, 0, 0, 0));
	assert_true(clock_cpu_us() >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_calendar_agrees_with_the_c_library),
		cmocka_unit_test(a_moment_before_1970_rounds_down),
		cmocka_unit_test(stamps_with_a_zone_are_read),
		cmocka_unit_test(what_is_not_a_moment_is_refused),
		cmocka_unit_test(clocks_go_forward),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
