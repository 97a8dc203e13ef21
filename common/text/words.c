/* Word borders in Chinese by ICU's dictionary: the only file that includes ICU at run time. */
#include "common/text/words.h"

#include "common/base/utf8.h"

#include <stdlib.h>
#include <unicode/ubrk.h>

#define SIDE_CHARACTERS 24 /* looked at on each side; words are at most a handful of characters */
#define UNITS_MAX (4 * SIDE_CHARACTERS) /* both sides, two UTF-16 units each */

struct words {
	UBreakIterator *iterator;
	UChar units[UNITS_MAX];
};

struct words *words_new(void)
{
	UErrorCode code = U_ZERO_ERROR;
	UBreakIterator *iterator = ubrk_open(UBRK_WORD, "zh", NULL, 0, &code);
	if (U_FAILURE(code))
		return NULL;
	struct words *w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	w->iterator = iterator;
	return w;
}

void words_free(struct words *w)
{
	if (!w)
		return;
	ubrk_close(w->iterator);
	free(w);
}

/* The start of the character that ends in front of `at`. */
static size_t step_back(struct str text, size_t at)
{
	do
		at--;
	while (at > 0 && ((unsigned char)text.p[at] & 0xC0) == 0x80);
	return at;
}

static bool is_han_at(struct str text, size_t at)
{
	return at < text.n && utf8_is_han(utf8_next(text, &at));
}

/* The start of the run of ideographs that reaches up to `at`, at most SIDE_CHARACTERS of them. */
static size_t run_start(struct str text, size_t at)
{
	for (int i = 0; i < SIDE_CHARACTERS && at > 0; i++) {
		const size_t before = step_back(text, at);
		if (!is_han_at(text, before))
			break;
		at = before;
	}
	return at;
}

static int32_t put_unit(struct words *w, int32_t n, uint32_t cp)
{
	if (cp <= 0xFFFF) {
		w->units[n] = (UChar)cp;
		return n + 1;
	}
	w->units[n] = (UChar)(0xD7C0 + (cp >> 10));
	w->units[n + 1] = (UChar)(0xDC00 | (cp & 0x3FF));
	return n + 2;
}

/* Appends up to SIDE_CHARACTERS ideographs from `at` on, stopping in front of `end`; the new count of units. */
static int32_t put_run(struct words *w, int32_t n, struct str text, size_t at, size_t end)
{
	for (int i = 0; i < SIDE_CHARACTERS && at < end && is_han_at(text, at); i++)
		n = put_unit(w, n, utf8_next(text, &at));
	return n;
}

static bool is_open(struct words *w, int32_t n)
{
	UErrorCode code = U_ZERO_ERROR;
	ubrk_setText(w->iterator, w->units, n, &code);
	return U_SUCCESS(code);
}

bool words_border(struct words *w, struct str text, size_t at)
{
	if (at == 0 || at >= text.n)
		return true;
	const int32_t left = put_run(w, 0, text, run_start(text, at), at);
	const int32_t all = put_run(w, left, text, at, text.n);
	if (left == 0 || all == left || !is_open(w, all))
		return true;
	return ubrk_isBoundary(w->iterator, left);
}

bool words_is_one(struct words *w, struct str word)
{
	if (word.n == 0 || run_start(word, word.n) != 0)
		return false;
	const int32_t n = put_run(w, 0, word, 0, word.n);
	return is_open(w, n) && ubrk_following(w->iterator, 0) == n;
}
