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

static void numbers_written_digit_by_digit_are_one(void **state)
{
	(void)state;
	assert_found("打 1 3 9 1 2 3 4 5 6 7 8 找我", MASK_MOBILE, 2, 23);
	assert_found("card 4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1", MASK_BANK_CARD, 5, 36);
	assert_clean("抽签结果 1 3 9 1 2 3 4 5 6");
	assert_clean("scores 4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 2");
}

static void landlines_need_an_area_code(void **state)
{
	(void)state;
	assert_found("座机010-62345678找人", MASK_LANDLINE, 2, 14);
	assert_found("公司(0571)8765 4321", MASK_LANDLINE, 2, 17);
	assert_found("call ０２１－６２３４５６７８", MASK_LANDLINE, 5, 17);
	assert_found("+86 10 6234 5678", MASK_LANDLINE, 0, 16);
	assert_found("电话02162345678", MASK_LANDLINE, 2, 13);
	assert_found("010-62345678-801", MASK_LANDLINE, 0, 16);
	assert_clean("编号02162345678");
	assert_clean("010-95588");
	assert_clean("订单号010-62345678");
	assert_clean("id 010-62345678-20261122");
}

static void american_numbers_follow_their_plans(void **state)
{
	(void)state;
	assert_found("call (212) 736-5000 now", MASK_US_PHONE, 5, 19);
	assert_found("+1 212 736 5000", MASK_US_PHONE, 0, 15);
	assert_found("我在美国的号码 212.736.5000", MASK_US_PHONE, 8, 20);
	assert_found("SSN 219-09-9998", MASK_SSN, 4, 15);
	assert_found("社安号 219 09 9998", MASK_SSN, 4, 15);
	assert_clean("ssn 000-12-3456, 666-12-3456, 912-12-3456, 123-00-4567");
	assert_clean("call 1-800-736-5000");
	assert_clean("order 212-736-5000");
	assert_clean("amount 2127365000 units");
}

static void plates_are_found_old_and_new(void **state)
{
	(void)state;
	assert_found("车主京A12345乱停", MASK_PLATE, 2, 9);
	assert_found("沪A·D12345 is parked there", MASK_PLATE, 0, 9);
	assert_found("粤Ｂ１２３４５", MASK_PLATE, 0, 7);
	assert_clean("新MATE60很好");
	assert_clean("云A100服务器");
	assert_clean("京东A12345");
}

static void addresses_of_the_net_are_no_versions(void **state)
{
	(void)state;
	assert_found("from 203.0.113.77 today", MASK_IPV4, 5, 17);
	assert_found("登录IP：２０３．０．１１３．７７", MASK_IPV4, 5, 17);
	assert_found("ip 2001:db8::8a2e:370:7334", MASK_IPV6, 3, 26);
	assert_found("来自::ffff:203.0.113.7的", MASK_IPV6, 2, 20);
	assert_clean("version 203.0.113.77");
	assert_clean("版本3.12.4.1和第3.2.1.0节");
	assert_clean("at 12:30:45 or 2026-11-22T00:48:19");
	assert_clean("203.0.113.256");
}

static void ids_follow_their_cues(void **state)
{
	(void)state;
	assert_found("微信：wxid_ab12cd", MASK_WECHAT, 3, 14);
	assert_found("my WeChat ID is bluewhale", MASK_WECHAT, 16, 25);
	assert_found("加QQ 123456789", MASK_QQ, 4, 13);
	assert_found("ＱＱ：１２３４５６", MASK_QQ, 3, 9);
	assert_found("护照号E12345678丢了", MASK_PASSPORT, 3, 12);
	assert_found("passport no. EA1234567", MASK_PASSPORT, 13, 22);
	assert_clean("WeChat payment failed");
	assert_clean("微信支付一直转圈");
	assert_clean("QQ音乐2023年终总结");
	assert_clean("型号E12345678");
	assert_clean("QQ 12345 人在线");
}

static void names_follow_their_cues(void **state)
{
	(void)state;
	assert_found("联系人：赵小梅，急", MASK_NAME, 4, 7);
	assert_found("我叫欧阳修远来自成都", MASK_NAME, 2, 6);
	assert_found("收货人 李雷电话不通", MASK_NAME, 4, 6);
	assert_found("Hello, my name is Mary-Jane O'Neil and", MASK_NAME, 18, 34);
	assert_found("Contact: Wei Zhang.", MASK_NAME, 9, 18);
	assert_clean("联系人方式在哪里");
	assert_clean("本人郑重声明");
	assert_clean("姓名和电话都泄露了");
	assert_clean("Contact Customer Service please");
	assert_clean("my name is not on the list");
	assert_clean("brand name: Nightingale");
	assert_clean("the file name is README");
	assert_clean("please contact Acme Motors about it, or contact Acme Customer Service");
	assert_clean("我叫车等了20分钟");
	assert_clean("我叫了外卖，我叫什么都行");
	assert_clean("本人马上退货");
}

static void homes_are_found_and_roads_stay(void **state)
{
	(void)state;
	assert_found("住在上海市徐汇区漕溪路18号3栋502室，", MASK_ADDRESS, 2, 20);
	assert_found("寄到阳光花园6号楼2单元301", MASK_ADDRESS, 2, 15);
	assert_found("I live at 742 Evergreen Terrace, Springfield, IL 62704", MASK_ADDRESS, 10, 54);
	assert_found("ship to 12B W 42nd St. Apt 5C please", MASK_ADDRESS, 8, 29);
	assert_clean("中山路2号线挤死了");
	assert_clean("3号楼电梯又坏了");
	assert_clean("这条路3号开通");
	assert_clean("10 minutes down the road");
	assert_clean("2024 Honda Drive, 5 Star Drive");
	assert_clean("I drove 5 miles on the way");
}

static void addresses_spelt_out_are_found(void **state)
{
	(void)state;
	assert_found("email: mary.smith at example dot com", MASK_EMAIL, 7, 36);
	assert_found("邮箱zhang＠example.com", MASK_EMAIL, 2, 19);
	assert_found("write to mary(at)example.com today", MASK_EMAIL, 9, 28);
	assert_found("邮箱 zhang#example.com", MASK_EMAIL, 3, 20);
	assert_clean("look at example.com");
	assert_clean("mail me at noon");
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
		TEST(numbers_written_digit_by_digit_are_one),
		TEST(landlines_need_an_area_code),
		TEST(american_numbers_follow_their_plans),
		TEST(plates_are_found_old_and_new),
		TEST(addresses_of_the_net_are_no_versions),
		TEST(ids_follow_their_cues),
		TEST(names_follow_their_cues),
		TEST(homes_are_found_and_roads_stay),
		TEST(addresses_spelt_out_are_found),
		TEST(numbers_that_are_nobodys_stay),
		TEST(masking_keeps_every_place),
		TEST(addresses_run_together_leave_nothing_behind),
		TEST(a_text_without_data_is_the_same_slice),
		TEST(endless_digits_are_cheap_and_clean),
	};
	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
