/* The archive: every fetched post, masked as it is stored, in segments (common/base/segment.h) on disk. The ground of
 * backtests, back-fills and `earshot search`.
 *
 *     FOLDER/2026-11-22/104502-4711.seg      day and time (UTC) of its making, process that made it
 *
 * A record is one post as it was fetched: new, or with another text than at its last sight; sights that only brought new
 * counters are not written. Posts that no rule matched are there, too. After a crash of the crawler or of Redis a post may
 * be there twice: archive_span.once leaves the second out, by the post's id.
 * The time of a record is post_count_ms(): when it was written, as it counts. A segment holds posts of any age that were
 * fetched on its day. */
#ifndef EARSHOT_BASE_ARCHIVE_H
#define EARSHOT_BASE_ARCHIVE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/segment.h"
#include <earshot/limits.h>
#include <earshot/post.h>

/* A post and what the door knew of it that the post does not tell: enough to admit it again as it was admitted. */
struct archive_entry {
	struct post post;
	struct str about; /* ids of brands, by commas: the source is theirs, its posts are about them whatever the words */
	struct str own; /* ids of brands, by commas, whose own account the author is */
	bool backfill; /* undated, from the first reading of its source: history, no news */
	bool edited; /* seen before with another text */
};

/* ---- writing: one archive a process ---- */

struct archive_options {
	const char *folder;
	int64_t keep_ms; /* segments of days before are deleted whole */
	int64_t max_bytes; /* of all segments: the oldest go first, never one that is being written */
	int64_t sync_ms; /* fdatasync at most so often; 0 = after every block */
};

struct archive_erased {
	uint64_t posts, segments, busy;
};

struct archive;

struct archive *archive_new(const struct archive_options *o); /* touches no file before the first post */
/* Takes a post into the block in memory, and writes the block when it is full. RETRY when it could not be taken: the disk
 * is full or gone, and there is no room left in memory. The post is not in the archive then. */
enum outcome archive_add(struct archive *a, const struct archive_entry *entry, int64_t now_ms, struct err *e) MUST_CHECK;
/* Once a turn of the loop: writes a block that waited for a second, syncs, changes to a new segment with the day or the
 * size, deletes what is too old or too much. On RETRY the block waits in memory for a later turn. */
enum outcome archive_turn(struct archive *a, int64_t now_ms, struct err *e) MUST_CHECK;
enum outcome archive_flush(struct archive *a, int64_t now_ms, struct err *e) MUST_CHECK; /* everything onto the disk, now */
/* Everything onto the disk, and lets go of the segment: what comes next goes into a new file, and whoever has to take posts out
 * (archive_erase) gets at this one. On RETRY the segment stays open. */
enum outcome archive_let_go(struct archive *a, int64_t now_ms, struct err *e) MUST_CHECK;
size_t archive_waiting(const struct archive *a); /* posts in memory: archive_free() loses them */
void archive_free(struct archive *a); /* flush first; NULL is fine */
/* Sum of all segments in a folder. */
uint64_t archive_folder_bytes(const char *folder);

/* Takes every post out for which `is_wanted` is true (by its id, its author …). Segments that are being written are left
 * alone and counted in *busy: crawlers let go of theirs when the list of erasures grows (archive_let_go); ask again then. */
enum outcome archive_erase(const char *folder, bool (*is_wanted)(const struct post *p, const void *context), const void *context,
	struct archive_erased *out, struct err *e) MUST_CHECK;

/* The same, one segment a call, in the order of their days, for a worker that has other things to do. SKIP: there was none left, and
 * the next call begins with the first again. */
struct archive_cursor {
	char after[LIMIT_URL_BYTES]; /* path of the last one; "" = none yet */
};
enum outcome archive_erase_next(const char *folder, struct archive_cursor *at,
	bool (*is_wanted)(const struct post *p, const void *context), const void *context, struct archive_erased *out,
	struct err *e) MUST_CHECK;

/* ---- reading ---- */

struct archive_span {
	int64_t since_ms, until_ms; /* post_count_ms() in [since, until) */
	bool once; /* a post that is there twice (a repeat, an edit) is given once: the first record */
};

struct archive_tally {
	struct segment_tally segment; /* blocks, bytes, damage */
	uint64_t segments, unreadable_segments;
	uint64_t entries; /* given */
	uint64_t repeats; /* left out, see archive_span.once */
	uint64_t damaged_records; /* unpacked, but no post */
};

struct archive_reader;

/* Every segment below `folder` that can hold posts of the span, in the order of their names: oldest day first, within a
 * segment as they were fetched, one worker's segments after the other's. RETRY or REJECT when the folder cannot be read. */
enum outcome archive_reader_open(
	const char *folder, const struct archive_span *span, struct archive_reader **out, struct err *e) MUST_CHECK;
/* The next post; false at the end. Its strings hold until the next call. */
bool archive_next(struct archive_reader *r, struct archive_entry *out);
/* What was read so far; damage is told here, never by stopping. */
const struct archive_tally *archive_reader_tally(struct archive_reader *r);
/* One sentence about damage, for a person; "" when there was none. */
struct str archive_damage(struct arena *a, const struct archive_tally *t);
void archive_reader_close(struct archive_reader *r); /* NULL is fine */

/* Posts that were met before, by id: what archive_span.once uses, for those who want every version of a post first. Beyond
 * LIMIT_ARCHIVE_SEEN posts each one counts as new. */
struct archive_seen;
struct archive_seen *archive_seen_new(void);
bool archive_seen_first(struct archive_seen *s, struct str id); /* and remembers it */
void archive_seen_free(struct archive_seen *s); /* NULL is fine */

#endif
