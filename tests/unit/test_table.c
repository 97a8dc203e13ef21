/* Unit tests of CSV: cells and rows as spreadsheets write them, and cells that no spreadsheet takes for a formula. */
#include "common/base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;

/* Rows as "a|b/c|d". */
static const char *rows(const char *text, char separator)
{
	struct table t;
	struct table_row row;
	struct str out = STR("");
	table_init(&t, &arena, str_of(text), separator);
	while (table_next(&t, &row)) {
		out = arena_printf(&arena, "%.*s%s", STR_FMT(out), out.n > 0 ? "/" : "");
		for (size_t i = 0; i < row.n; i++)
			out = arena_printf(&arena, "%.*s%s%.*s", STR_FMT(out), i > 0 ? "|" : "", STR_FMT(row.cell[i]));
	}
	return arena_cstr(&arena, out);
}

static void quoted_cells_hold_separators_quotes_and_lines(void **state)
{
	(void)state;
	assert_string_equal(rows("a,\"b,c\",\"d\"\"e\"\n\"一\n二\",x\n", ','), "a|b,c|d\"e/一\n二|x");
	assert_string_equal(rows("a\t\"b\tc\"\nd", '\t'), "a|b\tc/d");
	assert_string_equal(rows("a;b;;\n;;\n\nc", ';'), "a|b/c");
	assert_string_equal(rows(" a , \" b \" ,c", ','), "a|b|c");
}

static void a_quote_without_an_end_is_only_a_quote(void **state)
{
	(void)state;
	assert_string_equal(rows("5\" screen,x\n\"open,y\nz", ','), "5\" screen|x/\"open|y/z");
	assert_string_equal(rows("\"a\"b,c", ','), "\"a\"b|c");
}

static void a_row_knows_the_line_it_begins_on(void **state)
{
	struct table t;
	struct table_row row;
	(void)state;
	table_init(&t, &arena, STR("a\n\n\"b\nc\"\nd\n"), ',');
	assert_true(table_next(&t, &row) && row.line == 1);
	assert_true(table_next(&t, &row) && row.line == 3);
	assert_true(table_next(&t, &row) && row.line == 5);
	assert_false(table_next(&t, &row));
}

static void empty_lines_take_no_memory(void **state)
{
	(void)state;
	struct table t;
	struct table_row row;
	char lines[10000];
	memset(lines, '\n', sizeof lines);
	table_init(&t, &arena, (struct str){ lines, sizeof lines }, ',');
	const size_t used = arena.used;
	assert_false(table_next(&t, &row));
	assert_int_equal(arena.used, used);
}

static void a_row_has_a_most(void **state)
{
	static char wide[4000];
	struct table t;
	struct table_row row;
	(void)state;
	memset(wide, ',', sizeof wide - 1);
	wide[sizeof wide - 2] = 'x';
	wide[5] = 'y';
	table_init(&t, &arena, str_of(wide), ',');
	assert_true(table_next(&t, &row));
	assert_true(row.n <= 256);
}

static void excel_says_its_separator(void **state)
{
	struct str text = STR("sep=;\na;b");
	char separator = 0;
	(void)state;
	assert_true(table_told_separator(&text, &separator));
	assert_int_equal(separator, ';');
	assert_true(str_eqc(text, "a;b"));
	assert_false(table_told_separator(&text, &separator));
}

static const char *written(const char *text)
{
	struct buf b;
	buf_init(&b, 1000);
	table_write_cell(&b, str_of(text));
	const char *out = arena_cstr(&arena, buf_str(&b));
	buf_release(&b);
	return out;
}

static void a_strangers_text_is_no_formula(void **state)
{
	(void)state;
	assert_string_equal(written("=1+1"), "'=1+1");
	assert_string_equal(written(" \xE3\x80\x80@SUM(1)"), "' \xE3\x80\x80@SUM(1)");
	assert_string_equal(written("＝cmd"), "'＝cmd");
	assert_string_equal(written("=A1,\"x\""), "\"'=A1,\"\"x\"\"\"");
	assert_string_equal(written("-5"), "-5");
	assert_string_equal(written("-1e5"), "-1e5");
	assert_string_equal(written("退款, 好"), "\"退款, 好\"");
	assert_true(str_eqc(table_without_apostrophe(STR("'=1+1")), "=1+1"));
	assert_true(str_eqc(table_without_apostrophe(STR("'tis")), "'tis"));
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 16u << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quoted_cells_hold_separators_quotes_and_lines),
		cmocka_unit_test(a_quote_without_an_end_is_only_a_quote),
		cmocka_unit_test(a_row_knows_the_line_it_begins_on),
		cmocka_unit_test(empty_lines_take_no_memory),
		cmocka_unit_test(a_row_has_a_most),
		cmocka_unit_test(excel_says_its_separator),
		cmocka_unit_test(a_strangers_text_is_no_formula),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
