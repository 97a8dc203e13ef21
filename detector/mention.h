/* Where a name that no rule knows stands in a text. */
#ifndef EARSHOT_DETECTOR_MENTION_H
#define EARSHOT_DETECTOR_MENTION_H

#include "detector/reading.h"

typedef void mention_add(void *into, struct place at);
/* Calls `add` for each place of `name`, which is folded: whole words only. */
void mention_find(const struct reading *r, struct str name, mention_add *add, void *into);
#define MENTION_NOBODY "\xEE\x80\x83" /* U+E003, private: the name of a rival where there is none, and none is looked for */

/* The reading of a text toward a name (as written; "" = of the text as a whole), its mentions found, not yet made. */
struct reading mention_reading(
	struct arena *a, const struct rulebook *book, const struct post *post, const struct scanned *s, struct str name);
/* A name as mention_find() wants it. */
struct str mention_folded(struct arena *a, struct str name);

#endif
