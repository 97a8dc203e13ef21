/* Build-time generator: asks OpenCC for the Simplified form of every ideograph and writes the tables of common/text/hant.c.
 * OpenCC itself is far too slow for the live path (7 MB/s), and only one-to-one conversions are wanted there, because each
 * character of the folded text has to know its place in the original.
 *   gen_t2s > gen/t2s_table.h
 * Links libopencc; runs at build time only. */
#include "common/base/utf8.h"

#include <opencc/opencc.h>
#include <stdio.h>
#include <string.h>

#define BASIC_FROM 0x4E00u
#define BASIC_TO 0x9FFFu

/* The one code point that `cp` converts to; `cp` itself when OpenCC keeps it or answers with more than one. */
static uint32_t simplify(opencc_t converter, uint32_t cp)
{
	char bytes[4];
	int n = utf8_put(bytes, cp);
	char *converted = opencc_convert_utf8(converter, bytes, (size_t)n);
	if (!converted)
		return cp;
	struct str text = str_of(converted);
	size_t at = 0;
	uint32_t to = text.n ? utf8_next(text, &at) : cp;
	if (at != text.n)
		to = cp;
	opencc_convert_utf8_free(converted);
	return to;
}

/* Some targets are themselves Traditional to OpenCC: follow the chain, so that folding twice changes nothing. */
static uint32_t simplify_fully(opencc_t converter, uint32_t cp)
{
	for (int step = 0; step < 4; step++) {
		uint32_t to = simplify(converter, cp);
		if (to == cp)
			break;
		cp = to;
	}
	return cp;
}

static void write_basic(opencc_t converter)
{
	puts("/* U+4E00…U+9FFF: the Simplified form, 0 = stays as it is, 1 = see the other table. */");
	puts("const uint16_t hant_basic[HANT_BASIC_TO - HANT_BASIC_FROM + 1] = {");
	for (uint32_t cp = BASIC_FROM; cp <= BASIC_TO; cp++) {
		uint32_t to = simplify_fully(converter, cp);
		if (to != cp)
			printf("\t[0x%04X - HANT_BASIC_FROM] = 0x%04X,\n", cp, to <= 0xFFFF ? to : 1);
	}
	puts("};");
}

static void write_pair(opencc_t converter, uint32_t cp)
{
	uint32_t to = simplify_fully(converter, cp);
	bool in_basic = cp >= BASIC_FROM && cp <= BASIC_TO && to <= 0xFFFF;
	if (to != cp && !in_basic)
		printf("\t{ 0x%05X, 0x%05X },\n", cp, to);
}

static void write_other(opencc_t converter)
{
	puts("/* The rest, by `from`. */");
	puts("static const struct hant_pair hant_other[] = {");
	for (uint32_t cp = 0x2E80; cp <= 0xFAFF; cp++)
		if (utf8_is_han(cp))
			write_pair(converter, cp);
	for (uint32_t cp = 0x20000; cp <= 0x323AF; cp++)
		write_pair(converter, cp);
	puts("};");
}

int main(void)
{
	opencc_t converter = opencc_open("t2s.json");
	if (converter == (opencc_t)-1) {
		fprintf(stderr, "gen_t2s: OpenCC has no t2s.json: %s; install libopencc-data\n", opencc_error());
		return 1;
	}
	puts("/* Made by tools/gen_t2s.c from the data of OpenCC; included by common/text/hant.c alone. */");
	write_basic(converter);
	write_other(converter);
	opencc_close(converter);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
