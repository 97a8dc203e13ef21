/* What Excel and editors save is read as what people typed: encodings, line ends, separators, quotes, headings, names. */
#include "common/text/rulebook.h"

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
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

static void load(const char *name, struct str bytes)
{
	rulebox_file(&box, name, bytes);
	if (!rulebox_load(&box))
		fail_msg("%s", box.said);
}

static void assert_refused(const char *name, struct str bytes, const char *where, const char *what)
{
	rulebox_file(&box, name, bytes);
	assert_null(rulebox_load(&box));
	if (!strstr(box.said, where) || !strstr(box.said, what))
		fail_msg("expected \"%s … %s\", the load said:\n%s", where, what, box.said);
}

static const struct rule *rule_of(const char *term)
{
	for (size_t i = 0; i < box.book->nrules; i++)
		if (str_eqc(box.book->rule[i].term, term))
			return &box.book->rule[i];
	fail_msg("there is no rule \"%s\"; the load said: %s", term, box.said);
	return NULL;
}

/* The two rules that every spelling of the same file has to give. */
static void assert_both(void)
{
	assert_int_equal(box.book->nrules, 2);
	assert_int_equal(rule_of("退款难")->category, CAT_REFUND);
	assert_float_equal(rule_of("退款难")->weight, 0.7, 0.001);
	assert_int_equal(rule_of("no refund")->category, CAT_REFUND);
	assert_float_equal(rule_of("no refund")->weight, 0.5, 0.001);
}

#define HEADING "term\tweight\tcategory\r\n"
#define ENGLISH "\r\nno refund\t0.5\trefund\r\n"
#define GB_REFUND_IS_HARD "\xCD\xCB\xBF\xEE\xC4\xD1" /* 退款难 in GB18030 */

static struct str commas(struct str tabs)
{
	struct str copy = arena_copy(&box.arena, tabs);
	for (char *c = (char *)(uintptr_t)copy.p; *c; c++)
		*c = *c == '\t' ? ',' : *c;
	return copy;
}

/* UTF-16 of text without characters beyond the first plane. */
static struct str wide(struct str utf8, const char *mark, bool is_big)
{
	struct buf b;
	buf_init(&b, 4096);
	buf_addz(&b, mark);
	for (size_t at = 0; at < utf8.n;) {
		const uint32_t cp = utf8_next(utf8, &at);
		buf_addc(&b, (char)(is_big ? cp >> 8 : cp & 0xFF));
		buf_addc(&b, (char)(is_big ? cp & 0xFF : cp >> 8));
	}
	struct str text = arena_copy(&box.arena, buf_str(&b));
	buf_release(&b);
	return text;
}

static void assert_reads(const char *name, struct str bytes)
{
	load(name, bytes);
	assert_both();
	assert_int_equal(unlink(arena_printf(&box.arena, "%s/%s", box.folder, name).p), 0);
}

static void every_encoding_that_excel_writes_gives_the_same_rules(void **state)
{
	(void)state;
	const struct str utf8 = STR(HEADING "退款难\t0.7\trefund" ENGLISH);
	const struct str gb = STR(HEADING GB_REFUND_IS_HARD "\t0.7\trefund" ENGLISH);
	assert_reads("complaint.a.tsv", utf8);
	assert_reads("complaint.a.csv", commas(utf8));
	assert_reads("complaint.a.tsv", STR("\xEF\xBB\xBF" HEADING "退款难\t0.7\trefund" ENGLISH));
	assert_reads("complaint.a.tsv", gb);
	assert_reads("complaint.a.csv", commas(gb));
	assert_reads("complaint.a.tsv", wide(utf8, "\xFF\xFE", false)); /* Excel's "Unicode text" */
	assert_reads("complaint.a.csv", wide(commas(utf8), "\xFF\xFE", false));
	assert_reads("complaint.a.tsv", wide(utf8, "", false));
	assert_reads("complaint.a.tsv", wide(utf8, "\xFE\xFF", true));
	assert_reads("complaint.a.tsv", wide(utf8, "", true));
}

