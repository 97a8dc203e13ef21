/* A list written for Excel and read back gives the same rules, whatever Excel saved it in. */
#include "common/text/rulebook_write.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct rulebox box, copy;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	rulebox_open(&copy);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	rulebox_close(&copy);
	return 0;
}

static struct str written(const char *name, struct str bytes)
{
	struct problems p;
	struct buf out;
	const struct rulebook_file file = { str_of(name), name, 0, bytes };
	problems_init(&p);
	buf_init(&out, 1u << 20);
	if (!rulebook_write_list(&file, &out, &p))
		fail_msg("not written");
	struct str text = arena_copy(&box.arena, buf_str(&out));
	buf_release(&out);
	problems_release(&p);
	return text;
}

static void assert_same_rules(void)
{
	if (!rulebox_load(&box) || !rulebox_load(&copy))
		fail_msg("%s%s", box.said, copy.said);
	assert_int_equal(box.book->nrules, copy.book->nrules);
	for (size_t i = 0; i < box.book->nrules; i++) {
		const struct rule *a = &box.book->rule[i], *b = &copy.book->rule[i];
		if (!str_eq(a->term, b->term) || a->weight != b->weight || a->folds != b->folds || a->category != b->category ||
			a->urgency != b->urgency || a->nature != b->nature || a->case_exact != b->case_exact ||
			a->open_end != b->open_end)
			fail_msg("rule %zu: \"%.*s\" became \"%.*s\"", i, STR_FMT(a->term), STR_FMT(b->term));
	}
}

#define HARD_TERMS                                                                                                                 \
	"# terms, that a spreadsheet would change\n#folds: +pinyin\n"                                                              \
	"=TARGET\t0.5\trefund\n\\=sum\t0.5\trefund\n\\@name\t0.5\trefund\n\\#tag\t0.5\trefund\n\\-1\t0.5\trefund\n"                \
	"3-15\t0.5\trefund\n3月15日\t0.5\trefund\n007\t0.5\trefund\n1.10\t0.5\trefund\n12315\t0.5\trefund\nMay 1\t0.5\trefund\n" \
	"a, b\t0.5\trefund\n\"so called\"\t0.5\trefund\ttwo "                                                                      \
	"\"words\"\nrefund*\t0.5\trefund\nf\\*\t0.5\trefund\nTRUE\t0.5\trefund\n"                                                  \
	"退款；难\t70%\t退款\n\\\\path\t0.5\trefund\n"

static void terms_that_excel_would_change_come_back(void **state)
{
	(void)state;
	rulebox_file(&box, "complaint.a.tsv", STR(HARD_TERMS));
	rulebox_file(&copy, "complaint.a.csv", written("complaint.a.tsv", STR(HARD_TERMS)));
	assert_same_rules();
	assert_int_equal(box.book->nrules, 18);
}

static void no_cell_is_a_formula_a_number_or_a_date(void **state)
{
	(void)state;
	static const char *const texts[] = { "\n=", "\n@", "\n-1", "\n3-15,", "\n007", "\nMay", "\n1.10", "\n3月" };
	struct str text = written("complaint.a.tsv", STR(HARD_TERMS));
	assert_true(str_starts(text, STR("\xEF\xBB\xBF")));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (str_find(text, str_of(texts[i])) >= 0)
			fail_msg("a cell begins with \"%s\":\n%.*s", texts[i] + 1, STR_FMT(text));
	assert_true(str_find(text, STR("\r\nterm,weight,category,case,note\r\n")) >= 0);
	assert_true(str_find(text, STR("\r\nTARGET,0.5,refund,exact,\r\n")) >= 0);
	assert_true(str_find(text, STR("\r\n\"a, b\",0.5,refund,,\r\n")) >= 0);
}

static void folds_of_a_term_are_no_formula(void **state)
{
	(void)state;
	const struct str list = STR("term\tfolds\n罢工\t+pinyin -leet\n跑路\t-leet\n");
	rulebox_file(&box, "sensitive.zh.tsv", list);
	rulebox_file(&copy, "sensitive.zh.csv", written("sensitive.zh.tsv", list));
	assert_same_rules();
	assert_true(str_find(written("sensitive.zh.tsv", list), STR(",\\-leet\r\n")) >= 0);
}

static void signs_behind_the_mark_of_exact_case_are_themselves(void **state)
{
	(void)state;
	const struct str list =
		STR("weight,term,category\n0.5,==,refund\n0.5,=#Tag,refund\n0.5,#tag,refund\n0.5,=\\o/,refund\n0.5,=*,refund\n"
		    "0.5,= =t 8uf,refund\n");
	rulebox_file(&box, "complaint.a.csv", list);
	rulebox_file(&copy, "complaint.a.csv", written("complaint.a.csv", list));
	assert_same_rules();
	assert_int_equal(box.book->nrules, 6);
}

static void writing_twice_changes_nothing(void **state)
{
	(void)state;
	struct str once = written("complaint.a.tsv", STR(HARD_TERMS));
	struct str twice = written("complaint.a.csv", once);
	if (!str_eq(once, twice))
		fail_msg("expected:\n%.*s\ncame:\n%.*s", STR_FMT(once), STR_FMT(twice));
}

static void a_list_that_cannot_be_read_is_not_written(void **state)
{
	(void)state;
	struct problems p;
	struct buf out;
	const struct rulebook_file file = { STR("complaint.a.csv"), "complaint.a.csv", 0, STR("wieght,category\n0.5,refund\n") };
	problems_init(&p);
	buf_init(&out, 1024);
	assert_false(rulebook_write_list(&file, &out, &p));
	assert_true(problems_any_error(&p));
	buf_release(&out);
	problems_release(&p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(terms_that_excel_would_change_come_back),
		TEST(no_cell_is_a_formula_a_number_or_a_date),
		TEST(folds_of_a_term_are_no_formula),
		TEST(signs_behind_the_mark_of_exact_case_are_themselves),
		TEST(writing_twice_changes_nothing),
		TEST(a_list_that_cannot_be_read_is_not_written),
	};
	return cmocka_run_group_tests_name("rulebook_write", tests, NULL, NULL);
}
