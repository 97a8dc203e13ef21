/* Unit tests of segments: whatever a crash did to the end of a file, every whole block in front of it is read. */
#include "common/base/segment.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"
#include "common/base/varint.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>

#define BLOCKS 4
#define RECORDS 5 /* a block */

static struct folder folder;

static int setup(void **state)
{
	(void)state;
	return folder_make(&folder);
}

static int teardown(void **state)
{
	(void)state;
	folder_remove(&folder);
	return 0;
}

static struct segment_writer *open_writer(const char *path, uint64_t *torn)
{
	struct err e = { 0 };
	struct segment_writer *w = NULL;
	uint64_t ignored = 0;
	if (segment_open(path, &w, torn ? torn : &ignored, &e) != OK)
		fail_msg("%s", e.text);
	return w;
}

static void add(struct segment_writer *w, int64_t at_ms, const char *text)
{
	struct err e = { 0 };
	if (segment_add(w, at_ms, str_of(text), &e) != OK)
		fail_msg("%s", e.text);
}

static void flush(struct segment_writer *w)
{
	struct err e = { 0 };
	if (segment_flush(w, &e) != OK)
		fail_msg("%s", e.text);
}

/* Block b has records "b.0" … at times 1000 * b + i; ends[b] is where it ends. */
static const char *make_segment(uint64_t ends[BLOCKS])
{
	const char *path = folder_file(&folder, "a.seg");
	struct segment_writer *w = open_writer(path, NULL);
	for (int b = 0; b < BLOCKS; b++) {
		for (int i = 0; i < RECORDS; i++)
			add(w, 1000 * b + i, arena_printf(&folder.a, "%d.%d 退款 refund", b, i).p);
		flush(w);
		ends[b] = segment_bytes(w);
	}
	segment_close(w);
	return path;
}

static struct str bytes_of(const char *path)
{
	struct str bytes;
	if (file_read(&folder.a, path, 1u << 20, &bytes, NULL) != OK)
		fail_msg("%s cannot be read", path);
	return bytes;
}

static void write_bytes(const char *path, struct str bytes)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

/* Reads everything; checks that each record is one that was written. Returns how many. */
static size_t read_all(const char *path, int64_t since_ms, int64_t until_ms, struct segment_tally *tally)
{
	struct segment_block block;
	struct str record;
	size_t n = 0;
	struct segment_reader *r = segment_reader_new();
	assert_int_equal(segment_reader_open(r, path, NULL), OK);
	while (segment_next(r, since_ms, until_ms, &block)) {
		uint32_t here = 0;
		for (; segment_record(&block, &record); n++, here++)
			assert_true(str_ends(record, STR(" 退款 refund")));
		assert_int_equal(here, block.records);
		assert_int_equal(block.rest.n, 0);
	}
	*tally = *segment_reader_tally(r);
	segment_reader_free(r);
	return n;
}

static size_t read_whole(const char *path, struct segment_tally *tally)
{
	return read_all(path, INT64_MIN, INT64_MAX, tally);
}

static void what_was_added_is_read_in_order(void **state)
{
	uint64_t ends[BLOCKS];
	struct segment_tally t;
	(void)state;
	assert_int_equal(read_whole(make_segment(ends), &t), BLOCKS * RECORDS);
	assert_int_equal(t.blocks, BLOCKS);
	assert_int_equal(t.damaged, 0);
	assert_int_equal(t.torn_bytes, 0);
}

static void blocks_outside_of_the_span_are_passed_over(void **state)
{
	uint64_t ends[BLOCKS];
	struct segment_tally t;
	(void)state;
	const char *path = make_segment(ends);
	assert_int_equal(read_all(path, 1000, 2000, &t), RECORDS);
	assert_int_equal(t.outside, BLOCKS - 1);
	assert_int_equal(read_all(path, 1004, 2001, &t), 2 * RECORDS); /* both ends touch a block */
	assert_int_equal(read_all(path, 1005, 2000, &t), 0);
}

