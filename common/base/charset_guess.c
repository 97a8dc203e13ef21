/* Encodings told from the bytes alone: by which byte pairs the text is made of. */
#include "common/base/charset_guess.h"

#include "common/base/bytes.h"
#include "common/base/utf8.h"

/* What the high bytes of a text look like, read as pairs. */
struct census {
	size_t high; /* bytes from 80 on */
	size_t lone; /* of them, without a neighbour that could be the second half of a pair */
	size_t gb_fours; /* characters of four bytes as only GB 18030 has them */
	size_t pairs; /* lead 81…FE with a trail 40…FE */
	size_t gb_common; /* GB 2312: symbols and level 1, the 3,755 common characters (leads A1…A9, B0…D7, trails A1…FE) */
	size_t gb_rare; /* level 2 (leads D8…F7) */
	size_t low_trail; /* trail below A1: no GB 2312, but half of all Big5 */
	size_t big5_common; /* Big5: symbols and level 1 (leads A1…C6) with a Big5 trail */
	size_t big5; /* any Big5 pair */
	size_t upper_lead; /* leads from C9 on: half of Chinese text in GB 2312, no Hangul in EUC-KR */
	size_t kana; /* leads A4 and A5: kana in EUC-JP */
	size_t sjis_kana; /* leads 82 and 83 */
	size_t cyrillic; /* bytes C0…FF: letters of windows-1251 */
};

#define SAMPLE_BYTES (2u << 20) /* from the first byte beyond ASCII: enough to tell, and quick */

static bool between(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

static void count_pair(struct census *n, unsigned char lead, unsigned char trail)
{
	const bool is_gb_trail = between(trail, 0xA1, 0xFE);
	const bool is_big5_trail = between(trail, 0x40, 0x7E) || is_gb_trail;

	n->pairs++;
	n->gb_common += is_gb_trail && (between(lead, 0xB0, 0xD7) || between(lead, 0xA1, 0xA9));
	n->gb_rare += is_gb_trail && between(lead, 0xD8, 0xF7);
	n->low_trail += !is_gb_trail;
	n->big5 += is_big5_trail && between(lead, 0xA1, 0xF9);
	n->big5_common += is_big5_trail && between(lead, 0xA1, 0xC6);
	n->upper_lead += lead >= 0xC9;
	n->kana += lead == 0xA4 || lead == 0xA5;
	n->sjis_kana += lead == 0x82 || lead == 0x83;
}

/* Lead, digit, lead, digit: nothing but GB 18030 looks like that. */
static bool is_gb_four(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;

	return s.n - at >= 4 && between(p[0], 0x81, 0xFE) && between(p[1], '0', '9') && between(p[2], 0x81, 0xFE) &&
	       between(p[3], '0', '9');
}

static struct census take_census(struct str s)
{
	struct census n = { 0 };

	for (size_t i = 0; i < s.n; i++) {
		const unsigned char lead = (unsigned char)s.p[i];
		const unsigned char trail = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
		if (lead < 0x80) {
			i += bytes_ascii(s, i) - 1;
			continue;
		}
		if (is_gb_four(s, i)) {
			n.gb_fours++;
			i += 3;
			continue;
		}
		n.high++;
		n.cyrillic += lead >= 0xC0;
		if (lead == 0x80 || lead == 0xFF || trail < 0x40 || trail == 0x7F || trail == 0xFF) {
			n.lone++;
			continue;
		}
		count_pair(&n, lead, trail);
		if (trail >= 0x80) {
			n.high++;
			n.cyrillic += trail >= 0xC0;
		}
		i++;
	}
	return n;
}

/* `part` of `all` in hundredths; 0 of 0 is 0. */
static size_t percent(size_t part, size_t all)
{
	return all ? part * 100 / all : 0;
}

/* Share of the high bytes that are part of well-formed UTF-8, in hundredths. */
static size_t utf8_share(struct str s)
{
	size_t good = 0, high = 0;

	for (size_t at = bytes_ascii(s, 0); at < s.n; at += bytes_ascii(s, at)) {
		const size_t start = at;
		const uint32_t cp = utf8_next(s, &at);
		high += at - start;
		good += cp == UTF8_REPLACEMENT ? 0 : at - start;
	}
	return percent(good, high);
}

/* Western text has single accented letters among ASCII ones: its "pairs" have ASCII letters for trails, and few are
 * GB or Big5 pairs with a high trail. */
static const char *guess_single_byte(const struct census *n)
{
	return n->high > 8 && percent(n->cyrillic, n->high) > 90 && percent(n->low_trail + n->lone, n->pairs + n->lone) < 40
		       ? "windows-1251"
		       : "windows-1252";
}

/* Pages may begin with long scripts in ASCII. */
static struct str from_first_high(struct str s)
{
	return str_from(s, bytes_ascii(s, 0));
}

const char *charset_guess(struct str bytes)
{
	const struct str sample = str_first(from_first_high(bytes), SAMPLE_BYTES);
	const struct census n = take_census(sample);

	if ((n.high == 0 && n.gb_fours == 0) || utf8_share(sample) >= 90)
		return "utf-8";
	if (n.gb_fours > n.lone)
		return "gb18030";
	if (n.pairs < 2 || percent(n.lone, n.high) > 20)
		return guess_single_byte(&n);
	if (percent(n.sjis_kana, n.pairs) > 30)
		return "shift_jis";
	if (percent(n.kana, n.pairs) > 30 && n.low_trail == 0)
		return "euc-jp";
	if (percent(n.low_trail, n.pairs) < 3 && percent(n.gb_common, n.pairs) > 80)
		return n.pairs > 20 && percent(n.upper_lead, n.pairs) < 5 ? "euc-kr" : "gb18030";
	if (percent(n.big5, n.pairs) > 97 && percent(n.big5_common, n.pairs) > 75 && percent(n.low_trail, n.pairs) > 15)
		return "big5";
	if (percent(n.gb_common + n.gb_rare, n.pairs) > 85 && percent(n.gb_common, n.pairs) > 60)
		return "gb18030";
	/* Words of one byte a letter are of odd length as often as not. */
	if (n.pairs > 50 && percent(n.lone, n.high) < 1 && percent(n.low_trail, n.pairs) < 50 &&
		percent(n.gb_common, n.pairs) > 50)
		return "gb18030";
	return guess_single_byte(&n);
}

bool charset_is_surely_utf8(struct str bytes)
{
	size_t pairs = 0, longer = 0;

	for (size_t at = 0; at < bytes.n && longer == 0;) {
		at += bytes_ascii(bytes, at);
		const size_t start = at;
		if (at < bytes.n)
			(void)utf8_next(bytes, &at);
		pairs += at - start == 2;
		longer += at - start > 2;
	}
	return longer > 0 || pairs > 3;
}
