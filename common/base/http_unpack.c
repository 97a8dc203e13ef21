/* Bodies packed for the way, unpacked as they arrive. */
#include "common/base/http_unpack.h"

#include <earshot/limits.h>

#include <brotli/decode.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define PIECE_BYTES 16384
#define ANY_WINDOW (15 + 32) /* the largest, and the header of gzip or zlib, whichever comes */
#define RAW_WINDOW (-15) /* no header */
#define GZIP_FIRST 0x1f
#define ZSTD_WINDOW_LOG 23 /* 8 MiB: RFC 9659 asks for no more on the way */

enum packing { PACKED_GZIP, PACKED_DEFLATE, PACKED_BROTLI, PACKED_ZSTD };

/* One packing; the first is the outermost, and the last that the server made. */
struct layer {
	enum packing packing;
	bool is_begun, is_done; /* at the end of a member, a stream, a frame */
	bool is_open; /* `z` holds memory */
	z_stream z;
	BrotliDecoderState *brotli;
	ZSTD_DStream *zstd;
};

struct http_unpack {
	struct layer layer[LIMIT_PACKINGS];
	size_t n;
	http_unpack_take *take;
	void *owner;
};

static enum outcome hand_on(struct http_unpack *u, size_t at, struct str piece, struct err *e);

static enum outcome damaged(const char *what, struct err *e)
{
	return err_set(e, RETRY, "the answer is packed in a way that cannot be unpacked (%s)", what);
}

/* ---- gzip and deflate ---- */

/* "deflate" is zlib's format by the standard, and none at all at some servers. */
static enum outcome begin_inflate(struct layer *l, unsigned char first, struct err *e)
{
	const bool is_raw = l->packing == PACKED_DEFLATE && ((first & 0x0f) != Z_DEFLATED || first >> 4 > 7);
	if (inflateInit2(&l->z, is_raw ? RAW_WINDOW : ANY_WINDOW) != Z_OK)
		return err_set(e, RETRY, "no memory to unpack an answer");
	l->is_open = true;
	return OK;
}

/* Behind its end: another member, or what nobody reads. */
static bool goes_on(struct layer *l)
{
	if (!l->is_done)
		return true;
	if (l->packing != PACKED_GZIP || l->z.avail_in == 0 || *l->z.next_in != GZIP_FIRST || inflateReset(&l->z) != Z_OK)
		return false;
	l->is_done = false;
	return true;
}

static enum outcome add_inflate(struct http_unpack *u, size_t at, struct str piece, struct err *e)
{
	struct layer *l = &u->layer[at];
	unsigned char plain[PIECE_BYTES];
	enum outcome done = l->is_open ? OK : begin_inflate(l, (unsigned char)piece.p[0], e);
	l->z.next_in = (z_const Bytef *)(uintptr_t)piece.p;
	l->z.avail_in = (uInt)piece.n;
	while (done == OK && goes_on(l)) {
		l->z.next_out = plain;
		l->z.avail_out = sizeof plain;
		const int answer = inflate(&l->z, Z_NO_FLUSH);
		if (answer != Z_OK && answer != Z_STREAM_END && answer != Z_BUF_ERROR)
			return damaged(l->z.msg != NULL ? l->z.msg : "damaged", e);
		l->is_done = answer == Z_STREAM_END;
		done = hand_on(u, at + 1, (struct str){ (const char *)plain, sizeof plain - l->z.avail_out }, e);
		if (!l->is_done && l->z.avail_in == 0 && l->z.avail_out > 0)
			break;
	}
	return done;
}

/* ---- br ---- */

static enum outcome add_brotli(struct http_unpack *u, size_t at, struct str piece, struct err *e)
{
	struct layer *l = &u->layer[at];
	unsigned char plain[PIECE_BYTES];
	const unsigned char *next = (const unsigned char *)piece.p;
	size_t left = piece.n;
	enum outcome done = OK;
	if (l->brotli == NULL)
		l->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	if (l->brotli == NULL)
		return err_set(e, RETRY, "no memory to unpack an answer");
	BrotliDecoderResult answer = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
	while (done == OK && !l->is_done && answer == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
		size_t room = sizeof plain;
		unsigned char *out = plain;
		answer = BrotliDecoderDecompressStream(l->brotli, &left, &next, &room, &out, NULL);
		if (answer == BROTLI_DECODER_RESULT_ERROR)
			return damaged(BrotliDecoderErrorString(BrotliDecoderGetErrorCode(l->brotli)), e);
		l->is_done = answer == BROTLI_DECODER_RESULT_SUCCESS;
		done = hand_on(u, at + 1, (struct str){ (const char *)plain, sizeof plain - room }, e);
	}
	return done;
}

/* ---- zstd ---- */

