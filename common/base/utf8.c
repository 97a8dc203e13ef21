/* UTF-8 by RFC 3629: decode, encode, count, repair, and the two questions about scripts that the matcher asks. */
#include "common/base/utf8.h"

#include "common/base/bytes.h"

#include <string.h>

/* What may follow a lead byte: how many bytes, and the range of the second one, which is where overlong forms, surrogates and
 * code points above 10FFFF are shut out (Unicode table 3-7). */
struct lead {
	int length;
	unsigned char low, high;
	uint32_t bits;
};

static struct lead utf8_lead(unsigned char c)
{
	if (c < 0xC2 || c > 0xF4)
		return (struct lead){ 0, 0, 0, 0 };
	if (c < 0xE0)
		return (struct lead){ 2, 0x80, 0xBF, c & 0x1Fu };
	if (c < 0xF0)
		return (struct lead){ 3, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF, c & 0x0Fu };
	return (struct lead){ 4, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF, c & 0x07u };
}

/* Length of the well-formed sequence at `p`, its code point in *cp; or minus the length of the ill-formed maximal subpart. */
static int utf8_decode(const unsigned char *p, size_t n, uint32_t *cp)
{
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	struct lead lead = utf8_lead(p[0]);
	if (lead.length == 0)
		return -1;
	uint32_t value = lead.bits;
	for (int i = 1; i < lead.length; i++) {
		unsigned char low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
		if ((size_t)i >= n || p[i] < low || p[i] > high)
			return -i;
		value = value << 6 | (p[i] & 0x3Fu);
	}
	*cp = value;
	return lead.length;
}

uint32_t utf8_next(struct str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.p + *at;
	uint32_t cp = 0;
	if (p[0] < 0x80) {
		*at += 1;
		return p[0];
	}
	if (utf8_is_plain_three(s, *at)) {
		*at += 3;
		return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	}
	int length = utf8_decode(p, s.n - *at, &cp);
	if (length > 0) {
		*at += (size_t)length;
		return cp;
	}
	*at += (size_t)-length;
	return UTF8_REPLACEMENT;
}

static char utf8_tail(uint32_t cp, int shift)
{
	return (char)(0x80u | (cp >> shift & 0x3Fu));
}

int utf8_put(char out[4], uint32_t cp)
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = UTF8_REPLACEMENT;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = utf8_tail(cp, 0);
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = utf8_tail(cp, 6);
		out[2] = utf8_tail(cp, 0);
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = utf8_tail(cp, 12);
	out[2] = utf8_tail(cp, 6);
	out[3] = utf8_tail(cp, 0);
	return 4;
}

void utf8_add(struct buf *b, uint32_t cp)
{
	char bytes[4];
	if (!b->overflow && b->cap - b->n > sizeof(bytes)) {
		b->n += (size_t)utf8_put(b->p + b->n, cp);
		b->p[b->n] = '\0';
		return;
	}
	const int n = utf8_put(bytes, cp);
	buf_add(b, bytes, (size_t)n);
}

/* Offset of the first byte that does not belong to a well-formed sequence; n when there is none. */
static size_t utf8_first_bad(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t at = 0;
	while (at < s.n) {
		if (p[at] < 0x80) {
			at += bytes_ascii(s, at);
			continue;
		}
		uint32_t cp = 0;
		const size_t plain = utf8_plain(s, at);
		const int length = plain ? (int)plain : utf8_decode(p + at, s.n - at, &cp);
		if (length < 0)
			return at;
		at += (size_t)length;
	}
	return s.n;
}

bool utf8_valid(struct str s)
{
	return utf8_first_bad(s) == s.n;
}

size_t utf8_count(struct str s)
{
	size_t count = 0;
	for (size_t at = 0; at < s.n; count++)
		(void)utf8_next(s, &at);
	return count;
}

size_t utf8_offset(struct str s, size_t codepoint)
{
	size_t at = 0;
	for (size_t i = 0; i < codepoint && at < s.n; i++)
		(void)utf8_next(s, &at);
	return at;
}

