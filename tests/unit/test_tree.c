/* Unit tests of plain text from HTML, of the guard before tree builders, and of character references. */
#include "common/base/tree.h"

#include <earshot/limits.h>

#include "common/base/entity.h"
#include "common/base/tree_clean.h"

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
	tree_library_release();
	return 0;
}

static void expect_str(struct str got, const char *want)
{
	if (!str_eqc(got, want))
		fail_msg("expected \"%s\", got \"%.*s\"", want, STR_FMT(got));
}

static void attributes_of_a_tag_are_capped(void **state)
{
	struct buf tag, html;

	(void)state;
	buf_init(&tag, 1u << 20);
	buf_addz(&tag, "<a");
	for (int i = 0; i < 5000; i++)
		buf_addf(&tag, " x%d=\"%d\"", i, i);
	buf_addz(&tag, ">ok</a>");
	buf_init(&html, 1u << 20);
	tree_clean_html(&html, buf_str(&tag));
	assert_true(str_find(buf_str(&html), STR("x255")) > 0);
	assert_true(str_find(buf_str(&html), STR("x256")) < 0);
	assert_true(str_ends(buf_str(&html), STR(">ok</a>")));
	buf_release(&html);
	buf_release(&tag);
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

static void references_are_read_by_name_and_number(void **state)
{
	uint32_t cp = 0;

	(void)state;
	assert_int_equal(entity_read(STR("&eacute;x"), true, &cp), 8);
	assert_int_equal(cp, 0xE9);
	assert_int_equal(entity_read(STR("&#x4E2d;"), true, &cp), 8);
	assert_int_equal(cp, 0x4E2D);
	assert_int_equal(entity_read(STR("&#146;"), true, &cp), 6);
	assert_int_equal(cp, 0x2019);
	assert_int_equal(entity_read(STR("&#99999999999999;"), true, &cp), 17);
	assert_int_equal(cp, 0xFFFD);
	assert_int_equal(entity_read(STR("&nothing;"), true, &cp), 0);
	assert_int_equal(entity_read(STR("&amp"), true, &cp), 0);
	assert_int_equal(entity_read(STR("&amp"), false, &cp), 4);
	assert_int_equal(entity_read(STR("&;"), true, &cp), 0);
	assert_int_equal(entity_named(STR("thetasym")), 0x3D1);
	assert_int_equal(entity_named(STR("AElig")), 0xC6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_of_a_tag_are_capped),
		cmocka_unit_test(plain_text_of_html_has_lines_and_no_scripts),
		cmocka_unit_test(plain_text_survives_what_is_no_html),
		cmocka_unit_test(references_are_read_by_name_and_number),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