/* The promise: cut at any byte, all blocks in front are read and the writer goes on behind them. */
static void a_file_cut_at_any_byte_gives_every_whole_block(void **state)
{
	uint64_t ends[BLOCKS], torn = 0;
	struct segment_tally t;
	(void)state;
	const struct str whole = bytes_of(make_segment(ends));
	const char *path = folder_file(&folder, "cut.seg");
	for (size_t cut = 0; cut <= whole.n; cut++) {
		size_t blocks = 0;
		while (blocks < BLOCKS && ends[blocks] <= cut)
			blocks++;
		const uint64_t end = blocks > 0 ? ends[blocks - 1] : 0;
		write_bytes(path, str_first(whole, cut));
		assert_int_equal(read_whole(path, &t), blocks * RECORDS);
		assert_int_equal(t.torn_bytes, cut - end);
		assert_int_equal(bytes_of(path).n, cut); /* a reader never writes */
		struct segment_writer *w = open_writer(path, &torn);
		assert_int_equal(torn, cut - end);
		add(w, 1, "new 退款 refund");
		flush(w);
		segment_close(w);
		assert_int_equal(read_whole(path, &t), blocks * RECORDS + 1);
		assert_int_equal(t.damaged + t.torn_bytes, 0);
	}
}

/* One byte changed anywhere costs one block at most. */
static void a_garbled_byte_costs_one_block(void **state)
{
	uint64_t ends[BLOCKS];
	struct segment_tally t;
	(void)state;
	const struct str whole = bytes_of(make_segment(ends));
	const char *path = folder_file(&folder, "garbled.seg");
	for (size_t at = 0; at < whole.n; at++) {
		char *copy = (char *)(uintptr_t)arena_copy(&folder.a, whole).p;
		copy[at] = (char)(copy[at] ^ 0x55);
		write_bytes(path, (struct str){ copy, whole.n });
		assert_int_equal(read_whole(path, &t), (BLOCKS - 1) * RECORDS);
		assert_true(t.damaged == 1 || t.torn_bytes == ends[BLOCKS - 1] - ends[BLOCKS - 2]);
	}
}

static void a_tail_of_zeros_or_noise_is_cut_off_by_the_writer(void **state)
{
	uint64_t ends[BLOCKS], torn = 0;
	struct segment_tally t;
	(void)state;
	const char *path = make_segment(ends);
	const struct str whole = bytes_of(path);
	for (int noise = 0; noise < 2; noise++) {
		char *longer = arena_take(&folder.a, whole.n + 5000);
		memcpy(longer, whole.p, whole.n);
		for (size_t i = 0; noise && i < 5000; i++)
			longer[whole.n + i] = (char)(unsigned char)(i * 2654435761u >> 13);
		write_bytes(path, (struct str){ longer, whole.n + 5000 });
		assert_int_equal(read_whole(path, &t), BLOCKS * RECORDS);
		assert_int_equal(t.torn_bytes, 5000);
		segment_close(open_writer(path, &torn));
		assert_int_equal(torn, 5000);
		assert_int_equal(bytes_of(path).n, whole.n);
	}
}

/* Power was lost: the last header is on the disk, its bytes are not. */
static void a_last_block_that_does_not_unpack_is_part_of_the_tail(void **state)
{
	uint64_t ends[BLOCKS], torn = 0;
	struct segment_tally t;
	(void)state;
	const char *path = make_segment(ends);
	const struct str whole = bytes_of(path);
	const size_t frame = (size_t)ends[BLOCKS - 2] + SEGMENT_HEADER_BYTES;
	memset((char *)(uintptr_t)whole.p + frame, 0, whole.n - frame);
	write_bytes(path, whole);
	segment_close(open_writer(path, &torn));
	assert_int_equal(torn, ends[BLOCKS - 1] - ends[BLOCKS - 2]);
	assert_int_equal(read_whole(path, &t), (BLOCKS - 1) * RECORDS);
	assert_int_equal(t.damaged, 0);
}

static void a_segment_has_one_writer(void **state)
{
	struct err e = { 0 };
	struct segment_writer *second = NULL;
	uint64_t torn = 0;
	(void)state;
	const char *path = folder_file(&folder, "a.seg");
	struct segment_writer *w = open_writer(path, NULL);
	assert_true(segment_in_use(path));
	assert_int_equal(segment_open(path, &second, &torn, &e), SKIP);
	assert_null(second);
	segment_close(w);
	assert_false(segment_in_use(path));
}

