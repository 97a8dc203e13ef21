/* Unit tests of text signatures. */
#include "common/text/minhash.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define LONG_ZH "昨天在门店买的电饭锅第一次通电就冒烟，客服让我自己寄回检测，运费还要我出，这样的服务真让人寒心"
#define LONG_EN "The kettle I bought yesterday started smoking on first use and support wants me to pay for the return"

static int common(const char *a, const char *b)
{
	struct minhash x, y;
	minhash_make(str_of(a), &x);
	minhash_make(str_of(b), &y);
	return minhash_common(&x, &y);
}

static bool same(const char *a, const char *b)
{
	struct minhash x, y;
	minhash_make(str_of(a), &x);
	minhash_make(str_of(b), &y);
	return x.exact == y.exact && x.weight == y.weight && minhash_common(&x, &y) == MINHASH_SLOTS;
}

static void punctuation_width_case_and_script_make_no_difference(void **state)
{
	(void)state;
	assert_true(same(
		LONG_ZH, "昨天在門店買的電飯鍋 第一次通電就冒煙！！客服讓我自己寄回檢測……運費還要我出🔥這樣的服務真讓人寒心😡"));
	assert_true(same("ＴＨＥ ＫＥＴＴＬＥ, started—smoking!", "the kettle started smoking"));
}

static void addresses_and_names_make_no_difference(void **state)
{
	(void)state;
	assert_true(same(LONG_ZH "http://t.cn/zlpiViL", "//@路人_甲：" LONG_ZH));
	assert_true(same(LONG_EN " https://t.co/abc?x=1", "@some-body " LONG_EN " www.example.com/a"));
	assert_true(same("看www.example.com/a这里有一个很长的故事", "看这里有一个很长的故事"));
}

static void a_name_that_never_ends_is_text(void **state)
{
	struct minhash m;
	(void)state;
	minhash_make(STR("@" LONG_ZH), &m);
	assert_true(m.weight > 24);
}

static void copies_with_small_edits_agree_in_most_slots(void **state)
{
	(void)state;
	assert_in_range(
		common(LONG_ZH,
			"转发微博：昨天在门店买的电饭锅第一次通电就冒烟，客服让我寄回检测，运费还要我出，这服务真让人寒心"),
		14, 32);
	assert_in_range(
		common(LONG_EN, "RT: the kettle I bought yesterday started smoking on first use, and support wants me to pay"),
		14, 32);
}

static void other_texts_agree_in_hardly_any(void **state)
{
	(void)state;
	assert_in_range(
		common(LONG_ZH, "刚买的电饭锅煮饭很香，内胆也好清洗，客服回复很快，物流第二天就到了，推荐给大家，会再来买的"), 0,
		4);
	assert_in_range(
		common(LONG_EN,
			"Bought this kettle for my parents and they love it, it is quiet, quick and looks good in the kitchen"),
		0, 4);
}

static void weight_counts_how_much_text_there_is(void **state)
{
	struct minhash m;
	(void)state;
	minhash_make(STR("！！！ 😡 http://a.b/c @x"), &m);
	assert_int_equal(m.weight, 0);
	minhash_make(STR("很好"), &m);
	assert_int_equal(m.weight, 6);
	minhash_make(STR("so-so"), &m);
	assert_int_equal(m.weight, 4);
}

static void any_bytes_give_a_signature(void **state)
{
	char bytes[3000];
	struct minhash m, again;
	uint32_t random = 3;
	(void)state;
	for (int round = 0; round < 300; round++) {
		const size_t n = random % sizeof bytes;
		for (size_t i = 0; i < n; i++) {
			random = random * 1664525u + 1013904223u;
			bytes[i] = (char)(random >> 24);
		}
		char *exact = malloc(n + 1); /* so that the sanitizer sees a read behind the end */
		assert_non_null(exact);
		memcpy(exact, bytes, n);
		minhash_make((struct str){ exact, n }, &m);
		minhash_make((struct str){ exact, n }, &again);
		assert_int_equal(minhash_common(&m, &again), MINHASH_SLOTS);
		free(exact);
		random += 12345;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(punctuation_width_case_and_script_make_no_difference),
		cmocka_unit_test(addresses_and_names_make_no_difference),
		cmocka_unit_test(a_name_that_never_ends_is_text),
		cmocka_unit_test(copies_with_small_edits_agree_in_most_slots),
		cmocka_unit_test(other_texts_agree_in_hardly_any),
		cmocka_unit_test(weight_counts_how_much_text_there_is),
		cmocka_unit_test(any_bytes_give_a_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
