/* Reading segments: from whole block to whole block, over whatever damage lies between. */
#include "common/base/segment_block.h"

#include <earshot/limits.h>

#include "common/base/varint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_BYTES (64u << 10) /* a piece of a damaged file */

/* ---- from header to header ---- */

/* false when the file is shorter by now, or cannot be read. */
static bool read_at(int fd, void *out, size_t n, uint64_t at)
{
	char *to = out;
	while (n > 0) {
		const ssize_t got = pread(fd, to, n, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

static bool header_at(const struct segment_walk *w, uint64_t at, struct segment_header *out)
{
	unsigned char bytes[SEGMENT_HEADER_BYTES];
	if (w->size < SEGMENT_HEADER_BYTES || at > w->size - SEGMENT_HEADER_BYTES)
		return false;
	return read_at(w->fd, bytes, sizeof bytes, at) && segment_header_read(bytes, out) &&
	       out->packed <= w->size - at - SEGMENT_HEADER_BYTES;
}

/* The first whole block behind damage. Its magic begins with a byte that is in no text, so that few places are tried. */
static bool look_on(const struct segment_walk *w, uint64_t *at, struct segment_header *out)
{
	static const char first = (char)0xff;
	static char piece[LOOK_BYTES]; /* no threads in our code */
	while (*at + SEGMENT_HEADER_BYTES <= w->size) {
		const uint64_t left = w->size - *at;
		const size_t n = left < sizeof piece ? (size_t)left : sizeof piece;
		if (!read_at(w->fd, piece, n, *at))
			return false;
		for (const char *p = memchr(piece, first, n); p != NULL;) {
			const uint64_t candidate = *at + (uint64_t)(p - piece);
			if (header_at(w, candidate, out)) {
				*at = candidate;
				return true;
			}
			p = memchr(p + 1, first, n - (size_t)(p + 1 - piece));
		}
		*at += n;
	}
	return false;
}

bool segment_walk_next(struct segment_walk *w, struct segment_header *out)
{
	uint64_t at = w->at;
	w->jumped = false;
	if (at >= w->size)
		return false;
	if (!header_at(w, at, out)) {
		at++;
		w->jumped = look_on(w, &at, out);
		if (!w->jumped)
			return false;
	}
	w->start = at;
	w->at = at + SEGMENT_HEADER_BYTES + out->packed;
	return true;
}

/* ---- blocks ---- */

struct segment_reader {
	struct segment_walk walk;
	struct segment_packer *packer;
	struct segment_tally tally;
	char *frame, *plain;
	size_t frame_room, plain_room;
};

struct segment_reader *segment_reader_new(void)
{
	struct segment_reader *r = calloc(1, sizeof *r);
	if (r == NULL)
		abort();
	r->walk.fd = -1;
	r->packer = segment_packer_new();
	return r;
}

void segment_reader_free(struct segment_reader *r)
{
	if (r == NULL)
		return;
	if (r->walk.fd >= 0)
		(void)close(r->walk.fd);
	segment_packer_free(r->packer);
	free(r->frame);
	free(r->plain);
	free(r);
}

enum outcome segment_reader_open(struct segment_reader *r, const char *path, struct err *e)
{
	struct stat st;
	if (r->walk.fd >= 0)
		(void)close(r->walk.fd);
	r->walk = (struct segment_walk){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) };
	if (r->walk.fd < 0 || fstat(r->walk.fd, &st) != 0)
		return err_set(e, errno == ENOENT ? SKIP : REJECT, "%s: cannot be read: %s; check its owner and mode", path,
			strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, REJECT, "%s: is not a file; take it out of the archive", path);
	r->walk.size = (uint64_t)st.st_size;
	return OK;
}

static char *room_for(char **at, size_t *room, size_t n)
{
	if (n > *room) {
		free(*at);
		*at = malloc(n);
		*room = n;
	}
	if (*at == NULL && n > 0) {
		(void)fprintf(stderr, "earshot: out of memory: %zu bytes for a block of the archive\n", n);
		abort();
	}
	return *at;
}

static bool read_block(struct segment_reader *r, const struct segment_header *h, struct segment_block *out)
{
	char *frame = room_for(&r->frame, &r->frame_room, h->packed);
	char *plain = room_for(&r->plain, &r->plain_room, (size_t)h->plain + 1);
	if (!read_at(r->walk.fd, frame, h->packed, r->walk.start + SEGMENT_HEADER_BYTES) ||
		!segment_unpack(r->packer, h, frame, plain))
		return false;
	*out = (struct segment_block){
		.first_ms = h->first_ms,
		.last_ms = h->last_ms,
		.records = h->records,
		.offset = r->walk.start,
		.rest = { plain, h->plain },
	};
	r->tally.blocks++;
	r->tally.packed_bytes += h->packed;
	r->tally.plain_bytes += h->plain;
	return true;
}

bool segment_next(struct segment_reader *r, int64_t since_ms, int64_t until_ms, struct segment_block *out)
{
	struct segment_header h;
	while (r->walk.fd >= 0 && segment_walk_next(&r->walk, &h)) {
		r->tally.damaged += r->walk.jumped;
		if (h.last_ms < since_ms || h.first_ms >= until_ms)
			r->tally.outside++;
		else if (read_block(r, &h, out))
			return true;
		else
			r->tally.damaged++;
	}
	r->tally.torn_bytes += r->walk.size - r->walk.at;
	r->walk.at = r->walk.size;
	return false;
}

bool segment_walk_check(const struct segment_walk *w, const struct segment_header *h)
{
	struct segment_block block;
	struct segment_reader *r = segment_reader_new();
	r->walk = *w;
	const bool whole = read_block(r, h, &block);
	r->walk.fd = -1; /* not ours */
	segment_reader_free(r);
	return whole;
}

bool segment_record(struct segment_block *block, struct str *record)
{
	return varint_take_bytes(&block->rest, record);
}

const struct segment_tally *segment_reader_tally(const struct segment_reader *r)
{
	return &r->tally;
}
