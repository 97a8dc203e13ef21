/* What every code point is to the matcher: a letter (folded), or one of the classes below. Made at build time from ICU's
 * data (NFKC, case folding, confusables of UTS 39) and OpenCC's (tools/gen_letters.c); nothing of either is linked for it.
 *
 * The letter of a code point is what is left after NFKC, case folding, Traditional -> Simplified, dropping the diacritics
 * of Latin, Greek and Cyrillic letters (é → e, ø → o), and, for scripts other than Han, kana, hangul and bopomofo, taking
 * the ASCII letter that looks the same (Cyrillic с → c, Cherokee ꮯ → c). Folding a letter again changes nothing.
 *
 * i and l: I-shaped letters of other scripts (Greek Ι, Cyrillic І, Ӏ) stand for either in practice. They fold to the one their
 * lower case looks like; a caller that sees through homoglyphs takes i and l for the same letter.
 *
 * Wanted differences from normalise() (common/text/normalise.h): diacritics go; homoglyphs become Latin, by shape, so that
 * a Greek word in capitals need not meet itself in small letters (Η → h, η → n); ™ and ℠ are symbols, not "tm" and "sm";
 * digits of all scripts and circled ones are ASCII digits; rare ideographs whose Simplified form lies beyond the BMP keep
 * their Traditional form, which their Simplified form folds to; decomposed kana and hangul are not composed. */
#ifndef EARSHOT_TEXT_LETTERS_H
#define EARSHOT_TEXT_LETTERS_H

#include <stddef.h>
#include <stdint.h>

enum letter_class {
	LETTER_WALL, /* never matched across: the mask mark, line breaks, unassigned, private, U+FFFD */
	LETTER_HIDDEN, /* as if it were not there: zero-width, controls, marks that no script needs, variation selectors */
	LETTER_SPACE, /* all other white space, and what looks like it */
	LETTER_SYMBOL, /* what people put between letters: * _ - / · … 、 emoji, currency, mathematical signs */
	LETTER_CLAUSE, /* ends a clause: , ; : ! ? ) ] and quotes, in every width and script */
	LETTER_STOP, /* . 。．｡, which ends a sentence or is put between letters */
	LETTER_OPEN, /* an opening bracket, maybe of a gloss */
	LETTER_SEQUENCE, /* several letters: ㎏ ﬁ ½ ß; ask letters_sequence() */
	LETTER_OVERRIDE, /* U+202E: what follows is shown backwards */
	LETTER_CLASS__N
};
#define LETTERS_FIRST 0x30u /* values from here on are letters, below are classes */
#define LETTERS_SEQUENCE_MAX 18

extern const uint16_t letters_bmp[65536]; /* an enum letter_class, or the folded letter (from LETTERS_FIRST on) */
uint32_t letters_of(uint32_t cp); /* the same for any code point; WALL behind U+10FFFF */
/* The letters of a LETTER_SEQUENCE code point, already folded; how many, 0 for any other. */
size_t letters_sequence(uint32_t cp, uint32_t out[LETTERS_SEQUENCE_MAX]);
/* FOLD_CASE, WIDTH, HANT, MARKS, HOMOGLYPH bits (<earshot/match.h>) that lead from this code point to its letters. */
unsigned letters_folds(uint32_t cp);

#endif
