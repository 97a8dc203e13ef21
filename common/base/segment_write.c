/* Writing segments: blocks appended whole, a torn tail cut off when the file is opened again. */
#include "common/base/segment_block.h"

#include <earshot/limits.h>

#include "common/base/varint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct segment_writer {
	int fd;
	uint64_t bytes; /* of the file: whole blocks only */
	struct segment_packer *packer;
	struct segment_header next; /* of the block in memory */
	struct buf plain, block;
	char path[]; /* for messages */
};

static enum outcome disk_fail(const char *path, const char *what, int error, struct err *e)
{
	const char *remedy = error == ENOSPC || error == EDQUOT ? "make room on the disk, or lower archive_bytes"
			     : error == EACCES || error == EPERM || error == EROFS
				     ? "check the owner and mode of the archive's folder"
				     : "check the disk";
	return err_set(e, RETRY, "%s: cannot be %s: %s; %s", path, what, strerror(error), remedy);
}

/* Where the whole blocks end. A last block whose bytes never reached the disk although its header did (power was lost)
 * belongs to the torn tail. */
static uint64_t whole_bytes(int fd, uint64_t size)
{
	struct segment_walk w = { .fd = fd, .size = size };
	struct segment_header h = { 0 }, last = { 0 };
	while (segment_walk_next(&w, &h))
		last = h;
	return w.at == 0 || segment_walk_check(&w, &last) ? w.at : w.start;
}

static enum outcome cut_torn_tail(struct segment_writer *w, uint64_t *torn_bytes, struct err *e)
{
	struct stat st;
	if (fstat(w->fd, &st) != 0)
		return disk_fail(w->path, "looked at", errno, e);
	if (st.st_nlink == 0) /* deleted, or written anew by an erasure, between open(2) and flock(2) */
		return err_set(e, SKIP, "%s: was replaced just now", w->path);
	const uint64_t size = (uint64_t)st.st_size;
	w->bytes = whole_bytes(w->fd, size);
	*torn_bytes = size - w->bytes;
	if (*torn_bytes > 0 && ftruncate(w->fd, (off_t)w->bytes) != 0)
		return disk_fail(w->path, "cut to its last whole block", errno, e);
	return OK;
}

static struct segment_writer *writer_new(const char *path)
{
	const size_t n = strlen(path) + 1;
	struct segment_writer *w = calloc(1, sizeof *w + n);
	if (w == NULL)
		abort();
	memcpy(w->path, path, n);
	w->packer = segment_packer_new();
	buf_init(&w->plain, LIMIT_SEGMENT_PLAIN_BYTES);
	buf_init(&w->block, (size_t)LIMIT_SEGMENT_PLAIN_BYTES * 2);
	return w;
}

enum outcome segment_open(const char *path, struct segment_writer **out, uint64_t *torn_bytes, struct err *e)
{
	struct segment_writer *w = writer_new(path);
	enum outcome done = OK;
	w->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	if (w->fd < 0)
		done = disk_fail(path, "opened", errno, e);
	else if (flock(w->fd, LOCK_EX | LOCK_NB) != 0)
		done = err_set(e, SKIP, "%s: another process writes this segment", path);
	else
		done = cut_torn_tail(w, torn_bytes, e);
	if (done == OK)
		*out = w;
	else
		segment_close(w);
	return done;
}

enum outcome segment_add(struct segment_writer *w, int64_t at_ms, struct str record, struct err *e)
{
	struct segment_header *h = &w->next;
	if (record.n > LIMIT_SEGMENT_PLAIN_BYTES - 16)
		return err_set(e, REJECT, "a record of %zu bytes is too large for the archive", record.n);
	if (w->plain.n + record.n + 16 > LIMIT_SEGMENT_PLAIN_BYTES)
		return err_set(
			e, RETRY, "%s: %zu bytes wait to be written and there is no more room in memory", w->path, w->plain.n);
	if (h->records == 0 || at_ms < h->first_ms)
		h->first_ms = at_ms;
	if (h->records == 0 || at_ms > h->last_ms)
		h->last_ms = at_ms;
	h->records++;
	varint_add_bytes(&w->plain, record);
	return OK;
}

size_t segment_waiting(const struct segment_writer *w)
{
	return w->plain.n;
}

size_t segment_waiting_records(const struct segment_writer *w)
{
	return w->next.records;
}

static int write_at(int fd, struct str bytes, uint64_t at)
{
	while (bytes.n > 0) {
		const ssize_t n = pwrite(fd, bytes.p, bytes.n, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		at += (uint64_t)n;
		bytes = str_from(bytes, (size_t)n);
	}
	return 0;
}

enum outcome segment_flush(struct segment_writer *w, struct err *e)
{
	if (w->next.records == 0)
		return OK;
	segment_pack(w->packer, w->next, buf_str(&w->plain), &w->block);
	const int error = write_at(w->fd, buf_str(&w->block), w->bytes);
	if (error != 0) {
		const bool cut = ftruncate(w->fd, (off_t)w->bytes) == 0; /* else readers know a torn tail when they see one */
		return disk_fail(w->path, cut ? "written" : "written (nor cut to its last whole block)", error, e);
	}
	w->bytes += w->block.n;
	w->next = (struct segment_header){ 0 };
	if (w->plain.cap > 2 * LIMIT_SEGMENT_BLOCK_BYTES)
		buf_release(&w->plain); /* grew while the disk was full */
	buf_clear(&w->plain);
	return OK;
}

enum outcome segment_sync(struct segment_writer *w, struct err *e)
{
	return fdatasync(w->fd) == 0 ? OK : disk_fail(w->path, "synced", errno, e);
}

uint64_t segment_bytes(const struct segment_writer *w)
{
	return w->bytes;
}

bool segment_is_gone(const struct segment_writer *w)
{
	struct stat st;
	return fstat(w->fd, &st) != 0 || st.st_nlink == 0;
}

void segment_close(struct segment_writer *w)
{
	if (w == NULL)
		return;
	if (w->fd >= 0)
		(void)close(w->fd);
	segment_packer_free(w->packer);
	buf_release(&w->plain);
	buf_release(&w->block);
	free(w);
}

bool segment_in_use(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	const bool used = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0;
	if (fd >= 0)
		(void)close(fd);
	return used;
}
