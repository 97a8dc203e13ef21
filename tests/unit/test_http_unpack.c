/* Packed bodies: all packings in pieces of every size, several members, cut and damaged ones. */
#include "common/base/http_unpack.h"

#include <earshot/limits.h>

#include "common/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* WORDS forty times. */
#define WORDS "云雀 the same words again and again. "
#define TIMES 40
static const unsigned char packed_gzip[] = { 0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x7b, 0xb2, 0x6b, 0xe2,
	0xcb, 0xd9, 0x0d, 0x0a, 0x25, 0x19, 0xa9, 0x0a, 0xc5, 0x89, 0xb9, 0xa9, 0x0a, 0xe5, 0xf9, 0x45, 0x29, 0xc5, 0x0a, 0x89,
	0xe9, 0x89, 0x99, 0x79, 0x0a, 0x89, 0x79, 0x29, 0x10, 0x96, 0x9e, 0xc2, 0x93, 0x51, 0x65, 0xa3, 0xca, 0x46, 0x95, 0x8d,
	0x2a, 0x1b, 0x55, 0x36, 0x32, 0x94, 0x01, 0x00, 0x9f, 0xe3, 0x26, 0x0f, 0x18, 0x06, 0x00, 0x00 };
static const unsigned char packed_zlib[] = { 0x78, 0xda, 0x7b, 0xb2, 0x6b, 0xe2, 0xcb, 0xd9, 0x0d, 0x0a, 0x25, 0x19, 0xa9, 0x0a,
	0xc5, 0x89, 0xb9, 0xa9, 0x0a, 0xe5, 0xf9, 0x45, 0x29, 0xc5, 0x0a, 0x89, 0xe9, 0x89, 0x99, 0x79, 0x0a, 0x89, 0x79, 0x29,
	0x10, 0x96, 0x9e, 0xc2, 0x93, 0x51, 0x65, 0xa3, 0xca, 0x46, 0x95, 0x8d, 0x2a, 0x1b, 0x55, 0x36, 0x32, 0x94, 0x01, 0x00,
	0xb7, 0xfb, 0x6d, 0xaf };
static const unsigned char packed_raw[] = { 0x7b, 0xb2, 0x6b, 0xe2, 0xcb, 0xd9, 0x0d, 0x0a, 0x25, 0x19, 0xa9, 0x0a, 0xc5, 0x89,
	0xb9, 0xa9, 0x0a, 0xe5, 0xf9, 0x45, 0x29, 0xc5, 0x0a, 0x89, 0xe9, 0x89, 0x99, 0x79, 0x0a, 0x89, 0x79, 0x29, 0x10, 0x96,
	0x9e, 0xc2, 0x93, 0x51, 0x65, 0xa3, 0xca, 0x46, 0x95, 0x8d, 0x2a, 0x1b, 0x55, 0x36, 0x32, 0x94, 0x01, 0x00 };
static const unsigned char packed_brotli[] = { 0x1b, 0x17, 0x06, 0x40, 0x1d, 0x09, 0x36, 0x2e, 0x7c, 0x61, 0x7e, 0x34, 0x2c, 0x41,
	0x5c, 0xc8, 0x13, 0x70, 0x33, 0xbd, 0x22, 0x75, 0x7b, 0x90, 0x45, 0x6e, 0xb1, 0x0c, 0x6c, 0xc0, 0x79, 0x42, 0x65, 0xe3,
	0xbd, 0x63, 0x89, 0x54, 0xfa, 0x11, 0xc2, 0xab, 0x45, 0x00 };
static const unsigned char packed_zstd[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x68, 0x65, 0x01, 0x00, 0x14, 0x02, 0xe4, 0xba, 0x91,
	0xe9, 0x9b, 0x80, 0x20, 0x74, 0x68, 0x65, 0x20, 0x73, 0x61, 0x6d, 0x65, 0x20, 0x77, 0x6f, 0x72, 0x64, 0x73, 0x20, 0x61,
	0x67, 0x61, 0x69, 0x6e, 0x20, 0x61, 0x6e, 0x64, 0x2e, 0x20, 0x02, 0x00, 0xee, 0x29, 0xf5, 0xf1, 0xc5, 0x8a, 0x13, 0x7f,
	0x07, 0x62, 0x88 };
