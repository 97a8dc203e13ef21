/* Tables as text: cells between commas, tabs or semicolons, cells in quotes as RFC 4180 has them. The one reader and the one
 * writer of CSV; what rows mean is their owners' business (rules: common/text/rulebook_sheet.c, posts:
 * crawler/import_table.c). Text is UTF-8 with LF line ends. Pure. */
#ifndef EARSHOT_BASE_TABLE_H
#define EARSHOT_BASE_TABLE_H

#include "common/base/arena.h"
#include "common/base/buf.h"

/* ---- one cell after the other ---- */

struct table_cutter {
	struct arena *a; /* for cells with quotation marks inside */
	struct str rest; /* p == NULL: the text is used up */
	char separator;
};
struct table_cell {
	struct str text; /* without quotes, trimmed; a quoted one may hold line ends */
	const char *at; /* where it begins in the text, NULL when there is nothing: for messages */
};
enum table_cut {
	TABLE_CELL, /* more cells follow in this row */
	TABLE_LAST, /* the row ends behind this one */
	TABLE_BAD_QUOTE, /* a quote without an end, or text behind its end: *cell says where; nothing was taken */
};
/* The next cell. After TABLE_BAD_QUOTE, table_cut_plain() takes the cell as it is written. */
enum table_cut table_cut(struct table_cutter *c, struct table_cell *cell);
enum table_cut table_cut_plain(struct table_cutter *c, struct table_cell *cell);

/* ---- rows, with whatever quotes people leave open ---- */

struct table_row {
	struct str *cell;
	size_t n; /* empty cells at the end do not count; at most LIMIT_TABLE_COLUMNS */
	int line; /* of its first cell, from 1 */
};
struct table {
	struct table_cutter cutter;
	const char *counted; /* up to here the lines were counted */
	int line;
};
/* Excel's first line `sep=;` is obeyed and taken off the text; false when there is none. */
bool table_told_separator(struct str *text, char *separator);
void table_init(struct table *t, struct arena *a, struct str text, char separator);
/* The next row that is not empty; cells live in the arena or in the text. */
bool table_next(struct table *t, struct table_row *row);

/* ---- writing ---- */

/* A cell in quotes where it needs them. */
void table_write_quoted(struct buf *out, struct str text);
/* The same for the text of strangers, made harmless for spreadsheets: what a program could take for a formula (also behind
 * blanks and in full width) gets an apostrophe in front, plain numbers do not. */
void table_write_cell(struct buf *out, struct str text);
/* What table_write_cell() and Excel put in front of such a cell is taken off again. */
struct str table_without_apostrophe(struct str cell);

#endif
