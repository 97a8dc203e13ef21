/* Tables of labelled texts, as people and `earshot label --next` write them: a first line of column names, then a row a text, tabs
 * between cells, no quotes. Columns: text; label or sentiment (negative, neutral, positive, or 0 and 1); brand, category as they
 * are; kind (service or review); nature; urgency; rival and rival_sentiment (another brand of the text, and the label toward it); one
 * more by its own name. Others are passed over. */
#ifndef EARSHOT_DETECTOR_LABELS_H
#define EARSHOT_DETECTOR_LABELS_H

#include "common/base/str.h"

enum labels_column {
	LABELS_TEXT,
	LABELS_SENTIMENT,
	LABELS_BRAND,
	LABELS_CATEGORY,
	LABELS_KIND,
	LABELS_NATURE,
	LABELS_URGENCY,
	LABELS_RIVAL,
	LABELS_RIVAL_SENTIMENT,
	LABELS_CLASS, /* of the name asked for */
	LABELS_COLUMN__N
};

struct labels_file {
	struct str rest;
	int column[LABELS_COLUMN__N]; /* where each stands; -1 = there is none */
};
struct labels_row {
	struct str cell[LABELS_COLUMN__N]; /* borrowed from the bytes; "" = not given */
};

/* False when no column is called text. `class_column`: name of a further column; NULL = none. */
bool labels_open(struct labels_file *f, struct str bytes, const char *class_column);
/* Rows without a text are passed over; false at the end. */
bool labels_next(struct labels_file *f, struct labels_row *out);
/* enum label; -1 when it is none. */
int labels_sentiment(struct str written);

#endif
