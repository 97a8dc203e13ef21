/* What up to 64 bytes of ASCII are, a bit each, lowest first: the matcher goes from word to word by bits, not byte by byte.
 * Only scan_pass.c uses this. */
#ifndef EARSHOT_TEXT_SCAN_ASCII_H
#define EARSHOT_TEXT_SCAN_ASCII_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct scan_ascii {
	uint64_t word, digit; /* letters and digits; digits alone */
	uint64_t same; /* the same letter as the byte before, whatever their case */
	uint64_t sign; /* of those that stand for letters, and a few more: the caller looks again */
	uint64_t mark; /* neither letter, digit, space nor control */
	uint64_t high; /* not ASCII */
};

#define SCAN_ASCII_BLOCK 16u

#ifdef __SSE2__
/* All bytes of `x` in from … from + n - 1. */
static inline __m128i scan_ascii_range(__m128i x, unsigned char from, int n)
{
	return _mm_cmplt_epi8(_mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - from))), _mm_set1_epi8((char)(n - 0x80)));
}

static inline uint64_t scan_ascii_bits(__m128i x)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(x);
}

/* The 16 bytes at `p`; the byte before it is read too. */
static inline struct scan_ascii scan_ascii_block(const unsigned char *p)
{
	const __m128i lower = _mm_set1_epi8(0x20);
	const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	const __m128i before = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)(p - 1)), lower);
	const __m128i folded = _mm_or_si128(x, lower);
	const __m128i digit = scan_ascii_range(x, '0', 10), letter = scan_ascii_range(folded, 'a', 26);
	const __m128i sign = _mm_or_si128(_mm_or_si128(scan_ascii_range(x, '!', 4), scan_ascii_range(x, '*', 2)),
		_mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('@')), _mm_cmpeq_epi8(x, _mm_set1_epi8('|'))));
	return (struct scan_ascii){
		.word = scan_ascii_bits(_mm_or_si128(digit, letter)),
		.digit = scan_ascii_bits(digit),
		.same = scan_ascii_bits(_mm_and_si128(letter, _mm_cmpeq_epi8(folded, before))),
		.sign = scan_ascii_bits(sign),
		.mark = scan_ascii_bits(_mm_andnot_si128(_mm_or_si128(digit, letter), _mm_cmpgt_epi8(x, lower))),
		.high = scan_ascii_bits(x),
	};
}
#else
static inline struct scan_ascii scan_ascii_block(const unsigned char *p)
{
	struct scan_ascii m = { 0 };
	for (unsigned i = 0; i < SCAN_ASCII_BLOCK; i++) {
		const unsigned char c = p[i], folded = c | 0x20;
		const uint64_t is_letter = folded >= 'a' && folded <= 'z', is_digit = c >= '0' && c <= '9';
		m.word |= (is_letter | is_digit) << i;
		m.digit |= is_digit << i;
		m.same |= (uint64_t)(is_letter && folded == (p[(int)i - 1] | 0x20)) << i;
		m.sign |= (uint64_t)((c >= '!' && c <= '$') || c == '*' || c == '+' || c == '@' || c == '|') << i;
		m.mark |= (uint64_t)(c > ' ' && c < 0x80 && !(is_letter | is_digit)) << i;
		m.high |= (uint64_t)(c >> 7) << i;
	}
	return m;
}
#endif

/* Up to four blocks, as far as all is ASCII; returns how many bytes, at most `most`. Reads 64 bytes at the most. */
static inline unsigned scan_ascii_take(const unsigned char *p, uint64_t most, struct scan_ascii *out)
{
	struct scan_ascii m = scan_ascii_block(p);
	unsigned n = SCAN_ASCII_BLOCK;
	for (; !m.high && n < 64 && n < most; n += SCAN_ASCII_BLOCK) {
		const struct scan_ascii more = scan_ascii_block(p + n);
		m.word |= more.word << n;
		m.digit |= more.digit << n;
		m.same |= more.same << n;
		m.sign |= more.sign << n;
		m.mark |= more.mark << n;
		m.high |= more.high << n;
	}
	if (m.high)
		n = (unsigned)__builtin_ctzll(m.high);
	if (n > most)
		n = (unsigned)most;
	const uint64_t kept = n == 64 ? ~(uint64_t)0 : ((uint64_t)1 << n) - 1;
	m.word &= kept;
	m.digit &= kept;
	m.same &= kept;
	m.sign &= kept;
	m.mark &= kept;
	*out = m;
	return n;
}

#endif
