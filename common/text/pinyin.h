/* Chinese characters as they sound: syllables of Hanyu Pinyin without tones. Made at build time from ICU's data and the
 * characters with several readings of pinyin.def (tools/gen_pinyin.c). Traditional forms sound like their Simplified ones. */
#ifndef EARSHOT_TEXT_PINYIN_H
#define EARSHOT_TEXT_PINYIN_H

#include "common/base/str.h"

#define PINYIN_READINGS_MAX 4

/* The syllable a character is usually read as, U+3400…U+9FFF; 0 = none known. Syllables are numbered from 1 by name. */
uint16_t pinyin_of(uint32_t cp);
/* All its everyday readings, the usual one first; how many, 0 = none known. */
size_t pinyin_readings(uint32_t cp, uint16_t out[PINYIN_READINGS_MAX]);
/* "tui", lower case ASCII; ü is v, as it is typed: lü is "lv", nüe is "nve". "" for 0 and numbers that are no syllable. */
const char *pinyin_name(uint16_t syllable);
uint16_t pinyin_count(void); /* the highest syllable number */
/* The syllable of a toneless ASCII name ("lv", and "lue", "nue" as dictionaries write them); 0 = none. */
uint16_t pinyin_syllable(struct str name);
/* Is the text between two brackets a reading of the character before: `wù`, `wu4`, `WU`, `ㄨˋ`, or several syllables when
 * they carry tones (`fúwù`, `fu2 wu4`)? */
bool pinyin_is_gloss(struct str inside);
/* The same behind the character `cp`: what has no tone, 飯(fan), must be one of its readings, for it may be an English word. */
bool pinyin_is_gloss_of(uint32_t cp, struct str inside);

#endif
