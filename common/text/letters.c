/* The class or folded letter of every code point: the tables made by tools/gen_letters.c, and the search beyond the BMP. */
#include "common/text/letters.h"

#include <earshot/match.h>

#include <string.h>

#define LETTERS_SELF UINT32_MAX /* each code point of the range is a letter that folds to itself */
#define CODE_HOMOGLYPH 0x40u /* in the byte of a code point; the bits below are those of enum fold */

struct letters_range {
	uint32_t from, to; /* both belong to it */
	uint32_t value; /* class, letter, or LETTERS_SELF */
	unsigned folds; /* as a byte of letters_codes */
};

struct letters_run {
	uint32_t cp;
	uint16_t at, n; /* of letters_pool */
};

#include "gen/letters_table.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct letters_range *range_of(uint32_t cp)
{
	size_t low = 0, high = COUNT(letters_ranges);
	while (low < high) {
		const size_t middle = (low + high) / 2;
		if (cp < letters_ranges[middle].from)
			high = middle;
		else if (cp > letters_ranges[middle].to)
			low = middle + 1;
		else
			return &letters_ranges[middle];
	}
	return NULL;
}

uint32_t letters_of(uint32_t cp)
{
	if (cp < COUNT(letters_bmp))
		return letters_bmp[cp];
	const struct letters_range *r = range_of(cp);
	if (!r)
		return LETTER_WALL;
	return r->value == LETTERS_SELF ? cp : r->value;
}

size_t letters_sequence(uint32_t cp, uint32_t out[LETTERS_SEQUENCE_MAX])
{
	size_t low = 0, high = COUNT(letters_runs);
	while (low < high) {
		const size_t middle = (low + high) / 2;
		const struct letters_run *r = &letters_runs[middle];
		if (r->cp == cp) {
			memcpy(out, letters_pool + r->at, r->n * sizeof(*out));
			return r->n;
		}
		if (cp < r->cp)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

static unsigned code_of(uint32_t cp)
{
	if (cp < COUNT(letters_codes))
		return letters_codes[cp];
	const struct letters_range *r = range_of(cp);
	return r ? r->folds : 0;
}

unsigned letters_folds(uint32_t cp)
{
	const unsigned code = code_of(cp);
	return (code & FOLDS_PLAIN) | (code & CODE_HOMOGLYPH ? (unsigned)FOLD_HOMOGLYPH : 0u);
}
