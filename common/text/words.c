/* Word borders in Chinese by ICU's dictionary and our own words: the only file that includes ICU at run time. */
#include "common/text/words.h"

#include "common/base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>

#define SIDE_CHARACTERS 24 /* looked at on each side; words are at most a handful of characters */
#define UNITS_MAX (4 * SIDE_CHARACTERS) /* both sides, two UTF-16 units each */
#define OWN_MAX 4096
#define OWN_UNITS 4 /* characters of an own word, all of the BMP; 0 behind a shorter one */

struct own_word {
	UChar unit[OWN_UNITS];
};

struct words {
	UBreakIterator *iterator;
	UChar units[UNITS_MAX];
	struct own_word own[OWN_MAX]; /* sorted */
	size_t nown;
};

static const char *const own_words[] = {
#define WORDS(words) words,
#include "common/text/words.def"
#undef WORDS
};

static int own_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct own_word));
}

static void own_add(struct words *w, struct str word)
{
	struct own_word *own = &w->own[w->nown++];
	for (size_t at = 0, n = 0; at < word.n && n < OWN_UNITS; n++)
		own->unit[n] = (UChar)utf8_next(word, &at);
}

static void own_read(struct words *w)
{
	for (size_t i = 0; i < sizeof(own_words) / sizeof(own_words[0]); i++) {
		struct str rest = str_of(own_words[i]), word;
		while (w->nown < OWN_MAX && str_split(&rest, ' ', &word))
			own_add(w, word);
	}
	qsort(w->own, w->nown, sizeof(w->own[0]), own_order);
}

/* Are the units from..to of the run an own word? */
static bool own_has(const struct words *w, int32_t from, int32_t to)
{
	struct own_word wanted = { { 0 } };
	memcpy(wanted.unit, w->units + from, (size_t)(to - from) * sizeof(UChar));
	return bsearch(&wanted, w->own, w->nown, sizeof(w->own[0]), own_order) != NULL;
}

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
	own_read(w);
	return w;
}

void words_free(struct words *w)
{
	if (!w)
		return;
	ubrk_close(w->iterator);
	free(w);
}

struct words *words_shared(void)
{
	static struct words *shared;
	static bool is_tried;
	if (!is_tried)
		shared = words_new();
	is_tried = true;
	return shared;
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

/* Does the border at unit `at` lie inside an own word that begins and ends at borders of the dictionary? */
static bool lies_in_own(const struct words *w, int32_t at, int32_t all)
{
	for (int32_t from = at < OWN_UNITS ? 0 : at - OWN_UNITS + 1; from < at; from++)
		for (int32_t to = at + 1; to <= all && to - from <= OWN_UNITS; to++)
			if (own_has(w, from, to) && ubrk_isBoundary(w->iterator, from) && ubrk_isBoundary(w->iterator, to))
				return true;
	return false;
}

bool words_border(struct words *w, struct str text, size_t at)
{
	if (at == 0 || at >= text.n)
		return true;
	const int32_t left = put_run(w, 0, text, run_start(text, at), at);
	const int32_t all = put_run(w, left, text, at, text.n);
	if (left == 0 || all == left || !is_open(w, all))
		return true;
	return ubrk_isBoundary(w->iterator, left) && !lies_in_own(w, left, all);
}

bool words_is_one(struct words *w, struct str word)
{
	if (word.n == 0 || run_start(word, word.n) != 0)
		return false;
	const int32_t n = put_run(w, 0, word, 0, word.n);
	if (n <= OWN_UNITS && own_has(w, 0, n))
		return true;
	return is_open(w, n) && ubrk_following(w->iterator, 0) == n;
}
