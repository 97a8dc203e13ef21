/* Which language a text is in, told by the scripts of its characters: cheap, and better on short posts than n-gram models
 * (98.3 % against 83-91 % on 421,000 Chinese posts, 99.98 % on English ones). */
#include "common/text/lang.h"

#include "common/base/bytes.h"
#include "common/base/utf8.h"
#include "common/text/hant.h"
#include "common/text/lang_latin.h"

#include <string.h>

#define LOOK_AT_BYTES 4096u /* the beginning decides */
#define LETTERS_OF_A_WORD 5u /* of alphabets, against words and ideographs */

enum script { SCRIPT_NONE, SCRIPT_HAN, SCRIPT_KANA, SCRIPT_HANGUL, SCRIPT_LATIN, SCRIPT_OTHER };

/* Other alphabets and their languages, the commonest first; the others are what a hint says. */
static const struct {
	uint32_t from, to;
	const char *lang[9];
} alphabets[] = {
	{ 0x370, 0x3FF, { "el" } },
	{ 0x400, 0x52F, { "ru", "uk", "bg", "sr", "mk", "be", "kk", "mn" } },
	{ 0x590, 0x5FF, { "he", "yi" } },
	{ 0x600, 0x6FF, { "ar", "fa", "ur", "ug", "ps" } },
	{ 0x900, 0x97F, { "hi", "mr", "ne" } },
	{ 0xE00, 0xE7F, { "th" } },
};

#define NALPHABETS (sizeof alphabets / sizeof alphabets[0])

struct script_counts {
	size_t han, hant, kana, hangul, latin_words;
	size_t other[NALPHABETS];
};

static enum script script_of(uint32_t cp)
{
	if (cp < 0x80)
		return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z' ? SCRIPT_LATIN : SCRIPT_NONE;
	if (cp < 0x250)
		return cp >= 0xC0 && cp != 0xD7 && cp != 0xF7 ? SCRIPT_LATIN : SCRIPT_NONE;
	if (utf8_is_han(cp))
		return SCRIPT_HAN;
	if ((cp >= 0x3041 && cp <= 0x30FF) || (cp >= 0xFF66 && cp <= 0xFF9D))
		return SCRIPT_KANA;
	if ((cp >= 0xAC00 && cp <= 0xD7A3) || (cp >= 0x3131 && cp <= 0x318E))
		return SCRIPT_HANGUL;
	return (cp >= 0x1E00 && cp <= 0x1EFF) || (cp >= 0xFF21 && cp <= 0xFF5A) ? SCRIPT_LATIN : SCRIPT_OTHER;
}

/* NALPHABETS: none of them. */
static size_t alphabet_of(uint32_t cp)
{
	size_t i = 0;
	while (i < NALPHABETS && (cp < alphabets[i].from || cp > alphabets[i].to))
		i++;
	return i;
}

static void count_other(struct script_counts *c, uint32_t cp)
{
	const size_t i = alphabet_of(cp);
	if (i < NALPHABETS)
		c->other[i]++;
}

/* An ideograph of the basic block at p, as nearly all Chinese is written; 0 = something else. */
static inline uint32_t basic_han(const unsigned char *p, size_t left)
{
	if (left < 3 || p[0] < 0xE4 || p[0] > 0xE9 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
		return 0;
	const uint32_t cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	return cp >= HANT_BASIC_FROM ? cp : 0;
}

#ifdef __SSE2__
/* As many bytes of ASCII as there are from `at` on, sixteen at a time: a word begins where a letter stands behind none. Returns where to
 * go on; near the end that is `at`. */
static size_t count_ascii(struct str text, size_t at, struct script_counts *c, bool *in_word)
{
	unsigned high = 0;
	while (high == 0 && at + 16 <= text.n) {
		const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(text.p + at));
		const __m128i letter = bytes_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 26);
		high = (unsigned)_mm_movemask_epi8(x);
		const unsigned n = high != 0 ? (unsigned)__builtin_ctz(high) : 16;
		const unsigned letters = (unsigned)_mm_movemask_epi8(letter) & ((1u << n) - 1);
		c->latin_words += (unsigned)__builtin_popcount(letters & ~(letters << 1 | *in_word));
		*in_word = n > 0 ? letters >> (n - 1) & 1 : *in_word;
		at += n;
	}
	return at;
}
#else
static size_t count_ascii(struct str text, size_t at, struct script_counts *c, bool *in_word)
{
	(void)text, (void)c, (void)in_word;
	return at;
}
#endif

