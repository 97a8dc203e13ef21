/* Sixteen bytes at a time over text that needs no look. The caller says which bytes it wants to see; the search may stop at others,
 * too (near the end, and on processors without SSE2), so what it stops at is always looked at again. */
#ifndef EARSHOT_BASE_BYTES_H
#define EARSHOT_BASE_BYTES_H

#include "common/base/str.h"

#ifdef __SSE2__
#include <emmintrin.h>

static inline __m128i bytes_are(__m128i x, char byte)
{
	return _mm_cmpeq_epi8(x, _mm_set1_epi8(byte));
}

/* All bytes in from … from + n - 1. */
static inline __m128i bytes_range(__m128i x, unsigned char from, int n)
{
	return _mm_cmplt_epi8(_mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - from))), _mm_set1_epi8((char)(n - 0x80)));
}

/* Which of the bytes of `x` are to be seen (FF) or not (0); `next` holds the byte behind each. */
typedef __m128i bytes_wanted(__m128i x, __m128i next);

/* Place, from `at` on, of the first byte that is wanted; or, with none in sight, of one less than 17 bytes before the end. */
static inline size_t bytes_until(struct str s, size_t at, bytes_wanted *wanted)
{
	for (; at + 17 <= s.n; at += 16) {
		const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(s.p + at));
		const __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(s.p + at + 1));
		const int bits = _mm_movemask_epi8(wanted(x, next));
		if (bits != 0)
			return at + (size_t)__builtin_ctz((unsigned)bits);
	}
	return at;
}
#endif

/* How many bytes from `at` on are ASCII. */
static inline size_t bytes_ascii(struct str s, size_t at)
{
	const size_t from = at;

#ifdef __SSE2__
	for (; at + 16 <= s.n; at += 16) {
		const int bits = _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)(s.p + at)));
		if (bits != 0)
			return at + (size_t)__builtin_ctz((unsigned)bits) - from;
	}
#endif
	while (at < s.n && (unsigned char)s.p[at] < 0x80)
		at++;
	return at - from;
}

#endif
