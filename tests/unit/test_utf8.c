/* Unit tests of UTF-8 and of the questions about scripts. */
#include "common/base/utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void every_code_point_comes_back(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		char bytes[4];
		size_t at = 0;
		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		struct str s = { bytes, (size_t)utf8_put(bytes, cp) };
		if (utf8_next(s, &at) != cp || at != s.n || !utf8_valid(s))
			fail_msg("U+%04X does not come back", (unsigned)cp);
	}
}

static void what_is_no_code_point_is_written_as_the_replacement(void **state)
{
	(void)state;
	static const uint32_t wrong[] = { 0xD800, 0xDFFF, 0x110000, UINT32_MAX };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char bytes[4];
		assert_int_equal(utf8_put(bytes, wrong[i]), 3);
		assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
	}
}

/* The table of the Unicode standard, section 3.9 "U+FFFD substitution of maximal subparts". */
static void ill_formed_bytes_move_by_their_maximal_subpart(void **state)
{
	(void)state;
	static const struct {
		struct str bytes;
		size_t codepoints;
	} cases[] = {
		{ { "\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 9 }, 9 },
		{ { "\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", 9 }, 9 },
		{ { "\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 9 }, 9 },
		{ { "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 9 }, 5 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(utf8_count(cases[i].bytes), cases[i].codepoints);
		assert_false(utf8_valid(cases[i].bytes));
	}
}

static void a_sequence_cut_at_the_end_does_not_read_on(void **state)
{
	(void)state;
	size_t at = 0;
	assert_int_equal(utf8_next((struct str){ "退款", 2 }, &at), UTF8_REPLACEMENT);
	assert_int_equal(at, 2);
}

static void offsets_count_code_points(void **state)
{
	(void)state;
	struct str s = STR("a退😀b");
	assert_int_equal(utf8_count(s), 4);
	assert_int_equal(utf8_offset(s, 0), 0);
	assert_int_equal(utf8_offset(s, 2), 4);
	assert_int_equal(utf8_offset(s, 3), 8);
	assert_int_equal(utf8_offset(s, 99), s.n);
}

static void repair_touches_only_what_is_broken(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 1u << 16);
	struct str good = STR("退款 please");
	assert_ptr_equal(utf8_repair(&a, good).p, good.p);
	struct str fixed = utf8_repair(&a, STR("a\0b\xFF"
					       "c退"));
	assert_true(str_eqc(fixed, "a\xEF\xBF\xBD"
				   "b\xEF\xBF\xBD"
				   "c退"));
	arena_release(&a);
}

/* A reference that takes one code point after the other. */
static void check_repair(struct arena *a, struct str s)
{
	struct buf slow;
	buf_init(&slow, 1u << 16);
	for (size_t at = 0; at < s.n;) {
		const uint32_t cp = utf8_next(s, &at);
		utf8_add(&slow, cp ? cp : UTF8_REPLACEMENT);
	}
	const struct str fixed = utf8_repair(a, s);
	if (!str_eq(fixed, buf_str(&slow)) || !utf8_valid(fixed))
		fail_msg("%zu bytes are repaired to %zu, not to %zu", s.n, fixed.n, slow.n);
	buf_release(&slow);
}

static void repair_does_runs_as_it_does_single_bytes(void **state)
{
	(void)state;
	static const char pieces[][9] = { "\xFF\xFE", "\xE4\xB8", "a", "退款", "é", "words of", "\xF0\x9F\x98\x80", "\xC2",
		"\x80\x80", "\xED\xA0\x80", "\xEF\xBF\xBD" };
	char text[4000];
	struct arena a;
	uint32_t dice = 7;
	arena_init(&a, 1u << 22);
	for (int round = 0; round < 100; round++) {
		size_t n = 0;
		while (n < sizeof(text) - 8) {
			dice = dice * 1103515245u + 12345u;
			const size_t which = (dice >> 16) % (sizeof(pieces) / sizeof(pieces[0]) + 1);
			const struct str piece = which == 0 ? (struct str){ "\0\0", 1 + dice % 2 } : str_of(pieces[which - 1]);
			memcpy(text + n, piece.p, piece.n);
			n += piece.n;
		}
		check_repair(&a, (struct str){ text, n - (size_t)round % 5 });
		arena_reset(&a);
	}
	arena_release(&a);
}

static void han_is_told_from_other_scripts(void **state)
{
	(void)state;
	static const uint32_t yes[] = { 0x4E00, 0x9000 /* 退 */, 0x9FFF, 0x3400, 0x3007, 0x20000, 0xF900 };
	static const uint32_t no[] = { 'a', 0x3042 /* あ */, 0xAC00 /* 가 */, 0x0E01, 0xFF0C /* ， */, 0x3002 };
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(utf8_is_han(yes[i]));
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(utf8_is_han(no[i]));
}

static void words_are_of_scripts_with_spaces(void **state)
{
	(void)state;
	static const uint32_t yes[] = { 'a', 'Z', '0', '9', 0xE9 /* é */, 0xDF, 0x3B1, 0x416, 0x531, 0x5D0, 0x627, 0x905, 0x10D0,
		0x1EA1, 0xFF21 };
	static const uint32_t no[] = { ' ', '_', '-', '@', 0xD7 /* × */, 0xF7, 0x4E00, 0x3042, 0x30A2, 0xAC00, 0x0E01, 0x2019,
		0x3002, 0x1F600, 0x200B };
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!utf8_is_word(yes[i]))
			fail_msg("U+%04X should be part of a word", (unsigned)yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (utf8_is_word(no[i]))
			fail_msg("U+%04X should not be part of a word", (unsigned)no[i]);
}

static void no_code_point_is_both_han_and_word(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++)
		if (utf8_is_han(cp) && utf8_is_word(cp))
			fail_msg("U+%04X is in both tables", (unsigned)cp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_comes_back),
		cmocka_unit_test(what_is_no_code_point_is_written_as_the_replacement),
		cmocka_unit_test(ill_formed_bytes_move_by_their_maximal_subpart),
		cmocka_unit_test(a_sequence_cut_at_the_end_does_not_read_on),
		cmocka_unit_test(offsets_count_code_points),
		cmocka_unit_test(repair_touches_only_what_is_broken),
		cmocka_unit_test(repair_does_runs_as_it_does_single_bytes),
		cmocka_unit_test(han_is_told_from_other_scripts),
		cmocka_unit_test(words_are_of_scripts_with_spaces),
		cmocka_unit_test(no_code_point_is_both_han_and_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
