/* Build-time generator: asks ICU what every code point folds to and writes the tables of common/text/letters.c, whose header
 * says what is wanted.
 *   gen_letters > gen/letters_table.h
 * Links libicuuc and libicui18n; runs at build time only. */
#include "common/base/utf8.h"
#include "common/text/hant.h"
#include "common/text/letters.h"
#include <earshot/match.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#define LAST_CP 0x10FFFFu
#define TEXT_MAX 64 /* UTF-16 units of anything one code point may become */
#define BEYOND_MAX 4096
#define CODE_HOMOGLYPH 0x40u
#define CHAIN_MAX 4

struct folded {
	uint32_t value; /* class or letter */
	unsigned folds;
	uint32_t letters[LETTERS_SEQUENCE_MAX]; /* of a sequence */
	size_t n;
};

struct text {
	UChar32 cp[TEXT_MAX];
	size_t n;
};

static const UNormalizer2 *nfkc_casefold, *nfd;
static USpoofChecker *spoof;
static struct folded all[LAST_CP + 1];

static void must(UErrorCode code, const char *what)
{
	if (U_SUCCESS(code))
		return;
	fprintf(stderr, "gen_letters: %s: %s; install libicu-dev\n", what, u_errorName(code));
	exit(1);
}

/* ---- what ICU says ---- */

static size_t units_of(uint32_t cp, UChar units[2])
{
	size_t n = 0;
	if (cp > 0xFFFF) {
		units[n++] = U16_LEAD(cp);
		units[n++] = U16_TRAIL(cp);
	} else {
		units[n++] = (UChar)cp;
	}
	return n;
}

static struct text text_of(const UChar *units, int32_t n)
{
	struct text t = { .n = 0 };
	UErrorCode code = U_ZERO_ERROR;
	int32_t count = 0;
	u_strToUTF32(t.cp, TEXT_MAX, &count, units, n, &code);
	must(code, "decoding");
	t.n = (size_t)count;
	return t;
}

static struct text normalised(const UNormalizer2 *form, uint32_t cp)
{
	UChar from[2], to[TEXT_MAX];
	UErrorCode code = U_ZERO_ERROR;
	int32_t n = unorm2_normalize(form, from, (int32_t)units_of(cp, from), to, TEXT_MAX, &code);
	must(code, "normalising");
	return text_of(to, n);
}

static struct text skeleton(uint32_t cp)
{
	UChar from[2], to[TEXT_MAX];
	UErrorCode code = U_ZERO_ERROR;
	int32_t n = uspoof_getSkeleton(spoof, 0, from, (int32_t)units_of(cp, from), to, TEXT_MAX, &code);
	must(code, "skeleton");
	return text_of(to, n);
}

static UScriptCode script_of(uint32_t cp)
{
	UErrorCode code = U_ZERO_ERROR;
	return uscript_getScript((UChar32)cp, &code);
}

static bool is_one_of(UScriptCode script, const UScriptCode *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == script)
			return true;
	return false;
}
#define IS_ONE_OF(script, list) is_one_of(script, list, sizeof(list) / sizeof((list)[0]))

/* Their marks are accents or optional points; the marks of all other scripts are part of the word. */
static const UScriptCode bare_scripts[] = { USCRIPT_INHERITED, USCRIPT_COMMON, USCRIPT_LATIN, USCRIPT_GREEK, USCRIPT_CYRILLIC,
	USCRIPT_ARABIC, USCRIPT_HEBREW, USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_HANGUL, USCRIPT_COPTIC };
static const UScriptCode accented_scripts[] = { USCRIPT_LATIN, USCRIPT_GREEK, USCRIPT_CYRILLIC, USCRIPT_COPTIC };
/* Nothing of these is ever meant as a Latin letter. */
static const UScriptCode own_scripts[] = { USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_HANGUL, USCRIPT_BOPOMOFO };

static bool is_mark(uint32_t cp)
{
	return (U_MASK(u_charType((UChar32)cp)) & U_GC_M_MASK) != 0;
}

static bool is_radical(uint32_t cp)
{
	return cp >= 0x2E80 && cp <= 0x2FDF;
}

