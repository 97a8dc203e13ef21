/* Unit tests of cutting a text into messages. */
#include "notifier/split.h"

#include "common/base/buf.h"
#include "common/base/utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static int arena_up(void **state)
{
	static struct arena a;
	arena_init(&a, 4u << 20);
	*state = &a;
	return 0;
}

static int arena_down(void **state)
{
	arena_release(*state);
	return 0;
}

static struct str repeat(struct arena *a, const char *piece, int times)
{
	struct buf b;
	buf_init(&b, 1u << 20);
	for (int i = 0; i < times; i++)
		buf_addz(&b, piece);
	struct str s = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return s;
}

/* Every part fits, is numbered, is whole UTF-8; and together they are the text, apart from line breaks at the cuts. */
static void check_parts(struct arena *a, struct str text, size_t max_bytes)
{
	struct str *part = NULL;
	size_t n = 0;
	struct err e;
	struct buf joined;
	assert_int_equal(split_text(a, text, max_bytes, &part, &n, &e), OK);
	buf_init(&joined, 1u << 20);
	for (size_t i = 0; i < n; i++) {
		assert_true(part[i].n <= max_bytes);
		assert_true(utf8_valid(part[i]));
		struct str number = arena_printf(a, "%zu/%zu\n", i + 1, n);
		assert_true(n == 1 || str_starts(part[i], number));
		struct str body = n == 1 ? part[i] : str_from(part[i], number.n);
		if (i > 0 && joined.n < text.n && text.p[joined.n] == '\n' && (body.n == 0 || body.p[0] != '\n'))
			buf_addc(&joined, '\n');
		buf_adds(&joined, body);
	}
	if (joined.n < text.n && text.p[joined.n] == '\n')
		buf_addc(&joined, '\n');
	assert_int_equal(joined.n, text.n);
	assert_memory_equal(joined.p, text.p, text.n);
	buf_release(&joined);
}

static void a_text_that_fits_is_left_alone(void **state)
{
	struct str *part = NULL;
	size_t n = 0;
	struct err e;
	struct str text = repeat(*state, "投诉", 341); /* 2,046 bytes */
	assert_int_equal(split_text(*state, text, 2048, &part, &n, &e), OK);
	assert_int_equal(n, 1);
	assert_true(str_eq(part[0], text));
}

static void bytes_count_not_characters(void **state)
{
	check_parts(*state, repeat(*state, "投诉", 342), 2048); /* 684 characters, 2,052 bytes */
}

static void long_lines_are_cut_at_a_character(void **state)
{
	for (size_t max = 64; max < 90; max++) {
		check_parts(*state, repeat(*state, "退款😡é", 100), max);
		check_parts(*state, repeat(*state, "refund now ", 100), max);
	}
}

static void a_cut_takes_a_line_break_when_there_is_one(void **state)
{
	struct str *part = NULL;
	size_t n = 0;
	struct err e;
	struct str text = repeat(*state, "一行投诉 a line of complaint\n", 20);
	check_parts(*state, text, 200);
	assert_int_equal(split_text(*state, text, 200, &part, &n, &e), OK);
	for (size_t i = 0; i + 1 < n; i++)
		assert_true(str_ends(part[i], STR("complaint")));
}

static void a_text_beyond_all_parts_is_refused_not_cut(void **state)
{
	struct str *part = NULL;
	size_t n = 0;
	struct err e;
	assert_int_equal(split_text(*state, repeat(*state, "投诉", 5000), 64, &part, &n, &e), REJECT);
}

static void bytes_that_are_no_text_still_come_to_an_end(void **state)
{
	struct str *part = NULL;
	size_t n = 0;
	struct err e;
	assert_int_equal(split_text(*state, repeat(*state, "\x80", 500), 64, &part, &n, &e), OK);
	assert_true(n > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_that_fits_is_left_alone),
		cmocka_unit_test(bytes_count_not_characters),
		cmocka_unit_test(long_lines_are_cut_at_a_character),
		cmocka_unit_test(a_cut_takes_a_line_break_when_there_is_one),
		cmocka_unit_test(a_text_beyond_all_parts_is_refused_not_cut),
		cmocka_unit_test(bytes_that_are_no_text_still_come_to_an_end),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
