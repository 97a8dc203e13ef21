/* Chinese texts with a Latin name in place of one of theirs: firms are called so in every second post, and our writers hardly do it. */
#ifndef EARSHOT_DETECTOR_STANCE_RENAME_H
#define EARSHOT_DETECTOR_STANCE_RENAME_H

#include "common/base/arena.h"

#define STANCE_RENAME_NAMES 256u
#define STANCE_RENAME_BYTES 32u /* longer names are not taken */

/* Names of English texts, the last that came; all zeros to begin with. */
struct stance_rename {
	char name[STANCE_RENAME_NAMES][STANCE_RENAME_BYTES];
	uint32_t n; /* that came */
};

void stance_rename_take(struct stance_rename *r, struct str name);
/* The text with one of its names, wherever it stands, changed for one that was taken; which and for which is told by the text itself.
 * false: too few names have come yet. What comes out lives in `a`. */
bool stance_rename(const struct stance_rename *r, struct arena *a, struct str *text, struct str name[2]);

#endif
