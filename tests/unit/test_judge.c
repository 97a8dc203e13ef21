/* Verdicts with the shipped rules: negation, contrast, brand windows, complaint, nature and urgency in both languages. */
#include "detector/judge.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct rulebox box;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf",
		STR("[brand yunque]\nname = 云雀\naliases = 云雀, Skylark\nown_accounts = 云雀官方\n[brand haiou]\nname = "
		    "海鸥\naliases = 海鸥, Seagull\n"));
	if (!rulebox_load_behind(&box, "rules"))
		fail_msg("%s", box.said);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

static struct verdict verdict_of(const char *text, int brand)
{
	struct post p = rulebox_post(text);
	struct scanned s;
	struct verdict v;
	scan_post(&box.arena, box.book, &p, &s);
	judge(&box.arena, box.book, brand, &p, &s, &v);
	assert_true(v.sentiment >= -1 && v.sentiment <= 1);
	assert_true(v.complaint >= 0 && v.complaint <= 1);
	assert_true(v.confidence >= 0 && v.confidence <= 1);
	return v;
}

static void assert_label(const char *text, int brand, enum label expected)
{
	struct verdict v = verdict_of(text, brand);
	if (v.label != expected)
		fail_msg("\"%s\" toward %d is %s (%.2f), expected %s", text, brand, label_names[v.label], v.sentiment,
			label_names[expected]);
}

static void plain_words_speak_for_themselves(void **state)
{
	(void)state;
	assert_label("服务非常好，很满意", -1, LABEL_POSITIVE);
	assert_label("質量太差，非常失望", -1, LABEL_NEGATIVE);
	assert_label("Great service, I love it", -1, LABEL_POSITIVE);
	assert_label("Terrible app, keeps crashing", -1, LABEL_NEGATIVE);
	assert_label("今天去了一趟银行", -1, LABEL_NEUTRAL);
	assert_label("The train leaves at noon", -1, LABEL_NEUTRAL);
}

/* A brand of the rules is judged like a name that is given beside the text, also where only a part of its name stands there. */
static void who_knows_the_brand_makes_no_difference(void **state)
{
	static const char *const texts[] = {
		"云雀的退款拖了一个月，客服只会说再等等，已经三周没人理我",
		"昨天去了云雀，菜上得快，孩子吃得很开心，下次还来",
		"Ordered from Skylark on Monday. It is Friday now. The tracking page is empty and nobody picks up.",
		"Skylark moved to Main Street. My brother works there, he says the canteen is fine.",
		"等了两个小时，最后还是自己去取的，再也不用了",
		"Three stars, I had hoped for more. Sent back the kettle, no word since.",
	};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct post p = rulebox_post(texts[i]);
		struct scanned s;
		struct verdict known, named;
		const bool is_chinese = (unsigned char)texts[i][0] >= 0x80;
		scan_post(&box.arena, box.book, &p, &s);
		judge(&box.arena, box.book, 0, &p, &s, &known);
		judge_name(&box.arena, box.book, is_chinese ? STR("云雀") : STR("Skylark"), &p, &s, &named);
		if (known.label != named.label || known.nature != named.nature)
			fail_msg("%s: %s %s by the rules, %s %s by name", texts[i], label_names[known.label],
				nature_names[known.nature], label_names[named.label], nature_names[named.nature]);
	}
}

static void negation_turns_what_follows(void **state)
{
	(void)state;
	assert_label("一点也不好用", -1, LABEL_NEGATIVE);
	assert_label("没有想象中那么好看", -1, LABEL_NEGATIVE);
	assert_label("The food was not very good", -1, LABEL_NEGATIVE);
	assert_label("I don\xE2\x80\x99t think it is helpful", -1, LABEL_NEGATIVE);
	assert_label("not bad at all", -1, LABEL_POSITIVE);
}

static void a_clause_border_stops_negation(void **state)
{
	(void)state;
	assert_label("不，很好吃", -1, LABEL_POSITIVE);
	assert_label("No, it is great", -1, LABEL_POSITIVE);
}