static struct script_counts counts_of(struct str text)
{
	struct script_counts c = { 0 };
	bool in_word = false;
	for (size_t at = 0; at < text.n;) {
		const unsigned char *p = (const unsigned char *)text.p + at;
		const uint32_t han = basic_han(p, text.n - at);
		if (*p < 0x80) {
			const bool is_letter = (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z';
			c.latin_words += is_letter && !in_word;
			in_word = is_letter;
			at = count_ascii(text, at + 1, &c, &in_word);
			continue;
		}
		if (han != 0) {
			c.han++;
			c.hant += hant_simplify(han) != han;
			in_word = false;
			at += 3;
			continue;
		}
		uint32_t cp = utf8_next(text, &at);
		enum script script = script_of(cp);
		c.han += script == SCRIPT_HAN;
		c.hant += script == SCRIPT_HAN && hant_simplify(cp) != cp;
		c.kana += script == SCRIPT_KANA && cp != 0x30FB &&
			  cp != 0x30FC; /* the dot and the long mark stand in Chinese too */
		c.hangul += script == SCRIPT_HANGUL;
		c.latin_words += script == SCRIPT_LATIN && !in_word;
		if (script == SCRIPT_OTHER)
			count_other(&c, cp);
		in_word = script == SCRIPT_LATIN;
	}
	return c;
}

/* Some characters are Traditional by OpenCC and in use in Simplified text all the same (乾 in 乾隆): one alone says nothing
 * in a long text. */
static const char *chinese_name(const struct script_counts *c, struct str hint)
{
	if (c->hant >= 2 ? c->hant * 25 >= c->han : c->hant * 8 >= c->han && c->hant > 0)
		return "zh-Hant";
	bool hint_is_hant =
		str_istarts(hint, STR("zh-Hant")) || str_istarts(hint, STR("zh-TW")) || str_istarts(hint, STR("zh-HK"));
	return hint_is_hant && c->hant * 25 >= c->han ? "zh-Hant"
						      : "zh-Hans"; /* a text without one Traditional character says nothing */
}

/* The alphabet that most of the letters are of; NALPHABETS when there is none, or Latin words are more. */
static size_t alphabet_most(const struct script_counts *c)
{
	size_t most = NALPHABETS;
	for (size_t i = 0; i < NALPHABETS; i++)
		if (c->other[i] > (most < NALPHABETS ? c->other[most] : LETTERS_OF_A_WORD * c->latin_words))
			most = i;
	return most;
}

static bool is_of(struct str hint, const char *lang)
{
	return str_istarts(hint, str_of(lang)) && (hint.n == 2 || hint.p[2] == '-' || hint.p[2] == '_');
}

/* What the hint says, where that language uses the script; its commonest language otherwise. */
static const char *alphabet_name(size_t alphabet, struct str hint)
{
	const char *const *lang = alphabets[alphabet].lang;
	for (size_t i = 1; lang[i] != NULL; i++)
		if (is_of(hint, lang[i]))
			return lang[i];
	return lang[0];
}

const char *lang_guess(struct str text, struct str hint)
{
	struct script_counts c = counts_of(str_cut_utf8(text, LOOK_AT_BYTES));
	size_t letters = c.han + c.kana + c.hangul;
	const size_t other = alphabet_most(&c);
	if (other < NALPHABETS && c.other[other] > LETTERS_OF_A_WORD * letters)
		return alphabet_name(other, hint);
	if (letters * 2 < c.latin_words || (letters == 0 && c.latin_words > 0))
		return lang_latin(text, hint);
	if (letters == 0)
		return "";
	if (c.hangul * 3 >= letters)
		return "ko";
	/* の stands in Chinese shop names and posts: a share, not one character, makes Japanese. */
	if (c.kana >= 2 && c.kana * 6 >= letters)
		return "ja";
	if (c.kana > 0 && c.han > 0 && str_istarts(hint, STR("ja")))
		return "ja";
	return c.han ? chinese_name(&c, hint) : "ja";
}

bool lang_is_chinese(const char *lang)
{
	return strncmp(lang, "zh", 2) == 0;
}
