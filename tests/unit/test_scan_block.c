/* The bits of a block against one byte at a time. */
#include "common/text/scan_block.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 2000

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Bytes that meet each other often, and all others now and then. */
static void make_bytes(unsigned char *out, size_t n, uint32_t *random)
{
	static const char common[] = "aAbBzZ09 !#$*+@|(,.~_`{[\xE4\xE9\xE3\xEA\x80\xBF\x7F\x1F";
	for (size_t i = 0; i < n; i++) {
		const uint32_t r = next_random(random);
		out[i] = r % 4 ? (unsigned char)common[r / 4 % (sizeof(common) - 1)] : (unsigned char)(r / 4);
	}
}

static struct scan_block naive(const unsigned char *p)
{
	struct scan_block m = { 0 };
	for (unsigned i = 0; i < SCAN_BLOCK; i++) {
		const int c = p[i], before = p[(int)i - 1];
		const bool is_letter = c < 0x80 && isalpha(c), is_word = c < 0x80 && isalnum(c);
		const uint64_t bit = (uint64_t)1 << i;
		m.word |= is_word ? bit : 0;
		m.digit |= c < 0x80 && isdigit(c) ? bit : 0;
		m.same |= is_letter && before < 0x80 && tolower(c) == tolower(before) ? bit : 0;
		m.sign |= c && strchr("!\"#$*+@|", c) ? bit : 0;
		m.mark |= c < 0x80 && c > ' ' && !is_word ? bit : 0;
		m.open |= c == '(' ? bit : 0;
		m.high |= c >= 0x80 ? bit : 0;
		m.han |= c >= 0xE4 && c <= 0xE9 ? bit : 0;
	}
	return m;
}

static void every_bit_is_what_the_byte_is(void **state)
{
	(void)state;
	uint32_t random = 7;
	unsigned char bytes[SCAN_BLOCK + 16];
	for (int round = 0; round < ROUNDS; round++) {
		struct scan_block m;
		make_bytes(bytes, sizeof(bytes), &random);
		const struct scan_block wanted = naive(bytes + 8);
		scan_block_take(bytes + 8, &m);
		assert_int_equal(m.word, wanted.word);
		assert_int_equal(m.digit, wanted.digit);
		assert_int_equal(m.same, wanted.same);
		assert_int_equal(m.sign, wanted.sign);
		assert_int_equal(m.mark, wanted.mark);
		assert_int_equal(m.open, wanted.open);
		assert_int_equal(m.high, wanted.high);
		assert_int_equal(m.han, wanted.han);
	}
}

static void a_cut_block_knows_nothing_of_the_rest(void **state)
{
	(void)state;
	uint32_t random = 9;
	unsigned char bytes[SCAN_BLOCK + 16];
	for (unsigned n = 0; n <= SCAN_BLOCK; n++) {
		struct scan_block m;
		make_bytes(bytes, sizeof(bytes), &random);
		scan_block_take(bytes + 8, &m);
		scan_block_cut(&m, n);
		const uint64_t all = m.word | m.digit | m.same | m.sign | m.mark | m.han;
		assert_true(n == SCAN_BLOCK || all >> n == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bit_is_what_the_byte_is),
		cmocka_unit_test(a_cut_block_knows_nothing_of_the_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
