/* Writing the archive: posts into blocks, blocks into the segment of the day. */
#include "common/base/archive.h"

#include <earshot/limits.h>

#include "common/base/archive_folder.h"
#include "common/base/archive_record.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/metrics.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_MS MS_PER_MINUTE /* how often the folder is looked at: too old, too much, deleted under us */
#define AGAIN_MS MS_PER_SECOND /* pause after a failure, so that a dead disk is not asked for each post */

struct archive {
	struct archive_options options;
	struct segment_writer *segment; /* NULL: opened with the next post */
	int64_t day_ms; /* of the segment */
	int64_t waits_since_ms; /* the first post of the block in memory */
	int64_t synced_ms, look_ms, again_ms;
	bool unsynced;
	bool wants_new; /* the next segment is a new file, whatever others left */
	struct err trouble; /* the last failure; no text: all is well */
	struct buf record;
	struct arena arena; /* names, while a segment is opened */
};

struct archive *archive_new(const struct archive_options *o)
{
	struct archive *a = calloc(1, sizeof *a);
	if (a == NULL)
		abort();
	arena_init(&a->arena, 16u << 20);
	a->options = *o;
	a->options.folder = strdup(o->folder);
	if (a->options.folder == NULL)
		abort();
	buf_init(&a->record, LIMIT_STREAM_ENTRY_BYTES);
	return a;
}

void archive_free(struct archive *a)
{
	if (a == NULL)
		return;
	segment_close(a->segment);
	buf_release(&a->record);
	arena_release(&a->arena);
	free((char *)(uintptr_t)a->options.folder);
	free(a);
}

/* ---- the segment of the day ---- */

static enum outcome open_at(struct archive *a, const char *path, struct err *e)
{
	uint64_t torn = 0;
	const enum outcome done = segment_open(path, &a->segment, &torn, e);
	if (done == OK && torn > 0)
		log_event(LOG_WARN, EV_archive_torn, "segment=%s bytes=%llu", log_quote(str_of(path)), (unsigned long long)torn);
	return done;
}

/* Goes on in a segment of today that nobody writes: what a worker left that ended or was killed. */
static bool take_up(struct archive *a)
{
	struct archive_file *file = NULL;
	size_t n = 0;
	if (archive_files(&a->arena, a->options.folder, a->day_ms, &file, &n, NULL) != OK)
		return false; /* there is no archive yet */
	for (size_t i = n; i-- > 0;)
		if (file[i].day_ms == a->day_ms && file[i].bytes < LIMIT_SEGMENT_BYTES && open_at(a, file[i].path, NULL) == OK)
			return true;
	return false;
}

static enum outcome open_segment(struct archive *a, int64_t now_ms, struct err *e)
{
	const char *path = NULL;
	a->day_ms = archive_day(now_ms);
	arena_reset(&a->arena);
	if (!a->wants_new && take_up(a))
		return OK;
	enum outcome done = archive_new_path(&a->arena, a->options.folder, now_ms, &path, e);
	if (done == OK)
		done = open_at(a, path, e);
	if (done == OK)
		file_sync_folder(path);
	a->wants_new = a->wants_new && done != OK;
	return done == SKIP ? RETRY : done;
}

static void let_go(struct archive *a)
{
	segment_close(a->segment);
	a->segment = NULL;
	a->unsynced = false;
}

/* ---- blocks ---- */

static enum outcome sync(struct archive *a, int64_t now_ms, struct err *e)
{
	if (!a->unsynced)
		return OK;
	const enum outcome done = segment_sync(a->segment, e);
	a->unsynced = done != OK;
	if (done == OK)
		a->synced_ms = now_ms;
	return done;
}

static enum outcome write_block(struct archive *a, int64_t now_ms, struct err *e)
{
	const size_t records = segment_waiting_records(a->segment);
	if (records == 0)
		return OK;
	const enum outcome done = segment_flush(a->segment, e);
	if (done != OK)
		return done;
	metrics_add(M_archive_posts_total, (int64_t)records);
	a->unsynced = true;
	return a->options.sync_ms == 0 ? sync(a, now_ms, e) : OK;
}

