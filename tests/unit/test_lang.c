/* Languages by script, and when a hint counts. */
#include "common/text/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void assert_lang(const char *text, const char *hint, const char *expected)
{
	const char *got = lang_guess(str_of(text), str_of(hint));
	if (!str_eqc(str_of(got), expected))
		fail_msg("\"%s\" (hint \"%s\") is \"%s\", expected \"%s\"", text, hint, got, expected);
}

static void scripts_tell_the_language(void **state)
{
	(void)state;
	assert_lang("客服态度很差，退款还没到账", "", "zh-Hans");
	assert_lang("客服態度很差，退款還沒到帳", "", "zh-Hant");
	assert_lang("The refund never arrived", "", "en");
	assert_lang("返金がまだ届きません", "", "ja");
	assert_lang("환불이 아직 안 왔어요", "", "ko");
	assert_lang("12345 !!! 😡", "", "");
	assert_lang("", "", "");
}

static void a_few_foreign_words_change_nothing(void **state)
{
	(void)state;
	assert_lang("iPhone 15 Pro Max 屏幕有划痕", "", "zh-Hans");
	assert_lang("优の良品很好吃", "", "zh-Hans");
	assert_lang("Ordered the 小米 phone last week and it still has not shipped", "", "en");
}

static void a_hint_decides_inside_a_script_only(void **state)
{
	(void)state;
	assert_lang("Le remboursement n'est jamais venu", "fr-CA", "fr");
	assert_lang("客服不理人", "en", "zh-Hans");
	assert_lang("The refund never arrived", "zh", "en");
	assert_lang("很好", "zh-TW", "zh-Hans");
}

static void words_are_counted_across_blocks_of_bytes(void **state)
{
	(void)state;
	assert_lang("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 好", "", "zh-Hans"); /* one word */
	assert_lang("a b c d e f g h i j k l m n o p q r s t 好好好好好好好好好好", "", "zh-Hans"); /* twenty */
	assert_lang("a b c d e f g h i j k l m n o p q r s t u 好好好好好好好好好好", "", "en");
	assert_lang("a b c d e f g h i j k好l m n o p q r s t u好好好好好好好好好", "", "en");
}

static void chinese_has_two_names(void **state)
{
	(void)state;
	assert_true(lang_is_chinese("zh-Hans"));
	assert_true(lang_is_chinese("zh-Hant"));
	assert_false(lang_is_chinese("en"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_tell_the_language),
		cmocka_unit_test(a_few_foreign_words_change_nothing),
		cmocka_unit_test(a_hint_decides_inside_a_script_only),
		cmocka_unit_test(words_are_counted_across_blocks_of_bytes),
		cmocka_unit_test(chinese_has_two_names),
	};
	return cmocka_run_group_tests_name("lang", tests, NULL, NULL);
}
