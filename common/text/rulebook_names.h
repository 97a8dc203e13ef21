/* The words that people may write in lists: names of columns, categories, urgencies, natures and folds, English as in
 * include/earshot and Chinese from a table. Case, width and Traditional forms do not matter. */
#ifndef EARSHOT_TEXT_RULEBOOK_NAMES_H
#define EARSHOT_TEXT_RULEBOOK_NAMES_H

#include "common/base/arena.h"

enum rule_column {
	COL_TERM,
	COL_WEIGHT,
	COL_CATEGORY,
	COL_URGENCY,
	COL_NATURE,
	COL_FOLDS,
	COL_CASE,
	COL_NOTE,
	COL_BRAND, /* only as `#brand: ID` */
	COL__N
};
enum rule_names { NAMES_COLUMN, NAMES_CATEGORY, NAMES_URGENCY, NAMES_NATURE, NAMES_FOLD, NAMES_CASE, NAMES__N };

/* The value that the word stands for, -1 = none. */
int rulebook_name(struct arena *a, enum rule_names which, struct str written);
/* The nearest word, for "did you mean"; NULL when none is near. */
const char *rulebook_name_near(enum rule_names which, struct str written);
/* The English words with commas between, for messages. */
const char *rulebook_names_all(struct arena *a, enum rule_names which);
extern const char *const rule_column_names[COL__N];

#endif
