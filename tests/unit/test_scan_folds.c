/* Disguises, one fold after the other, in both languages: found at the right place, with the right name, and near misses left
 * alone. */
#include "common/base/utf8.h"
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
	rulebox_file(&box, "sensitive.zh.tsv",
		STR("#folds: +pinyin +homophone +split +initials +emoji\n退款\n骗子\n微信\n食物中毒\n体验服务\n"));
	rulebox_file(&box, "sensitive.tw.tsv", STR("回复\n账号\n盯着\n咨询\n著作权\n"));
	rulebox_file(&box, "sensitive.en.tsv", STR("refund\nscam\ndata breach\nfraud\nrecall\n"));
	rulebox_file(&box, "sentiment.x.tsv", STR("高兴\t0.7\nlovely\t0.7\n"));
	if (!rulebox_load(&box))
		fail_msg("%s", box.said);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

static struct scanned scan(const char *text)
{
	struct post p = rulebox_post(text);
	struct scanned s;
	scan_post(&box.arena, box.book, &p, &s);
	return s;
}

static const char *names_of(unsigned folds)
{
	static char names[256];
	size_t n = 0;
	names[0] = 0;
	for (size_t bit = 0; bit < FOLD__N; bit++)
		if (folds & 1u << bit)
			n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", n ? "+" : "", fold_names[bit]);
	return names;
}

/* "term@from-to fold+fold" of the only match; "" when nothing matches. */
static void assert_match(const char *text, const char *expected)
{
	struct scanned s = scan(text);
	char got[512] = "";
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < sizeof(got) - 100; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%.*s@%u-%u %s", i ? ", " : "", STR_FMT(s.match[i].rule->term),
			s.match[i].from, s.match[i].to, names_of(s.match[i].folds));
	if (strcmp(got, expected) != 0)
		fail_msg("\"%s\" matches \"%s\", expected \"%s\"", text, got, expected);
}

static void what_taiwan_and_hong_kong_write_otherwise(void **state)
{
	(void)state;
	assert_match("沒有回覆", "回复@2-4 hant");
	assert_match("帳號被盜", "账号@0-2 hant");
	assert_match("帐号被盗", "账号@0-2 hant");
	assert_match("盯著我", "盯着@0-2 hant");
	assert_match("諮詢過", "咨询@0-2 hant");
	assert_match("侵犯著作权", "著作权@2-5 ");
	assert_match("侵犯著作權", "著作权@2-5 hant");
}

static void what_every_list_sees_through(void **state)
{
	(void)state;
	assert_match("我要退款", "退款@2-4 ");
	assert_match("a Refund", "refund@2-8 case");
	assert_match("ｒｅｆｕｎｄ", "refund@0-6 width");
	assert_match("𝐬𝐜𝐚𝐦!", "scam@0-4 width");
	assert_match("騙子", "骗子@0-2 hant");
	assert_match("骗⼦", "骗子@0-2 width");
	assert_match("⾷物中毒", "食物中毒@0-4 width");
	assert_match("s\xD1\x81"
		     "am! or lеt it be, ⾷物中毒",
		"scam@0-4 homoglyph, 食物中毒@20-24 width");
	assert_match("fr@ud in a lоw", "fraud@0-5 leet"); /* the mixed word at the end does not hide the one before it */
	assert_match("scam\x08 now", "scam@0-4 ");
	assert_match("scam\x08med", ""); /* a hidden character does not end a word */
	assert_match("退\xE2\x80\x8B款", "退款@0-3 hidden");
	assert_match("s\xC2\xAD"
		     "cam",
		"scam@0-5 hidden");
	assert_match("réfúnd", "refund@0-6 marks");
	assert_match("微\xCC\xB6信\xCC\xB6 x", "微信@0-4 marks");
	assert_match("data \n breach", "data breach@0-13 space");
	assert_match("高\xE2\x80\x8B興", "高兴@0-3 hant+hidden");
}

static void symbols_and_spaces_put_between(void **state)
{
	(void)state;
	assert_match("我要退*款", "退款@2-5 symbol");
	assert_match("我要退💔款", "退款@2-5 symbol");
	assert_match("骗 子！", "骗子@0-3 spaced");
	assert_match("退。款", "退款@0-3 symbol");
	assert_match("a s.c.a.m", "scam@2-9 symbol");
	assert_match("a s c a m", "scam@2-9 spaced");
	assert_match("d a t a   b r e a c h", "data breach@0-21 spaced");
	assert_match("体(tǐ)驗服務(wù)好", "体验服务@0-8 hant+gloss");
}

