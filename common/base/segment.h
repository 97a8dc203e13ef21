/* Append-only files of records, packed into blocks: the only file that includes zstd.
 *
 * A segment is nothing but blocks, one behind the other. A block is a header of 48 bytes (little endian)
 *      0  8  FF E5 "ESBLK1"   the magic holds FF, which no UTF-8 text does: a post cannot forge a block
 *      8  4  packed bytes     of the zstd frame behind the header, which carries its own checksum of the content
 *     12  4  plain bytes      after unpacking
 *     16  4  records
 *     20  4  0
 *     24  8  first_ms         earliest and latest time of its records: the index by time is the headers themselves
 *     32  8  last_ms
 *     40  8  FNV-1a 64 of the 40 bytes before
 * and one independent zstd frame: records, each with its length (varint) in front.
 *
 * Whatever byte a crash cut the file at, every whole block in front of it can be read. Readers never write: they pass over
 * what is damaged, go on at the next whole header, and count it. The writer cuts a torn tail off when it opens the file.
 * A block is written with one write(2), so that a writer that is killed loses what it had not flushed and nothing else;
 * segment_sync() is for the loss of power. Another format would have another file ending: a block this build does not know
 * is damage to it, and at the end of a file a torn tail. A segment has one writer at a time, who holds flock(2) on it. */
#ifndef EARSHOT_BASE_SEGMENT_H
#define EARSHOT_BASE_SEGMENT_H

#include "common/base/arena.h"
#include "common/base/buf.h"

#define SEGMENT_HEADER_BYTES 48

/* ---- writing ---- */

struct segment_writer;

/* Opens or makes the file and takes its lock. SKIP when another process writes it. *torn_bytes: how many bytes of a torn
 * tail were cut off (0 = the file was whole). */
enum outcome segment_open(const char *path, struct segment_writer **out, uint64_t *torn_bytes, struct err *e) MUST_CHECK;
/* Adds a record to the block in memory. RETRY when a block waits that could not be written and there is no more room. */
enum outcome segment_add(struct segment_writer *w, int64_t at_ms, struct str record, struct err *e) MUST_CHECK;
/* Bytes waiting in memory: a block is due at LIMIT_SEGMENT_BLOCK_BYTES, or when the caller thinks it is old enough. */
size_t segment_waiting(const struct segment_writer *w);
size_t segment_waiting_records(const struct segment_writer *w);
/* Writes the block in memory. On RETRY (disk full …) the file ends where it ended before and the block is kept. */
enum outcome segment_flush(struct segment_writer *w, struct err *e) MUST_CHECK;
enum outcome segment_sync(struct segment_writer *w, struct err *e) MUST_CHECK; /* fdatasync(2) */
uint64_t segment_bytes(const struct segment_writer *w); /* of the file */
bool segment_is_gone(const struct segment_writer *w); /* somebody deleted the file: what is written is written to nowhere */
/* Gives file and lock back; a block in memory is lost: flush first. NULL is fine. */
void segment_close(struct segment_writer *w);
/* A record's fate when its segment is written anew: false = it goes. `at_ms` is set to its time when it stays. */
typedef bool segment_choice(struct str record, void *context, int64_t *at_ms); /* a function type, as in cli/batch_io.h */
/* Writes the segment anew beside itself, without the records that `choice` drops, and puts it in the old one's place; when
 * none is dropped the file is left alone. SKIP when a process writes it. *dropped: how many went. What is damaged in it
 * goes, too. */
enum outcome segment_rewrite(
	const char *path, segment_choice *choice, void *context, uint64_t *dropped, struct err *e) MUST_CHECK;
/* Whether some process writes this segment now. */
bool segment_in_use(const char *path);

/* ---- reading ---- */

struct segment_block {
	int64_t first_ms, last_ms;
	uint32_t records; /* as the header has it */
	uint64_t offset; /* of the header in the file */
	struct str rest; /* records not taken yet; bytes belong to the reader, until the next block */
};

struct segment_tally {
	uint64_t blocks, outside; /* unpacked; passed over by their time */
	uint64_t packed_bytes, plain_bytes; /* of those unpacked */
	uint64_t damaged; /* pieces that are no block, and blocks that do not unpack */
	uint64_t torn_bytes; /* behind the last whole block: being written now, or left by a crash */
};

struct segment_reader;

struct segment_reader *segment_reader_new(void); /* keeps its buffers from file to file */
void segment_reader_free(struct segment_reader *r); /* NULL is fine */
/* Begins at the first block of the file as long as it is now. The tally is not touched: it sums over files. */
enum outcome segment_reader_open(struct segment_reader *r, const char *path, struct err *e) MUST_CHECK;
/* The next block that has a record between since_ms (included) and until_ms (not); false at the end. */
bool segment_next(struct segment_reader *r, int64_t since_ms, int64_t until_ms, struct segment_block *out);
/* Takes the next record of a block; false when there is none. */
bool segment_record(struct segment_block *block, struct str *record);
const struct segment_tally *segment_reader_tally(const struct segment_reader *r);

#endif
