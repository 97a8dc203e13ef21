/* Rows and cells of a list of rules, however a spreadsheet wrote them. */
#include "common/text/rulebook_sheet.h"

#include "common/base/table.h"
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

static int column_of(struct str line, const char *at)
{
	return at ? (int)utf8_count(str_first(line, (size_t)(at - line.p))) + 1 : 1;
}

/* false at a broken quote: its column is that of the last cell. In a file of tabs a quotation mark may just be one: such a
 * cell is taken as it is. */
static bool cut_row(struct arena *a, char separator, struct sheet_row *row)
{
	struct table_cutter c = { a, row->line, separator };
	struct table_cell cell;
	enum table_cut cut = TABLE_CELL;
	size_t filled = 0;
	row->n = 0;
	while (cut == TABLE_CELL) {
		cut = table_cut(&c, &cell);
		const bool is_bad = cut == TABLE_BAD_QUOTE;
		const int column = column_of(row->line, cell.at);
		if (is_bad && separator == '\t')
			cut = table_cut_plain(&c, &cell);
		if (row->n < SHEET_CELLS)
			row->cell[row->n++] = (struct sheet_cell){ cell.text, is_bad ? column : column_of(row->line, cell.at) };
		filled = cell.text.n > 0 ? row->n : filled;
	}
	if (cut == TABLE_BAD_QUOTE)
		return false;
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

void sheet_init(struct sheet *s, struct rulebook_draft *d, struct str text, const char *path)
{
	const size_t n = strlen(path);
	const bool is_csv = n > 4 && strcmp(path + n - 4, ".csv") == 0;
	int best;
	*s = (struct sheet){ .draft = d, .path = path, .rest = text, .separator = is_csv ? ',' : '\t' };
	if (table_told_separator(&s->rest, &s->separator)) {
		s->line = 1;
		return;
	}
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