static void look_alikes_and_numbers_for_letters(void **state)
{
	(void)state;
	assert_match("a sс\xD0\xB0m", "scam@2-6 homoglyph");
	assert_match("a 5c4m", "scam@2-6 leet");
	assert_match("fr@ud", "fraud@0-5 leet");
	assert_match("$cam", "scam@0-4 leet");
	assert_match("d4ta 8r3ach", "data breach@0-11 leet");
	assert_match("scaaaam", "scam@0-7 stretched");
	assert_match("reeecaaall", "recall@0-10 stretched");
	assert_match("r*f*nd", "refund@0-6 masked");
	assert_match("d*t* br**ch", "data breach@0-11 masked");
}

static void behind_an_override_text_is_read_backwards(void **state)
{
	(void)state;
	assert_match("我\xE2\x80\xAE款退\xE2\x80\xAC吧", "退款@2-4 reversed");
	assert_match("a \u202Emacs\u202C", "scam@3-7 reversed");
}

static void substitutes_are_seen_where_a_list_asks(void **state)
{
	(void)state;
	assert_match("我要tuikuan，客服不回", "退款@2-9 pinyin");
	assert_match("我要tui款，客服不回", "退款@2-6 pinyin");
	assert_match("我要推款，客服不回", "退款@2-4 homophone");
	assert_match("求助：马扁子 怎么办", "骗子@3-6 split");
	assert_match("我要tk，客服不回", "退款@2-4 initials");
}

static void a_list_of_words_with_a_mood_sees_no_disguise(void **state)
{
	(void)state;
	assert_match("高*兴", "");
	assert_match("l0vely", "");
	assert_match("l o v e l y", "");
}

static void near_misses_are_left_alone(void **state)
{
	(void)state;
	static const char *const miss[] = { "不能退，款式不错", "不退\n款式", "他从不骗，子女都孝顺", "湿度略微，信号满格",
		"带了食物，中毒辣太阳", "non-refundable", "refunding", "scamper", "fraudster", "a data breached",
		"the data█breach", "退█款", "recal", "рекалл", "tk me", "the pianzi", "s c a m p", "2000mm", "*****", "s***",
		"cam", "5ca" };
	for (size_t i = 0; i < sizeof(miss) / sizeof(miss[0]); i++)
		assert_match(miss[i], "");
}

static void many_terms_are_compiled_quickly_and_all_found(void **state)
{
	(void)state;
	enum { MANY = 10000 };
	struct rule *rule = arena_list(&box.arena, struct rule, MANY);
	struct str *term = arena_list(&box.arena, struct str, MANY);
	struct err e = { 0 };
	struct buf text;
	buf_init(&text, 4u << 20);
	for (uint32_t i = 0; i < MANY; i++) {
		char han[16];
		size_t n = 0;
		for (uint32_t k = i, digit = 0; digit < 3; digit++, k /= 22)
			n += (size_t)utf8_put(han + n, 0x4E00 + k % 22 * 37 + digit * 900);
		term[i] = i % 2 ? arena_copy(&box.arena, (struct str){ han, n }) : arena_printf(&box.arena, "word%u", i);
		rule[i] = (struct rule){ .list = LIST_LEAF, .brand = -1, .term = term[i], .folds = FOLDS_DEFAULT };
	}
	struct rulebook book = { .rule = rule, .nrules = MANY, .scan = scan_new(rule, term, MANY, &e) };
	for (uint32_t i = 0; i < MANY; i++) {
		struct post post = rulebox_post("");
		struct scanned s;
		buf_clear(&text);
		buf_addf(&text, "so %.*s!", STR_FMT(term[i]));
		post.text = buf_str(&text);
		scan_matches(&box.arena, &book, &post, &s);
		if (s.nleaves < 1)
			fail_msg("\"%.*s\" is not found among %d terms", STR_FMT(term[i]), MANY);
	}
	scan_free(book.scan);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_taiwan_and_hong_kong_write_otherwise),
		cmocka_unit_test(what_every_list_sees_through),
		cmocka_unit_test(symbols_and_spaces_put_between),
		cmocka_unit_test(look_alikes_and_numbers_for_letters),
		cmocka_unit_test(behind_an_override_text_is_read_backwards),
		cmocka_unit_test(substitutes_are_seen_where_a_list_asks),
		cmocka_unit_test(a_list_of_words_with_a_mood_sees_no_disguise),
		cmocka_unit_test(near_misses_are_left_alone),
		cmocka_unit_test(many_terms_are_compiled_quickly_and_all_found),
	};
	return cmocka_run_group_tests_name("scan_folds", tests, setup, teardown);
}
