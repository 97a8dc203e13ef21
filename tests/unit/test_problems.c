/* Unit tests of the list of problems and of "did you mean …?". */
#include "common/base/problems.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void a_problem_is_written_with_its_place(void **state)
{
	(void)state;
	struct problems p;
	struct buf out;
	problems_init(&p);
	buf_init(&out, 4096);
	problems_warn(&p, "a.conf", 3, 0, "odd");
	assert_false(problems_any_error(&p));
	problems_add(&p, "rules/投诉.zh", 41, 7, "unclosed \"%s\"", "[");
	problems_add(&p, "gone.conf", 0, 0, "two\nlines\033[0m");
	assert_true(problems_any_error(&p));
	problems_write(&p, &out);
	assert_string_equal(
		out.p, "a.conf:3: warning: odd\nrules/投诉.zh:41:7: error: unclosed \"[\"\ngone.conf: error: two lines [0m\n");
	buf_release(&out);
	problems_release(&p);
	assert_int_equal(p.n, 0);
}

static void too_many_problems_are_counted_only(void **state)
{
	(void)state;
	struct problems p;
	struct buf out;
	char text[3000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	problems_init(&p);
	buf_init(&out, 1u << 20);
	for (int i = 0; i < LIMIT_CONF_PROBLEMS + 50; i++)
		problems_add(&p, text, i, 1, "%s", text);
	assert_int_equal(p.n, LIMIT_CONF_PROBLEMS);
	assert_int_equal(p.unlisted, 50);
	assert_int_equal(p.errors, LIMIT_CONF_PROBLEMS + 50);
	problems_write(&p, &out);
	assert_true(str_ends(buf_str(&out), STR("\nand 50 more; put these right first\n")));
	buf_release(&out);
	problems_release(&p);
}

static void the_nearest_name_is_what_was_meant(void **state)
{
	(void)state;
	static const char *const names[] = { "interval", "timeout", "url", "产品质量", "品牌", "allow_private" };
	static const struct {
		const char *word, *meant;
	} cases[] = {
		{ "intervall", "interval" },
		{ "Interval", "interval" },
		{ "timeuot", "timeout" },
		{ "ulr", "url" },
		{ "产品质", "产品质量" },
		{ "allow_privat", "allow_private" },
		{ "品排", "品牌" },
		{ "zzz", NULL },
		{ "", NULL },
		{ "xy", NULL },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *near = problems_nearest(str_of(cases[i].word), names, 6);
		if ((near != NULL) != (cases[i].meant != NULL) || (near && strcmp(near, cases[i].meant) != 0))
			fail_msg("\"%s\": expected %s, came %s", cases[i].word, cases[i].meant ? cases[i].meant : "none",
				near ? near : "none");
	}
	assert_null(problems_nearest(STR("a"), NULL, 0));
}

static void a_very_long_word_has_no_neighbour(void **state)
{
	(void)state;
	char word[200];
	static const char *const names[] = { "url" };
	memset(word, 'u', sizeof(word));
	assert_null(problems_nearest((struct str){ word, sizeof(word) }, names, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_problem_is_written_with_its_place),
		cmocka_unit_test(too_many_problems_are_counted_only),
		cmocka_unit_test(the_nearest_name_is_what_was_meant),
		cmocka_unit_test(a_very_long_word_has_no_neighbour),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
