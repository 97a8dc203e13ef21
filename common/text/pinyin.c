/* How characters are read: look-ups in the tables that tools/gen_pinyin.c makes, and the recognition of glosses. */
#include "common/text/pinyin.h"

#include "common/base/utf8.h"
#include "common/text/hant.h"
#include "common/text/letters.h"

#include <string.h>

#define PINYIN_FROM 0x3400u
#define PINYIN_TO 0x9FFFu
#define SYLLABLE_MAX 6 /* letters: zhuang, chuang, shuang */
#define GLOSS_MAX 48 /* bytes between the brackets */

struct pinyin_row {
	uint32_t cp;
	uint16_t reading[PINYIN_READINGS_MAX]; /* 0 behind the last */
};

#include "gen/pinyin_table.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

uint16_t pinyin_of(uint32_t cp)
{
	cp = hant_simplify(cp);
	return cp >= PINYIN_FROM && cp <= PINYIN_TO ? pinyin_table[cp - PINYIN_FROM] : 0;
}

static const struct pinyin_row *row_of(uint32_t cp)
{
	size_t low = 0, high = COUNT(pinyin_rows);
	while (low < high) {
		const size_t middle = (low + high) / 2;
		if (cp < pinyin_rows[middle].cp)
			high = middle;
		else if (cp > pinyin_rows[middle].cp)
			low = middle + 1;
		else
			return &pinyin_rows[middle];
	}
	return NULL;
}

size_t pinyin_readings(uint32_t cp, uint16_t out[PINYIN_READINGS_MAX])
{
	const struct pinyin_row *row = row_of(hant_simplify(cp));
	size_t n = 0;
	if (!row) {
		out[0] = pinyin_of(cp);
		return out[0] ? 1 : 0;
	}
	for (; n < PINYIN_READINGS_MAX && row->reading[n]; n++)
		out[n] = row->reading[n];
	return n;
}

uint16_t pinyin_count(void)
{
	return (uint16_t)(COUNT(pinyin_names) - 1);
}

const char *pinyin_name(uint16_t syllable)
{
	return syllable < COUNT(pinyin_names) ? pinyin_names[syllable] : "";
}

uint16_t pinyin_syllable(struct str name)
{
	if (str_eq(name, STR("lue")))
		name = STR("lve");
	if (str_eq(name, STR("nue")))
		name = STR("nve");
	size_t low = 1, high = COUNT(pinyin_names);
	while (low < high) {
		const size_t middle = (low + high) / 2;
		const int order = str_cmp(name, str_of(pinyin_names[middle]));
		if (order == 0)
			return (uint16_t)middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

/* ---- glosses ---- */

/* The letters of what stands between the brackets, with the tones set apart. */
struct gloss {
	char letters[GLOSS_MAX];
	bool ends[GLOSS_MAX]; /* a syllable certainly ends behind this letter */
	size_t n, ntones;
	bool is_zhuyin; /* any Bopomofo letter */
};

static bool is_tone_mark(uint32_t cp)
{
	return cp == 0x0300 || cp == 0x0301 || cp == 0x0304 || cp == 0x030C || cp == 0x02C7 || cp == 0x02C9 || cp == 0x02CA ||
	       cp == 0x02CB || cp == 0x02D9;
}

static bool gloss_letter(struct gloss *g, uint32_t cp)
{
	const uint32_t letter = letters_of(cp);
	if (cp >= 0x3105 && cp <= 0x312F) {
		g->is_zhuyin = true;
		return true;
	}
	if (is_tone_mark(cp)) {
		g->ntones++;
		return true;
	}
	if (letter == LETTER_HIDDEN)
		return true;
	if ((letter >= '0' && letter <= '5') || letter == LETTER_SPACE || letter == '\'' || cp == '\'' || cp == 0x2019) {
		if (g->n)
			g->ends[g->n - 1] = true;
		g->ntones += letter >= '0' && letter <= '5';
		return g->n > 0;
	}
	if (letter < 'a' || letter > 'z' || g->n == GLOSS_MAX)
		return false;
	/* ü is written v by pinyin_names, but its dots are gone: nu and lu are syllables too, so that only lue and nue differ */
	g->ntones += cp > 0x7F && letter != 'g' && cp != 0x0251;
	g->letters[g->n++] = (char)letter;
	return true;
}

/* Can letters[at..n) be read as syllables, none of which runs over a certain end? Longest first, with a step back. */
static bool gloss_reads(const struct gloss *g, size_t at)
{
	if (at == g->n)
		return true;
	size_t most = 1;
	while (most < SYLLABLE_MAX && at + most < g->n && !g->ends[at + most - 1])
		most++;
	for (size_t len = most; len > 0; len--)
		if (pinyin_syllable((struct str){ g->letters + at, len }) && gloss_reads(g, at + len))
			return true;
	return false;
}

bool pinyin_is_gloss(struct str inside)
{
	struct gloss g = { .n = 0 };
	size_t at = 0;
	inside = str_trim(inside);
	if (inside.n == 0 || inside.n > GLOSS_MAX)
		return false;
	while (at < inside.n)
		if (!gloss_letter(&g, utf8_next(inside, &at)))
			return false;
	if (g.is_zhuyin || g.n == 0)
		return g.is_zhuyin && g.n == 0;
	if (g.n <= SYLLABLE_MAX && pinyin_syllable((struct str){ g.letters, g.n }))
		return true;
	return g.ntones > 0 && gloss_reads(&g, 0);
}

/* A syllable without a tone, 0 when the gloss is anything else. */
static uint16_t bare_syllable(struct str inside)
{
	char letters[SYLLABLE_MAX];
	inside = str_trim(inside);
	if (inside.n > SYLLABLE_MAX)
		return 0;
	for (size_t i = 0; i < inside.n; i++) {
		letters[i] = (char)(inside.p[i] | 0x20);
		if (letters[i] < 'a' || letters[i] > 'z')
			return 0;
	}
	return pinyin_syllable((struct str){ letters, inside.n });
}

bool pinyin_is_gloss_of(uint32_t cp, struct str inside)
{
	uint16_t reading[PINYIN_READINGS_MAX];
	const uint16_t syllable = bare_syllable(inside);
	const size_t n = pinyin_readings(cp, reading);
	if (syllable == 0 || n == 0)
		return pinyin_is_gloss(inside);
	for (size_t i = 0; i < n; i++)
		if (reading[i] == syllable)
			return true;
	return false;
}
