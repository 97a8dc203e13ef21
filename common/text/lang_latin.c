/* Languages of the Latin script, told by their function words: each word of the text that a language's list holds is a point for it. */
#include "common/text/lang_latin.h"

#include "common/base/utf8.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <threads.h>

#define LOOK_AT_BYTES 1024u /* the beginning decides */
#define KEY_BYTES 8u /* of a word; no longer one is in the lists */
#define SLOTS_LOG2 11
#define SLOTS ((size_t)1 << SLOTS_LOG2)
#define LETTER ((uint64_t)0xFF << 56) /* over a code point: the key of a letter; no byte of UTF-8 is 0xFF */
#define WORD_POINTS 2
#define LETTER_POINTS 1 /* of a word with a letter that few languages have */
#define LEAST_POINTS 5
#define LEAST_SHARE 5 /* one word in so many speaks for the language, or more */

static const struct {
	const char *code, *words, *letters;
} langs[] = {
#define LANG(code, words, letters) { code, words, letters },
#include "common/text/lang_latin.def"
#undef LANG
};

#define NLANGS (sizeof langs / sizeof langs[0])
#define ENGLISH 0u

static_assert(NLANGS <= 32, "one bit each");

/* Words and letters, hashed, to the languages that have them. */
static struct {
	uint64_t key[SLOTS]; /* 0 ends a search */
	uint32_t langs[SLOTS];
} lists;

struct points {
	unsigned of[NLANGS], words;
};

static size_t slot_of(uint64_t key)
{
	size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >> (64 - SLOTS_LOG2));
	while (lists.key[at] != 0 && lists.key[at] != key)
		at = (at + 1) % SLOTS;
	return at;
}

static uint64_t key_of(struct str word)
{
	uint64_t key = 0;
	memcpy(&key, word.p, word.n < KEY_BYTES ? word.n : KEY_BYTES);
	return key;
}

static void add(uint64_t key, size_t lang)
{
	const size_t at = slot_of(key);
	lists.key[at] = key;
	lists.langs[at] |= 1u << lang;
}

static void fill(void)
{
	for (size_t i = 0; i < NLANGS; i++) {
		struct str rest = str_of(langs[i].words), word;
		while (str_split(&rest, ' ', &word))
			add(key_of(word), i);
		const struct str letters = str_of(langs[i].letters);
		for (size_t at = 0; at < letters.n;)
			add(LETTER | utf8_next(letters, &at), i);
	}
}

static void give(struct points *points, uint32_t set, unsigned n)
{
	for (; set != 0; set &= set - 1)
		points->of[__builtin_ctz(set)] += n;
}

/* Capitals of the first two blocks to small letters; all others have none in the lists. */
static uint32_t small(uint32_t cp)
{
	const bool is_capital = (cp >= 'A' && cp <= 'Z') || (cp >= 0xC0 && cp <= 0xDE && cp != 0xD7);
	return is_capital ? cp + 0x20 : cp;
}

static bool is_letter(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 0xC0 && cp < 0x250 && cp != 0xF7) || (cp >= 0x1E00 && cp < 0x1F00) ||
	       cp == '\'';
}

/* Of addresses, names and codes: what stands beside these is no word. */
static bool is_code(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || cp == '/' || cp == '@' || cp == '#' || cp == '_' || cp == ':' || cp == '&';
}

/* A letter of a word: into its key, and what it says itself. Returns the languages that have it among few. */
static uint32_t add_letter(char word[KEY_BYTES + 4], size_t *n, uint32_t cp)
{
	*n += *n <= KEY_BYTES ? (size_t)utf8_put(word + *n, cp) : 0;
	return cp < 0x80 ? 0 : lists.langs[slot_of(LETTER | cp)];
}

static struct points count(struct str text)
{
	struct points points = { 0 };
	char word[KEY_BYTES + 4];
	size_t n = 0;
	uint32_t few = 0;
	bool in_code = false;
	for (size_t at = 0; at <= text.n;) {
		const bool is_end = at == text.n;
		const uint32_t cp = is_end ? 0 : small(utf8_next(text, &at));
		at += is_end;
		if (is_letter(cp)) {
			few |= add_letter(word, &n, cp);
			continue;
		}
		const bool is_word = n > 0 && !in_code && cp != '/' && cp != '_';
		const uint32_t same = is_word && n <= KEY_BYTES ? lists.langs[slot_of(key_of((struct str){ word, n }))] : 0;
		give(&points, same, WORD_POINTS);
		give(&points, is_word ? few & ~same : 0, LETTER_POINTS);
		points.words += n > 0;
		in_code = is_code(cp);
		n = few = 0;
	}
	return points;
}

/* NLANGS: none of these. */
static size_t lang_hinted(struct str hint)
{
	size_t i = 0;
	while (i < NLANGS && !(str_istarts(hint, str_of(langs[i].code)) && (hint.n == 2 || hint.p[2] == '-' || hint.p[2] == '_')))
		i++;
	return i;
}

static bool is_clear(const struct points *points, size_t lang)
{
	const unsigned n = points->of[lang];
	return n >= LEAST_POINTS && n * LEAST_SHARE >= points->words * WORD_POINTS && n * 2 > points->of[ENGLISH] * 3;
}

const char *lang_latin(struct str text, struct str hint)
{
	static once_flag is_filled = ONCE_FLAG_INIT;
	call_once(&is_filled, fill);
	const struct points points = count(str_cut_utf8(text, LOOK_AT_BYTES));
	const size_t hinted = lang_hinted(hint);
	size_t best = hinted < NLANGS ? hinted : ENGLISH; /* neighbours (da, nb; id, ms) are as their source says */
	for (size_t i = 0; i < NLANGS; i++)
		if (points.of[i] * 4 > points.of[best] * 5)
			best = i;
	if (best != ENGLISH && best != hinted && !is_clear(&points, best))
		best = hinted;
	return best < NLANGS ? langs[best].code : "en";
}
