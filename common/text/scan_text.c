/* Word borders and scripts in the original text. */
#include "common/text/scan_text.h"

#include <earshot/match.h>

#define HIDDEN_MAX 64 /* hidden characters looked behind; more of them are a border */

/* 1 a word character, 0 something else, -1 hidden */
static int is_word(uint32_t cp)
{
	const uint32_t letter = scan_letter(cp);
	uint32_t several[LETTERS_SEQUENCE_MAX];
	if (letter >= LETTERS_FIRST)
		return scan_is_word(letter);
	if (letter == LETTER_SEQUENCE)
		return letters_sequence(cp, several) > 0 && scan_is_word(several[0]);
	return letter == LETTER_HIDDEN ? -1 : 0;
}

bool scan_text_is_word_at(const struct scan_text *t, size_t at)
{
	int answer = -1;
	for (int i = 0; i < HIDDEN_MAX && answer < 0; i++)
		answer = is_word(scan_text_next(t, &at));
	return answer > 0;
}

bool scan_text_is_word_before(const struct scan_text *t, size_t at)
{
	int answer = -1;
	for (int i = 0; i < HIDDEN_MAX && answer < 0; i++)
		answer = is_word(scan_text_before(t, &at));
	return answer > 0;
}

/* Blocks whose letters make up ordinary words; letters from anywhere else (phonetic, letter-like, the rarer Latin ones) are
 * not written by accident. */
struct block {
	uint32_t from, to;
	int script;
};
static const struct block blocks[] = {
	{ 0x0370, 0x03FF, 1 },
	{ 0x0400, 0x052F, 2 },
	{ 0x0530, 0x058F, 3 },
	{ 0x0590, 0x05FF, 4 },
	{ 0x0600, 0x06FF, 5 },
	{ 0x0900, 0x0DFF, 6 },
	{ 0x10A0, 0x10FF, 7 },
	{ 0x1200, 0x139F, 8 },
	{ 0x13A0, 0x13FF, 9 },
	{ 0x1F00, 0x1FFF, 1 },
	{ 0x2C80, 0x2CFF, 10 },
	{ 0x2D00, 0x2D2F, 7 },
	{ 0x2D30, 0x2D7F, 11 },
	{ 0xA4D0, 0xA4FF, 12 },
	{ 0xAB70, 0xABBF, 9 },
};

static int script_of(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (cp >= blocks[i].from && cp <= blocks[i].to)
			return blocks[i].script;
	return 0;
}

bool scan_text_is_foreign(const struct scan_text *t, size_t from, size_t to)
{
	int script = 0;
	while (from < to) {
		const uint32_t cp = scan_text_next(t, &from), letter = scan_letter(cp);
		if (letter < LETTERS_FIRST || (letter >= '0' && letter <= '9'))
			continue;
		const int its = letters_folds(cp) & FOLD_HOMOGLYPH ? script_of(cp) : 0;
		if (its == 0 || (script != 0 && its != script))
			return false;
		script = its;
	}
	return script != 0;
}
