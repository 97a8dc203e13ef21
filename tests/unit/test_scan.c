/* Literals in folded text: boundaries, longest match, exclusions, context, places in the original. */
#include "common/text/admission.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct rulebox box;

#define BRANDS                                                                                                                   \
	"[brand delta]\nname = Delta\naliases = Delta, @DeltaAir\nexclude = delta wave, river delta\n"                           \
	"[brand mi]\nname = 小米\naliases = 小米\ncontext = 手机, phone\nneeds_context = yes\nexclude = 小米粥\n"       \
	"[brand target]\nname = Target\naliases = =Target\n"                                                                     \
	"[brand air]\nname = Air\naliases = Delta Air Lines, Delta\n"

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf", STR(BRANDS));
	rulebox_file(&box, "sentiment.x.tsv", STR("高兴\t0.7\n不高兴\t-0.6\ngood\t0.5\nno good\t-0.5\n❤\t0.7\n"));
	rulebox_file(
		&box, "complaint.x.tsv", STR("退款\t0.5\trefund\nrefund\t0.5\trefund\ngood\t0.1\tother\n4k\t0.3\tquality\n"));
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

/* "term@from-to " of every match, in order. */
static void assert_matches(const char *text, const char *expected)
{
	struct scanned s = scan(text);
	char got[1024] = "";
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < sizeof(got) - 80; i++)
		n += (size_t)snprintf(
			got + n, sizeof(got) - n, "%.*s@%u-%u ", STR_FMT(s.match[i].rule->term), s.match[i].from, s.match[i].to);
	if (strcmp(got, expected) != 0)
		fail_msg("\"%s\" matches \"%s\", expected \"%s\"", text, got, expected);
}

static void latin_terms_match_whole_words_only(void **state)
{
	(void)state;
	assert_matches("a REFUND, please", "refund@2-8 ");
	assert_matches("refunding prefund refund1", "");
	assert_matches("要refund吧", "refund@1-7 ");
	assert_matches("#delta deltas", "Delta@1-6 Delta@1-6 ");
}

static void a_control_character_is_no_digit(void **state)
{
	(void)state;
	assert_matches("a 4K screen", "4k@2-4 ");
	assert_matches("a \x14k screen", "");
}

static void chinese_terms_match_anywhere(void **state)
{
	(void)state;
	assert_matches("我要退款了", "退款@2-4 ");
}

static void a_handle_matches_as_written(void **state)
{
	(void)state;
	assert_matches("hey @deltaair!", "@DeltaAir@4-13 ");
	assert_matches("hey deltaair!", "");
}

static void the_longer_match_of_a_list_wins(void **state)
{
	(void)state;
	assert_matches("真不高兴", "不高兴@1-4 ");
	assert_matches("真高兴", "高兴@1-3 ");
	assert_matches("delta air lines", "Delta Air Lines@0-15 Delta@0-5 ");
}

static void another_list_keeps_its_shorter_match(void **state)
{
	(void)state;
	assert_matches("no good", "no good@0-7 good@3-7 ");
}

static void an_exclusion_beats_the_alias_it_covers(void **state)
{
	(void)state;
	struct scanned s = scan("the river delta");
	for (size_t i = 0; i < s.n; i++)
		assert_false(s.match[i].rule->list == LIST_BRAND && str_eqc(box.book->brand[s.match[i].rule->brand].id, "delta"));
}

static void places_are_those_of_the_original(void **state)
{
	(void)state;
	assert_matches("ＲＥＦＵＮＤ　退\xE2\x80\x8B款", "refund@0-6 退款@7-10 ");
	struct scanned s = scan("ＲＥＦＵＮＤ　退\xE2\x80\x8B款");
	assert_int_equal(s.match[0].folds, FOLD_CASE | FOLD_WIDTH);
	assert_int_equal(s.match[1].folds, FOLD_HIDDEN);
	assert_int_equal(scan("我要\xE2\x80\x8B退款").match[0].folds, 0);
	assert_matches("\xE2\x9D\xA4\xEF\xB8\x8F!", "❤@0-1 ");
}

static void an_exact_alias_wants_its_case(void **state)
{
	(void)state;
	assert_matches("my target is Target", "Target@13-19 ");
}

static const char *admitted(const char *text)
{
	static char names[256];
	struct scanned s = scan(text);
	struct admission *list;
	size_t n = admission_find(&box.arena, box.book, &s, &list), used = 0;
	names[0] = 0;
	for (size_t i = 0; i < n; i++) {
		assert_true(list[i].nplaces > 0);
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%.*s ", STR_FMT(box.book->brand[list[i].brand].id));
	}
	return names;
}

static void a_brand_of_everyday_words_needs_context(void **state)
{
	(void)state;
	assert_string_equal(admitted("小米很好吃"), "");
	assert_string_equal(admitted("小米手机很好"), "mi ");
	assert_string_equal(admitted("小米粥和手机"), "");
	assert_string_equal(admitted("my 小米 phone"), "mi ");
}

static void one_word_may_mean_two_brands(void **state)
{
	(void)state;
	assert_string_equal(admitted("flying Delta"), "delta air ");
}

static void matches_beyond_the_cap_are_counted(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1u << 20);
	for (int i = 0; i < 3000; i++)
		buf_addz(&b, "退款 ");
	struct scanned s = scan(b.p);
	assert_int_equal(s.n, 2048);
	assert_int_equal(s.dropped, 952);
	buf_release(&b);
}

static void an_empty_rulebook_matches_nothing(void **state)
{
	(void)state;
	struct rulebox empty;
	rulebox_open(&empty);
	assert_non_null(rulebox_load(&empty));
	struct post p = rulebox_post("refund 退款");
	struct scanned s;
	scan_post(&empty.arena, empty.book, &p, &s);
	assert_int_equal(s.n, 0);
	assert_true(str_eqc(s.field[POST_TEXT].text, "refund 退款"));
	rulebox_close(&empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latin_terms_match_whole_words_only),
		cmocka_unit_test(a_control_character_is_no_digit),
		cmocka_unit_test(chinese_terms_match_anywhere),
		cmocka_unit_test(a_handle_matches_as_written),
		cmocka_unit_test(the_longer_match_of_a_list_wins),
		cmocka_unit_test(another_list_keeps_its_shorter_match),
		cmocka_unit_test(an_exclusion_beats_the_alias_it_covers),
		cmocka_unit_test(places_are_those_of_the_original),
		cmocka_unit_test(an_exact_alias_wants_its_case),
		cmocka_unit_test(a_brand_of_everyday_words_needs_context),
		cmocka_unit_test(one_word_may_mean_two_brands),
		cmocka_unit_test(matches_beyond_the_cap_are_counted),
		cmocka_unit_test(an_empty_rulebook_matches_nothing),
	};
	return cmocka_run_group_tests_name("scan", tests, setup, teardown);
}
