/* One pass over a text: every place where a term may stand is found and looked at closely. Only the scan*.c files use this. */
#ifndef EARSHOT_TEXT_SCAN_PASS_H
#define EARSHOT_TEXT_SCAN_PASS_H

#include "common/text/scan_odd.h"

/* Calls `found` for every hit whose doubts are settled, in no particular order. `text` is padded (scan_text.h); `budget` is
 * what is left of it. */
void scan_pass(
	const struct scan *s, const struct scan_text *text, scan_odd_found *found, void *context, struct scan_budget *budget);

/* The text behind a right-to-left override at `at`, read backwards (scan_reversed.c). Returns its end. */
size_t scan_reversed(const struct scan *s, const struct scan_text *text, size_t at, scan_odd_found *found, void *context,
	struct scan_budget *budget);

/* May the hit be believed? What was seen through a gap, a homophone or a character taken apart must not cut a word in two, and
 * pinyin counts only beside Chinese (scan_doubt.c). */
bool scan_doubt_is_dear(const struct scan_hit *hit); /* the dictionary has to be asked */
bool scan_doubt_stands(const struct scan_text *text, const struct scan_term *t, const struct scan_hit *hit);

#endif
