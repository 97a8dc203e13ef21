/* Unit tests of plain text from HTML and of character references. */
#include "common/base/tree.h"

#include <earshot/limits.h>

#include "common/base/entity.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void expect_str(struct str got, const char *want)
{
	if (!str_eqc(got, want))
		fail_msg("expected \"%s\", got \"%.*s\"", want, STR_FMT(got));
}

static void plain_text_of_html_has_lines_and_no_scripts(void **state)
{
	(void)state;
	expect_str(tree_html_to_text(&arena, STR("<p>Hello&nbsp; <b>wor</b>ld</p><p>two</p>")), "Hello world\ntwo");
	expect_str(tree_html_to_text(&arena, STR("<p>客服<br/>不理人</p><ul><li>一<li>二</ul>")), "客服\n不理人\n一\n二");
	expect_str(tree_html_to_text(&arena, STR("a<script>if (1<2) {'</b>'}</script>b<style>x</STYLE>c")), "a b c");
	expect_str(tree_html_to_text(&arena, STR("a<!-- <b> -->b<![CDATA[ <c> ]]>")), "ab <c>");
	expect_str(tree_html_to_text(&arena, STR("<td>1</td><td>2</td><a title='x>y'>z</a>")), "1 2 z");
}

static void plain_text_survives_what_is_no_html(void **state)
{
	(void)state;
	expect_str(
		tree_html_to_text(&arena, STR("1 < 2 & 3 > 2; AT&T &copy2024 &lt;b&gt;")), "1 < 2 & 3 > 2; AT&T &copy2024 <b>");
	expect_str(tree_html_to_text(&arena, STR("to <mark@example.com and so on")), "to <mark@example.com and so on");
	expect_str(tree_html_to_text(&arena, STR("<a href=\"x>没有引号</a> ok")), "没有引号 ok");
	expect_str(tree_html_to_text(&arena, STR("")), "");
	expect_str(tree_html_to_text(&arena, STR("  \n ")), "");
}

static void expect_reference(const char *text, bool strict, size_t bytes, uint32_t cp)
{
	struct entity read = { 0 };

	assert_int_equal(entity_read(str_of(text), strict, &read), bytes);
	if (bytes > 0)
		assert_int_equal(read.cp, cp);
}

static void references_are_read_by_name_and_number(void **state)
{
	(void)state;
	expect_reference("&eacute;x", true, 8, 0xE9);
	expect_reference("&#x4E2d;", true, 8, 0x4E2D);
	expect_reference("&#146;", true, 6, 0x2019);
	expect_reference("&#99999999999999;", true, 17, 0xFFFD);
	expect_reference("&nothing;", true, 0, 0);
	expect_reference("&amp", true, 0, 0);
	expect_reference("&amp", false, 4, '&');
	expect_reference("&;", true, 0, 0);
	assert_int_equal(entity_named(STR("thetasym")).cp, 0x3D1);
	assert_int_equal(entity_named(STR("AElig")).cp, 0xC6);
}

static void names_of_html_5_are_known_and_some_are_two_characters(void **state)
{
	const struct entity two = entity_named(STR("NotEqualTilde"));

	(void)state;
	assert_int_equal(two.cp, 0x2242);
	assert_int_equal(two.second, 0x338);
	expect_reference("&CounterClockwiseContourIntegral;", true, 33, 0x2233);
	expect_reference("&lbrace;", true, 8, '{');
	expect_reference("&CounterClockwiseContourIntegralx;", true, 0, 0);
	expect_str(tree_html_to_text(&arena, STR("&fjlig;ord &check; 好&excl;")), "fjord \u2713 好!");
}

static void only_old_names_do_without_their_semicolon(void **state)
{
	(void)state;
	expect_reference("&copy 2024", false, 5, 0xA9);
	expect_reference("&copy2024", false, 0, 0);
	expect_reference("&mdash x", false, 0, 0);
	expect_reference("&in x", false, 0, 0);
	expect_reference("& x", false, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_of_html_has_lines_and_no_scripts),
		cmocka_unit_test(plain_text_survives_what_is_no_html),
		cmocka_unit_test(references_are_read_by_name_and_number),
		cmocka_unit_test(names_of_html_5_are_known_and_some_are_two_characters),
		cmocka_unit_test(only_old_names_do_without_their_semicolon),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
