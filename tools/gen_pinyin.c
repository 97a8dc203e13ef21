/* Build-time generator: asks ICU how every ideograph is read and writes the tables of common/text/pinyin.c, with the
 * characters of several readings from common/text/pinyin.def.
 *   gen_pinyin > gen/pinyin_table.h
 * Links libicuuc and libicui18n; runs at build time only. */
#include "common/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define FROM 0x3400u
#define TO 0x9FFFu
#define NAME_MAX 8
#define NAMES_MAX 1024
#define ROWS_MAX 512
#define READINGS_MAX 4
#define UNITS_MAX 32

struct row {
	const char *character, *readings; /* "曝", "bao pu" */
};

static struct row rows[ROWS_MAX] = {
#define PINYIN(character, readings) { character, readings },
#include "common/text/pinyin.def"
#undef PINYIN
};
static char sound[TO - FROM + 1][NAME_MAX]; /* "" = not known */
static char names[NAMES_MAX][NAME_MAX] = { "" };
static size_t nnames = 1, nrows;

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "gen_pinyin: %s: %s\n", what, why);
	exit(1);
}

/* Decomposed, tone marks dropped, ü as v. "" when anything else than small letters is left, or no vowel (嗯 as ń). */
static void toneless(const UChar *units, int32_t n, char out[NAME_MAX])
{
	size_t at = 0;
	for (int32_t i = 0; i < n; i++) {
		if (units[i] == 0x0308 && at && out[at - 1] == 'u')
			out[at - 1] = 'v';
		if (units[i] >= 0x0300 && units[i] <= 0x036F)
			continue;
		if (units[i] < 'a' || units[i] > 'z' || at == NAME_MAX - 1) {
			out[0] = 0;
			return;
		}
		out[at++] = (char)units[i];
	}
	out[at] = 0;
	if (!strpbrk(out, "aeiouv"))
		out[0] = 0;
}

static void ask_all(void)
{
	UChar id[16], units[UNITS_MAX], plain[UNITS_MAX];
	UErrorCode code = U_ZERO_ERROR;
	u_uastrcpy(id, "Han-Latin");
	UTransliterator *han = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
	const UNormalizer2 *nfd = unorm2_getNFDInstance(&code);
	if (U_FAILURE(code))
		fail("ICU has no Han-Latin", u_errorName(code));
	for (uint32_t cp = FROM; cp <= TO; cp++) {
		int32_t n = 1, limit = 1;
		units[0] = (UChar)cp;
		utrans_transUChars(han, units, &n, UNITS_MAX, 0, &limit, &code);
		n = unorm2_normalize(nfd, units, n, plain, UNITS_MAX, &code);
		if (U_FAILURE(code))
			fail("transliterating", u_errorName(code));
		toneless(plain, n, sound[cp - FROM]);
	}
	utrans_close(han);
}

static uint32_t character_of(const struct row *row)
{
	size_t at = 0;
	struct str text = str_of(row->character);
	uint32_t cp = utf8_next(text, &at);
	if (at != text.n || cp < FROM || cp > TO)
		fail(row->character, "is not one character of U+3400…U+9FFF; see common/text/pinyin.def");
	return cp;
}

static int by_character(const void *a, const void *b)
{
	uint32_t x = character_of(a), y = character_of(b);
	return x < y ? -1 : x > y;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* A row's first reading is the usual one, whatever ICU thinks. */
static void apply_rows(void)
{
	while (nrows < ROWS_MAX && rows[nrows].character)
		nrows++;
	qsort(rows, nrows, sizeof(rows[0]), by_character);
	for (size_t i = 0; i < nrows; i++) {
		if (i && by_character(&rows[i - 1], &rows[i]) == 0)
			fail(rows[i].character, "stands twice in common/text/pinyin.def");
		struct str rest = str_of(rows[i].readings), first;
		str_split(&rest, ' ', &first);
		char *name = sound[character_of(&rows[i]) - FROM];
		memset(name, 0, NAME_MAX);
		snprintf(name, NAME_MAX, "%.*s", STR_FMT(first));
	}
}

static void add_name(const char *name)
{
	if (!name[0] || (nnames > 1 && bsearch(name, names[1], nnames - 1, NAME_MAX, by_name)))
		return;
	if (nnames == NAMES_MAX)
		fail("names", "NAMES_MAX is too small");
	memcpy(names[nnames++], name, NAME_MAX);
	qsort(names[1], nnames - 1, NAME_MAX, by_name);
}

static void collect_names(void)
{
	for (uint32_t i = 0; i <= TO - FROM; i++)
		add_name(sound[i]);
	for (size_t i = 0; i < nrows; i++) {
		struct str rest = str_of(rows[i].readings), reading;
		while (str_split(&rest, ' ', &reading)) {
			char name[NAME_MAX] = { 0 };
			snprintf(name, sizeof(name), "%.*s", STR_FMT(reading));
			add_name(name);
		}
	}
}

static size_t id_of(const char *name)
{
	const char *found = bsearch(name, names[1], nnames - 1, NAME_MAX, by_name);
	return found ? (size_t)(found - names[0]) / NAME_MAX : 0;
}

static void write_row(const struct row *row)
{
	struct str rest = str_of(row->readings), reading;
	size_t n = 0;
	printf("\t{ 0x%X, {", character_of(row));
	while (str_split(&rest, ' ', &reading)) {
		char name[NAME_MAX];
		snprintf(name, sizeof(name), "%.*s", STR_FMT(reading));
		if (n++ == READINGS_MAX)
			fail(row->character, "has too many readings in common/text/pinyin.def");
		printf(" %zu,", id_of(name));
	}
	puts(" } },");
}

int main(void)
{
	ask_all();
	apply_rows();
	collect_names();
	puts("/* Made by tools/gen_pinyin.c from ICU's data and pinyin.def; included by common/text/pinyin.c alone. */");
	puts("static const char pinyin_names[][8] = {");
	for (size_t i = 0; i < nnames; i++)
		printf("\"%s\",%s", names[i], i % 16 == 15 ? "\n" : " ");
	puts("\n};\nstatic const uint16_t pinyin_table[] = {");
	for (uint32_t i = 0; i <= TO - FROM; i++)
		printf("%zu,%s", sound[i][0] ? id_of(sound[i]) : 0, i % 16 == 15 ? "\n" : " ");
	puts("};\nstatic const struct pinyin_row pinyin_rows[] = {");
	for (size_t i = 0; i < nrows; i++)
		write_row(&rows[i]);
	puts("};");
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