static void what_follows_but_weighs_more(void **state)
{
	(void)state;
	assert_label("外观好看，但是质量太差", -1, LABEL_NEGATIVE);
	assert_label("The staff were slow but the food was delicious", -1, LABEL_POSITIVE);
	assert_label("虽然有点贵，味道很好", -1, LABEL_POSITIVE);
}

static void sentiment_is_toward_the_brand(void **state)
{
	(void)state;
	assert_label("云雀质量很好，海鸥太差劲了", 0, LABEL_POSITIVE);
	assert_label("云雀质量很好，海鸥太差劲了", 1, LABEL_NEGATIVE);
	assert_label("Skylark was great. Seagull was terrible.", 0, LABEL_POSITIVE);
	assert_label("Skylark was great. Seagull was terrible.", 1, LABEL_NEGATIVE);
	assert_label("云雀一直闪退，卸载了换成海鸥，流畅得很", 0, LABEL_NEGATIVE);
	assert_label("云雀一直闪退，卸载了换成海鸥，流畅得很", 1, LABEL_POSITIVE);
	assert_label("Skylark lost my bags twice, while Seagull was lovely from start to finish", 0, LABEL_NEGATIVE);
	assert_label("Skylark lost my bags twice, while Seagull was lovely from start to finish", 1, LABEL_POSITIVE);
	assert_label("我坐云雀去买海鸥，海鸥很难吃", 0, LABEL_NEUTRAL);
}

static void what_a_brand_is_compared_with_is_turned(void **state)
{
	(void)state;
	assert_label("比云雀好用多了", 0, LABEL_NEGATIVE);
	assert_label("so much better than Skylark", 0, LABEL_NEGATIVE);
}

static void a_name_without_a_rule_is_judged_as_it_stands(void **state)
{
	(void)state;
	struct post p = rulebox_post("Halden is terrible, though Corvane was wonderful");
	struct scanned s;
	struct verdict v;
	scan_post(&box.arena, box.book, &p, &s);
	judge_name(&box.arena, box.book, STR("Halden"), &p, &s, &v);
	assert_int_equal(v.label, LABEL_NEGATIVE);
	judge_name(&box.arena, box.book, STR("corvane"), &p, &s, &v);
	assert_int_equal(v.label, LABEL_POSITIVE);
}

static void complaints_have_a_category(void **state)
{
	(void)state;
	struct verdict v = verdict_of("申请退款一个月了，拒不退款", -1);
	assert_true(v.complaint >= 0.5);
	assert_int_equal(v.category, CAT_REFUND);
	assert_int_equal(v.nature, NAT_COMPLAINT);
	v = verdict_of("They charged me twice and customer service hung up on me, charged twice!", -1);
	assert_int_equal(v.category, CAT_BILLING);
	assert_int_equal(v.nature, NAT_COMPLAINT);
	v = verdict_of("谢谢，很满意", -1);
	assert_true(v.complaint < 0.5);
	assert_int_equal(v.category, CAT_NONE);
}

static void a_thing_wanted_and_not_got_is_trouble(void **state)
{
	(void)state;
	assert_true(verdict_of("一直没有派送", -1).complaint > verdict_of("今天派送", -1).complaint);
	assert_true(verdict_of("The parcel was never dispatched", -1).complaint >
		    verdict_of("The parcel was dispatched", -1).complaint);
}

static void the_cause_counts_far_from_the_name(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("云雀。回家路上看了会儿书。晚饭后洗碗。押金一直不退", 0).category, CAT_REFUND);
	assert_int_equal(
		verdict_of("Skylark. Read a book on the way. Cooked. They refuse to refund my deposit", 0).category, CAT_REFUND);
}

static void a_negated_complaint_word_is_none(void **state)
{
	(void)state;
	assert_true(verdict_of("用了一年，没有漏水", -1).complaint < 0.5);
	assert_true(verdict_of("it never leaks", -1).complaint < 0.5);
}

