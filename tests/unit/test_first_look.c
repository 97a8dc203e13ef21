/* The first look at a post says no only where no brand can be found: aliases as they are disguised, words of queries that admit,
 * fields alone; in Chinese and in English. */
#include "common/text/first_look.h"

#include "common/text/admission.h"
#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct rulebox box;

static struct post post_of(const char *title, const char *text)
{
	struct post p;
	post_init(&p);
	p.title = str_of(title);
	p.text = str_of(text);
	p.stars = 1;
	return p;
}

static bool may(const char *title, const char *text)
{
	const struct post p = post_of(title, text);
	return first_look_may_admit(&box.arena, box.book, &p);
}

static size_t admitted(const char *text)
{
	const struct post p = post_of("", text);
	struct scanned s;
	struct admission *list;
	scan_matches(&box.arena, box.book, &p, &s);
	return admission_find(&box.arena, box.book, &s, &list);
}

static void load(const char *brands, const char *queries)
{
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf", str_of(brands));
	rulebox_file(&box, "complaint.xx.tsv", STR("退款\t1\trefund\nrefund\t1\trefund\n质量差\t1\tquality\n"));
	rulebox_file(&box, "a.query", str_of(queries));
	assert_non_null(rulebox_load(&box));
}

static const char brands[] = "[brand lark]\nname = 云雀\naliases = 云雀电动车, Skylark EV, =HARBOR\nexclude = 云雀电动车友会\n"
			     "[brand mi]\nname = 小米\naliases = ~小米\ncontext = 手机\n";

static void what_names_no_brand_is_passed_over(void **state)
{
	(void)state;
	load(brands, "[refund]\nlist = watch\nquery = 退款 AND refund\n");
	assert_non_null(box.book->first);
	assert_false(may("", "客服一直不退款，质量差"));
	assert_false(may("no refund yet", "the battery died after two days"));
	assert_false(may("", ""));
	rulebox_close(&box);
}

static void a_brand_in_title_or_text_is_looked_at_in_every_disguise(void **state)
{
	static const char *const texts[] = { "云雀电动车断电", "雲雀電動車斷電", "云 雀 电 动 车", "my Skylark EV", "SKYLARK  EV",
		"sky1ark ev", "Ｓｋｙｌａｒｋ ＥＶ", "HARBOR", "小米的手机" };
	(void)state;
	load(brands, "");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_true(may("", texts[i]) || admitted(texts[i]) == 0);
		assert_true(may(texts[i], "") == may("", texts[i]));
	}
	assert_true(may("", texts[0]) && may("", texts[1]) && may("", texts[3]) && may("", texts[7]) && may("", texts[8]));
	rulebox_close(&box);
}

static void what_is_excluded_may_be_looked_at_and_is_not_admitted(void **state)
{
	(void)state;
	load(brands, "");
	assert_true(may("", "云雀电动车友会周末骑车"));
	assert_int_equal(admitted("云雀电动车友会周末骑车"), 0);
	rulebox_close(&box);
}

static void words_of_queries_that_admit_are_looked_for(void **state)
{
	(void)state;
	load(brands, "[nickname]\nlist = brand\nbrand = lark\nquery = 鸟车 AND battery\n[other]\nlist = watch\nquery = 火车\n");
	assert_int_equal(admitted("鸟车的 battery 不行"), 1);
	assert_true(may("", "鸟车的 battery 不行"));
	assert_false(may("", "火车晚点"));
	rulebox_close(&box);
}

static void groups_of_queries_that_admit_are_looked_for(void **state)
{
	(void)state;
	load(brands, "[by complaint]\nlist = brand\nbrand = lark\nquery = @complaint.refund AND stars:[1 TO 2]\n");
	assert_int_equal(admitted("一直不退款"), 1);
	assert_int_equal(admitted("where is my refund"), 1);
	assert_true(may("", "一直不退款") && may("", "where is my refund"));
	assert_false(may("", "质量差"));
	rulebox_close(&box);
}

static void a_query_of_fields_alone_leaves_nothing_to_pass_over(void **state)
{
	(void)state;
	load(brands, "[all bad ones]\nlist = brand\nbrand = lark\nquery = stars:[1 TO 2]\n");
	assert_null(box.book->first);
	assert_int_equal(admitted("今天天气很好"), 1);
	assert_true(may("", "今天天气很好"));
	rulebox_close(&box);
}

static size_t admitted_by_admission(const char *text)
{
	const struct post p = post_of("", text);
	struct scanned s;
	struct admission *list;
	scan_admission(&box.arena, box.book, &p, &s);
	return admission_find(&box.arena, box.book, &s, &list);
}

static void a_book_kept_for_admission_admits_the_same(void **state)
{
	static const char *const texts[] = { "云雀电动车不退款", "云雀电动车友会", "my Skylark EV broke", "小米手机质量差",
		"小米粥", "the harbor is closed", "" };
	size_t before[sizeof texts / sizeof *texts];
	(void)state;
	load(brands, "[refund]\nlist = watch\nquery = 退款 AND refund\n");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		before[i] = admitted_by_admission(texts[i]);
	rulebook_keep_admission(box.book);
	assert_null(box.book->scan);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(admitted_by_admission(texts[i]), before[i]);
	assert_int_equal(before[0], 1);
	rulebox_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_names_no_brand_is_passed_over),
		cmocka_unit_test(a_brand_in_title_or_text_is_looked_at_in_every_disguise),
		cmocka_unit_test(what_is_excluded_may_be_looked_at_and_is_not_admitted),
		cmocka_unit_test(words_of_queries_that_admit_are_looked_for),
		cmocka_unit_test(groups_of_queries_that_admit_are_looked_for),
		cmocka_unit_test(a_book_kept_for_admission_admits_the_same),
		cmocka_unit_test(a_query_of_fields_alone_leaves_nothing_to_pass_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