/* ---- repair ---- */

/* Bytes that become U+FFFD: NULs, and the ill-formed maximal subparts of sequences. */
struct unfit {
	size_t at, n; /* n: 0 when there is no more */
	size_t marks; /* how many U+FFFD they become */
};

/* NUL, or a byte that begins no sequence. */
static bool is_unfit_alone(unsigned char c)
{
	return c == 0 || (c >= 0x80 && (c < 0xC2 || c > 0xF4));
}

#ifdef __SSE2__
static inline __m128i nul_or_beyond_ascii(__m128i x, __m128i next)
{
	(void)next;
	return _mm_cmplt_epi8(x, _mm_set1_epi8(1));
}
#endif

/* The first ones from `at` on. */
static struct unfit next_unfit(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p;
	while (at < s.n) {
		if (is_unfit_alone(p[at])) {
			const size_t from = at;
			while (at < s.n && is_unfit_alone(p[at]))
				at++;
			return (struct unfit){ from, at - from, at - from };
		}
		if (p[at] < 0x80) {
			at++;
#ifdef __SSE2__
			at = bytes_until(s, at, nul_or_beyond_ascii);
#endif
			continue;
		}
		uint32_t cp = 0;
		const size_t plain = utf8_plain(s, at);
		const int length = plain ? (int)plain : utf8_decode(p + at, s.n - at, &cp);
		if (length < 0)
			return (struct unfit){ at, (size_t)-length, 1 };
		at += (size_t)length;
	}
	return (struct unfit){ s.n, 0, 0 };
}

/* One bad byte becomes three; asked beforehand, because three times the room of a whole document is much. */
static size_t repaired_bytes(struct str s)
{
	size_t n = s.n;
	for (struct unfit u = next_unfit(s, 0); u.n > 0; u = next_unfit(s, u.at + u.n))
		n = n + 3 * u.marks - u.n;
	return n;
}

struct str utf8_repair(struct arena *a, struct str s)
{
	struct unfit u = next_unfit(s, 0);
	if (u.n == 0)
		return s;
	char *out = arena_raw(a, repaired_bytes(s));
	size_t n = 0, copied = 0;
	for (; u.n > 0; u = next_unfit(s, copied)) {
		memcpy(out + n, s.p + copied, u.at - copied);
		n += u.at - copied;
		for (; u.marks > 0; u.marks--, n += 3)
			memcpy(out + n, "\xEF\xBF\xBD", 3);
		copied = u.at + u.n;
	}
	memcpy(out + n, s.p + copied, s.n - copied);
	return (struct str){ out, n + s.n - copied };
}

/* ---- scripts ---- */

struct range {
	uint32_t from, to;
};

static bool in_ranges(const struct range *range, size_t n, uint32_t cp)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (cp < range[middle].from)
			high = middle;
		else if (cp > range[middle].to)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

/* Ideographs, radicals and the marks written among them (Unicode 15, Scripts.txt: Han). */
static const struct range han[] = {
	{ 0x2E80, 0x2FD5 },
	{ 0x3005, 0x3005 },
	{ 0x3007, 0x3007 },
	{ 0x3021, 0x3029 },
	{ 0x3038, 0x303B },
	{ 0x3400, 0x4DBF },
	{ 0x4E00, 0x9FFF },
	{ 0xF900, 0xFAD9 },
	{ 0x16FE2, 0x16FE3 },
	{ 0x16FF0, 0x16FF1 },
	{ 0x20000, 0x323AF },
};

bool utf8_is_han(uint32_t cp)
{
	return in_ranges(han, sizeof(han) / sizeof(han[0]), cp);
}

/* Letters, digits and combining marks of scripts that are written with spaces (Unicode 15, blocks cut down to their letters).
 * Left out on purpose: Han, kana, Bopomofo, Hangul, Yi, Thai, Lao, Khmer, Myanmar, Tibetan, whose words touch each other, so that a
 * neighbour of the same script says nothing about the border of a word. */