static bool is_letter(uint32_t cp)
{
	if (cp >= 0x02B0 &&
		cp <= 0x02FF) /* tone marks and apostrophes written as letters; those with a plain form never come here */
		return false;
	if (is_mark(cp))
		return !IS_ONE_OF(script_of(cp), bare_scripts);
	if (is_radical(cp))
		return u_isdefined((UChar32)cp);
	return (U_MASK(u_charType((UChar32)cp)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0 &&
	       !u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static bool is_ascii_letter(uint32_t cp)
{
	return cp < 0x80 && (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
}

static bool is_ascii_word(uint32_t cp)
{
	return is_ascii_letter(cp) || (cp >= '0' && cp <= '9');
}

/* ---- classes ---- */

struct class_row {
	enum letter_class class;
	const char *members;
};

/* What general properties would answer otherwise. */
static const struct class_row class_rows[] = {
	{ LETTER_STOP, ".。．｡" },
	{ LETTER_CLAUSE, ",;:!?，；：！？)）】]}“”«»„‟「」『』《》〈〉❗❕❓❔‼⁉⁈⁇" },
	{ LETTER_OPEN, "(（[【〔{" },
	{ LETTER_SYMBOL, "*=`~_-–—/"
			 "\\|+#^·•…、‧・'\"‘’<>&%$@™℠×∣∤⏽╳⊖⊝¦￨〜～‥⁃‐‑‒―★☆" },
	{ LETTER_SPACE, "\u2800" }, /* the empty Braille cell */
	{ LETTER_WALL, "\n\r\u2028\u2029\xC2\x85\u2588\ufffd" },
	{ LETTER_OVERRIDE, "\u202e" },
};

static bool class_by_table(uint32_t cp, uint32_t *class)
{
	char bytes[5] = { 0 };
	utf8_put(bytes, cp);
	for (size_t i = 0; cp && i < sizeof(class_rows) / sizeof(class_rows[0]); i++)
		if (strstr(class_rows[i].members, bytes)) {
			*class = class_rows[i].class;
			return true;
		}
	return false;
}

static uint32_t class_of_punctuation(uint32_t cp, uint32_t type)
{
	if (type & U_GC_PS_MASK)
		return LETTER_OPEN;
	if (type & (U_GC_PE_MASK | U_GC_PI_MASK | U_GC_PF_MASK))
		return LETTER_CLAUSE;
	return u_hasBinaryProperty((UChar32)cp, UCHAR_TERMINAL_PUNCTUATION) ? LETTER_CLAUSE : LETTER_SYMBOL;
}

/* The class of what is no letter. */
static uint32_t class_of(uint32_t cp)
{
	uint32_t class, type = U_MASK(u_charType((UChar32)cp));
	if (class_by_table(cp, &class))
		return class;
	if (u_hasBinaryProperty((UChar32)cp, UCHAR_WHITE_SPACE))
		return LETTER_SPACE;
	if (u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
		(type & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_M_MASK)))
		return LETTER_HIDDEN;
	if (u_hasBinaryProperty((UChar32)cp, UCHAR_EXTENDED_PICTOGRAPHIC) || (type & U_GC_S_MASK))
		return LETTER_SYMBOL;
	struct text plain = normalised(nfkc_casefold, cp);
	if (plain.n == 1 && (uint32_t)plain.cp[0] != cp)
		return class_of((uint32_t)plain.cp[0]);
	if (type & U_GC_LM_MASK)
		return LETTER_SYMBOL;
	return type & U_GC_P_MASK ? class_of_punctuation(cp, type) : (uint32_t)LETTER_WALL;
}

/* ---- letters ---- */

static uint32_t without_marks(uint32_t cp)
{
	if (!IS_ONE_OF(script_of(cp), accented_scripts))
		return cp;
	struct text t = normalised(nfd, cp);
	return t.n ? (uint32_t)t.cp[0] : cp;
}

/* LATIN SMALL LETTER F WITH STROKE, LATIN LETTER SMALL CAPITAL R, LATIN LETTER SMALL CAPITAL REVERSED N: the letter in
 * the name; what is turned upside down looks like another one. */
static uint32_t letter_by_name(uint32_t cp, bool *is_capital)
{
	char name[128];
	UErrorCode code = U_ZERO_ERROR;
	u_charName((UChar32)cp, U_UNICODE_CHAR_NAME, name, sizeof(name), &code);
	*is_capital = strstr(name, "SMALL CAPITAL") != NULL;
	if (U_FAILURE(code) || strncmp(name, "LATIN ", 6) != 0 || strstr(name, " TURNED "))
		return 0;
	char *with = strstr(name, " WITH");
	if (with)
		*with = 0;
	const size_t n = strlen(name);
	return n > 2 && name[n - 2] == ' ' && is_ascii_letter((unsigned char)name[n - 1]) ? (uint32_t)name[n - 1] | 0x20u : 0;
}

/* What skeletons and names do not tell: Cyrillic м and к, kra, and letters turned into one that they are written for. */
static const char *const look_rows[] = { "мm", "ʍm", "кk", "ĸk", "əe", "ɐa", "ǝe" };

static uint32_t look_by_table(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(look_rows) / sizeof(look_rows[0]); i++) {
		size_t at = 0;
		if (utf8_next(str_of(look_rows[i]), &at) == cp)
			return (uint32_t)look_rows[i][at];
	}
	return 0;
}

/* The ASCII letter a code point looks like, lower case, 0 when it looks like none. ICU takes m for "rn", and small letters
 * of Cyrillic for the small capitals of Latin. */
static uint32_t look_of(uint32_t cp)
{
	struct text t = skeleton(cp);
	bool is_capital;
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++)
		if (!is_mark((uint32_t)t.cp[i]))
			t.cp[n++] = t.cp[i];
	if (n == 2 && t.cp[0] == 'r' && t.cp[1] == 'n')
		return 'm';
	if (n != 1)
		return 0;
	if (is_ascii_letter((uint32_t)t.cp[0]))
		return (uint32_t)t.cp[0] | 0x20u;
	uint32_t known = look_by_table((uint32_t)t.cp[0]);
	return known ? known : letter_by_name((uint32_t)t.cp[0], &is_capital);
}

/* `plain` is what NFKC with case folding made of `cp`. A small letter that looks like none goes with its capital (β as Β). */
static uint32_t latin_look(uint32_t cp, uint32_t plain)
{
	uint32_t shown = look_of(cp), small = look_of(plain), capital = (uint32_t)u_toupper((UChar32)plain);
	if (shown && !(shown == 'l' && small == 'i'))
		return shown;
	return small || capital == plain ? small : look_of(capital);
}

/* A Latin letter with a stroke or a hook is a letter with a mark; what only looks like a letter is a homoglyph. */
static unsigned fold_of_look(uint32_t plain, uint32_t look)
{
	bool is_capital;
	return letter_by_name(plain, &is_capital) == look && !is_capital ? (unsigned)FOLD_MARKS : CODE_HOMOGLYPH;
}

static uint32_t other_writing(uint32_t cp)
{
	static const struct {
		uint32_t from, to;
	} pair[] = {
#define OTHER_WRITING(from, to) { from, to },
#include "common/text/other_writings.def"
#undef OTHER_WRITING
	};
	for (size_t i = 0; i < sizeof(pair) / sizeof(pair[0]); i++)
		if (pair[i].from == cp)
			return pair[i].to;
	return cp;
}

static void fold_one(uint32_t cp, uint32_t plain, struct folded *out)
{
	uint32_t bare = without_marks(plain), simple = other_writing(hant_simplify(bare)), look = 0;
	if (is_ascii_word(plain)) {
		out->value = plain;
		return;
	}
	if (!is_ascii_word(bare) && !IS_ONE_OF(script_of(plain), own_scripts))
		look = latin_look(cp, plain);
	out->value = look ? look : simple;
	if (look)
		out->folds |= fold_of_look(plain, look);
	else if (bare != plain)
		out->folds |= FOLD_MARKS;
	if (simple != bare && !look)
		out->folds |= FOLD_HANT;
}

static void fold_many(const struct text *letters, struct folded *out)
{
	out->value = LETTER_SEQUENCE;
	for (size_t i = 0; i < letters->n && out->n < LETTERS_SEQUENCE_MAX; i++) {
		struct folded each = { 0 };
		fold_one((uint32_t)letters->cp[i], (uint32_t)letters->cp[i], &each);
		out->letters[out->n++] = each.value;
		out->folds |= each.folds;
	}
}

static bool digit_of(uint32_t cp, uint32_t *digit)
{
	int32_t type = u_getIntPropertyValue((UChar32)cp, UCHAR_NUMERIC_TYPE);
	if (type != U_NT_DECIMAL && type != U_NT_DIGIT)
		return false;
	*digit = '0' + (uint32_t)u_getNumericValue((UChar32)cp);
	return true;
}

/* White on black, circled and squared: Unicode has no decomposition for them. */
static bool shaded_letter(uint32_t cp, uint32_t *letter)
{
	if (cp >= 0x1F150 && cp <= 0x1F169)
		*letter = 'a' + (cp - 0x1F150);
	else if (cp >= 0x1F170 && cp <= 0x1F189)
		*letter = 'a' + (cp - 0x1F170);
	else
		return false;
	return true;
}

/* The letters that a code point is made of, after NFKC and case folding. A radical, which is no letter to Unicode, is the
 * ideograph that it looks like; a Latin letter may look like two (æ). */
static struct text letters_in(uint32_t cp)
{
	struct text t = normalised(nfkc_casefold, cp), shown = skeleton(cp);
	bool is_itself = t.n == 1 && (uint32_t)t.cp[0] == cp && cp > 0x7F;
	bool is_pair = shown.n == 2 && is_ascii_letter((uint32_t)shown.cp[0]) && is_ascii_letter((uint32_t)shown.cp[1]);
	bool is_ideograph = is_radical(cp) && shown.n == 1 && script_of((uint32_t)shown.cp[0]) == USCRIPT_HAN;
	if (is_itself && (is_ideograph || (is_pair && script_of(cp) == USCRIPT_LATIN && look_of(cp) == 0)))
		t = shown;
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++)
		if (is_letter((uint32_t)t.cp[i]))
			t.cp[n++] = t.cp[i];
	t.n = n;
	return t;
}

