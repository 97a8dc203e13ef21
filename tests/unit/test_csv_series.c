/* Unit tests of series from CSV rows: stamps, values, bucket width, window sums, gaps. */
#include "cli/csv_series.h"

#include "common/base/clock.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct csv_series series;
static struct arena arena;

static bool parse(const char *line, struct csv_row *row)
{
	const char *why;
	return csv_row_parse(&arena, str_of(line), row, &why);
}

static struct sight add(int64_t at_ms, double value)
{
	struct sight s = { 0 };
	const struct csv_row row = { .at_ms = at_ms, .value = value, .known = true };
	assert_int_equal(csv_series_add(&series, &row, &s), OK);
	return s;
}

static void stamps_are_read_in_their_usual_forms(void **state)
{
	(void)state;
	static const char *const lines[] = { "2015-02-26 21:42:00,104", "2015-02-26T21:42:00Z,104",
		"\"2015-02-26 21:42:00\",\"104\"", "2015-02-26 21:42,104", "1424986920,104", "2015-02-26T22:42:00+01:00,104",
		" 2015-02-26 21:42:00 , 104 ,more" };
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct csv_row row;
		assert_true(parse(lines[i], &row));
		assert_int_equal(row.at_ms, clock_from_utc(2015, 2, 26, 21, 42, 0));
		assert_true(row.value == 104);
	}
}

static void what_is_no_row_is_refused(void **state)
{
	(void)state;
	static const char *const lines[] = { "", "x", "2015-02-26 21:42:00", "yesterday,4", "2015-02-30 21:42:00,4",
		"2015-02-26 21:42:00,many", "2015-02-26 21:42:00,nan", ",4", "2015-02-26,4" };
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct csv_row row;
		assert_false(parse(lines[i], &row));
	}
}

static void an_empty_value_is_not_zero(void **state)
{
	(void)state;
	struct csv_row row;
	assert_true(parse("2015-02-26 21:42:00,", &row));
	assert_false(row.known);
}

static void a_header_is_told_from_data(void **state)
{
	(void)state;
	assert_true(csv_row_is_header(&arena, STR("timestamp,value")));
	assert_true(csv_row_is_header(&arena, STR("时间,数量")));
	assert_false(csv_row_is_header(&arena, STR("2015-02-26 21:42:00,4")));
	assert_false(csv_row_is_header(&arena, STR("2015-02-26 21:42:00,many"))); /* a mistake, to be told */
}

static void the_bucket_is_the_commonest_gap(void **state)
{
	(void)state;
	const int64_t at_ms[] = { 0, 600000, 900000, 1200000, 1500000 };
	assert_int_equal(csv_series_bucket(at_ms, 5), 300000);
	assert_int_equal(csv_series_bucket(at_ms, 1), 300000);
	const int64_t same[] = { 5, 5, 5 };
	assert_int_equal(csv_series_bucket(same, 3), 300000);
}

static void windows_follow_the_bucket(void **state)
{
	(void)state;
	static const struct {
		int64_t bucket_ms;
		int width[EVIDENCE_WINDOWS];
	} cases[] = { { 60000, { 5, 60, 180 } }, { 300000, { 1, 12, 36 } }, { 3600000, { 1, 12, 36 } },
		{ 1000, { 300, 3600, 10800 } } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		csv_series_init(&series, cases[i].bucket_ms);
		assert_memory_equal(series.width, cases[i].width, sizeof series.width);
	}
}

static void sums_roll_over_their_windows(void **state)
{
	(void)state;
	struct sight s = { 0 };
	csv_series_init(&series, 300000);
	for (int i = 1; i <= 100; i++)
		s = add(i * 300000LL, i);
	assert_true(s.sum[0] == 100);
	assert_true(s.sum[1] == 12 * (89 + 100) / 2.0);
	assert_true(s.sum[2] == 36 * (65 + 100) / 2.0);
	assert_int_equal(s.at_ms, 101 * 300000LL);
	assert_false(s.missing);
}

static void a_gap_holds_the_mean_and_is_marked(void **state)
{
	(void)state;
	struct sight s = { 0 };
	csv_series_init(&series, 300000);
	for (int i = 1; i <= 100; i++)
		s = add(i * 300000LL, 10);
	s = add(200 * 300000LL, 10);
	assert_true(s.missing);
	assert_true(fabs(s.sum[1] - 120) < 1e-6 && fabs(s.sum[2] - 360) < 1e-6);
	for (int i = 201; i <= 212; i++)
		s = add(i * 300000LL, 10);
	assert_false(s.missing);
}

static void a_repeated_stamp_adds_to_its_bucket(void **state)
{
	(void)state;
	struct sight s = { 0 };
	csv_series_init(&series, 300000);
	(void)add(300000, 5);
	const struct csv_row again = { .at_ms = 300000, .value = 2, .known = true };
	assert_int_equal(csv_series_add(&series, &again, &s), SKIP);
	s = add(600000, 1);
	assert_true(s.sum[0] == 1 && s.sum[1] == 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_are_read_in_their_usual_forms),
		cmocka_unit_test(what_is_no_row_is_refused),
		cmocka_unit_test(an_empty_value_is_not_zero),
		cmocka_unit_test(a_header_is_told_from_data),
		cmocka_unit_test(the_bucket_is_the_commonest_gap),
		cmocka_unit_test(windows_follow_the_bucket),
		cmocka_unit_test(sums_roll_over_their_windows),
		cmocka_unit_test(a_gap_holds_the_mean_and_is_marked),
		cmocka_unit_test(a_repeated_stamp_adds_to_its_bucket),
	};
	arena_init(&arena, 1u << 20);
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return failed;
}
