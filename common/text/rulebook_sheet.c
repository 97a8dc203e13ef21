/* Rows and cells of a list of rules, however a spreadsheet wrote them. */
#include "common/text/rulebook_sheet.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"
#include "common/text/rulebook_names.h"

#include <string.h>

#define SAMPLE_ROWS 20 /* looked at to find the separator */

static const struct {
	char c;
	const char *name;
} separators[] = { { '\t', "a tab" }, { ',', "a comma" }, { ';', "a semicolon" } };
#define NSEPARATORS (sizeof(separators) / sizeof(separators[0]))

const char *sheet_separator_name(char separator)
{
	for (size_t i = 0; i < NSEPARATORS; i++)
		if (separators[i].c == separator)
			return separators[i].name;
	return separators[0].name;
}

/* ---- numbers ---- */

bool sheet_number(struct arena *a, struct str written, double *out)
{
	char digits[32];
	size_t n = 0;
	if (str_to_double(written, out))
		return true;
	struct str s = str_trim(normalise_text(a, written));
	const bool is_percent = str_ends(s, STR("%"));
	if (is_percent)
		s = str_trim(str_first(s, s.n - 1));
	const bool has_minus_sign = str_starts(s, STR("−")); /* U+2212, as a word processor makes of "-" */
	if (has_minus_sign)
		s = str_from(s, STR("−").n);
	if (s.n == 0 || s.n >= sizeof(digits) - 1)
		return false;
	if (has_minus_sign)
		digits[n++] = '-';
	for (size_t i = 0; i < s.n; i++)
		digits[n++] = s.p[i] == ',' ? '.' : s.p[i];
	if (!str_to_double((struct str){ digits, n }, out))
		return false;
	*out = is_percent ? *out / 100 : *out;
	return true;
}

/* ---- cells ---- */

struct cutter {
	struct arena *a;
	struct str line, rest; /* rest.p == NULL: no further cell */
	char separator;
};

static int column_of(struct str line, struct str cell)
{
	return cell.p ? (int)utf8_count(str_first(line, (size_t)(cell.p - line.p))) + 1 : 1;
}

/* `"…"` with `""` for a quotation mark inside; the bytes up to the closing one, -1 when it does not come. */
static ptrdiff_t quoted_end(struct str s)
{
	for (size_t i = 1; i < s.n; i++) {
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

/* A cell in quotes. In a file of tabs a quotation mark may just be one: such a cell is taken as it is. */
static bool next_quoted(struct cutter *c, struct str from, struct sheet_cell *cell)
{
	const ptrdiff_t end = quoted_end(from);
	struct str behind = end < 0 ? (struct str){ NULL, 0 } : skip_blanks(str_from(from, (size_t)end + 1), c->separator);
	if (end < 0 || (behind.n > 0 && behind.p[0] != c->separator))
		return false;
	cell->text = str_trim(unquote(c->a, (struct str){ from.p + 1, (size_t)end - 1 }));
	cell->column = column_of(c->line, from);
	c->rest = behind.n > 0 ? str_from(behind, 1) : (struct str){ NULL, 0 };
	if (behind.n > 0 && c->rest.n == 0)
		c->rest = (struct str){ behind.p + 1, 0 };
	return true;
}

enum cut { CUT_CELL, CUT_END, CUT_BAD_QUOTE };

static enum cut next_cell(struct cutter *c, struct sheet_cell *cell)
{
	if (!c->rest.p)
		return CUT_END;
	struct str from = skip_blanks(c->rest, c->separator), part;
	if (from.n > 0 && from.p[0] == '"') {
		if (next_quoted(c, from, cell))
			return CUT_CELL;
		cell->column = column_of(c->line, from);
		if (c->separator != '\t')
			return CUT_BAD_QUOTE;
	}
	(void)str_split(&c->rest, c->separator, &part);
	*cell = (struct sheet_cell){ str_trim(part), column_of(c->line, str_trim(part)) };
	return CUT_CELL;
}

/* false at a broken quote: its column is that of the last cell. */
static bool cut_row(struct arena *a, char separator, struct sheet_row *row)
{
	struct cutter c = { a, row->line, row->line, separator };
	struct sheet_cell cell = { { NULL, 0 }, 1 };
	size_t filled = 0;
	row->n = 0;
	for (;;) {
		const enum cut cut = next_cell(&c, &cell);
		if (cut == CUT_END)
			break;
		if (row->n < SHEET_CELLS)
			row->cell[row->n++] = cell;
		if (cut == CUT_BAD_QUOTE)
			return false;
		filled = cell.text.n > 0 ? row->n : filled;
	}
	row->n = filled;
	return true;
}

bool sheet_is_comment(const struct sheet_row *row)
{
	return row->n > 0 && row->cell[0].text.n > 0 && row->cell[0].text.p[0] == '#';
}

/* ---- the separator ---- */

/* How well a row reads with this separator: a heading of columns that exist says most, a number behind the term
 * next; where neither helps, several cells are better than one. */
static int score_row(struct arena *a, const struct sheet_row *row)
{
	int known = 0, numbers = 0;
	double number;
	for (size_t i = 0; i < row->n; i++) {
		known += rulebook_name(a, NAMES_COLUMN, row->cell[i].text) >= 0;
		numbers += i > 0 && sheet_number(a, row->cell[i].text, &number);
	}
	return (known > 1 ? known * 1000 : 0) + (numbers > 0 ? 100 : 0) + (row->n > 2 ? (int)row->n : 0);
}

static int score_separator(const struct sheet *s, char separator)
{
	struct str rest = s->rest;
	struct sheet_row row = { 0 };
	int score = 0;
	for (int rows = 0; rows < SAMPLE_ROWS && str_split(&rest, '\n', &row.line);) {
		const bool is_whole = cut_row(s->draft->a, separator, &row);
		if (row.n == 0 || sheet_is_comment(&row))
			continue;
		score += is_whole ? score_row(s->draft->a, &row) : -100;
		rows++;
	}
	return score;
}

/* Excel's own `sep=;` */
static bool told_separator(struct sheet *s)
{
	struct str rest = s->rest, line;
	if (!str_split(&rest, '\n', &line) || line.n < 5 || !str_istarts(line, STR("sep=")))
		return false;
	s->separator = line.p[4];
	s->rest = rest;
	s->line = 1;
	return true;
}

void sheet_init(struct sheet *s, struct rulebook_draft *d, struct str text, const char *path)
{
	const size_t n = strlen(path);
	const bool is_csv = n > 4 && strcmp(path + n - 4, ".csv") == 0;
	int best;
	*s = (struct sheet){ .draft = d, .path = path, .rest = text, .separator = is_csv ? ',' : '\t' };
	if (told_separator(s))
		return;
	best = score_separator(s, s->separator);
	for (size_t i = 0; i < NSEPARATORS; i++) {
		const int score = score_separator(s, separators[i].c);
		if (score <= best)
			continue;
		best = score;
		s->separator = separators[i].c;
	}
}

bool sheet_next(struct sheet *s, struct sheet_row *row)
{
	while (str_split(&s->rest, '\n', &row->line)) {
		row->number = ++s->line;
		if (!cut_row(s->draft->a, s->separator, row)) {
			draft_tell(s->draft, R_QUOTE, (struct draft_place){ s->path, s->line, row->cell[row->n - 1].column },
				"this quoted cell has no end on its line, or text behind its end; write \"\" for a quotation "
				"mark "
				"inside, and no line break");
			continue;
		}
		if (row->n > 0)
			return true;
	}
	return false;
}
