/* Reading the archive: segment after segment, block after block, post after post. */
#include "common/base/archive.h"

#include <earshot/limits.h>

#include "common/base/archive_folder.h"
#include "common/base/archive_record.h"
#include "common/base/clock.h"
#include "common/base/post_pack.h"
#include "common/base/varint.h"

#include <stdlib.h>
#include <string.h>

#define MARK_BACKFILL 1u
#define MARK_EDITED 2u
#define ARENA_BYTES (64u << 20)

/* ---- records ---- */

void archive_record_write(struct buf *out, const struct archive_entry *entry)
{
	varint_add(out, (entry->backfill ? MARK_BACKFILL : 0) | (entry->edited ? MARK_EDITED : 0));
	varint_add_bytes(out, entry->about);
	varint_add_bytes(out, entry->own);
	post_pack(out, &entry->post);
}

bool archive_record_read(struct str record, struct archive_entry *out)
{
	uint64_t marks = 0;
	if (!varint_take(&record, &marks) || !varint_take_bytes(&record, &out->about) || !varint_take_bytes(&record, &out->own))
		return false;
	out->backfill = marks & MARK_BACKFILL;
	out->edited = marks & MARK_EDITED;
	return post_unpack(record, &out->post) && out->post.id.n > 0;
}

/* ---- the reader ---- */

struct archive_reader {
	struct arena arena; /* the names */
	struct archive_file *file;
	size_t nfiles, next;
	struct archive_span span;
	struct segment_reader *segment;
	struct segment_block block;
	struct archive_seen *seen;
	struct archive_tally tally;
};

enum outcome archive_reader_open(const char *folder, const struct archive_span *span, struct archive_reader **out, struct err *e)
{
	struct archive_reader *r = calloc(1, sizeof *r);
	if (r == NULL)
		abort();
	arena_init(&r->arena, ARENA_BYTES);
	r->span = *span;
	r->segment = segment_reader_new();
	r->seen = archive_seen_new();
	/* A post counts ten minutes after it was fetched at the latest (LIMIT_FUTURE_MS); a day more for a clock that was set. */
	const int64_t from_ms = span->since_ms > 2 * MS_PER_DAY ? archive_day(span->since_ms) - 2 * MS_PER_DAY : INT64_MIN;
	const enum outcome done = archive_files(&r->arena, folder, from_ms, &r->file, &r->nfiles, e);
	if (done == OK)
		*out = r;
	else
		archive_reader_close(r);
	return done;
}

void archive_reader_close(struct archive_reader *r)
{
	if (r == NULL)
		return;
	segment_reader_free(r->segment);
	arena_release(&r->arena);
	archive_seen_free(r->seen);
	free(r);
}

static bool next_segment(struct archive_reader *r)
{
	while (r->next < r->nfiles) {
		const enum outcome done = segment_reader_open(r->segment, r->file[r->next++].path, NULL);
		if (done == OK) {
			r->tally.segments++;
			return true;
		}
		r->tally.unreadable_segments += done != SKIP; /* SKIP: deleted meanwhile */
	}
	return false;
}

static bool next_block(struct archive_reader *r)
{
	while (!segment_next(r->segment, r->span.since_ms, r->span.until_ms, &r->block))
		if (!next_segment(r))
			return false;
	return true;
}

/* false: not for the caller. */
static bool take(struct archive_reader *r, struct str record, struct archive_entry *out)
{
	if (!archive_record_read(record, out)) {
		r->tally.damaged_records++;
		return false;
	}
	const int64_t at_ms = post_count_ms(&out->post);
	if (at_ms < r->span.since_ms || at_ms >= r->span.until_ms)
		return false;
	if (!r->span.once || archive_seen_first(r->seen, out->post.id))
		return true;
	r->tally.repeats++;
	return false;
}

bool archive_next(struct archive_reader *r, struct archive_entry *out)
{
	struct str record;
	do {
		while (segment_record(&r->block, &record))
			if (take(r, record, out)) {
				r->tally.entries++;
				return true;
			}
		r->tally.damaged_records += r->block.rest.n > 0; /* bytes that are no record */
	} while (next_block(r));
	return false;
}

const struct archive_tally *archive_reader_tally(struct archive_reader *r)
{
	r->tally.segment = *segment_reader_tally(r->segment);
	return &r->tally;
}

struct str archive_damage(struct arena *a, const struct archive_tally *t)
{
	if (t->segment.damaged == 0 && t->damaged_records == 0 && t->unreadable_segments == 0)
		return STR("");
	return arena_printf(a,
		"the archive is damaged: %llu blocks, %llu records and %llu segments could not be read and were passed over; "
		"everything else was read",
		(unsigned long long)t->segment.damaged, (unsigned long long)t->damaged_records,
		(unsigned long long)t->unreadable_segments);
}