static enum outcome begin_zstd(struct layer *l, struct err *e)
{
	l->zstd = ZSTD_createDStream();
	if (l->zstd == NULL || ZSTD_isError(ZSTD_DCtx_setParameter(l->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG)))
		return err_set(e, RETRY, "no memory to unpack an answer");
	return OK;
}

static enum outcome add_zstd(struct http_unpack *u, size_t at, struct str piece, struct err *e)
{
	struct layer *l = &u->layer[at];
	unsigned char plain[PIECE_BYTES];
	ZSTD_inBuffer in = { piece.p, piece.n, 0 };
	ZSTD_outBuffer out = { plain, sizeof plain, sizeof plain };
	enum outcome done = l->zstd != NULL ? OK : begin_zstd(l, e);
	while (done == OK && (in.pos < in.size || out.pos == out.size)) {
		out.pos = 0;
		const size_t answer = ZSTD_decompressStream(l->zstd, &out, &in);
		if (ZSTD_isError(answer))
			return l->is_done ? OK : damaged(ZSTD_getErrorName(answer), e);
		l->is_done = answer == 0;
		done = hand_on(u, at + 1, (struct str){ (const char *)plain, out.pos }, e);
		if (answer == 0 && in.pos == in.size)
			break;
	}
	return done;
}

/* ---- one over the other ---- */

static enum outcome hand_on(struct http_unpack *u, size_t at, struct str piece, struct err *e)
{
	if (piece.n == 0)
		return OK;
	if (at == u->n)
		return u->take(u->owner, piece) ? OK : REJECT;
	u->layer[at].is_begun = true;
	switch (u->layer[at].packing) {
	case PACKED_BROTLI:
		return add_brotli(u, at, piece, e);
	case PACKED_ZSTD:
		return add_zstd(u, at, piece, e);
	default:
		return add_inflate(u, at, piece, e);
	}
}

enum outcome http_unpack_add(struct http_unpack *u, struct str piece, struct err *e)
{
	return hand_on(u, 0, piece, e);
}

bool http_unpack_is_whole(const struct http_unpack *u)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->layer[i].is_begun && !u->layer[i].is_done)
			return false;
	return true;
}

/* ---- life ---- */

static const struct {
	const char *name;
	enum packing packing;
} packings[] = {
	{ "gzip", PACKED_GZIP },
	{ "x-gzip", PACKED_GZIP },
	{ "deflate", PACKED_DEFLATE },
	{ "br", PACKED_BROTLI },
	{ "zstd", PACKED_ZSTD },
};

static bool is_none(struct str name)
{
	return name.n == 0 || str_ieq(name, STR("identity")) || str_ieq(name, STR("none"));
}

/* In the order in which they were put on. */
static enum outcome add_layer(struct http_unpack *u, struct str name, struct err *e)
{
	if (is_none(name))
		return OK;
	for (size_t i = 0; i < sizeof packings / sizeof *packings; i++) {
		if (!str_ieq(name, str_of(packings[i].name)))
			continue;
		if (u->n == LIMIT_PACKINGS)
			return damaged("too many packings, one over the other", e);
		memmove(u->layer + 1, u->layer, u->n * sizeof *u->layer);
		u->layer[0] = (struct layer){ .packing = packings[i].packing };
		u->n++;
		return OK;
	}
	return damaged("nobody knows the name of its packing", e);
}

static enum outcome add_layers(struct http_unpack *u, struct str raw, struct err *e)
{
	struct str line, name, list;
	enum outcome done = OK;
	while (done == OK && str_split(&raw, '\n', &line)) {
		list = line;
		if (!str_split(&list, ':', &name) || !str_ieq(str_trim(name), STR("content-encoding")))
			continue;
		while (done == OK && str_split(&list, ',', &name))
			done = add_layer(u, str_trim(name), e);
	}
	return done;
}

enum outcome http_unpack_new(struct str raw, http_unpack_take *take, void *owner, struct http_unpack **out, struct err *e)
{
	struct http_unpack *u = calloc(1, sizeof *u);
	if (u == NULL)
		abort();
	*u = (struct http_unpack){ .take = take, .owner = owner };
	const enum outcome done = add_layers(u, raw, e);
	*out = u;
	if (done != OK || u->n == 0) {
		http_unpack_free(u);
		*out = NULL;
	}
	return done;
}

void http_unpack_free(struct http_unpack *u)
{
	if (u == NULL)
		return;
	for (size_t i = 0; i < u->n; i++) {
		if (u->layer[i].is_open)
			(void)inflateEnd(&u->layer[i].z); /* its answer only tells that it was not at the end */
		BrotliDecoderDestroyInstance(u->layer[i].brotli);
		(void)ZSTD_freeDStream(u->layer[i].zstd); /* NULL is fine */
	}
	free(u);
}
