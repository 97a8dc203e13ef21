/* Two rulebooks side by side: what is added, removed and changed, whatever the order of lines. */
#include "common/text/rulediff.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct books {
	struct rulebox old, new;
	struct arena arena;
};

static void open_books(struct books *b)
{
	rulebox_open(&b->old);
	rulebox_open(&b->new);
	arena_init(&b->arena, 16u << 20);
}

static void close_books(struct books *b)
{
	rulebox_close(&b->old);
	rulebox_close(&b->new);
	arena_release(&b->arena);
}

static void load_books(struct books *b)
{
	if (!rulebox_load(&b->old))
		fail_msg("%s", b->old.said);
	if (!rulebox_load(&b->new))
		fail_msg("%s", b->new.said);
}

static const struct rule_pair *pair_named(const struct rule_pair *list, size_t n, const char *term)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqc((list[i].new ? list[i].new : list[i].old)->term, term))
			return &list[i];
	fail_msg("there is no pair of \"%s\"", term);
	return NULL;
}

static void the_order_of_lines_and_files_changes_nothing(void **state)
{
	(void)state;
	struct books b;
	struct rule_pair *pair = NULL;
	open_books(&b);
	rulebox_file(&b.old, "complaint.zh.tsv", STR("退款难\t0.7\trefund\n漏油\t0.8\tsafety\n"));
	rulebox_file(&b.old, "complaint.en.tsv", STR("never again\t0.5\tservice\n"));
	rulebox_file(&b.new, "complaint.all.tsv", STR("never again\t0.5\tservice\n漏油\t0.8\tsafety\n退款难\t0.7\trefund\n"));
	load_books(&b);
	const size_t n = rulediff_rules(&b.arena, b.old.book, b.new.book, &pair);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(pair[i].changes, 0);
	close_books(&b);
}

static void added_removed_and_changed_rules_are_told_apart(void **state)
{
	(void)state;
	struct books b;
	struct rule_pair *pair = NULL;
	open_books(&b);
	rulebox_file(&b.old, "complaint.zh.tsv", STR("退款难\t0.7\trefund\n漏油\t0.8\tsafety\n"));
	rulebox_file(&b.new, "complaint.zh.tsv", STR("退款难\t0.4\tservice\n鼓包\t0.8\tsafety\n"));
	load_books(&b);
	assert_int_equal(rulediff_rules(&b.arena, b.old.book, b.new.book, &pair), 3);
	assert_int_equal(pair_named(pair, 3, "退款难")->changes, RULE_WEIGHT | RULE_CATEGORY);
	assert_int_equal(pair_named(pair, 3, "漏油")->changes, RULE_REMOVED);
	assert_int_equal(pair_named(pair, 3, "鼓包")->changes, RULE_ADDED);
	close_books(&b);
}

static void another_spelling_of_one_folded_term_is_the_same_rule(void **state)
{
	(void)state;
	struct books b;
	struct rule_pair *pair = NULL;
	open_books(&b);
	rulebox_file(&b.old, "complaint.en.tsv", STR("Never Again\t0.5\tservice\n"));
	rulebox_file(&b.new, "complaint.en.tsv", STR("never again\t0.5\tservice\n"));
	load_books(&b);
	assert_int_equal(rulediff_rules(&b.arena, b.old.book, b.new.book, &pair), 1);
	assert_int_equal(pair[0].changes, RULE_SPELLING);
	close_books(&b);
}

static void brands_are_paired_by_id_and_their_aliases_by_brand(void **state)
{
	(void)state;
	struct books b;
	struct brand_pair *brand = NULL;
	struct rule_pair *pair = NULL;
	open_books(&b);
	rulebox_file(&b.old, "brands.conf", STR("[brand a]\nname = 甲\naliases = 甲牌\n[brand b]\nname = B\naliases = Bee\n"));
	rulebox_file(&b.new, "brands.conf", STR("[brand c]\nname = C\naliases = Bee\n[brand a]\nname = 甲\naliases = 甲牌\n"));
	load_books(&b);
	assert_int_equal(rulediff_brands(&b.arena, b.old.book, b.new.book, &brand), 3);
	assert_non_null(brand[0].old);
	assert_non_null(brand[0].new);
	assert_null(brand[1].new);
	assert_null(brand[2].old);
	assert_int_equal(rulediff_rules(&b.arena, b.old.book, b.new.book, &pair), 3);
	assert_int_equal(pair_named(pair, 3, "甲牌")->changes, 0);
	close_books(&b);
}

static void without_an_old_book_everything_is_added(void **state)
{
	(void)state;
	struct books b;
	struct rule_pair *pair = NULL;
	open_books(&b);
	rulebox_file(&b.old, "complaint.zh.tsv", STR("x 牌\t0.4\tservice\n"));
	rulebox_file(&b.new, "complaint.zh.tsv", STR("退款难\t0.4\tservice\n鼓包\t0.8\tsafety\n"));
	load_books(&b);
	const size_t n = rulediff_rules(&b.arena, NULL, b.new.book, &pair);
	assert_int_equal(n, 2);
	assert_int_equal(pair[0].changes & pair[1].changes, RULE_ADDED);
	close_books(&b);
}

static void a_query_is_changed_when_it_says_something_else(void **state)
{
	(void)state;
	struct books b;
	struct rule_pair *pair = NULL;
	open_books(&b);
	rulebox_file(&b.old, "brands.conf",
		STR("[brand a]\nname = 甲\nquery = (甲牌 OR Alpha) AND 售后\n[brand b]\nname = B\nquery = Bee AND NOT honey\n"));
	rulebox_file(&b.new, "brands.conf",
		STR("[brand b]\nname = B\nquery = Bee AND NOT wax\n[brand a]\nname = 甲\nquery = 售后 AND (Alpha OR 甲牌)\n"));
	load_books(&b);
	assert_int_equal(rulediff_rules(&b.arena, b.old.book, b.new.book, &pair), 2);
	assert_non_null(pair[0].old->query);
	assert_int_equal(pair[0].changes, 0);
	assert_int_equal(pair[1].changes, RULE_QUERY);
	close_books(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_lines_and_files_changes_nothing),
		cmocka_unit_test(added_removed_and_changed_rules_are_told_apart),
		cmocka_unit_test(another_spelling_of_one_folded_term_is_the_same_rule),
		cmocka_unit_test(brands_are_paired_by_id_and_their_aliases_by_brand),
		cmocka_unit_test(without_an_old_book_everything_is_added),
		cmocka_unit_test(a_query_is_changed_when_it_says_something_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