static const struct range word[] = {
	{ 0x00AA, 0x00AA }, { 0x00B5, 0x00B5 }, { 0x00BA, 0x00BA }, { 0x00C0, 0x00D6 }, { 0x00D8, 0x00F6 },
	{ 0x00F8, 0x02C1 }, /* Latin */
	{ 0x0300, 0x036F }, /* accents */
	{ 0x0370, 0x0373 }, { 0x0376, 0x0377 }, { 0x037B, 0x037D }, { 0x037F, 0x037F }, { 0x0386, 0x0386 },
	{ 0x0388, 0x03FF }, /* Greek */
	{ 0x0400, 0x0481 }, { 0x0483, 0x0487 }, { 0x048A, 0x052F }, /* Cyrillic */
	{ 0x0531, 0x0556 }, { 0x0560, 0x0588 }, /* Armenian */
	{ 0x0591, 0x05BD }, { 0x05D0, 0x05EA }, { 0x05EF, 0x05F2 }, /* Hebrew */
	{ 0x0610, 0x061A }, { 0x0620, 0x0669 }, { 0x066E, 0x06D3 }, { 0x06D5, 0x06DC }, { 0x06DF, 0x06E8 },
	{ 0x06EA, 0x06FC }, /* Arabic */
	{ 0x0710, 0x074A }, { 0x0750, 0x07B1 }, /* Syriac, Arabic supplement, Thaana */
	{ 0x07C0, 0x07F5 }, { 0x08A0, 0x08C9 }, /* N'Ko, Arabic extended */
	{ 0x0900, 0x0963 }, { 0x0966, 0x096F }, { 0x0971, 0x0DF3 }, /* Devanagari … Sinhala */
	{ 0x10A0, 0x10FA }, { 0x10FC, 0x10FF }, /* Georgian */
	{ 0x1200, 0x135F }, { 0x1369, 0x137C }, { 0x1380, 0x138F }, /* Ethiopic */
	{ 0x13A0, 0x13FD }, { 0x1401, 0x166C }, /* Cherokee, Canadian syllabics */
	{ 0x1820, 0x1878 }, { 0x1C80, 0x1CBF }, { 0x1D00, 0x1DFF }, /* Mongolian, Cyrillic and Georgian more, phonetic */
	{ 0x1E00, 0x1F15 }, { 0x1F18, 0x1F1D }, { 0x1F20, 0x1FBC }, { 0x1FC2, 0x1FCC }, { 0x1FD0, 0x1FDB }, { 0x1FE0, 0x1FEC },
	{ 0x1FF2, 0x1FFC }, /* Latin additional, Greek extended */
	{ 0x2C00, 0x2CE4 }, { 0x2D00, 0x2D2D }, { 0x2DE0, 0x2DFF }, /* Glagolitic, Latin C, Coptic, Georgian, Cyrillic A */
	{ 0xA640, 0xA672 }, { 0xA67F, 0xA69F }, { 0xA722, 0xA788 }, { 0xA78B, 0xA7CA }, { 0xA7F2, 0xA801 }, { 0xAB30, 0xAB5A },
	{ 0xAB5C, 0xAB69 }, { 0xAB70, 0xABBF }, { 0xFB00, 0xFB06 }, { 0xFB13, 0xFB17 }, { 0xFB1D, 0xFB28 }, { 0xFB2A, 0xFB4F },
	{ 0xFB50, 0xFBB1 }, { 0xFBD3, 0xFD3D }, { 0xFD50, 0xFDFB }, { 0xFE70, 0xFEFC }, /* ligatures and presentation forms */
	{ 0xFF10, 0xFF19 }, { 0xFF21, 0xFF3A }, { 0xFF41, 0xFF5A }, /* full-width digits and letters */
	{ 0x1D400, 0x1D7FF }, /* mathematical letters */
};

bool utf8_is_word(uint32_t cp)
{
	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
	if (cp >= 0x2E80 && cp <= 0x9FFF)
		return false; /* the common case of Chinese text, without the search */
	return in_ranges(word, sizeof(word) / sizeof(word[0]), cp);
}
