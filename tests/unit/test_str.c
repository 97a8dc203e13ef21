/* Unit tests of slices. */
#include "common/base/str.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void empty_and_null_are_the_same_slice(void **state)
{
	(void)state;
	struct str none = { NULL, 0 };
	assert_true(str_eq(none, STR("")));
	assert_true(str_eq(str_of(NULL), none));
	assert_true(str_starts(none, none));
	assert_true(str_ends(none, STR("")));
	assert_int_equal(str_cmp(none, STR("")), 0);
	assert_int_equal(str_find(none, STR("a")), -1);
	assert_int_equal(str_findc(none, 'a'), -1);
	assert_int_equal(str_trim(none).n, 0);
	assert_int_equal(str_from(none, 3).n, 0);
	assert_int_equal(str_cut_utf8(none, 0).n, 0);
}

static void comparing_folds_only_ascii(void **state)
{
	(void)state;
	assert_true(str_ieq(STR("Content-Type"), STR("content-type")));
	assert_false(str_ieq(STR("[a"), STR("{a")));
	assert_false(str_ieq(STR("É"), STR("é")));
	assert_true(str_istarts(STR("HTTPS://x"), STR("https:")));
	assert_false(str_istarts(STR("htt"), STR("https:")));
	assert_true(str_eqc(STR("退款"), "退款"));
}

static void prefixes_and_suffixes_may_be_longer_than_the_text(void **state)
{
	(void)state;
	assert_true(str_starts(STR("投诉电话"), STR("投诉")));
	assert_false(str_starts(STR("投"), STR("投诉")));
	assert_true(str_ends(STR("feed.conf"), STR(".conf")));
	assert_false(str_ends(STR("conf"), STR(".conf")));
}

static void trimming_takes_white_space_of_both_sides(void **state)
{
	(void)state;
	assert_true(str_eq(str_trim(STR(" \t a b\r\n")), STR("a b")));
	assert_int_equal(str_trim(STR(" \n ")).n, 0);
}

static void a_cut_never_splits_a_character(void **state)
{
	(void)state;
	struct str s = STR("a退😀");
	static const size_t expected[] = { 0, 1, 1, 1, 4, 4, 4, 4, 8, 8 };
	for (size_t n = 0; n < sizeof(expected) / sizeof(expected[0]); n++)
		assert_int_equal(str_cut_utf8(s, n).n, expected[n]);
}

static void a_cut_of_broken_bytes_still_ends(void **state)
{
	(void)state;
	assert_int_equal(str_cut_utf8(STR("\x80\x80\x80\x80\x80\x80\x80"), 6).n, 6);
	assert_int_equal(str_cut_utf8(STR("\x80\x80\x80"), 1).n, 1);
}

static void finding_gives_the_offset(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("要求退款"), STR("退款")), 6);
	assert_int_equal(str_find(STR("abc"), STR("")), 0);
	assert_int_equal(str_find(STR("abc"), STR("abcd")), -1);
	assert_int_equal(str_findc(STR("a=b"), '='), 1);
}

static void splitting_gives_every_part_also_the_empty_ones(void **state)
{
	(void)state;
	struct str rest = STR("a,,b,"), part;
	static const char *const expected[] = { "a", "", "b", "" };
	size_t n = 0;
	while (str_split(&rest, ',', &part))
		assert_true(str_eqc(part, expected[n++]));
	assert_int_equal(n, 4);
	assert_false(str_split(&rest, ',', &part));
}

static void whole_numbers_are_read_to_the_last_bit(void **state)
{
	(void)state;
	int64_t v = 7;
	assert_true(str_to_i64(STR("9223372036854775807"), &v) && v == INT64_MAX);
	assert_true(str_to_i64(STR("-9223372036854775808"), &v) && v == INT64_MIN);
	assert_true(str_to_i64(STR("+12"), &v) && v == 12);
	static const char *const wrong[] = { "", "-", "+", "9223372036854775808", "-9223372036854775809", "1 ", " 1", "1.0",
		"0x1", "１", "--1" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(str_to_i64(str_of(wrong[i]), &v));
	assert_int_equal(v, 12);
}

static void doubles_are_decimal_and_finite(void **state)
{
	(void)state;
	double v = 0;
	assert_true(str_to_double(STR("-1.5e2"), &v) && v > -150.5 && v < -149.5);
	static const char *const wrong[] = { "", "inf", "nan", "0x10", " 1", "1 ", "1e999", "e5", ".", "1.2.3", "1,5" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(str_to_double(str_of(wrong[i]), &v));
}

static void order_is_by_bytes_and_shorter_comes_first(void **state)
{
	(void)state;
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_true(str_cmp(STR("a\xFF"), STR("a\x01")) > 0);
	assert_int_equal(str_cmp(STR("同"), STR("同")), 0);
}

static void the_hash_is_fnv_1a(void **state)
{
	(void)state;
	assert_true(str_hash(STR("")) == 0xcbf29ce484222325u);
	assert_true(str_hash(STR("foobar")) == 0x85944171f73967e8u); /* test vector of the authors */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_and_null_are_the_same_slice),
		cmocka_unit_test(comparing_folds_only_ascii),
		cmocka_unit_test(prefixes_and_suffixes_may_be_longer_than_the_text),
		cmocka_unit_test(trimming_takes_white_space_of_both_sides),
		cmocka_unit_test(a_cut_never_splits_a_character),
		cmocka_unit_test(a_cut_of_broken_bytes_still_ends),
		cmocka_unit_test(finding_gives_the_offset),
		cmocka_unit_test(splitting_gives_every_part_also_the_empty_ones),
		cmocka_unit_test(whole_numbers_are_read_to_the_last_bit),
		cmocka_unit_test(doubles_are_decimal_and_finite),
		cmocka_unit_test(order_is_by_bytes_and_shorter_comes_first),
		cmocka_unit_test(the_hash_is_fnv_1a),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
