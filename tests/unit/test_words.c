/* Word borders in Chinese. */
#include "common/text/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct words *words;

static int setup(void **state)
{
	(void)state;
	words = words_new();
	return words ? 0 : 1;
}

static int teardown(void **state)
{
	(void)state;
	words_free(words);
	return 0;
}

/* `text` with a | wherever a word ends is what the dictionary says. */
static void assert_words(const char *text, const char *parted)
{
	char said[512];
	size_t n = 0;
	const size_t length = strlen(text);
	for (size_t at = 0; at < length; at++) {
		const bool is_character = ((unsigned char)text[at] & 0xC0) != 0x80;
		if (at && is_character && words_border(words, str_of(text), at))
			said[n++] = '|';
		said[n++] = text[at];
	}
	said[n] = 0;
	assert_string_equal(said, parted);
}

static void words_of_the_dictionary_hold_together(void **state)
{
	(void)state;
	assert_words("来自燃油", "来自|燃油");
	assert_words("克服困难", "克服|困难");
	assert_words("一部片子", "一部|片子");
}

static void our_own_words_hold_together_too(void **state)
{
	(void)state;
	assert_words("说那是威权统治", "说|那是|威权|统治");
	assert_words("一份诉状", "一份|诉状");
	assert_words("去检票口", "去|检票口");
	assert_true(words_is_one(words, STR("检票口")));
	assert_false(words_is_one(words, STR("检票口在")));
}

static void beside_anything_else_is_a_border(void **state)
{
	(void)state;
	assert_words("退款,a客户", "退款|,|a|客户");
	assert_true(words_border(words, STR("退款"), 0));
	assert_true(words_border(words, STR("退款"), 6));
	assert_true(words_border(words, STR(""), 0));
}

static void only_the_neighbourhood_is_looked_at(void **state)
{
	(void)state;
	static char text[300000];
	for (size_t at = 0; at + 6 <= sizeof(text); at += 6)
		memcpy(text + at, "退款", 6);
	struct str all = { text, sizeof(text) };
	for (size_t at = 0; at < 6000; at += 6) {
		assert_true(words_border(words, all, 150000 + at));
		assert_false(words_border(words, all, 150000 + at + 3));
	}
}

static void a_word_is_one_or_is_not(void **state)
{
	(void)state;
	assert_true(words_is_one(words, STR("片子")));
	assert_true(words_is_one(words, STR("克服")));
	assert_true(words_is_one(words, STR("自然")));
	assert_false(words_is_one(words, STR("推款")));
	assert_false(words_is_one(words, STR("马扁")));
	assert_false(words_is_one(words, STR("")));
	assert_false(words_is_one(words, STR("refund")));
	assert_false(words_is_one(words, STR("片子a")));
	assert_false(words_is_one(words, STR("\xE7\x89")));
}

static void characters_beyond_the_bmp_are_two_units(void **state)
{
	(void)state;
	assert_words("𠮷退款", "𠮷|退款");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_the_dictionary_hold_together),
		cmocka_unit_test(our_own_words_hold_together_too),
		cmocka_unit_test(beside_anything_else_is_a_border),
		cmocka_unit_test(only_the_neighbourhood_is_looked_at),
		cmocka_unit_test(a_word_is_one_or_is_not),
		cmocka_unit_test(characters_beyond_the_bmp_are_two_units),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
