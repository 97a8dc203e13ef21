/* What 64 bytes of a text are, a bit each, lowest first: the matcher goes from word to word and from ideograph to ideograph by
 * bits, not byte by byte. Only scan_pass.c uses this. */
#ifndef EARSHOT_TEXT_SCAN_BLOCK_H
#define EARSHOT_TEXT_SCAN_BLOCK_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SCAN_BLOCK 64u /* bytes */

struct scan_block {
	uint64_t word, digit; /* ASCII letters and digits; digits alone */
	uint64_t same; /* the same ASCII letter as the byte before, whatever their case */
	uint64_t sign; /* of ASCII signs that stand for letters, and a few more: the caller looks again */
	uint64_t mark; /* ASCII, neither letter, digit, space nor control */
	uint64_t open; /* ( */
	uint64_t high; /* not ASCII … */
	uint64_t han; /* … of these E4 … E9, the first byte of nearly all ideographs in use */
};

#ifdef __SSE2__
#define SCAN_BLOCK_STEP 16u

static inline __m128i scan_block_is(__m128i x, char byte)
{
	return _mm_cmpeq_epi8(x, _mm_set1_epi8(byte));
}

/* All bytes of `x` in from … from + n - 1. */
static inline __m128i scan_block_range(__m128i x, unsigned char from, int n)
{
	return _mm_cmplt_epi8(_mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - from))), _mm_set1_epi8((char)(n - 0x80)));
}

static inline uint64_t scan_block_bits(__m128i x)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(x);
}

/* The 16 bytes at `p`; the byte before it is read too. */
static inline struct scan_block scan_block_step(const unsigned char *p)
{
	const __m128i lower = _mm_set1_epi8(0x20);
	const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	const __m128i before = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)(p - 1)), lower);
	const __m128i folded = _mm_or_si128(x, lower);
	const __m128i digit = scan_block_range(x, '0', 10), letter = scan_block_range(folded, 'a', 26);
	const __m128i sign = _mm_or_si128(_mm_or_si128(scan_block_range(x, '!', 4), scan_block_range(x, '*', 2)),
		_mm_or_si128(scan_block_is(x, '@'), scan_block_is(x, '|')));
	return (struct scan_block){
		.word = scan_block_bits(_mm_or_si128(digit, letter)),
		.digit = scan_block_bits(digit),
		.same = scan_block_bits(_mm_and_si128(letter, _mm_cmpeq_epi8(folded, before))),
		.sign = scan_block_bits(sign),
		.mark = scan_block_bits(_mm_andnot_si128(_mm_or_si128(digit, letter), _mm_cmpgt_epi8(x, lower))),
		.open = scan_block_bits(scan_block_is(x, '(')),
		.high = scan_block_bits(x),
		.han = scan_block_bits(scan_block_range(x, 0xE4, 6)),
	};
}
#else
#define SCAN_BLOCK_STEP 1u

static inline struct scan_block scan_block_step(const unsigned char *p)
{
	const unsigned char c = *p, folded = c | 0x20;
	const uint64_t is_letter = folded >= 'a' && folded <= 'z', is_digit = c >= '0' && c <= '9';
	return (struct scan_block){
		.word = is_letter | is_digit,
		.digit = is_digit,
		.same = is_letter && folded == (p[-1] | 0x20),
		.sign = (c >= '!' && c <= '$') || c == '*' || c == '+' || c == '@' || c == '|',
		.mark = c > ' ' && c < 0x80 && !(is_letter | is_digit),
		.open = c == '(',
		.high = c >> 7,
		.han = c >= 0xE4 && c <= 0xE9,
	};
}
#endif

/* The 64 bytes at `p`. */
static inline void scan_block_take(const unsigned char *p, struct scan_block *m)
{
	*m = scan_block_step(p);
	for (unsigned n = SCAN_BLOCK_STEP; n < SCAN_BLOCK; n += SCAN_BLOCK_STEP) {
		const struct scan_block more = scan_block_step(p + n);
		m->word |= more.word << n;
		m->digit |= more.digit << n;
		m->same |= more.same << n;
		m->sign |= more.sign << n;
		m->mark |= more.mark << n;
		m->open |= more.open << n;
		m->high |= more.high << n;
		m->han |= more.han << n;
	}
}

/* Only the first `n` bytes of it. */
static inline void scan_block_cut(struct scan_block *m, unsigned n)
{
	const uint64_t kept = n < SCAN_BLOCK ? ((uint64_t)1 << n) - 1 : ~(uint64_t)0;
	m->word &= kept;
	m->digit &= kept;
	m->same &= kept;
	m->sign &= kept;
	m->mark &= kept;
	m->han &= kept;
}

#endif