/* Signs that look like a letter (APL alpha, logical or), but for those that are put between letters: the class rows have them. */
static uint32_t look_of_sign(uint32_t cp)
{
	const uint32_t signs = U_GC_SM_MASK | U_GC_SO_MASK;
	bool is_sign = (U_MASK(u_charType((UChar32)cp)) & signs) != 0;
	return is_sign && !IS_ONE_OF(script_of(cp), own_scripts) ? look_of(cp) : 0;
}

static unsigned plain_folds(uint32_t cp)
{
	int32_t type = u_getIntPropertyValue((UChar32)cp, UCHAR_DECOMPOSITION_TYPE);
	return (u_hasBinaryProperty((UChar32)cp, UCHAR_CHANGES_WHEN_CASEFOLDED) ? (unsigned)FOLD_CASE : 0u) |
	       (type != U_DT_NONE && type != U_DT_CANONICAL ? (unsigned)FOLD_WIDTH : 0u);
}

static void fold(uint32_t cp, struct folded *out)
{
	uint32_t class;
	*out = (struct folded){ .value = LETTER_WALL };
	if (U_IS_SURROGATE(cp))
		return;
	if (digit_of(cp, &out->value) || shaded_letter(cp, &out->value)) {
		out->folds = out->value == cp ? 0 : FOLD_WIDTH;
		return;
	}
	struct text letters = letters_in(cp);
	uint32_t sign = look_of_sign(cp);
	if (class_by_table(cp, &class) || (is_mark(cp) && !is_letter(cp)) || (letters.n == 0 && sign == 0)) {
		out->value = class_of(cp);
		return;
	}
	out->folds = plain_folds(cp);
	if (letters.n > 1)
		fold_many(&letters, out);
	else if (letters.n == 1)
		fold_one(cp, (uint32_t)letters.cp[0], out);
	else
		*out = (struct folded){ .value = sign, .folds = CODE_HOMOGLYPH };
	if (out->value != cp && out->folds == 0)
		out->folds = FOLD_WIDTH;
}

