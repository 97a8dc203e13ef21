/* Which encoding a rules file is in, and its text with one kind of line end. */
#include "common/text/rulebook_text.h"

#include "common/base/charset.h"
#include "common/base/charset_guess.h"
#include "common/base/utf8.h"

#include <string.h>

struct mark {
	const char *bytes;
	size_t n;
	const char *encoding; /* NULL: no text at all */
};

/* The first bytes that tell. A workbook that was only renamed is a mistake of every week. */
static const struct mark marks[] = {
	{ "\xEF\xBB\xBF", 3, "utf-8" }, { "\xFF\xFE", 2, "utf-16le" }, { "\xFE\xFF", 2, "utf-16be" },
	{ "PK\x03\x04", 4, NULL }, /* .xlsx */
	{ "\xD0\xCF\x11\xE0", 4, NULL }, /* .xls */
};

static const struct mark *mark_of(struct str bytes)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (str_starts(bytes, (struct str){ marks[i].bytes, marks[i].n }))
			return &marks[i];
	return NULL;
}

/* The first line that is no clean UTF-8; 1 when all are. */
static int line_of_trouble(struct str text)
{
	int line = 0;
	struct str rest = text, part;
	while (str_split(&rest, '\n', &part)) {
		line++;
		if (!utf8_valid(part) || str_findc(part, 0) >= 0 || str_find(part, STR("\xEF\xBF\xBD")) >= 0)
			return line;
	}
	return 1;
}

/* UTF-16 without its mark: tabs, digits and line ends have a zero byte each, all on the same side. One character in a
 * hundred (一 is 4E 00) has one on the other side. */
static const char *guess_wide(struct str bytes)
{
	size_t zeros[2] = { 0, 0 };
	for (size_t i = 0; i < bytes.n; i++)
		zeros[i % 2] += bytes.p[i] == 0;
	if (bytes.n % 2 != 0 || zeros[0] == zeros[1])
		return NULL;
	return zeros[1] > zeros[0] ? "utf-16le" : "utf-16be";
}

/* The 2,350 Hangul of KS X 1001 have leads B0…C8; half of all Chinese text has leads behind them. */
static bool looks_korean(struct str bytes)
{
	size_t pairs = 0, behind = 0;
	for (size_t i = 0; i + 1 < bytes.n; i++) {
		const unsigned char lead = (unsigned char)bytes.p[i], trail = (unsigned char)bytes.p[i + 1];
		if (lead < 0x80)
			continue;
		if (trail < 0xA1)
			return false;
		pairs += lead >= 0xB0;
		behind += lead > 0xC8;
		i++;
	}
	return pairs >= 12 && behind == 0;
}

/* A character of four bytes: an emoji, a rare ideograph. Hardly anything else looks like it. */
static bool is_four_bytes(struct str s, size_t at)
{
	if (at + 4 > s.n)
		return false;
	const unsigned char *c = (const unsigned char *)s.p + at;
	return c[0] >= 0x81 && c[1] >= '0' && c[1] <= '9' && c[2] >= 0x81 && c[3] >= '0' && c[3] <= '9';
}

/* Of the byte pairs, how many are the symbols and the common characters of GB 2312? */
static bool looks_chinese(struct str bytes)
{
	size_t pairs = 0, common = 0, fours = 0;
	for (size_t i = 0; i + 1 < bytes.n; i++) {
		const unsigned char lead = (unsigned char)bytes.p[i], trail = (unsigned char)bytes.p[i + 1];
		if (lead < 0x80)
			continue;
		if (is_four_bytes(bytes, i)) {
			fours++;
			i += 3;
			continue;
		}
		pairs++;
		common += lead >= 0xA1 && lead <= 0xF7 && trail >= 0xA1;
		i++;
	}
	return pairs + fours > 0 && common * 10 >= pairs * 6;
}

/* NULL when the bytes look like nothing that Excel writes. */
static const char *guess_narrow(struct str bytes)
{
	const char *guess = charset_guess(bytes);
	if (looks_korean(bytes))
		return NULL;
	if (strcmp(guess, "gb18030") == 0 || strcmp(guess, "big5") == 0)
		return guess;
	/* "windows-1252" is how the guess shrugs: too few bytes to tell. All else is an answer, as "UTF-8, a few bytes bad". */
	return strcmp(guess, "windows-1252") == 0 && looks_chinese(bytes) ? "gb18030" : NULL;
}

static bool decode(struct arena *a, struct str bytes, const char *encoding, struct rulebook_text *out)
{
	struct charset_text text;
	const bool is_known = charset_decode(a, bytes, str_of(encoding), &text);
	out->encoding = encoding;
	out->utf8 = text.utf8;
	if (is_known && !text.damaged && !text.is_cut && utf8_valid(text.utf8) && str_findc(text.utf8, 0) < 0)
		return true;
	out->trouble = R_DAMAGED;
	out->line = line_of_trouble(text.utf8);
	return false;
}

static bool read_unmarked(struct arena *a, struct str bytes, struct rulebook_text *out)
{
	const bool has_zero = str_findc(bytes, 0) >= 0;
	out->encoding = "utf-8";
	out->utf8 = bytes;
	if (!has_zero && utf8_valid(bytes))
		return true;
	const char *guess = has_zero ? guess_wide(bytes) : guess_narrow(bytes);
	if (guess && decode(a, bytes, guess, out))
		return true;
	if (guess && !has_zero)
		return false; /* told as damaged */
	out->trouble = R_ENCODING;
	out->line = line_of_trouble(bytes);
	return false;
}

struct str rulebook_text_lines(struct arena *a, struct str text)
{
	if (str_findc(text, '\r') < 0)
		return text;
	char *to = arena_take(a, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')
			continue;
		to[n++] = text.p[i] == '\r' ? '\n' : text.p[i];
	}
	return (struct str){ to, n };
}

bool rulebook_text_read(struct arena *a, struct str bytes, struct rulebook_text *out)
{
	const struct mark *mark = mark_of(bytes);
	*out = (struct rulebook_text){ .line = 1 };
	if (mark && !mark->encoding) {
		out->trouble = R_WORKBOOK;
		return false;
	}
	if (mark ? !decode(a, str_from(bytes, mark->n), mark->encoding, out) : !read_unmarked(a, bytes, out))
		return false;
	out->utf8 = rulebook_text_lines(a, out->utf8);
	return true;
}