static void two_characters_of_gb18030_are_enough(void **state)
{
	(void)state;
	load("sentiment.zh.tsv", STR("good\t0.5\n\xBA\xC3\t0.5\n"));
	assert_int_equal(rule_of("好")->line, 2);
	load("sentiment.zh.tsv",
		STR("\xBA\xDC\xBA\xC3\t0.5\n\x95\x34\xB2\x35\x95\x30\x81\x39\t-0.5\n")); /* the second has two characters of four bytes */
	assert_float_equal(rule_of("𠮷😡")->weight, -0.5, 0.001);
}

static void an_english_list_with_one_emoji_is_gb18030_too(void **state)
{
	(void)state;
	load("exclude.en.csv", STR("I recall\r\nfire \224\071\346\067\r\n"));
	assert_int_equal(rule_of("fire 🔥")->line, 2);
}

static void bytes_of_no_text_are_refused_with_their_line(void **state)
{
	(void)state;
	assert_refused("sentiment.en.tsv", STR("good\t0.5\nna\xEFve\t0.5\n"), "sentiment.en.tsv:2:1: error: [R002]", "UTF-8");
	assert_refused("sentiment.en.tsv", STR("很好的东西\t0.5\n还不错\t0.5\n\xFF\t0.5\n"),
		"sentiment.en.tsv:3:1: error: [R002]", "UTF-8");
	assert_refused(
		"sentiment.en.tsv", STR("\xFF\xFEg\0o\0\n\0\x00\xD8x\0"), "sentiment.en.tsv:2:1: error: [R003]", "utf-16le");
	assert_refused("sentiment.en.tsv", STR("PK\x03\x04\x14\0"), "sentiment.en.tsv:1:1: error: [R004]", "workbook");
}

static void lines_may_end_as_on_any_system(void **state)
{
	(void)state;
	load("complaint.a.tsv", STR("退款难\t0.7\trefund\rno refund\t0.5\trefund\r"));
	assert_both();
	assert_int_equal(rule_of("no refund")->line, 2);
}

static void cells_may_stand_between_commas_semicolons_or_tabs(void **state)
{
	(void)state;
	load("complaint.a.csv", STR("退款难,0.7,refund\nno refund,0.5,refund\n"));
	assert_both();
	load("complaint.a.csv", STR("退款难;0,7;refund\nno refund;0,5;refund\n"));
	assert_both();
	load("complaint.a.csv", STR("退款难\t0.7\trefund\nno refund\t0.5\trefund\n"));
	assert_both();
	load("complaint.a.csv", STR("sep=;\r\n退款难;0.7;refund\r\nno refund;0.5;refund\r\n"));
	assert_both();
	assert_int_equal(rule_of("no refund")->line, 3);
}

static void quotes_are_those_of_rfc_4180(void **state)
{
	(void)state;
	load("sentiment.en.csv", STR("\"good, really\",0.5\n\"so-called \"\"fix\"\"\",-0.5,\"a, b\"\n"));
	assert_int_equal(box.book->nrules, 2);
	assert_non_null(rule_of("good, really"));
	assert_non_null(rule_of("so-called \"fix\""));
	assert_refused("sentiment.en.csv", STR("\"good\nbad\",0.5\n"), "sentiment.en.csv:1:1: error: [R007]", "line break");
}

static void a_quotation_mark_in_a_file_of_tabs_is_only_that(void **state)
{
	(void)state;
	load("sentiment.en.tsv", STR("\"fixed\" again\t-0.5\n"));
	assert_non_null(rule_of("\"fixed\" again"));
}

