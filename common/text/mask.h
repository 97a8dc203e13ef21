/* Personal data out before anything is stored: checksum-type kinds (Chinese mobile, resident identity card with ISO 7064
 * MOD 11-2 check, bank card with Luhn, e-mail). Length-preserving in code points, so that places stay true: every
 * character of the value becomes U+2588 FULL BLOCK, a mark that the normaliser never skips over. Full-width digits and
 * separators (space, hyphen) inside a number are seen through. Order numbers, 12315 and 400 lines stay. */
#ifndef EARSHOT_TEXT_MASK_H
#define EARSHOT_TEXT_MASK_H

#include "common/base/arena.h"

#define MASK_MARK 0x2588u

enum mask_kind { MASK_MOBILE, MASK_ID_CARD, MASK_BANK_CARD, MASK_EMAIL, MASK_KIND__N };
struct mask_span {
	enum mask_kind kind;
	uint32_t from, to; /* code points */
};

extern const char *const mask_kind_names[MASK_KIND__N]; /* as the `pii` pack spells types */

/* Finds, in order, without overlap; at most `max`. */
size_t mask_find(struct str text, struct mask_span *span, size_t max);
/* The masked text (the same slice when nothing was found); adds to *n how many were masked. */
struct str mask_text(struct arena *a, struct str text, size_t *n);

#endif
