/* Traditional -> Simplified, one code point to one. The tables are generated at build time (tools/gen_t2s.c). */
#ifndef EARSHOT_TEXT_HANT_H
#define EARSHOT_TEXT_HANT_H

#include <stdint.h>

#define HANT_BASIC_FROM 0x4E00u
#define HANT_BASIC_TO 0x9FFFu

extern const uint16_t hant_basic[HANT_BASIC_TO - HANT_BASIC_FROM + 1]; /* 0 = stays, 1 = rare */
uint32_t hant_simplify_rare(uint32_t cp); /* the characters beyond hant_basic */

/* The Simplified form, `cp` itself when there is none. In the header because every Chinese character goes through it. */
static inline uint32_t hant_simplify(uint32_t cp)
{
	if (cp < HANT_BASIC_FROM || cp > HANT_BASIC_TO)
		return hant_simplify_rare(cp);
	uint32_t to = hant_basic[cp - HANT_BASIC_FROM];
	if (to == 1)
		return hant_simplify_rare(cp);
	return to ? to : cp;
}

#endif
