/* Cells and rows of tables that are text, and back. */
#include "common/base/table.h"

#include <earshot/limits.h>
#include <string.h>

/* ---- cells ---- */

/* `"…"` with `""` for a quotation mark inside; the bytes up to the closing one, -1 when it does not come. */
static ptrdiff_t quoted_end(struct str s)
{
	const size_t most = s.n < LIMIT_CELL_BYTES ? s.n : LIMIT_CELL_BYTES;
	for (size_t i = 1; i < most; i++) {
		if (s.p[i] != '"')
			continue;
		if (i + 1 < s.n && s.p[i + 1] == '"')
			i++;
		else
			return (ptrdiff_t)i;
	}
	return -1;
}

static struct str unquote(struct arena *a, struct str inside)
{
	if (str_findc(inside, '"') < 0)
		return inside;
	char *to = arena_take(a, inside.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < inside.n; i++) {
		to[n++] = inside.p[i];
		i += inside.p[i] == '"';
	}
	return (struct str){ to, n };
}

static struct str skip_blanks(struct str s, char separator)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t') && s.p[0] != separator)
		s = str_from(s, 1);
	return s;
}

/* `rest` moves behind the cell's end, which is the separator, the line's end or the text's. */
static enum table_cut end_cell(struct table_cutter *c, struct str behind)
{
	if (behind.n == 0) {
		c->rest = (struct str){ NULL, 0 };
		return TABLE_LAST;
	}
	const bool is_last = behind.p[0] != c->separator;
	c->rest = (struct str){ behind.p + 1, behind.n - 1 };
	return is_last ? TABLE_LAST : TABLE_CELL;
}

enum table_cut table_cut_plain(struct table_cutter *c, struct table_cell *cell)
{
	size_t n = 0;
	while (n < c->rest.n && c->rest.p[n] != c->separator && c->rest.p[n] != '\n')
		n++;
	cell->text = str_trim(str_first(c->rest, n));
	cell->at = cell->text.p;
	return end_cell(c, (struct str){ c->rest.p + n, c->rest.n - n });
}

enum table_cut table_cut(struct table_cutter *c, struct table_cell *cell)
{
	*cell = (struct table_cell){ 0 };
	if (!c->rest.p)
		return TABLE_LAST;
	const struct str from = skip_blanks(c->rest, c->separator);
	if (from.n == 0 || from.p[0] != '"')
		return table_cut_plain(c, cell);
	cell->at = from.p;
	const ptrdiff_t end = quoted_end(from);
	if (end < 0)
		return TABLE_BAD_QUOTE;
	const struct str past = { from.p + end + 1, from.n - (size_t)end - 1 };
	const struct str behind = skip_blanks(past, c->separator);
	if (behind.n > 0 && behind.p[0] != c->separator && behind.p[0] != '\n')
		return TABLE_BAD_QUOTE;
	cell->text = str_trim(unquote(c->a, (struct str){ from.p + 1, (size_t)end - 1 }));
	return end_cell(c, behind);
}

/* ---- rows ---- */

bool table_told_separator(struct str *text, char *separator)
{
	struct str rest = *text, line;
	if (!str_split(&rest, '\n', &line) || line.n < 5 || !str_istarts(line, STR("sep=")))
		return false;
	*separator = line.p[4];
	*text = rest;
	return true;
}

void table_init(struct table *t, struct arena *a, struct str text, char separator)
{
	*t = (struct table){ .cutter = { a, text, separator }, .counted = text.p, .line = 1 };
}

static void count_lines(struct table *t)
{
	for (; t->counted < t->cutter.rest.p; t->counted++)
		t->line += *t->counted == '\n';
}

static void cut_row(struct table *t, struct table_row *row)
{
	struct str cell[LIMIT_TABLE_COLUMNS];
	struct table_cell one;
	size_t n = 0;
	enum table_cut cut = TABLE_CELL;
	row->n = 0;
	while (cut == TABLE_CELL) {
		cut = table_cut(&t->cutter, &one);
		if (cut == TABLE_BAD_QUOTE)
			cut = table_cut_plain(&t->cutter, &one);
		if (n < LIMIT_TABLE_COLUMNS)
			cell[n++] = one.text;
		row->n = one.text.n > 0 ? n : row->n;
	}
	if (row->n == 0) /* empty lines cost nothing, however many there are */
		return;
	row->cell = arena_list(t->cutter.a, struct str, row->n);
	memcpy(row->cell, cell, row->n * sizeof *cell);
}

bool table_next(struct table *t, struct table_row *row)
{
	while (t->cutter.rest.p) {
		count_lines(t);
		row->line = t->line;
		cut_row(t, row);
		if (row->n > 0)
			return true;
	}
	return false;
}

/* ---- writing ---- */

void table_write_quoted(struct buf *out, struct str text)
{
	bool needs_quotes = false;
	for (size_t i = 0; i < text.n; i++)
		needs_quotes = needs_quotes || (text.p[i] != 0 && strchr(",\";\t\n\r", text.p[i]) != NULL);
	if (!needs_quotes) {
		buf_adds(out, text);
		return;
	}
	buf_addc(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, text.p[i]);
	}
	buf_addc(out, '"');
}

/* Takes the first of `list` that `s` begins with off it; the list ends with NULL. */
static bool take_one(struct str *s, const char *const *list)
{
	for (; *list; list++) {
		if (!str_starts(*s, str_of(*list)))
			continue;
		*s = str_from(*s, strlen(*list));
		return true;
	}
	return false;
}

/* What a spreadsheet may pass over before it looks for a formula, and what it takes for the start of one. */
static bool could_be_formula(struct str s)
{
	static const char *const passed[] = { " ", "\"", "\u3000", "\ufeff", "\u200b", NULL };
	static const char *const starts[] = { "=", "+", "-", "@", "|", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦",
		"﹫", NULL };
	double number;
	if (str_to_double(s, &number))
		return false;
	while (take_one(&s, passed))
		;
	return take_one(&s, starts);
}

void table_write_cell(struct buf *out, struct str text)
{
	struct buf safe;
	if (!could_be_formula(text)) {
		table_write_quoted(out, text);
		return;
	}
	buf_init(&safe, text.n + 1);
	buf_addc(&safe, '\'');
	buf_adds(&safe, text);
	table_write_quoted(out, buf_str(&safe));
	buf_release(&safe);
}

struct str table_without_apostrophe(struct str cell)
{
	return cell.n > 1 && cell.p[0] == '\'' && could_be_formula(str_from(cell, 1)) ? str_from(cell, 1) : cell;
}
