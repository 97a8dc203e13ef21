/* Fuzz target: segments of any bytes, whole segments with garbled bytes, and records of any bytes are read or passed over. */
#include "common/base/archive_record.h"
#include "common/base/file.h"
#include "common/base/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCKS 3
#define RECORDS 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

/* Records read from a file of these bytes; `known`: every one must be one that make_whole() wrote. */
static size_t read_bytes(struct str bytes, bool known)
{
	char path[64];
	struct segment_block block;
	struct str record;
	size_t n = 0;
	const int fd = memfd_create("segment", MFD_CLOEXEC);
	require(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct segment_reader *r = segment_reader_new();
	require(segment_reader_open(r, path, NULL) == OK);
	while (segment_next(r, INT64_MIN, INT64_MAX, &block))
		for (; segment_record(&block, &record); n++)
			require(!known || str_starts(record, STR("record 记录 ")));
	const struct segment_tally *t = segment_reader_tally(r);
	require(t->torn_bytes <= bytes.n && t->packed_bytes <= bytes.n);
	segment_reader_free(r);
	(void)close(fd);
	return n;
}

static struct str make_whole(struct arena *a)
{
	char path[] = "/tmp/earshot-fuzz-segment-XXXXXX";
	struct segment_writer *w = NULL;
	struct str bytes = { 0 };
	uint64_t torn = 0;
	const int fd = mkstemp(path);
	require(fd >= 0 && segment_open(path, &w, &torn, NULL) == OK);
	for (int i = 0; i < BLOCKS * RECORDS; i++) {
		require(segment_add(w, i, arena_printf(a, "record 记录 %d", i), NULL) == OK);
		require(i % RECORDS != RECORDS - 1 || segment_flush(w, NULL) == OK);
	}
	segment_close(w);
	require(file_read(a, path, 1u << 20, &bytes, NULL) == OK);
	(void)unlink(path);
	(void)close(fd);
	return bytes;
}

/* Pairs of (place, byte) garble a whole segment; each costs its block at most. */
static void garble(const uint8_t *data, size_t size)
{
	static struct arena a;
	static struct str whole;
	if (whole.n == 0) {
		arena_init(&a, 1u << 20);
		whole = make_whole(&a);
	}
	char copy[4096];
	require(whole.n <= sizeof copy);
	memcpy(copy, whole.p, whole.n);
	size_t changes = 0;
	for (size_t i = 0; i + 3 <= size; i += 3, changes++)
		copy[(size_t)(data[i] << 8 | data[i + 1]) % whole.n] ^= (char)data[i + 2];
	const size_t n = read_bytes((struct str){ copy, whole.n }, true);
	require(n <= BLOCKS * RECORDS && (changes >= BLOCKS || n >= (BLOCKS - changes) * RECORDS));
}

static void read_record(struct str bytes)
{
	struct archive_entry entry, again;
	struct buf out;
	if (!archive_record_read(bytes, &entry))
		return;
	buf_init(&out, bytes.n * 2 + 1024);
	archive_record_write(&out, &entry);
	require(archive_record_read(buf_str(&out), &again));
	require(str_eq(entry.post.text, again.post.text) && str_eq(entry.post.id, again.post.id));
	require(entry.post.posted_ms == again.post.posted_ms && entry.edited == again.edited && str_eq(entry.own, again.own));
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const struct str rest = { (const char *)data + 1, size - 1 };
	if (data[0] % 3 == 0)
		(void)read_bytes(rest, false);
	else if (data[0] % 3 == 1)
		garble(data + 1, size - 1);
	else
		read_record(rest);
	return 0;
}
