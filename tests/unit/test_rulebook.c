/* Loading rules: what is accepted, and what each mistake is answered with. */
#include "common/text/rulebook.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

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

/* The load is refused and says all of it. */
static void assert_refused(const char *where, const char *what)
{
	assert_null(rulebox_load(&box));
	if (!strstr(box.said, where) || !strstr(box.said, what))
		fail_msg("expected \"%s … %s\", the load said:\n%s", where, what, box.said);
}

static void assert_loads(size_t nrules)
{
	if (!rulebox_load(&box))
		fail_msg("%s", box.said);
	assert_int_equal(box.book->nrules, nrules);
}

static void a_list_may_have_bom_crlf_heading_comments_and_notes(void **state)
{
	(void)state;
	rulebox_file(&box, "complaint.zh.tsv",
		STR("\xEF\xBB\xBF# words\r\nterm\tweight\tcategory\r\n\r\n退款难\t0.7\trefund\ta note\r\nｒefund\t0.5\trefund"));
	assert_loads(2);
	const struct rule *r = &box.book->rule[0];
	assert_true(str_eqc(r->term, "退款难"));
	assert_int_equal(r->line, 4);
	assert_int_equal(r->category, CAT_REFUND);
	assert_false(r->is_latin);
	assert_true(box.book->rule[1].is_latin);
	assert_non_null(strstr(r->file, "complaint.zh.tsv"));
}

static void an_unknown_category_names_the_nearest(void **state)
{
	(void)state;
	rulebox_file(&box, "complaint.en.tsv", STR("late\t0.5\tlogistic\n"));
	assert_refused("complaint.en.tsv:1:10: error", "did you mean \"logistics\"?");
}

static void a_weight_must_be_a_number_in_range(void **state)
{
	(void)state;
	rulebox_file(&box, "sentiment.zh.tsv", STR("很好\thigh\n太差\t-3\n不好\tnan\n"));
	assert_refused("sentiment.zh.tsv:1:4: error", "\"high\" is not a number");
	assert_refused("sentiment.zh.tsv:2:4: error", "out of range");
	assert_refused("sentiment.zh.tsv:3:4: error", "n");
}

static void a_missing_tab_is_explained(void **state)
{
	(void)state;
	rulebox_file(&box, "sentiment.en.tsv", STR("good 0.5\n"));
	assert_refused("sentiment.en.tsv:1:1: error", "with a tab");
}

static void a_missing_category_is_explained(void **state)
{
	(void)state;
	rulebox_file(&box, "complaint.en.tsv", STR("late\t0.5\n"));
	assert_refused("complaint.en.tsv:1", "category");
}

static void an_empty_term_is_refused(void **state)
{
	(void)state;
	rulebox_file(&box, "sentiment.en.tsv", STR("\t0.5\n\xE2\x80\x8B\t0.5\n"));
	assert_refused("sentiment.en.tsv:1:1: error", "empty");
	assert_refused("sentiment.en.tsv:2:1: error", "hidden");
}

static void a_too_long_term_is_refused(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 4096);
	for (int i = 0; i < 257; i++)
		buf_addc(&b, 'a');
	buf_addz(&b, "\t0.5\n");
	rulebox_file(&box, "sentiment.en.tsv", buf_str(&b));
	assert_refused("sentiment.en.tsv:1:1: error", "257 bytes");
	buf_release(&b);
}

static void a_repeated_term_is_a_warning_and_the_later_one_counts(void **state)
{
	(void)state;
	rulebox_file(&box, "sentiment.en.tsv", STR("good\t0.5\nGOOD\t0.7\n"));
	assert_loads(1);
	assert_non_null(strstr(box.said, "warning"));
	assert_int_equal(box.book->rule[0].line, 2);
}

static void an_operators_folder_overrides_the_shipped_one_silently(void **state)
{
	(void)state;
	struct rulebox shipped;
	rulebox_open(&shipped);
	rulebox_file(&shipped, "sentiment.zh.tsv", STR("还行\t0.2\n"));
	rulebox_file(&box, "sentiment.a.tsv", STR("还行\t-0.1\n"));
	if (!rulebox_load_behind(&box, shipped.folder))
		fail_msg("%s", box.said);
	assert_int_equal(box.book->nrules, 1);
	assert_true(box.book->rule[0].weight < 0);
	assert_string_equal(box.said, "");
	rulebox_close(&shipped);
}