/* A failure is kept for a second: until then it is the answer, and nothing is tried. */
static enum outcome remember(struct archive *a, enum outcome done, int64_t now_ms, const struct err *e)
{
	a->trouble.text[0] = '\0';
	if (done == OK)
		return OK;
	a->trouble = *e;
	a->again_ms = now_ms + AGAIN_MS;
	return RETRY;
}

static bool pauses(const struct archive *a, int64_t now_ms)
{
	return now_ms < a->again_ms && a->again_ms - now_ms <= AGAIN_MS;
}

enum outcome archive_add(struct archive *a, const struct archive_entry *entry, int64_t now_ms, struct err *e)
{
	struct err why = { 0 };
	if (a->segment == NULL && pauses(a, now_ms))
		return err_set(e, RETRY, "%s", a->trouble.text);
	if (a->segment == NULL && remember(a, open_segment(a, now_ms, &why), now_ms, &why) != OK)
		return err_set(e, RETRY, "%s", why.text);
	buf_clear(&a->record);
	archive_record_write(&a->record, entry);
	if (a->record.overflow)
		return err_set(e, REJECT, "post %.*s is larger than its caps allow", STR_FMT(entry->post.id));
	if (segment_waiting_records(a->segment) == 0)
		a->waits_since_ms = now_ms;
	const enum outcome done = segment_add(a->segment, post_count_ms(&entry->post), buf_str(&a->record), e);
	if (done != OK)
		return done;
	if (segment_waiting(a->segment) >= LIMIT_SEGMENT_BLOCK_BYTES && !pauses(a, now_ms))
		(void)remember(a, write_block(a, now_ms, &why), now_ms, &why); /* the post is taken; archive_turn tells */
	return OK;
}

static bool is_old(int64_t since_ms, int64_t span_ms, int64_t now_ms)
{
	return now_ms < since_ms || now_ms - since_ms >= span_ms;
}

static bool is_done_with(const struct archive *a, int64_t now_ms)
{
	return archive_day(now_ms) != a->day_ms || segment_bytes(a->segment) >= LIMIT_SEGMENT_BYTES;
}

static void look_at_folder(struct archive *a, int64_t now_ms)
{
	a->look_ms = now_ms;
	if (a->segment != NULL && segment_is_gone(a->segment))
		let_go(a);
	metrics_set(M_archive_bytes, (int64_t)archive_trim(&a->options, now_ms));
}

enum outcome archive_turn(struct archive *a, int64_t now_ms, struct err *e)
{
	struct err why = { 0 };
	enum outcome done = OK;
	if (is_old(a->look_ms, LOOK_MS, now_ms))
		look_at_folder(a, now_ms);
	if (pauses(a, now_ms))
		return err_set(e, RETRY, "%s", a->trouble.text);
	if (a->segment == NULL && a->trouble.text[0] == '\0')
		return OK;
	if (a->segment == NULL && remember(a, open_segment(a, now_ms, &why), now_ms, &why) != OK)
		return err_set(e, RETRY, "%s", why.text);
	const bool change = is_done_with(a, now_ms);
	if (change || is_old(a->waits_since_ms, LIMIT_SEGMENT_BLOCK_MS, now_ms))
		done = write_block(a, now_ms, &why);
	if (done == OK && (change || is_old(a->synced_ms, a->options.sync_ms, now_ms)))
		done = sync(a, now_ms, &why);
	if (done == OK && change)
		let_go(a);
	if (done != OK)
		(void)err_set(e, RETRY, "%s", why.text);
	return remember(a, done, now_ms, &why);
}

size_t archive_waiting(const struct archive *a)
{
	return a->segment != NULL ? segment_waiting_records(a->segment) : 0;
}

enum outcome archive_flush(struct archive *a, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	if (a->segment != NULL)
		done = write_block(a, now_ms, e);
	if (done == OK && a->segment != NULL)
		done = sync(a, now_ms, e);
	return done;
}

enum outcome archive_let_go(struct archive *a, int64_t now_ms, struct err *e)
{
	const enum outcome done = archive_flush(a, now_ms, e);
	if (done != OK)
		return done;
	let_go(a);
	a->wants_new = true;
	return OK;
}
