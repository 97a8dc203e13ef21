/* UTF-8 (RFC 3629): decoding that never fails and never reads past the end. */
#ifndef EARSHOT_BASE_UTF8_H
#define EARSHOT_BASE_UTF8_H

#include "common/base/arena.h"
#include "common/base/buf.h"

#define UTF8_REPLACEMENT 0xFFFDu

/* Decodes one code point at s.p[*at] and moves *at behind it. An ill-formed sequence gives U+FFFD and moves by its
 * maximal subpart (WHATWG), at least one byte. Call only while *at < s.n. */
uint32_t utf8_next(struct str s, size_t *at);
int utf8_put(char out[4], uint32_t cp); /* bytes written, 1…4; surrogates and > 10FFFF are written as U+FFFD */
void utf8_add(struct buf *b, uint32_t cp);
bool utf8_valid(struct str s);
size_t utf8_count(struct str s); /* code points */
size_t utf8_offset(struct str s, size_t codepoint); /* byte offset of a code point; n when behind the end */
struct str utf8_repair(struct arena *a, struct str s); /* s itself when valid; NULs and ill-formed bytes become U+FFFD */
bool utf8_is_han(uint32_t cp);
bool utf8_is_word(
	uint32_t cp); /* letter or digit of a script that puts spaces between words (Latin, Cyrillic, Greek, digits …) */

/* A well-formed sequence of three bytes, as nearly all Chinese text is made of. False negatives (some leads) only cost time:
 * the caller then takes the careful way. In the header because the hot loops ask it for every character. */
static inline bool utf8_is_plain_three(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	return s.n - at >= 3 && p[0] > 0xE0 && p[0] < 0xED && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80;
}

/* Bytes of the well-formed sequence beyond ASCII at `at`: 2 or 3; 0 when the caller has to take the careful way. */
static inline size_t utf8_plain(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	if (s.n - at >= 2 && p[0] >= 0xC2 && p[0] < 0xE0)
		return (p[1] & 0xC0) == 0x80 ? 2 : 0;
	return utf8_is_plain_three(s, at) ? 3 : 0;
}

#endif