static void a_record_larger_than_a_block_is_refused(void **state)
{
	struct err e = { 0 };
	(void)state;
	struct segment_writer *w = open_writer(folder_file(&folder, "a.seg"), NULL);
	const struct str large = { arena_take(&folder.a, LIMIT_SEGMENT_PLAIN_BYTES), LIMIT_SEGMENT_PLAIN_BYTES };
	assert_int_equal(segment_add(w, 0, large, &e), REJECT);
	assert_int_equal(segment_add(w, 0, str_first(large, LIMIT_SEGMENT_PLAIN_BYTES - 16), &e), OK);
	assert_int_equal(segment_add(w, 0, STR("one more"), &e), RETRY);
	flush(w);
	assert_int_equal(segment_add(w, 0, STR("one more"), &e), OK);
	segment_close(w);
}

/* A file that may not grow is a disk that is full: the block waits, the file stays whole, and it goes on later. */
static void a_full_disk_keeps_the_block_for_later(void **state)
{
	struct err e = { 0 };
	struct segment_tally t;
	struct rlimit before;
	uint64_t ends[BLOCKS];
	(void)state;
	const char *path = make_segment(ends);
	struct segment_writer *w = open_writer(path, NULL);
	add(w, 9000, "later 退款 refund");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	const struct rlimit full = { ends[BLOCKS - 1] + 20, before.rlim_max };
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	const enum outcome done = segment_flush(w, &e);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	(void)signal(SIGXFSZ, handler);
	assert_int_equal(done, RETRY);
	assert_int_equal(bytes_of(path).n, ends[BLOCKS - 1]);
	assert_int_equal(segment_waiting_records(w), 1);
	flush(w);
	segment_close(w);
	assert_int_equal(read_whole(path, &t), BLOCKS * RECORDS + 1);
	assert_int_equal(t.damaged + t.torn_bytes, 0);
}

/* Posts are written by strangers: one that holds the bytes of a block must not become a block when its own is damaged. */
static void a_post_cannot_forge_a_block(void **state)
{
	uint64_t ends[BLOCKS];
	struct segment_tally t;
	(void)state;
	const struct str block = bytes_of(make_segment(ends));
	const char *path = folder_file(&folder, "forged.seg");
	struct segment_writer *w = open_writer(path, NULL);
	add(w, 0, arena_cstr(&folder.a, utf8_repair(&folder.a, block))); /* admitted posts are UTF-8 */
	flush(w);
	segment_close(w);
	char *bytes = (char *)(uintptr_t)bytes_of(path).p;
	bytes[0] = 0;
	write_bytes(path, (struct str){ bytes, bytes_of(path).n });
	assert_int_equal(read_whole(path, &t), 0);
}

static void numbers_of_variable_length_are_read_as_written(void **state)
{
	static const uint64_t number[] = { 0, 1, 127, 128, 16383, 16384, UINT32_MAX, INT64_MAX, UINT64_MAX };
	struct buf out;
	uint64_t v = 0;
	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof number / sizeof *number; i++)
		varint_add(&out, number[i]);
	struct str rest = buf_str(&out);
	for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
		assert_true(varint_take(&rest, &v));
		assert_int_equal(v, number[i]);
	}
	assert_int_equal(rest.n, 0);
	assert_false(varint_take(&rest, &v));
	rest = STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"); /* 65 bits */
	assert_false(varint_take(&rest, &v));
	rest = STR("\x05"
		   "four");
	struct str bytes;
	assert_false(varint_take_bytes(&rest, &bytes));
	assert_int_equal(rest.n, 5);
	buf_release(&out);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_was_added_is_read_in_order),
		T(blocks_outside_of_the_span_are_passed_over),
		T(a_file_cut_at_any_byte_gives_every_whole_block),
		T(a_garbled_byte_costs_one_block),
		T(a_tail_of_zeros_or_noise_is_cut_off_by_the_writer),
		T(a_last_block_that_does_not_unpack_is_part_of_the_tail),
		T(a_segment_has_one_writer),
		T(a_record_larger_than_a_block_is_refused),
		T(a_full_disk_keeps_the_block_for_later),
		T(a_post_cannot_forge_a_block),
		T(numbers_of_variable_length_are_read_as_written),
	};
	return cmocka_run_group_tests_name("segment", tests, NULL, NULL);
}
