/* What the normaliser folds, what it leaves, and that every place leads back to the original. */
#include "common/text/normalise.h"

#include "common/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct norm fold(const char *text)
{
	struct norm n;
	normalise(&arena, str_of(text), &n);
	assert_int_equal(n.origin[n.text.n], utf8_count(str_of(text)));
	for (size_t i = 0; i < n.text.n; i++) {
		assert_true(n.origin[i] < n.origin_end[i]);
		assert_true(n.origin[i] <= n.origin[i + 1]);
	}
	return n;
}

static void assert_folds_to(const char *text, const char *expected)
{
	struct norm n = fold(text);
	if (!str_eqc(n.text, expected))
		fail_msg("\"%s\" folds to \"%.*s\", expected \"%s\"", text, STR_FMT(n.text), expected);
}

static void case_and_width_are_folded(void **state)
{
	(void)state;
	assert_folds_to("Apple", "apple");
	assert_folds_to("ＡＰＰＬＥ　ＣＡＦＥ", "apple cafe");
	assert_folds_to("ÀÉ ΣΑΣ Ж", "àé σασ ж");
	assert_folds_to("Straße", "strasse");
	assert_folds_to("ｱｲｽ", "アイス");
	assert_folds_to("㎏ ℡ ①", "kg tel 1");
	assert_folds_to("太差了！！，真的？", "太差了!!,真的?");
}

static void traditional_becomes_simplified(void **state)
{
	(void)state;
	assert_folds_to("客服態度很差，退款還沒到帳", "客服态度很差,退款还没到帐");
	assert_folds_to("雲雀電動車", "云雀电动车");
	struct norm n = fold("雲雀");
	assert_int_equal(n.folds[0], FOLD_HANT);
	assert_int_equal(n.folds[3], 0);
}

static void marks_are_composed(void **state)
{
	(void)state;
	assert_folds_to("cafe\xCC\x81", "caf\xC3\xA9");
	assert_folds_to("e\xCC\x81t\xC3\xA9", "\xC3\xA9t\xC3\xA9");
	struct norm n = fold("e\xCC\x81t");
	assert_int_equal(n.folds[0], FOLD_MARKS);
	assert_int_equal(n.origin_end[0], 2);
	assert_int_equal(n.origin[2], 2);
}

static void hidden_characters_vanish_and_are_remembered(void **state)
{
	(void)state;
	assert_folds_to("退\xE2\x80\x8B款", "退款");
	assert_folds_to("re\xC2\xAD"
			"fund",
		"refund");
	assert_folds_to("微\xCD\x8F信", "微信");
	assert_folds_to("微\xCC\xB6信\xCC\xB6", "微信");
	assert_folds_to("\xE2\x9D\xA4\xEF\xB8\x8F", "\xE2\x9D\xA4");
	struct norm n = fold("退\xE2\x80\x8B款");
	assert_int_equal(n.folds[0], 0);
	assert_int_equal(n.folds[3], FOLD_HIDDEN);
	assert_int_equal(n.origin[3], 2);
	assert_int_equal(n.any_folds, FOLD_HIDDEN);
}

static void white_space_is_made_single(void **state)
{
	(void)state;
	assert_folds_to("a \t\r\n b\xC2\xA0\xE3\x80\x80"
			"c",
		"a b c");
	struct norm n = fold("a  b c");
	assert_int_equal(n.folds[1], FOLD_SPACE);
	assert_int_equal(n.origin[1], 1);
	assert_int_equal(n.origin_end[1], 3);
	assert_int_equal(n.folds[3], 0);
}

static void curly_and_straight_apostrophes_are_one(void **state)
{
	(void)state;
	assert_folds_to("don\xE2\x80\x99t", "don't");
}

static void the_mask_mark_is_a_wall(void **state)
{
	(void)state;
	assert_folds_to("电话\xE2\x96\x88\xE2\x96\x88号", "电话\xE2\x96\x88\xE2\x96\x88号");
	assert_folds_to("call \xE2\x96\x88", "call \xE2\x96\x88");
}

static void places_lead_back_to_the_original(void **state)
{
	(void)state;
	struct norm n = fold("ＡＢ\xEF\xB7\xBA雲");
	assert_int_equal(n.origin[0], 0);
	assert_int_equal(n.origin[1], 1);
	assert_int_equal(n.origin[2], 2);
	assert_int_equal(n.origin_end[2], 3);
	assert_int_equal(n.origin[n.text.n - 1], 3);
	assert_int_equal(n.origin_end[n.text.n - 1], 4);
}

static void ill_formed_bytes_become_replacement_characters(void **state)
{
	(void)state;
	assert_folds_to("a\xFF\xE9\x80z", "a\xEF\xBF\xBD\xEF\xBF\xBDz");
	assert_folds_to("\xE9", "\xEF\xBF\xBD");
	assert_folds_to("", "");
}

static void folding_twice_changes_nothing(void **state)
{
	(void)state;
	static const char *const texts[] = { "Ｄon’t　BUY  雲雀！①㎏ Straße", "微\xCC\xB6信 e\xCC\x81 \xEF\xB7\xBA" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct str once = normalise_text(&arena, str_of(texts[i]));
		assert_true(str_eq(normalise_text(&arena, once), once));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(case_and_width_are_folded, setup, teardown),
		cmocka_unit_test_setup_teardown(traditional_becomes_simplified, setup, teardown),
		cmocka_unit_test_setup_teardown(marks_are_composed, setup, teardown),
		cmocka_unit_test_setup_teardown(hidden_characters_vanish_and_are_remembered, setup, teardown),
		cmocka_unit_test_setup_teardown(white_space_is_made_single, setup, teardown),
		cmocka_unit_test_setup_teardown(curly_and_straight_apostrophes_are_one, setup, teardown),
		cmocka_unit_test_setup_teardown(the_mask_mark_is_a_wall, setup, teardown),
		cmocka_unit_test_setup_teardown(places_lead_back_to_the_original, setup, teardown),
		cmocka_unit_test_setup_teardown(ill_formed_bytes_become_replacement_characters, setup, teardown),
		cmocka_unit_test_setup_teardown(folding_twice_changes_nothing, setup, teardown),
	};
	return cmocka_run_group_tests_name("normalise", tests, NULL, NULL);
}