static void natures_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("加微信领优惠券，限时优惠", -1).nature, NAT_ADVERTISEMENT);
	assert_int_equal(verdict_of("Use code SAVE10, 20% off your first order", -1).nature, NAT_ADVERTISEMENT);
	assert_int_equal(verdict_of("听说云雀要倒闭了，不知真假", 0).nature, NAT_RUMOUR);
	assert_int_equal(verdict_of("记者从市场监管总局获悉，云雀发布公告", 0).nature, NAT_NEWS);
	assert_int_equal(verdict_of("请问云雀的门店几点开门？", 0).nature, NAT_QUESTION);
	assert_int_equal(verdict_of("Does anyone know when the Skylark store opens?", 0).nature, NAT_QUESTION);
	assert_int_equal(verdict_of("建议增加深色模式", -1).nature, NAT_SUGGESTION);
	assert_int_equal(verdict_of("Love it, best ever, thank you!", -1).nature, NAT_PRAISE);
}

static void harm_is_critical_and_threats_are_high(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("云雀充电时自燃，孩子烧伤住院", 0).urgency, URG_CRITICAL);
	assert_int_equal(verdict_of("The battery caught fire and I was injured", -1).urgency, URG_CRITICAL);
	assert_int_equal(verdict_of("再不退款就找媒体曝光，已投诉12315，拒不退款", -1).urgency, URG_HIGH);
	assert_int_equal(verdict_of("Still no refund, I will call my lawyer, refused to refund", -1).urgency, URG_HIGH);
	assert_int_equal(verdict_of("谢谢，很满意", -1).urgency, URG_LOW);
}

static void an_own_account_is_marked(void **state)
{
	(void)state;
	struct post p = rulebox_post("云雀新品发布");
	p.author = STR("云雀官方");
	struct scanned s;
	struct verdict v;
	scan_post(&box.arena, box.book, &p, &s);
	judge(&box.arena, box.book, 0, &p, &s, &v);
	assert_true(v.own);
	judge(&box.arena, box.book, 1, &p, &s, &v);
	assert_false(v.own);
}

static void every_score_has_its_reasons(void **state)
{
	(void)state;
	struct verdict v = verdict_of("质量太差，不好用", -1);
	struct buf b;
	assert_true(v.nreasons >= 2);
	buf_init(&b, 1u << 16);
	verdict_write(&b, &v);
	assert_non_null(strstr(b.p, "\"label\":\"negative\""));
	assert_non_null(strstr(b.p, "\"reasons\":[[\"text\","));
	buf_release(&b);
}

static void hostile_texts_cost_little(void **state)
{
	(void)state;
	static const char *const pieces[] = { "不", "but ", "很好", ",", "云雀", "than Skylark ", "退款\n", "not good. " };
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct buf b;
		buf_init(&b, 65536);
		while (b.n + strlen(pieces[i]) < 65536)
			buf_addz(&b, pieces[i]);
		(void)verdict_of(b.p, 0);
		buf_release(&b);
		arena_reset(&box.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_words_speak_for_themselves),
		cmocka_unit_test(who_knows_the_brand_makes_no_difference),
		cmocka_unit_test(negation_turns_what_follows),
		cmocka_unit_test(a_clause_border_stops_negation),
		cmocka_unit_test(what_follows_but_weighs_more),
		cmocka_unit_test(sentiment_is_toward_the_brand),
		cmocka_unit_test(what_a_brand_is_compared_with_is_turned),
		cmocka_unit_test(a_name_without_a_rule_is_judged_as_it_stands),
		cmocka_unit_test(complaints_have_a_category),
		cmocka_unit_test(a_thing_wanted_and_not_got_is_trouble),
		cmocka_unit_test(the_cause_counts_far_from_the_name),
		cmocka_unit_test(a_negated_complaint_word_is_none),
		cmocka_unit_test(natures_are_told_apart),
		cmocka_unit_test(harm_is_critical_and_threats_are_high),
		cmocka_unit_test(an_own_account_is_marked),
		cmocka_unit_test(every_score_has_its_reasons),
		cmocka_unit_test(hostile_texts_cost_little),
	};
	return cmocka_run_group_tests_name("judge", tests, setup, teardown);
}
