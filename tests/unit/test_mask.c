/* Personal data is found in both languages, and what only looks like it stays. */
#include "common/text/mask.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 16u << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void assert_found(const char *text, enum mask_kind kind, uint32_t from, uint32_t to)
{
	struct mask_span span[8];
	size_t n = mask_find(str_of(text), span, 8);
	if (n != 1 || span[0].kind != kind || span[0].from != from || span[0].to != to)
		fail_msg("\"%s\": expected %s %u-%u, found %zu, first %s %u-%u", text, mask_kind_names[kind], from, to, n,
			n ? mask_kind_names[span[0].kind] : "nothing", n ? span[0].from : 0, n ? span[0].to : 0);
}

static void assert_clean(const char *text)
{
	struct mask_span span[8];
	size_t n = mask_find(str_of(text), span, 8);
	if (n != 0)
		fail_msg("\"%s\": found %s %u-%u, expected nothing", text, mask_kind_names[span[0].kind], span[0].from,
			span[0].to);
}

static void mobile_numbers_are_found_with_separators_and_codes(void **state)
{
	(void)state;
	assert_found("打我电话13800138000", MASK_MOBILE, 4, 15);
	assert_found("call me: 138 0013 8000.", MASK_MOBILE, 9, 22);
	assert_found("138-0013-8000这是我的号", MASK_MOBILE, 0, 13);
	assert_found("电话 +86 13800138000 谢谢", MASK_MOBILE, 3, 18);
	assert_found("+8613800138000", MASK_MOBILE, 0, 14);
	assert_found("008613800138000", MASK_MOBILE, 0, 15);
	assert_found("电话１３８００１３８０００", MASK_MOBILE, 2, 13);
	assert_found("tel13800138000", MASK_MOBILE, 3, 14);
}

static void identity_cards_need_their_check_digit(void **state)
{
	(void)state;
	assert_found("身份证11010519491231002X", MASK_ID_CARD, 3, 21);
	assert_found("ID 11010519491231002x ok", MASK_ID_CARD, 3, 21);
	assert_found("110105 19491231 002X", MASK_ID_CARD, 0, 20);
	assert_clean("订单110105194912310021");
	assert_clean("990105194912310025");
}

static void bank_cards_need_issuer_and_luhn(void **state)
{
	(void)state;
	assert_found("卡号4012888888881881", MASK_BANK_CARD, 2, 18);
	assert_found("card 4012-8888-8888-1881!", MASK_BANK_CARD, 5, 24);
	assert_found("6200 0039 1247 2296", MASK_BANK_CARD, 0, 19);
	assert_clean("card 4012-8888-8888-1882");
	assert_clean("流水6200008033848101查不到");
}

static void e_mail_addresses_are_found(void **state)
{
	(void)state;
	assert_found("邮箱zhang.san@example.com，谢谢", MASK_EMAIL, 2, 23);
	assert_found("mail user+tag@mail.example.cn.", MASK_EMAIL, 5, 29);
	assert_found("13800138000@139.com", MASK_EMAIL, 0, 19);
	assert_clean("@AmericanAir why");
	assert_clean("info@example.");
	assert_clean("a @ b.com");
}

static void numbers_that_are_nobodys_stay(void **state)
{
	(void)state;
	assert_clean("运单SF4192446023034三天没动");
	assert_clean("客服热线400-321-1277，12315和12345都打了");
	assert_clean("2026-11-22 00:48:19 order 12-6615749");
	assert_clean("ISBN 978-7-500-14997-4");
	assert_clean("时间戳1890561693");
	assert_clean("型号A13800138000");
	assert_clean("3.14159265358979323846");
	assert_clean("+1 380 013 8000");
}

static void masking_keeps_every_place(void **state)
{
	(void)state;
	size_t n = 0;
	struct str text = STR("电话13800138000，mail a@b.cn");
	struct str masked = mask_text(&arena, text, &n);
	assert_int_equal(n, 2);
	assert_int_equal(utf8_count(masked), utf8_count(text));
	assert_true(str_eqc(masked, "电话███████████，mail ██████"));
	assert_true(str_eq(normalise_text(&arena, masked), STR("电话███████████,mail ██████")));
}

static void addresses_run_together_leave_nothing_behind(void **state)
{
	(void)state;
	size_t n = 0, again = 0;
	struct str masked = mask_text(&arena, STR("6 A@A1.AD.AA@A1.AAA@A1.AD.AA@A1.D.2 联系zhang@a.cn@b.cn吧"), &n);
	assert_true(n > 0);
	(void)mask_text(&arena, masked, &again);
	assert_int_equal(again, 0);
}

static void a_text_without_data_is_the_same_slice(void **state)
{
	(void)state;
	size_t n = 0;
	struct str text = STR("很好 nothing here");
	assert_ptr_equal(mask_text(&arena, text, &n).p, text.p);
	assert_int_equal(n, 0);
}

static void endless_digits_are_cheap_and_clean(void **state)
{
	(void)state;
	static char digits[65536];
	memset(digits, '1', sizeof(digits));
	struct mask_span span[8];
	assert_int_equal(mask_find((struct str){ digits, sizeof(digits) }, span, 8), 0);
	for (size_t i = 1; i < sizeof(digits); i += 2)
		digits[i] = '-';
	assert_int_equal(mask_find((struct str){ digits, sizeof(digits) }, span, 8), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(mobile_numbers_are_found_with_separators_and_codes),
		TEST(identity_cards_need_their_check_digit),
		TEST(bank_cards_need_issuer_and_luhn),
		TEST(e_mail_addresses_are_found),
		TEST(numbers_that_are_nobodys_stay),
		TEST(masking_keeps_every_place),
		TEST(addresses_run_together_leave_nothing_behind),
		TEST(a_text_without_data_is_the_same_slice),
		TEST(endless_digits_are_cheap_and_clean),
	};
	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