static const unsigned char packed_twice[] = { 0x78, 0x9c, 0x93, 0xef, 0xe6, 0x60, 0x00, 0x01, 0x26, 0xe6, 0xea, 0x4d, 0xd9, 0x8f,
	0x4e, 0xdf, 0xe4, 0xe5, 0x52, 0x95, 0x5c, 0xc9, 0x75, 0xb4, 0x73, 0xe7, 0x4a, 0xae, 0xa7, 0x3f, 0x5d, 0x35, 0x8f, 0x72,
	0x75, 0xbe, 0xec, 0x9c, 0x59, 0xc9, 0xd5, 0x59, 0xa9, 0x29, 0x30, 0x6d, 0xde, 0xa1, 0xc9, 0x81, 0xa9, 0x8b, 0x4f, 0xb9,
	0x4d, 0xed, 0xd5, 0x92, 0x0e, 0x35, 0x33, 0x9a, 0xc2, 0xc8, 0x30, 0xff, 0xb1, 0x1a, 0xbf, 0x04, 0x1b, 0x03, 0x03, 0x00,
	0x89, 0xed, 0x19, 0x85 };

static struct buf plain;
static size_t wanted; /* bytes that take() takes */
static struct err why;

static bool take(void *owner, struct str piece)
{
	(void)owner;
	buf_adds(&plain, piece);
	return plain.n <= wanted;
}

struct outcomes {
	enum outcome done;
	bool is_whole;
};

/* In pieces of `step` bytes. */
static struct outcomes unpack(const char *header, struct str bytes, size_t step)
{
	struct http_unpack *u = NULL;
	struct outcomes out = { .done = http_unpack_new(str_of(header), take, NULL, &u, &why), .is_whole = true };
	buf_clear(&plain);
	for (size_t at = 0; u != NULL && at < bytes.n && out.done == OK; at += step)
		out.done = http_unpack_add(u, str_first(str_from(bytes, at), step < bytes.n - at ? step : bytes.n - at), &why);
	out.is_whole = u == NULL || http_unpack_is_whole(u);
	http_unpack_free(u);
	return out;
}

static bool is_text(size_t times)
{
	const size_t n = strlen(WORDS);
	if (plain.n != times * TIMES * n)
		return false;
	for (size_t i = 0; i < times * TIMES; i++)
		if (memcmp(plain.p + i * n, WORDS, n) != 0)
			return false;
	return true;
}

#define BYTES(array)                                                                                                             \
	{                                                                                                                        \
		(const char *)(array), sizeof(array)                                                                             \
	}
static const struct row {
	const char *header;
	struct str bytes;
} rows[] = {
	{ "HTTP/1.1 200 OK\nContent-Encoding: gzip\n", BYTES(packed_gzip) },
	{ "content-encoding: x-gzip\n", BYTES(packed_gzip) },
	{ "Content-Encoding: deflate\n", BYTES(packed_zlib) },
	{ "Content-Encoding: DEFLATE\n", BYTES(packed_raw) },
	{ "Content-Encoding: br\n", BYTES(packed_brotli) },
	{ "Content-Encoding: zstd\n", BYTES(packed_zstd) },
	{ "Content-Encoding: gzip, deflate\n", BYTES(packed_twice) },
	{ "Content-Encoding: gzip\nX: y\nContent-Encoding: identity, deflate\n", BYTES(packed_twice) },
};
#define NROWS (sizeof rows / sizeof *rows)

static void every_packing_is_unpacked_in_pieces_of_any_size(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < NROWS; i++)
		for (size_t step = 1; step <= rows[i].bytes.n; step++) {
			const struct outcomes got = unpack(rows[i].header, rows[i].bytes, step);
			if (got.done != OK || !got.is_whole || !is_text(1))
				fail_msg("%s in pieces of %zu: %s", rows[i].header, step, why.text);
		}
}