static void a_chinese_heading_puts_columns_in_any_order(void **state)
{
	(void)state;
	load("complaint.zh.csv", STR("备注,类别,关键词,权重,紧急,,\n常见,退款,退款难,70%,高,,\n,质量,鼓包,０．６,,,\n"));
	assert_int_equal(box.book->nrules, 2);
	assert_int_equal(rule_of("退款难")->category, CAT_REFUND);
	assert_float_equal(rule_of("退款难")->weight, 0.7, 0.001);
	assert_int_equal(rule_of("退款难")->urgency, URG_HIGH);
	assert_int_equal(rule_of("鼓包")->category, CAT_QUALITY);
	assert_float_equal(rule_of("鼓包")->weight, 0.6, 0.001);
	load("complaint.zh.csv", STR("類別,關鍵詞,權重\n欺詐,假货,0.9\n"));
	assert_int_equal(rule_of("假货")->category, CAT_FRAUD);
}

static void an_unknown_column_names_the_nearest(void **state)
{
	(void)state;
	assert_refused("complaint.en.csv", STR("term,wieght,category\nlate,0.5,logistics\n"),
		"complaint.en.csv:1:6: error: [R008]", "did you mean \"weight\"?");
	assert_refused(
		"complaint.en.csv", STR("weight,category\n0.5,logistics\n"), "complaint.en.csv:1:1: error: [R008]", "term");
	assert_refused("complaint.zh.csv", STR("关键词,权重,权重,类别\n慢,0.5,0.5,物流\n"), "complaint.zh.csv:1:8: error: [R008]",
		"twice");
}

static void lines_at_the_top_hold_for_the_whole_file(void **state)
{
	(void)state;
	rulebox_file(&box, "brands.conf", STR("[brand sky]\nname = 云雀\naliases = 云雀\n"));
	load("complaint.zh.tsv",
		STR("#category: refund\n#weight: 0.6\n#folds: +pinyin +谐音 -leet\n#brand: sky\n退款难\n不退钱\t0.9\tservice\n"));
	const struct rule *r = rule_of("退款难");
	assert_int_equal(r->category, CAT_REFUND);
	assert_float_equal(r->weight, 0.6, 0.001);
	assert_int_equal(r->brand, 0);
	assert_int_equal(r->folds, (FOLDS_DEFAULT | FOLD_PINYIN | FOLD_HOMOPHONE) & ~(unsigned)FOLD_LEET);
	assert_int_equal(rule_of("不退钱")->category, CAT_SERVICE);
	load("complaint.zh.tsv", STR("\xEF\xBB\xBF#类别：退款,,,\n#变体：+拼音,,,\n退款难,0.6,,\n"));
	assert_int_equal(rule_of("退款难")->category, CAT_REFUND);
	assert_int_equal(rule_of("退款难")->folds, FOLDS_DEFAULT | FOLD_PINYIN);
}

static void a_line_at_the_top_that_says_nothing_is_explained(void **state)
{
	(void)state;
	assert_refused(
		"complaint.zh.tsv", STR("#fold: +pinyin\n退款\t0.5\trefund\n"), "complaint.zh.tsv:1:1: error: [R009]", "#folds:");
	assert_refused(
		"complaint.zh.tsv", STR("#folds: +pinyn\n退款\t0.5\trefund\n"), "complaint.zh.tsv:1:1: error: [R108]", "pinyin");
	assert_refused("complaint.zh.tsv", STR("#folds: -hant\n退款\t0.5\trefund\n"), "complaint.zh.tsv:1:1: error: [R108]",
		"taken away");
	assert_refused("complaint.zh.tsv", STR("#brand: sky\n退款\t0.5\trefund\n"), "complaint.zh.tsv:1:1: error: [R209]", "sky");
	assert_refused(
		"complaint.zh.tsv", STR("退款\t0.5\trefund\n#category: refund\n"), "complaint.zh.tsv:2:1: error: [R009]", "top");
}

