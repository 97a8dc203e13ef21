/* The rows of a list with their cells by the name of the column, wherever the heading put it. */
#ifndef EARSHOT_TEXT_RULEBOOK_ROWS_H
#define EARSHOT_TEXT_RULEBOOK_ROWS_H

#include "common/text/rulebook_names.h"
#include "common/text/rulebook_sheet.h"

struct list_row {
	int line;
	struct str comment; /* a line that begins with #, as written; then there are no cells */
	struct sheet_cell cell[COL__N]; /* text "" when it is absent; its column is then that of the first cell */
};

struct list_rows {
	struct sheet sheet;
	int cell_of[COL__N]; /* where each column stands; -1 = nowhere */
	size_t nheading; /* columns of the heading, 0 = there is none */
	bool has_rows;
	bool is_lost; /* the heading is wrong, what its rows mean is a guess: none come */
};

/* Without a heading the columns are term, weight, `third`, note. */
void list_rows_init(struct list_rows *r, struct rulebook_draft *d, struct str text, const char *path, enum rule_column third);
/* The next row or comment; headings are read and not given. */
bool list_rows_next(struct list_rows *r, struct list_row *row);

/* The third column of a list without a heading, COL_NOTE where nothing has to be there; false when `path` names no list. */
bool rulebook_list_third(const char *path, enum rule_column *out);

#endif
