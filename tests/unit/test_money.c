/* Sums of money: which are large, with digits and numerals, in both languages, and which numbers are no money. */
#include "detector/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_sum(const char *text, bool is_large)
{
	if (money_is_large(str_of(text)) != is_large)
		fail_msg("\"%s\" should%s hold a large sum", text, is_large ? "" : " not");
}

static void digits_are_read_with_their_scale(void **state)
{
	(void)state;
	assert_sum("充了6800元", true);
	assert_sum("少了1.2万块", true);
	assert_sum("损失5000元", true);
	assert_sum("才4999元", false);
	assert_sum("they kept $2,400", true);
	assert_sum("gone: £4k", true);
	assert_sum("i paid 3 grand", true);
	assert_sum("1500 dollars", true);
	assert_sum("it was $999.99", false);
	assert_sum("a 12 dollar fee", false);
}

static void numerals_are_read_too(void **state)
{
	(void)state;
	assert_sum("八万多块不见了", true);
	assert_sum("花了一万二买的", true);
	assert_sum("十几万元", true);
	assert_sum("八千块", true);
	assert_sum("三千块", false);
	assert_sum("两百块", false);
}

static void currencies_have_their_own_measure(void **state)
{
	(void)state;
	assert_sum("¥3000", false);
	assert_sum("€3000", true);
	assert_sum("nt$20,000", false);
	assert_sum("nt$30,000", true);
}

static void a_bare_number_counts_behind_a_word_of_paying(void **state)
{
	(void)state;
	assert_sum("押金8000不退", true);
	assert_sum("交了12000,没下文", true);
	assert_sum("单号12000,没下文", false);
}

static void other_numbers_are_no_money(void **state)
{
	(void)state;
	assert_sum("走了三万步", false);
	assert_sum("骑了8000公里", false);
	assert_sum("2026年", false);
	assert_sum("5000 people in 5 months", false);
	assert_sum("order 1234567890123 $", false);
	assert_sum("一", false);
	assert_sum("", false);
}

static void broken_bytes_do_no_harm(void **state)
{
	(void)state;
	assert_sum("\xE4", false);
	assert_sum("9\xE4\xB8", false);
	assert_sum("\xFF\xE7\x80 $", false);
	assert_sum("1,", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_are_read_with_their_scale),
		cmocka_unit_test(numerals_are_read_too),
		cmocka_unit_test(currencies_have_their_own_measure),
		cmocka_unit_test(a_bare_number_counts_behind_a_word_of_paying),
		cmocka_unit_test(other_numbers_are_no_money),
		cmocka_unit_test(broken_bytes_do_no_harm),
	};
	return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