/* ---- all of them together ---- */

/* Some letters fold to one that itself folds on: follow, so that folding twice changes nothing. */
static uint32_t end_of(uint32_t letter)
{
	for (int step = 0; step < CHAIN_MAX && letter >= LETTERS_FIRST && all[letter].value >= LETTERS_FIRST; step++)
		letter = all[letter].value;
	return letter;
}

/* Ǣ → ǣ, which looks like ae: the capital is a sequence too. */
static void become_sequence(uint32_t cp)
{
	const uint32_t letter = all[cp].value;
	if (letter < LETTERS_FIRST || all[letter].value != LETTER_SEQUENCE)
		return;
	unsigned folds = all[cp].folds | all[letter].folds;
	all[cp] = all[letter];
	all[cp].folds = folds;
}

static void follow_chains(void)
{
	for (uint32_t cp = 0; cp <= LAST_CP; cp++) {
		all[cp].value = end_of(all[cp].value);
		become_sequence(cp);
		for (size_t i = 0; i < all[cp].n; i++)
			all[cp].letters[i] = end_of(all[cp].letters[i]);
	}
}

/* A table of 16-bit values cannot hold a Simplified form beyond the BMP: there the Traditional form stands for both. */
static void keep_in_basic(void)
{
	uint32_t from[BEYOND_MAX], to[BEYOND_MAX];
	size_t n = 0;
	for (uint32_t cp = LETTERS_FIRST; cp <= 0xFFFF; cp++)
		if (all[cp].value > 0xFFFF) {
			if (n == BEYOND_MAX)
				must(U_BUFFER_OVERFLOW_ERROR, "BEYOND_MAX is too small");
			from[n] = all[cp].value;
			to[n++] = cp;
		}
	for (size_t i = n; i-- > 0;) { /* the first of several wins */
		all[from[i]].value = to[i];
		all[from[i]].folds = FOLD_HANT;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t kept = all[from[i]].value;
		all[to[i]].value = kept;
		all[to[i]].folds = kept == to[i] ? 0 : FOLD_HANT;
	}
	follow_chains();
}

