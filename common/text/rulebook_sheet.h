/* A list of rules as rows of cells: tab, comma or semicolon between them (found out from the rows, or told by Excel's first
 * line `sep=,`), cells in quotes as RFC 4180 has them. A cell does not go on behind the end of its line. */
#ifndef EARSHOT_TEXT_RULEBOOK_SHEET_H
#define EARSHOT_TEXT_RULEBOOK_SHEET_H

#include "common/text/rulebook_draft.h"

#define SHEET_CELLS 32 /* of a row; further ones are dropped */

struct sheet_cell {
	struct str text; /* without quotes, trimmed */
	int column; /* of its first character, for messages */
};
struct sheet_row {
	struct str line;
	int number; /* of the line, from 1 */
	size_t n; /* empty cells at the end do not count */
	struct sheet_cell cell[SHEET_CELLS];
};
struct sheet {
	struct rulebook_draft *draft;
	const char *path;
	struct str rest;
	int line;
	char separator;
};

/* `text` is UTF-8 with LF line ends (draft_text). */
void sheet_init(struct sheet *s, struct rulebook_draft *d, struct str text, const char *path);
/* The next row that is not empty; comment lines (`# …`) are rows of one cell. Rows with broken quotes are told and passed over. */
bool sheet_next(struct sheet *s, struct sheet_row *row);
bool sheet_is_comment(const struct sheet_row *row);
/* A number as a person or Excel writes it: full-width digits, 0,7 and 70% are fine. */
bool sheet_number(struct arena *a, struct str written, double *out);
/* "a tab", "a comma", "a semicolon" */
const char *sheet_separator_name(char separator);

#endif
