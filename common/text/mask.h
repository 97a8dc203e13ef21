/* Personal data out before anything is stored. What proves itself by its form (numbers with check digits, telephone numbers, plates,
 * IP and e-mail addresses), what stands behind a word that announces it (names, WeChat and QQ ids, passports), and addresses of
 * houses, in Chinese and English. Length-preserving in code points, so that places stay true: every character of the value
 * becomes U+2588 FULL BLOCK, a mark that the normaliser never skips over. Full-width digits, separators inside a number and digits
 * with blanks between them are seen through. Order and tracking numbers, prices, dates, versions and service lines (12315, 400, 95xxx)
 * stay. A text without digit, @ or announcing word costs one look at each byte. */
#ifndef EARSHOT_TEXT_MASK_H
#define EARSHOT_TEXT_MASK_H

#include "common/base/arena.h"

#define MASK_MARK 0x2588u

enum mask_kind {
	MASK_MOBILE, /* Chinese mobile */
	MASK_ID_CARD, /* resident identity card: ISO 7064 MOD 11-2; the old ones of 15 digits by province and date */
	MASK_BANK_CARD, /* issuer and Luhn, Chinese and foreign */
	MASK_EMAIL,
	MASK_LANDLINE, /* Chinese, with area code */
	MASK_PLATE, /* Chinese, those of new-energy cars, too */
	MASK_PASSPORT, /* behind a word that says so, as are the next two and names */
	MASK_WECHAT,
	MASK_QQ,
	MASK_ADDRESS,
	MASK_NAME,
	MASK_SSN,
	MASK_US_PHONE,
	MASK_IPV4,
	MASK_IPV6,
	MASK_KIND__N
};
struct mask_span {
	enum mask_kind kind;
	uint32_t from, to; /* code points */
};

extern const char *const mask_kind_names[MASK_KIND__N]; /* as the `pii` pack spells types */

/* Finds, in order, without overlap; at most `max`. With room for text.n + 1 nothing is ever left out. */
size_t mask_find(struct str text, struct mask_span *span, size_t max);
/* The masked text (the same slice when nothing was found); adds to *n how many were masked. */
struct str mask_text(struct arena *a, struct str text, size_t *n);

#endif
