/* How characters are read, and what counts as a gloss between brackets. */
#include "common/text/pinyin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void assert_sounds(uint32_t cp, const char *readings)
{
	uint16_t all[PINYIN_READINGS_MAX];
	char said[64] = "";
	size_t at = 0, n = pinyin_readings(cp, all);
	for (size_t i = 0; i < n; i++) {
		at += (size_t)snprintf(said + at, sizeof(said) - at, "%s%s", i ? " " : "", pinyin_name(all[i]));
	}
	assert_string_equal(said, readings);
	assert_int_equal(pinyin_of(cp), n ? all[0] : 0);
}

static void characters_have_their_usual_reading(void **state)
{
	(void)state;
	assert_sounds(0x9000, "tui"); /* 退 */
	assert_sounds(0x6B3E, "kuan"); /* 款 */
	assert_sounds(0x9A97, "pian"); /* 骗 */
	assert_sounds(0x5973, "nv"); /* 女 */
	assert_sounds(0x7565, "lve"); /* 略 */
	assert_sounds(0x55EF, "en"); /* 嗯 */
}

static void characters_of_several_readings_have_them_all(void **state)
{
	(void)state;
	assert_sounds(0x66DD, "bao pu"); /* 曝 */
	assert_sounds(0x884C, "xing hang"); /* 行 */
	assert_sounds(0x5DEE, "cha chai ci"); /* 差 */
	assert_sounds(0x7EFF, "lv lu"); /* 绿 */
}

static void traditional_forms_sound_like_simplified_ones(void **state)
{
	(void)state;
	assert_sounds(0x52D9, "wu"); /* 務 */
	assert_sounds(0x9577, "chang zhang"); /* 長 */
}

static void other_scripts_have_no_reading(void **state)
{
	(void)state;
	assert_sounds('a', "");
	assert_sounds(0x304B, "");
	assert_sounds(0x20BB7, "");
	assert_string_equal(pinyin_name(0), "");
	assert_string_equal(pinyin_name(UINT16_MAX), "");
}

static void names_and_numbers_are_one_to_one(void **state)
{
	(void)state;
	assert_true(pinyin_count() > 390 && pinyin_count() < 450);
	for (uint16_t i = 1; i <= pinyin_count(); i++)
		assert_int_equal(pinyin_syllable(str_of(pinyin_name(i))), i);
	assert_int_equal(pinyin_syllable(STR("lue")), pinyin_syllable(STR("lve")));
	assert_int_equal(pinyin_syllable(STR("refund")), 0);
	assert_int_equal(pinyin_syllable(STR("")), 0);
}

static void glosses_are_recognised(void **state)
{
	(void)state;
	static const char *const glosses[] = { "wù", "wu4", "wu", "WÙ", " wù ", "lǜ", "lüè", "nüe", "zhuàng", "fúwù", "fu2 wu4",
		"xī'ān", "ㄨˋ", "ㄈㄨˊ", "wu\u0300", "ｗｕ４" };
	for (size_t i = 0; i < sizeof(glosses) / sizeof(glosses[0]); i++)
		if (!pinyin_is_gloss(str_of(glosses[i])))
			fail_msg("%s is a gloss", glosses[i]);
}

static void other_brackets_are_no_glosses(void **state)
{
	(void)state;
	static const char *const others[] = { "", " ", "1", "4", "hello", "new", "ok", "the", "Beijing", "refund", "服务", "wu!",
		"w", "zh", "15%", "2024", "see below", "ˋ", "fuwufuwufuwufuwufuwufuwufuwufuwufuwufuwufuwufuwufuwufuwu" };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (pinyin_is_gloss(str_of(others[i])))
			fail_msg("%s is no gloss", others[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_have_their_usual_reading),
		cmocka_unit_test(characters_of_several_readings_have_them_all),
		cmocka_unit_test(traditional_forms_sound_like_simplified_ones),
		cmocka_unit_test(other_scripts_have_no_reading),
		cmocka_unit_test(names_and_numbers_are_one_to_one),
		cmocka_unit_test(glosses_are_recognised),
		cmocka_unit_test(other_brackets_are_no_glosses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