static void an_unknown_list_names_the_nearest(void **state)
{
	(void)state;
	rulebox_file(&box, "complaints.zh.tsv", STR("退款\t0.5\trefund\n"));
	assert_refused("complaints.zh.tsv", "did you mean \"complaint\"?");
}

static void brands_have_aliases_context_and_own_accounts(void **state)
{
	(void)state;
	rulebox_file(&box, "brands.conf",
		STR("[brand skylark]\nname = 云雀\nname_en = Skylark\naliases = 云雀, Skylark EV\nexclude = "
		    "云雀啁啾\nown_accounts = 云雀官方, SkylarkEV\n"));
	assert_loads(3);
	const struct brand *b = &box.book->brand[0];
	assert_true(str_eqc(b->id, "skylark"));
	assert_int_equal(b->nown, 2);
	assert_true(str_eqc(b->own_account[1], "skylarkev"));
	assert_int_equal(rulebook_brand(box.book, STR("skylark")), 0);
	assert_int_equal(rulebook_brand(box.book, STR("云雀")), 0);
	assert_int_equal(rulebook_brand(box.book, STR("Skylark")), 0);
	assert_int_equal(rulebook_brand(box.book, STR("港湾")), -1);
}

static void mistakes_in_brands_are_explained(void **state)
{
	(void)state;
	rulebox_file(&box, "brands.conf", STR("[brand Sky]\nname = x\naliases = y\n"));
	assert_refused("brands.conf:1:1: error", "no brand id");
	rulebox_file(&box, "brands.conf", STR("[brand sky]\nname = x\n"));
	assert_refused("brands.conf:1", "aliases");
	rulebox_file(&box, "brands.conf", STR("[brand a]\nname = x\naliases = y\n[brand a]\nname = x\naliases = y\n"));
	assert_refused("brands.conf:4:1: error", "twice");
	rulebox_file(&box, "brands.conf", STR("[brand a]\nname = x\naliases = y\nneeds_context = yes\n"));
	assert_refused("brands.conf:4", "context");
	rulebox_file(&box, "brands.conf", STR("[brand a]\nname = x\nalias = y\naliases = z\n"));
	assert_refused("brands.conf:3", "aliases");
}

static const struct rule *rule_of(const char *term)
{
	for (size_t i = 0; i < box.book->nrules; i++)
		if (str_eqc(box.book->rule[i].term, term))
			return &box.book->rule[i];
	fail_msg("no rule \"%s\"", term);
	return NULL;
}

static void an_alias_may_be_an_everyday_word_with_words_for_and_against_it(void **state)
{
	(void)state;
	rulebox_file(&box, "brands.conf",
		STR("[brand mi]\nname = 小米\naliases = ~小米, =MI, ~Red Rice\ncontext = 手机, phone:0.5, 10:30\nagainst = "
		    "熬粥:0.8\n"
		    "context.小米 = 雷军\nagainst.red_rice = 蒸饭, porridge\ncompetitors = 港湾, harbor\n"));
	assert_loads(10);
	assert_true(rule_of("小米")->is_ambiguous);
	assert_false(rule_of("MI")->is_ambiguous);
	assert_true(rule_of("MI")->case_exact);
	assert_float_equal(rule_of("phone")->weight, 0.5, 0.001);
	assert_float_equal(rule_of("10:30")->weight, 1, 0.001);
	assert_float_equal(rule_of("熬粥")->weight, -0.8, 0.001);
	assert_int_equal(rule_of("熬粥")->list, LIST_CONTEXT);
	assert_true(str_eqc(rule_of("雷军")->alias, "小米"));
	assert_true(str_eqc(rule_of("porridge")->alias, "red rice"));
	assert_float_equal(rule_of("porridge")->weight, -1, 0.001);
	assert_int_equal(rule_of("熬粥")->alias.n, 0);
	assert_int_equal(box.book->brand[0].ncompetitors, 2);
	assert_false(box.book->brand[0].needs_context);
}

