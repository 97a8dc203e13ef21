/* Unit tests of gzip files: sitemaps in them, several members, cut ends, and bombs. */
#include "common/base/gzip.h"

#include <earshot/limits.h>

#include "crawler/feed.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* clang-format off */
/* A sitemap of two addresses, one with Chinese in it. */
static const char packed_sitemap[] =
	"\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\x85\x8F\xC1\x0D\xC2\x30\x0C\x45\x57\x41\xBD\xA2\xC6\x6E\x29\x08\xA2\x90"
	"\x29\x58\x20\x6D\x23\x82\x94\x90\xAA\x36\x6A\x57\x80\x3B\x73\xB0\x15\x62\x0C\x52\xDA\x3B\x17\x4B\xB6\xDE\xF3\xD7"
	"\x57\xB7\xDE\x93\xE5\xD5\x18\xFC\x95\x8E\x99\x63\xEE\x24\xC0\x30\x0C\x82\x2E\x6C\x83\xE9\x48\xC4\xFE\x0C\xD4\xB8"
	"\xB4\x10\x2C\x47\x40\x71\xC8\xB4\x4A\xAE\x56\x3E\x36\x7A\xD2\x28\x79\x75\x4D\xC2\x8E\x26\x74\xDE\x8A\x26\x06\x60"
	"\xD7\x5B\xD3\xE6\x85\x70\x1C\xBC\x82\x09\x55\xDE\x10\x87\xD8\xEA\x12\xCB\x2A\xC7\x5D\x8E\x9B\x53\x51\x49\xDC\x4A"
	"\xC4\x35\xEE\xD3\x4C\xDC\x82\x28\xF8\x25\xFC\x8D\x79\x3F\x9E\x9F\xD7\x7D\xF9\x3F\x3B\x30\xF7\xD2\x5F\x35\x6E\xEA"
	"\x75\xE0\x00\x00\x00";
/* 64 KiB of blanks. */
static const char packed_blanks[] =
	"\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\xED\xC1\x81\x00\x00\x00\x00\x80\x20\x95\xFD\x29\x17\xA9\x0A\x00\x00\x00"
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x00\x00\x00\x00\x6A\x94\x19\x2C\xB4\x00\x00\x01\x00";
/* clang-format on */

#define BLANKS 65536u
#define SITEMAP ((struct str){ packed_sitemap, sizeof packed_sitemap - 1 })

static struct arena arena;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* `n` members of blanks, one after the other. */
static struct str blanks(size_t n)
{
	const size_t size = sizeof packed_blanks - 1;
	char *bytes = arena_take(&arena, n * size);

	for (size_t i = 0; i < n; i++)
		memcpy(bytes + i * size, packed_blanks, size);
	return (struct str){ bytes, n * size };
}

static void a_sitemap_in_a_gzip_file_is_read(void **state)
{
	const struct page page = {
		.bytes = SITEMAP, .url = STR("https://bbs.example.com/sitemap.xml.gz"), .content_type = STR("application/x-gzip")
	};
	struct feed feed;
	struct err e;

	(void)state;
	assert_int_equal(feed_parse(&arena, &page, &feed, &e), OK);
	assert_true(str_eqc(feed.version, "sitemap"));
	assert_int_equal(feed.nentries, 2);
	assert_true(str_eqc(feed.entries[0].link, "https://bbs.example.com/thread-1.html"));
	assert_true(feed.entries[0].updated_ms == 1717394700000);
	assert_true(str_eqc(feed.entries[1].link, "https://bbs.example.com/投诉"));
	assert_false(feed.bozo);
}

static void members_are_read_one_after_the_other(void **state)
{
	struct str out;
	struct err e;
	bool is_cut = true;

	(void)state;
	assert_int_equal(gzip_open(&arena, blanks(3), &out, &is_cut, &e), OK);
	assert_int_equal(out.n, 3 * BLANKS);
	assert_false(is_cut);
}

static void a_cut_file_gives_what_stands_in_front(void **state)
{
	struct str out;
	struct err e;
	bool is_cut = false;

	(void)state;
	assert_int_equal(gzip_open(&arena, str_first(SITEMAP, SITEMAP.n - 40), &out, &is_cut, &e), OK);
	assert_true(is_cut);
	assert_true(str_starts(out, STR("<urlset")));
}

static void a_bomb_is_refused_with_its_numbers(void **state)
{
	const size_t too_many = LIMIT_BODY_RATIO_FROM / BLANKS + 1;
	struct str out;
	struct err e;
	bool is_cut;

	(void)state;
	assert_int_equal(gzip_open(&arena, blanks(too_many - 1), &out, &is_cut, &e), OK);
	assert_int_equal(gzip_open(&arena, blanks(too_many), &out, &is_cut, &e), REJECT);
	assert_non_null(strstr(e.text, "bombs"));
}

static void rubbish_behind_the_signature_is_refused(void **state)
{
	struct str out;
	struct err e;
	bool is_cut;

	(void)state;
	assert_false(gzip_is(STR("\x1F\x8B\x08")));
	assert_true(gzip_is(STR("\x1F\x8B\x08 rubbish, and long enough")));
	assert_int_equal(gzip_open(&arena, STR("\x1F\x8B\x08 rubbish, and long enough"), &out, &is_cut, &e), REJECT);
	assert_non_null(strstr(e.text, "damaged"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sitemap_in_a_gzip_file_is_read),
		cmocka_unit_test(members_are_read_one_after_the_other),
		cmocka_unit_test(a_cut_file_gives_what_stands_in_front),
		cmocka_unit_test(a_bomb_is_refused_with_its_numbers),
		cmocka_unit_test(rubbish_behind_the_signature_is_refused),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
