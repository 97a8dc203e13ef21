/* Headings of lists: which cell of a row is which column. */
#include "common/text/rulebook_rows.h"

void list_rows_init(struct list_rows *r, struct rulebook_draft *d, struct str text, const char *path, enum rule_column third)
{
	*r = (struct list_rows){ .has_rows = false };
	sheet_init(&r->sheet, d, text, path);
	for (int i = 0; i < COL__N; i++)
		r->cell_of[i] = -1;
	r->cell_of[COL_TERM] = 0;
	r->cell_of[COL_WEIGHT] = 1;
	r->cell_of[COL_NOTE] = 3;
	r->cell_of[third] = 2;
}

/* The first row is one when all of its cells are names of columns, or some are and no cell is a number. */
static bool is_heading(struct arena *a, const struct sheet_row *row)
{
	size_t known = 0, numbers = 0;
	double number;
	for (size_t i = 0; i < row->n; i++) {
		known += rulebook_name(a, NAMES_COLUMN, row->cell[i].text) >= 0;
		numbers += sheet_number(a, row->cell[i].text, &number);
	}
	const bool starts_well = rulebook_name(a, NAMES_COLUMN, row->cell[0].text) == COL_TERM;
	return known == row->n ? starts_well || known > 1 : numbers == 0 && known > 0;
}

static void unknown_column(struct list_rows *r, struct str written, struct draft_place place)
{
	const char *near = rulebook_name_near(NAMES_COLUMN, written);
	draft_tell(r->sheet.draft, R_COLUMN, place, "no column is called \"%.*s\"; %s%s%s", STR_FMT(written),
		near ? "did you mean \"" : "there are ",
		near ? near : "term, weight, category, urgency, nature, folds, case and note", near ? "\"?" : "");
	r->is_lost = true;
}

static void read_heading(struct list_rows *r, const struct sheet_row *row)
{
	struct draft_place place = { r->sheet.path, row->number, 1 };
	r->nheading = row->n;
	for (int i = 0; i < COL__N; i++)
		r->cell_of[i] = -1;
	for (size_t i = 0; i < row->n; i++) {
		const struct str written = row->cell[i].text;
		const int column = rulebook_name(r->sheet.draft->a, NAMES_COLUMN, written);
		place.column = row->cell[i].column;
		if (written.n == 0)
			continue;
		if (column < 0 || column == COL_BRAND) {
			unknown_column(r, written, place);
		} else if (r->cell_of[column] >= 0) {
			draft_tell(r->sheet.draft, R_COLUMN, place, "the column %s is there twice; take one away",
				rule_column_names[column]);
			r->is_lost = true;
		} else {
			r->cell_of[column] = (int)i;
		}
	}
	place.column = 1;
	if (r->cell_of[COL_TERM] < 0 && !r->is_lost)
		draft_tell(r->sheet.draft, R_COLUMN, place, "the heading has no column for the terms; call it term or 关键词");
	r->is_lost = r->is_lost || r->cell_of[COL_TERM] < 0;
}

static void check_width(const struct list_rows *r, const struct sheet_row *row)
{
	if (r->nheading == 0 || row->n <= r->nheading)
		return;
	draft_tell(r->sheet.draft, R_CELLS, (struct draft_place){ r->sheet.path, row->number, row->cell[r->nheading].column },
		"%zu cells, but the heading has %zu columns; put a term with %s in it in quotes, or take the cell away", row->n,
		r->nheading, sheet_separator_name(r->sheet.separator));
}

static void take_cells(const struct list_rows *r, const struct sheet_row *from, struct list_row *to)
{
	for (int i = 0; i < COL__N; i++) {
		const int at = r->cell_of[i];
		const bool is_there = at >= 0 && (size_t)at < from->n;
		to->cell[i] = is_there ? from->cell[at] : (struct sheet_cell){ { NULL, 0 }, from->cell[0].column };
	}
}

/* As a spreadsheet saves it, a comment may stand in quotes, or have empty cells behind it. */
static struct str comment_of(const struct list_rows *r, const struct sheet_row *row)
{
	struct str line = str_trim(row->line);
	if (str_starts(line, STR("\"")))
		return row->cell[0].text;
	while (line.n > 0 && line.p[line.n - 1] == r->sheet.separator)
		line = str_trim(str_first(line, line.n - 1));
	return line;
}

bool list_rows_next(struct list_rows *r, struct list_row *row)
{
	struct sheet_row cells;
	while (sheet_next(&r->sheet, &cells)) {
		*row = (struct list_row){ .line = cells.number };
		if (sheet_is_comment(&cells)) {
			row->comment = comment_of(r, &cells);
			return true;
		}
		const bool is_first = !r->has_rows;
		r->has_rows = true;
		if (is_first && is_heading(r->sheet.draft->a, &cells)) {
			read_heading(r, &cells);
		} else if (!r->is_lost) {
			check_width(r, &cells);
			take_cells(r, &cells, row);
			return true;
		}
	}
	return false;
}
