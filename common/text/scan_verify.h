/* The close look: does a term stand at this place of the original, and what had to be seen through? Pure.
 * Only the scan*.c files use this. */
#ifndef EARSHOT_TEXT_SCAN_VERIFY_H
#define EARSHOT_TEXT_SCAN_VERIFY_H

#include "common/text/scan_book.h"
#include "common/text/scan_text.h"

struct scan_hit {
	size_t from, to; /* bytes of the original */
	unsigned folds;
	bool goes_on; /* the last word has more letters: only for rules with an open end */
	bool has_gap; /* something visible was put between: the dictionary has to be asked */
	size_t characters; /* from … to; 0 = not counted yet */
	size_t sound_from, sound_to; /* the letter that only sounds the same; empty = none */
};

/* Does the term stand around `at`, the place of the letters or the word that it is looked for by? `sound` is the element that must only sound the same, -1 = none must (but one behind the
 * second letter may). The hit's doubts are not yet settled. */
bool scan_verify(const struct scan_text *text, const struct scan_term *t, size_t at, int sound, struct scan_hit *hit);
/* Does it begin with the word at `at`? */
bool scan_verify_first(const struct scan_text *text, const struct scan_term *t, size_t at);
/* End of a pinyin gloss that opens at `at`, as in 服務(wù); 0 when there is none. */
size_t scan_verify_gloss(const struct scan_text *text, size_t at);

#endif
