/* The quick look: does a term stand at this place, where the text is written as nearly all texts are? It compares bytes, and knows
 * letter case, Traditional forms, and what is plainly something else. Where there may be a gap, a disguise, a mark or something
 * hidden it does not decide: that is left to the close look in scan_verify.c. Pure. Only scan_verify.c uses this. */
#ifndef EARSHOT_TEXT_SCAN_PLAIN_H
#define EARSHOT_TEXT_SCAN_PLAIN_H

#include "common/text/scan_verify.h"

enum scan_answer {
	SCAN_NO,
	SCAN_YES,
	SCAN_LOOK_CLOSER, /* it may, in a form that is not plain */
};

/* Does the term's anchor stand at `at`, and the rest around it? *hit is filled in by SCAN_YES alone. */
enum scan_answer scan_plain(const struct scan_text *text, const struct scan_term *t, size_t at, struct scan_hit *hit);

#endif
