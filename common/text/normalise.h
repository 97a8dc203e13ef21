/* One pass from original text to what rules are matched against: NFKC (width, compatibility forms, composition), case
 * folding, Traditional -> Simplified, hidden characters dropped, white space made single. Every byte of the result knows
 * the code point of the original it came from, so that places reported to people are true.
 * The mask mark (mask.h) is a wall: it is never dropped, folded or joined across. */
#ifndef EARSHOT_TEXT_NORMALISE_H
#define EARSHOT_TEXT_NORMALISE_H

#include "common/base/arena.h"
#include <earshot/match.h>

struct norm {
	struct str text; /* folded UTF-8 */
	uint32_t *origin; /* text.n + 1 entries: code point index in the original of each byte; [n] = length of the original */
	uint32_t *origin_end; /* text.n entries: code point index behind the original cluster of each byte */
	unsigned char *folds; /* text.n entries: enum fold bits that made this byte what it is */
	unsigned any_folds; /* all of them together: 0 lets callers skip the slow look */
};

void normalise(struct arena *a, struct str original, struct norm *out);
/* Only the folded text, for terms and names. */
struct str normalise_text(struct arena *a, struct str original);

#endif
