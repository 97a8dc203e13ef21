/* Characters taken apart, and emoji written for characters. */
#include "common/text/split.h"

#include "common/base/utf8.h"
#include "common/text/letters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint32_t first_of(const char *character)
{
	size_t at = 0;
	return utf8_next(str_of(character), &at);
}

static bool is_split_into(const char *character, const char *parts)
{
	struct str ways[SPLIT_WAYS_MAX];
	const size_t n = split_of(first_of(character), ways);
	for (size_t i = 0; i < n; i++)
		if (str_eqc(ways[i], parts))
			return true;
	return false;
}

static void characters_come_apart(void **state)
{
	(void)state;
	static const char *const rows[][2] = { { "骗", "马扁" }, { "诈", "讠乍" }, { "款", "士示欠" }, { "货", "化贝" },
		{ "炸", "火乍" }, { "跑", "足包" }, { "客", "宀各" }, { "赔", "贝咅" }, { "政", "正攵" }, { "垃", "土立" },
		{ "的", "白勺" } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!is_split_into(rows[i][0], rows[i][1]))
			fail_msg("%s is not %s", rows[i][0], rows[i][1]);
}

static void components_are_written_as_characters(void **state)
{
	(void)state;
	assert_true(is_split_into("信", "人言"));
	assert_true(is_split_into("诈", "言乍"));
	assert_true(is_split_into("投", "手殳"));
	assert_true(is_split_into("漏", "水屚"));
	assert_true(is_split_into("维", "丝隹"));
	assert_true(is_split_into("钱", "金戋"));
	assert_true(is_split_into("诬", "言巫"));
	assert_true(is_split_into("罚", "四言刀"));
	assert_true(is_split_into("退", "辶艮"));
	assert_true(is_split_into("退", "艮辶"));
}

static void ordinary_words_are_no_splits(void **state)
{
	(void)state;
	assert_false(is_split_into("好", "女子"));
	assert_false(is_split_into("明", "日月"));
	assert_false(is_split_into("子", "了一"));
	assert_false(is_split_into("忠", "中心"));
	assert_false(is_split_into("问", "门口"));
	assert_false(is_split_into("优", "人尤"));
	assert_false(is_split_into("刑", "开刀"));
	assert_true(is_split_into("优", "亻尤"));
}

static void parts_are_folded_letters(void **state)
{
	(void)state;
	size_t nsplit = 0;
	for (uint32_t cp = 0x3400; cp <= 0x9FFF; cp++) {
		struct str ways[SPLIT_WAYS_MAX];
		const size_t n = split_of(cp, ways);
		nsplit += n > 0;
		assert_true(n == 0 || letters_of(cp) == cp);
		for (size_t i = 0; i < n; i++)
			for (size_t at = 0; at < ways[i].n;) {
				const uint32_t part = utf8_next(ways[i], &at);
				assert_int_equal(letters_of(part), part);
				assert_true(part != cp || ways[i].n > 3);
			}
	}
	assert_true(nsplit >= 1200);
}

static void emoji_stand_for_characters(void **state)
{
	(void)state;
	struct str ways[SPLIT_EMOJI_MAX];
	assert_int_equal(split_emoji(first_of("款"), ways), SPLIT_EMOJI_MAX);
	assert_true(str_eqc(ways[0], "💰"));
	assert_true(split_emoji(first_of("狗"), ways) > 0);
	assert_true(str_eqc(ways[0], "🐶"));
	assert_true(split_emoji(first_of("骨"), ways) > 0);
	assert_int_equal(split_emoji('a', ways), 0);
	assert_true(split_emoji(first_of("剑"), ways) == 1 && str_eqc(ways[0], "🗡")); /* without its variation selector */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_come_apart),
		cmocka_unit_test(components_are_written_as_characters),
		cmocka_unit_test(ordinary_words_are_no_splits),
		cmocka_unit_test(parts_are_folded_letters),
		cmocka_unit_test(emoji_stand_for_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
