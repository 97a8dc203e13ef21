/* Taking records out of a segment: what stays is written anew, beside it, and renamed. */
#include "common/base/segment.h"

#include <earshot/limits.h>

#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct rewriting {
	segment_choice *choice;
	void *context;
	struct segment_writer *into; /* NULL: only count */
	uint64_t dropped;
};

static enum outcome take(struct rewriting *w, struct str record, struct err *e)
{
	int64_t at_ms = 0;
	if (!w->choice(record, w->context, &at_ms)) {
		w->dropped++;
		return OK;
	}
	if (w->into == NULL)
		return OK;
	const enum outcome done = segment_add(w->into, at_ms, record, e);
	return done == OK && segment_waiting(w->into) >= LIMIT_SEGMENT_BLOCK_BYTES ? segment_flush(w->into, e) : done;
}

static enum outcome take_all(struct rewriting *w, const char *path, struct err *e)
{
	struct segment_block block;
	struct str record;
	struct segment_reader *r = segment_reader_new();
	w->dropped = 0;
	enum outcome done = segment_reader_open(r, path, e);
	while (done == OK && segment_next(r, INT64_MIN, INT64_MAX, &block))
		while (done == OK && segment_record(&block, &record))
			done = take(w, record, e);
	segment_reader_free(r);
	return done;
}

/* A copy that a crash left is written over: nobody else has its name, the lock on the segment is ours. */
static enum outcome replace(struct rewriting *w, const char *path, struct err *e)
{
	char aside[4096];
	uint64_t torn = 0;
	const int n = snprintf(aside, sizeof aside, "%s.new", path);
	if (n < 0 || (size_t)n >= sizeof aside)
		return err_set(e, REJECT, "%s: the path is too long", path);
	(void)unlink(aside);
	enum outcome done = segment_open(aside, &w->into, &torn, e);
	if (done == OK)
		done = take_all(w, path, e);
	if (done == OK)
		done = segment_flush(w->into, e);
	if (done == OK)
		done = segment_sync(w->into, e);
	if (done == OK && rename(aside, path) != 0)
		done = err_set(e, RETRY, "%s: cannot be renamed: %s", aside, strerror(errno));
	segment_close(w->into);
	if (done == OK)
		file_sync_folder(path);
	else
		(void)unlink(aside);
	return done;
}

enum outcome segment_rewrite(const char *path, segment_choice *choice, void *context, uint64_t *dropped, struct err *e)
{
	struct rewriting w = { .choice = choice, .context = context };
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(e, errno == ENOENT ? SKIP : REJECT, "%s: cannot be read: %s", path, strerror(errno));
	enum outcome done = OK;
	struct stat st;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &st) != 0 || st.st_nlink == 0)
		done = err_set(e, SKIP, "%s: another process writes this segment", path);
	if (done == OK)
		done = take_all(&w, path, e);
	*dropped = w.dropped;
	if (done == OK && w.dropped > 0)
		done = replace(&w, path, e);
	(void)close(fd);
	return done;
}