/* ---- writing ---- */

static void write_basic(void)
{
	puts("const uint16_t letters_bmp[65536] = {");
	for (uint32_t cp = 0; cp <= 0xFFFF; cp++)
		printf("%u,%s", all[cp].value, cp % 16 == 15 ? "\n" : "");
	puts("};\nstatic const uint8_t letters_codes[65536] = {");
	for (uint32_t cp = 0; cp <= 0xFFFF; cp++)
		printf("%u,%s", all[cp].folds, cp % 16 == 15 ? "\n" : "");
	puts("};");
}

static void write_beyond(void)
{
	puts("static const struct letters_range letters_ranges[] = {");
	for (uint32_t from = 0x10000, to; from <= LAST_CP; from = to + 1) {
		bool is_self = all[from].value == from;
		for (to = from; to < LAST_CP; to++)
			if (all[to + 1].folds != all[from].folds || all[to + 1].value != (is_self ? to + 1 : all[from].value))
				break;
		if (all[from].value != LETTER_WALL)
			printf("\t{ 0x%X, 0x%X, 0x%X, 0x%X },\n", from, to, is_self ? UINT32_MAX : all[from].value,
				all[from].folds);
	}
	puts("};");
}

static void write_sequences(void)
{
	size_t at = 0;
	puts("static const uint32_t letters_pool[] = {");
	for (uint32_t cp = 0; cp <= LAST_CP; cp++)
		for (size_t i = 0; i < all[cp].n; i++)
			printf("0x%X,%s", all[cp].letters[i], i + 1 == all[cp].n ? "\n" : " ");
	puts("};\nstatic const struct letters_run letters_runs[] = {");
	for (uint32_t cp = 0; cp <= LAST_CP; cp++)
		if (all[cp].n) {
			printf("\t{ 0x%X, %zu, %zu },\n", cp, at, all[cp].n);
			at += all[cp].n;
		}
	puts("};");
}

int main(void)
{
	UErrorCode code = U_ZERO_ERROR;
	nfkc_casefold = unorm2_getNFKCCasefoldInstance(&code);
	nfd = unorm2_getNFDInstance(&code);
	spoof = uspoof_open(&code);
	must(code, "opening");
	for (uint32_t cp = 0; cp <= LAST_CP; cp++)
		fold(cp, &all[cp]);
	follow_chains();
	keep_in_basic();
	puts("/* Made by tools/gen_letters.c from the data of ICU and OpenCC; included by common/text/letters.c alone. */");
	write_basic();
	write_beyond();
	write_sequences();
	uspoof_close(spoof);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