static void a_body_that_was_cut_is_not_whole(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < NROWS; i++)
		for (size_t n = 1; n < rows[i].bytes.n; n++) {
			const struct outcomes got = unpack(rows[i].header, str_first(rows[i].bytes, n), 7);
			if (got.done == OK && got.is_whole)
				fail_msg("%s: %zu of %zu bytes are taken for all", rows[i].header, n, rows[i].bytes.n);
		}
}

static void members_and_frames_are_one_body(void **unused)
{
	static const struct row two[] = { { "Content-Encoding: gzip\n", BYTES(packed_gzip) },
		{ "Content-Encoding: zstd\n", BYTES(packed_zstd) } };
	char twice[1024];
	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		const size_t n = two[i].bytes.n;
		memcpy(twice, two[i].bytes.p, n);
		memcpy(twice + n, two[i].bytes.p, n);
		for (size_t step = 1; step <= 2 * n; step++) {
			const struct outcomes got = unpack(two[i].header, (struct str){ twice, 2 * n }, step);
			if (got.done != OK || !got.is_whole || !is_text(2))
				fail_msg("%s in pieces of %zu: %s", two[i].header, step, why.text);
		}
		assert_false(unpack(two[i].header, (struct str){ twice, 2 * n - 1 }, 11).is_whole);
	}
}

static void what_stands_behind_the_end_is_passed_over(void **unused)
{
	char longer[1024];
	(void)unused;
	for (size_t i = 0; i < NROWS; i++) {
		const size_t n = rows[i].bytes.n;
		memcpy(longer, rows[i].bytes.p, n);
		memset(longer + n, 0, 20);
		const struct outcomes got = unpack(rows[i].header, (struct str){ longer, n + 20 }, 13);
		if (got.done != OK || !got.is_whole || !is_text(1))
			fail_msg("%s with zeros behind it: %s", rows[i].header, why.text);
	}
}

static void a_plain_body_needs_none(void **unused)
{
	struct http_unpack *u = NULL;
	(void)unused;
	assert_int_equal(
		http_unpack_new(STR("HTTP/1.1 200 OK\nETag: gzip\nContent-Encoding: identity\n"), take, NULL, &u, &why), OK);
	assert_null(u);
}

static void unknown_and_endless_packings_are_refused(void **unused)
{
	(void)unused;
	assert_int_equal(unpack("Content-Encoding: rot13\n", STR("x"), 1).done, RETRY);
	assert_int_equal(unpack("Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\n", STR("x"), 1).done, RETRY);
	assert_non_null(strstr(why.text, "too many"));
}

static void what_is_not_packed_as_it_says_is_damaged(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < NROWS; i++) {
		const struct outcomes got =
			unpack(rows[i].header, STR("<html>this is a page as it stands, without any packing</html>"), 5);
		if (got.done == OK && got.is_whole)
			fail_msg("%s", rows[i].header);
	}
}

static void who_takes_no_more_is_given_no_more(void **unused)
{
	(void)unused;
	wanted = 100;
	for (size_t i = 0; i < NROWS; i++)
		assert_int_equal(unpack(rows[i].header, rows[i].bytes, rows[i].bytes.n).done, REJECT);
	wanted = SIZE_MAX;
}

static void no_body_at_all_is_whole(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < NROWS; i++)
		assert_true(unpack(rows[i].header, STR(""), 1).is_whole);
}

static int start(void **unused)
{
	(void)unused;
	wanted = SIZE_MAX;
	buf_init(&plain, 1u << 20);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	buf_release(&plain);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_packing_is_unpacked_in_pieces_of_any_size),
		cmocka_unit_test(a_body_that_was_cut_is_not_whole),
		cmocka_unit_test(members_and_frames_are_one_body),
		cmocka_unit_test(what_stands_behind_the_end_is_passed_over),
		cmocka_unit_test(a_plain_body_needs_none),
		cmocka_unit_test(unknown_and_endless_packings_are_refused),
		cmocka_unit_test(what_is_not_packed_as_it_says_is_damaged),
		cmocka_unit_test(who_takes_no_more_is_given_no_more),
		cmocka_unit_test(no_body_at_all_is_whole),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
