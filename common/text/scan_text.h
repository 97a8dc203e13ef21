/* The original text as the matcher reads it: decoding forward and backward, letters instead of code points. Only the scan*.c
 * files and their tests use this. Texts are valid UTF-8; ill-formed bytes cost no more than a missed match. */
#ifndef EARSHOT_TEXT_SCAN_TEXT_H
#define EARSHOT_TEXT_SCAN_TEXT_H

#include "common/base/utf8.h"
#include "common/text/letters.h"

#include <stdbool.h>

#define SCAN_PAD_FRONT 16 /* zero bytes that may be read in front of a text … */
#define SCAN_PAD_BEHIND 80 /* … and behind it: the loops load more than they use */

struct scan_text {
	const unsigned char *p; /* with the zeros around it */
	size_t n;
};

#define SCAN_END 0xFFFFFFFFu /* the code point behind the last one: a wall */

/* The code point of the three bytes at `p`. */
static inline uint32_t scan_code_of_three(const unsigned char *p)
{
	return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
}

static inline uint32_t scan_text_next(const struct scan_text *t, size_t *at)
{
	const unsigned char *p = t->p + *at;
	const size_t left = t->n - *at;
	if (*at >= t->n)
		return SCAN_END;
	if (p[0] < 0x80) {
		*at += 1;
		return p[0];
	}
	if (p[0] < 0xE0) {
		*at += left < 2 ? left : 2;
		return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	}
	if (p[0] < 0xF0) {
		*at += left < 3 ? left : 3;
		return scan_code_of_three(p);
	}
	*at += left < 4 ? left : 4;
	return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

/* The code point that ends at *at; moves *at to its first byte. */
static inline uint32_t scan_text_before(const struct scan_text *t, size_t *at)
{
	if (*at == 0 || *at > t->n)
		return SCAN_END;
	size_t from = *at - 1;
	while (from > 0 && *at - from < 4 && (t->p[from] & 0xC0) == 0x80)
		from--;
	*at = from;
	return scan_text_next(t, &(size_t){ from });
}

/* letters_of(), without a call for nearly all code points. */
static inline uint32_t scan_letter(uint32_t cp)
{
	return cp < 0x10000 ? letters_bmp[cp] : letters_of(cp);
}

static inline bool scan_is_word(uint32_t letter)
{
	return letter < 0x80 ? (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') : utf8_is_word(letter);
}

/* An ASCII letter or digit. */
static inline bool scan_is_ascii_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Does an ideograph begin at `p`? E4 … E9 begin nearly all that are in use. */
static inline bool scan_is_ideograph(const unsigned char *p)
{
	return (unsigned char)(p[0] - 0xE4) <= 0xE9 - 0xE4;
}

/* scan_letter() of the three bytes at `p`: a letter or a class. */
static inline uint32_t scan_letter_of_three(const unsigned char *p)
{
	return letters_bmp[scan_code_of_three(p)];
}

/* Characters of three bytes that are no letters of words, nor marks on one, nor hidden: ideographs, 、。，！？：；. They often stand
 * beside a Latin word. */
static inline bool scan_is_plain_border(const unsigned char *p)
{
	if (scan_is_ideograph(p))
		return true;
	if (p[0] == 0xE3)
		return p[1] == 0x80 && (p[2] == 0x81 || p[2] == 0x82);
	return p[0] == 0xEF && p[1] == 0xBC && (p[2] == 0x8C || p[2] == 0x81 || p[2] == 0x9F || p[2] == 0x9A || p[2] == 0x9B);
}

/* Does a word character stand at `at`, or behind what is hidden there? */
bool scan_text_is_word_at(const struct scan_text *t, size_t at);
bool scan_text_is_word_before(const struct scan_text *t, size_t at);
/* Does the word that ends at `at` go on, perhaps behind something hidden? Says yes to anything hidden. */
static inline bool scan_text_goes_on(const struct scan_text *t, size_t at)
{
	const uint32_t letter = scan_letter(scan_text_next(t, &at));
	return letter >= LETTERS_FIRST ? scan_is_word(letter) : letter == LETTER_HIDDEN || letter == LETTER_SEQUENCE;
}

/* Are the letters between the two places all ordinary ones of one other script (Cyrillic сор)? Then they are a word of that
 * script, not a Latin word in disguise. */
bool scan_text_is_foreign(const struct scan_text *t, size_t from, size_t to);

#endif