static void context_of_no_alias_names_the_nearest(void **state)
{
	(void)state;
	rulebox_file(
		&box, "brands.conf", STR("[brand sky]\nname = 云雀\naliases = ~Skylark, 云雀电动车\ncontext.Skylrk = battery\n"));
	assert_refused("brands.conf:4:1: error", "did you mean \"skylark\"?");
}

static void equal_rules_have_equal_versions(void **state)
{
	(void)state;
	char before[13];
	rulebox_file(&box, "sentiment.en.tsv", STR("good\t0.5\n"));
	assert_loads(1);
	memcpy(before, box.book->version, sizeof(before));
	assert_loads(1);
	assert_string_equal(box.book->version, before);
	assert_int_equal(strlen(before), 12);
	rulebox_file(&box, "sentiment.en.tsv", STR("good\t0.6\n"));
	assert_loads(1);
	assert_string_not_equal(box.book->version, before);
}

static void an_absent_folder_is_an_error(void **state)
{
	(void)state;
	assert_null(rulebox_load_behind(&box, "/nonexistent/rules"));
	assert_non_null(strstr(box.said, "/nonexistent/rules"));
}

static void the_shipped_rules_load_without_a_word(void **state)
{
	(void)state;
	const char *folder[] = { "rules", "tests/demo/rules" };
	struct problems p;
	struct buf out;
	problems_init(&p);
	buf_init(&out, 1u << 16);
	struct rulebook *book = rulebook_load(folder, 2, &p);
	problems_write(&p, &out);
	if (!book || out.n > 0)
		fail_msg("%.*s", STR_FMT(buf_str(&out)));
	assert_true(book->nrules > 2000);
	assert_int_equal(book->nbrands, 2);
	rulebook_free(book);
	buf_release(&out);
	problems_release(&p);
}

/* CPU time, so that a busy machine does not matter. */
static double seconds_to_load(size_t nterms)
{
	struct buf b;
	buf_init(&b, 4u << 20);
	for (size_t i = 0; i < nterms; i++)
		buf_addf(&b, "%c%zx%c word\t0.5\trefund\n", (char)('a' + i % 26), i * 2654435761u % 1000003, (char)('a' + i % 7));
	rulebox_file(&box, "complaint.en.tsv", buf_str(&b));
	buf_release(&b);
	const clock_t before = clock();
	if (!rulebox_load(&box))
		fail_msg("%s", box.said);
	return (double)(clock() - before) / CLOCKS_PER_SEC;
}

static void loading_time_grows_with_the_number_of_terms_and_not_its_square(void **state)
{
	(void)state;
	(void)seconds_to_load(4000);
	const double few = seconds_to_load(4000), many = seconds_to_load(32000);
	if (many > 24 * few + 0.05)
		fail_msg("4,000 terms take %.3f s, 32,000 take %.3f s: more than 24 times as long", few, many);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_list_may_have_bom_crlf_heading_comments_and_notes),
		TEST(an_unknown_category_names_the_nearest),
		TEST(a_weight_must_be_a_number_in_range),
		TEST(a_missing_tab_is_explained),
		TEST(a_missing_category_is_explained),
		TEST(an_empty_term_is_refused),
		TEST(a_too_long_term_is_refused),
		TEST(a_repeated_term_is_a_warning_and_the_later_one_counts),
		TEST(an_operators_folder_overrides_the_shipped_one_silently),
		TEST(an_unknown_list_names_the_nearest),
		TEST(brands_have_aliases_context_and_own_accounts),
		TEST(mistakes_in_brands_are_explained),
		TEST(an_alias_may_be_an_everyday_word_with_words_for_and_against_it),
		TEST(context_of_no_alias_names_the_nearest),
		TEST(equal_rules_have_equal_versions),
		TEST(an_absent_folder_is_an_error),
		TEST(the_shipped_rules_load_without_a_word),
		TEST(loading_time_grows_with_the_number_of_terms_and_not_its_square),
	};
	return cmocka_run_group_tests_name("rulebook", tests, NULL, NULL);
}
