/* Other ways to write a Chinese term that a list may ask for (enum fold: FOLD_SPLIT, FOLD_PINYIN, FOLD_INITIALS, FOLD_EMOJI).
 * Each becomes a term of the matcher; homophones are not listed but found by sound (scan.c). */
#ifndef EARSHOT_TEXT_VARIANTS_H
#define EARSHOT_TEXT_VARIANTS_H

#include "common/base/arena.h"

struct variant {
	struct str text; /* folded */
	unsigned fold; /* the one bit that it needs */
};

struct variants {
	struct variant *variant;
	size_t n;
};

#define VARIANTS_MAX 256 /* of one term */

/* The variants of a folded term that `folds` allow, without repetition; none when it is not 2 to 8 Chinese characters. */
void variants_make(struct arena *a, struct str folded, unsigned folds, struct variants *out);

#endif
