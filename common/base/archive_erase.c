/* Taking posts out of the archive. */
#include "common/base/archive.h"

#include "common/base/archive_folder.h"
#include "common/base/archive_record.h"

#include <stdio.h>
#include <string.h>

struct erasing {
	bool (*is_wanted)(const struct post *p, const void *context);
	const void *context;
};

/* What is no post stays: it may be damage that somebody wants to look at. */
static bool stays(struct str record, void *context, int64_t *at_ms)
{
	const struct erasing *w = context;
	struct archive_entry entry;
	*at_ms = 0;
	if (!archive_record_read(record, &entry))
		return true;
	*at_ms = post_count_ms(&entry.post);
	return !w->is_wanted(&entry.post, w->context);
}

/* SKIP of one that is being written is no end of the walk. */
static enum outcome rewrite(const char *path, struct erasing *w, struct archive_erased *out, struct err *e)
{
	uint64_t dropped = 0;
	const enum outcome done = segment_rewrite(path, stays, w, &dropped, e);
	out->busy += done == SKIP;
	out->segments += done == OK && dropped > 0;
	out->posts += done == OK ? dropped : 0;
	return done == SKIP ? OK : done;
}

enum outcome archive_erase(const char *folder, bool (*is_wanted)(const struct post *p, const void *context), const void *context,
	struct archive_erased *out, struct err *e)
{
	struct arena a;
	struct archive_file *file = NULL;
	size_t n = 0;
	struct erasing w = { is_wanted, context };
	*out = (struct archive_erased){ 0 };
	arena_init(&a, 64u << 20);
	enum outcome done = archive_files(&a, folder, INT64_MIN, &file, &n, e);
	for (size_t i = 0; i < n && done == OK; i++)
		done = rewrite(file[i].path, &w, out, e);
	arena_release(&a);
	return done;
}

enum outcome archive_erase_next(const char *folder, struct archive_cursor *at,
	bool (*is_wanted)(const struct post *p, const void *context), const void *context, struct archive_erased *out,
	struct err *e)
{
	struct arena a;
	struct archive_file *file = NULL;
	size_t n = 0, i = 0;
	struct erasing w = { is_wanted, context };
	*out = (struct archive_erased){ 0 };
	arena_init(&a, 64u << 20);
	enum outcome done = archive_files(&a, folder, INT64_MIN, &file, &n, e);
	while (done == OK && i < n && strcmp(file[i].path, at->after) <= 0)
		i++;
	if (done == OK && i < n) {
		(void)snprintf(at->after, sizeof at->after, "%s", file[i].path);
		done = rewrite(file[i].path, &w, out, e);
	} else if (done == OK) {
		at->after[0] = '\0';
		done = SKIP;
	}
	arena_release(&a);
	return done;
}
