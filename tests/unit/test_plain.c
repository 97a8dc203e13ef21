/* Unit tests of foreign text in a line of ours. */
#include "notifier/plain.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void check(const char *in, int columns, const char *out, bool whole)
{
	struct buf b;
	buf_init(&b, 4096);
	assert_int_equal(plain_add(&b, str_of(in), columns), whole);
	assert_string_equal(buf_str(&b).p, out);
	buf_release(&b);
}

static void white_space_is_folded_so_that_no_line_can_be_faked(void **state)
{
	(void)state;
	check("  first\r\n\n事件：\t0123　 x\xe2\x80\xa8y ", 80, "first 事件： 0123 x y", true);
	check("", 80, "", true);
	check(" \n\t", 80, "", true);
}

static void what_nobody_sees_is_dropped(void **state)
{
	(void)state;
	check("退\xe2\x80\x8b款\x1b[31m\x07", 80, "退款[31m", true);
	check("abc\xe2\x80\xae"
	      "fed\xe2\x80\xac",
		80, "abcfed", true);
	check("\xef\xbb\xbfhello\xc2\xad", 80, "hello", true);
}

static void it_stops_at_a_character_within_its_columns(void **state)
{
	(void)state;
	check("投诉投诉", 8, "投诉投诉", true);
	check("投诉投诉", 7, "投诉投…", false);
	check("refund", 6, "refund", true);
	check("refunds", 6, "refund…", false);
	check("a b", 1, "a…", false);
	check("😡😡", 3, "😡…", false);
}

static void piled_up_marks_are_thinned_and_accents_stay(void **state)
{
	(void)state;
	check("cafe\xcc\x81", 80, "cafe\xcc\x81", true);
	check("z\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86!", 80, "z\xcc\x81\xcc\x82\xcc\x83\xcc\x84!", true);
}

static void broken_bytes_become_replacement_characters(void **state)
{
	(void)state;
	check("a\xff"
	      "b\xe6\x8a",
		80,
		"a\xef\xbf\xbd"
		"b\xef\xbf\xbd",
		true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(white_space_is_folded_so_that_no_line_can_be_faked),
		cmocka_unit_test(what_nobody_sees_is_dropped),
		cmocka_unit_test(it_stops_at_a_character_within_its_columns),
		cmocka_unit_test(piled_up_marks_are_thinned_and_accents_stay),
		cmocka_unit_test(broken_bytes_become_replacement_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