static void a_term_has_folds_and_case_of_its_own(void **state)
{
	(void)state;
	load("sensitive.zh.csv", STR("term,folds,case\n跑路,+pinyin +split,\nCEO,plain,exact\n=ABC,,\n罢工,,\n"));
	assert_int_equal(rule_of("跑路")->folds, FOLDS_DEFAULT | FOLD_PINYIN | FOLD_SPLIT);
	assert_int_equal(rule_of("CEO")->folds, FOLDS_PLAIN);
	assert_true(rule_of("CEO")->case_exact);
	assert_true(rule_of("ABC")->case_exact);
	assert_int_equal(rule_of("罢工")->folds, FOLDS_DEFAULT);
	assert_int_equal(rule_of("罢工")->list, LIST_SENSITIVE);
	assert_float_equal(rule_of("罢工")->weight, 1, 0.001);
}

static void an_open_end_is_for_latin_words_and_a_backslash_takes_the_meaning_away(void **state)
{
	(void)state;
	load("exclude.en.tsv", STR("recall*\n退款*\n5\\*\n\\@home\n'=sum\n\\#tag\n"));
	assert_true(rule_of("recall")->open_end);
	assert_false(rule_of("退款")->open_end);
	assert_non_null(strstr(box.said, "exclude.en.tsv:2:1: warning: [R110]"));
	assert_non_null(rule_of("5*"));
	assert_non_null(rule_of("@home"));
	assert_false(rule_of("=sum")->case_exact);
	assert_non_null(rule_of("#tag"));
	assert_int_equal(rule_of("recall")->brand, -1);
	assert_int_equal(rule_of("recall")->list, LIST_EXCLUDE);
}

static void brands_may_come_from_a_spreadsheet(void **state)
{
	(void)state;
	load("brands.csv", STR("编号,名称,英文名,别名,语境,官方账号\r\nsky,云雀,Skylark,云雀;~Skylark、=SKY,电动车；battery,"
			       "云雀官方\r\nharbor,港湾,,港湾,,\r\n"));
	assert_int_equal(box.book->nbrands, 2);
	assert_true(str_eqc(box.book->brand[0].name, "云雀"));
	assert_true(rule_of("Skylark")->is_ambiguous);
	assert_true(rule_of("SKY")->case_exact);
	assert_int_equal(rule_of("battery")->list, LIST_CONTEXT);
	assert_int_equal(box.book->brand[0].nown, 1);
	assert_int_equal(rule_of("港湾")->brand, 1);
	assert_refused("brands.csv", STR("id,name,alias\nsky,云雀,云雀\n"), "brands.csv:1:9: error: [R008]", "aliases");
}

static void too_many_cells_are_a_warning(void **state)
{
	(void)state;
	load("sentiment.en.csv", STR("term,weight\ngood,0.5\nno,0.2,thanks\n"));
	assert_non_null(strstr(box.said, "sentiment.en.csv:3:8: warning: [R010]"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_encoding_that_excel_writes_gives_the_same_rules),
		TEST(two_characters_of_gb18030_are_enough),
		TEST(an_english_list_with_one_emoji_is_gb18030_too),
		TEST(bytes_of_no_text_are_refused_with_their_line),
		TEST(lines_may_end_as_on_any_system),
		TEST(cells_may_stand_between_commas_semicolons_or_tabs),
		TEST(quotes_are_those_of_rfc_4180),
		TEST(a_quotation_mark_in_a_file_of_tabs_is_only_that),
		TEST(a_chinese_heading_puts_columns_in_any_order),
		TEST(an_unknown_column_names_the_nearest),
		TEST(lines_at_the_top_hold_for_the_whole_file),
		TEST(a_line_at_the_top_that_says_nothing_is_explained),
		TEST(a_term_has_folds_and_case_of_its_own),
		TEST(an_open_end_is_for_latin_words_and_a_backslash_takes_the_meaning_away),
		TEST(brands_may_come_from_a_spreadsheet),
		TEST(too_many_cells_are_a_warning),
	};
	return cmocka_run_group_tests_name("rulebook_text", tests, NULL, NULL);
}
