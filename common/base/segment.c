/* Blocks of a segment: their header, and the zstd frame behind it. */
#include "common/base/segment_block.h"

#include <earshot/limits.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define LEVEL 3 /* 1 is a fifth faster and leaves a seventh more bytes: docs/decisions.md */

static const unsigned char magic[8] = { 0xff, 0xe5, 'E', 'S', 'B', 'L', 'K', '1' };

/* ---- header ---- */

static uint64_t fnv1a(const unsigned char *p, size_t n)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ p[i]) * 0x100000001b3u;
	return hash;
}

static void put(unsigned char *at, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (unsigned char)(v >> (8 * i));
}

static uint64_t get(const unsigned char *at, size_t bytes)
{
	uint64_t v = 0;
	for (size_t i = bytes; i-- > 0;)
		v = v << 8 | at[i];
	return v;
}

static void header_write(const struct segment_header *h, unsigned char out[SEGMENT_HEADER_BYTES])
{
	memcpy(out, magic, sizeof magic);
	put(out + 8, h->packed, 4);
	put(out + 12, h->plain, 4);
	put(out + 16, h->records, 4);
	put(out + 20, 0, 4);
	put(out + 24, (uint64_t)h->first_ms, 8);
	put(out + 32, (uint64_t)h->last_ms, 8);
	put(out + 40, fnv1a(out, 40), 8);
}

bool segment_header_read(const unsigned char bytes[SEGMENT_HEADER_BYTES], struct segment_header *out)
{
	if (memcmp(bytes, magic, sizeof magic) != 0 || get(bytes + 40, 8) != fnv1a(bytes, 40))
		return false;
	out->packed = (uint32_t)get(bytes + 8, 4);
	out->plain = (uint32_t)get(bytes + 12, 4);
	out->records = (uint32_t)get(bytes + 16, 4);
	out->first_ms = (int64_t)get(bytes + 24, 8);
	out->last_ms = (int64_t)get(bytes + 32, 8);
	return out->plain <= LIMIT_SEGMENT_PLAIN_BYTES && out->packed > 0 &&
	       out->packed <= ZSTD_COMPRESSBOUND(LIMIT_SEGMENT_PLAIN_BYTES);
}

/* ---- frame ---- */

struct segment_packer {
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
	char *frame;
	size_t room; /* of frame */
};

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "earshot: out of memory for a block of the archive\n";
	(void)fwrite(text, 1, sizeof text - 1, stderr);
	abort();
}

struct segment_packer *segment_packer_new(void)
{
	struct segment_packer *p = calloc(1, sizeof *p);
	if (p == NULL)
		out_of_memory();
	return p;
}

void segment_packer_free(struct segment_packer *p)
{
	if (p == NULL)
		return;
	(void)ZSTD_freeCCtx(p->pack);
	(void)ZSTD_freeDCtx(p->unpack);
	free(p->frame);
	free(p);
}

static void start_packing(struct segment_packer *p)
{
	p->pack = ZSTD_createCCtx();
	if (p->pack == NULL)
		out_of_memory();
	(void)ZSTD_CCtx_setParameter(p->pack, ZSTD_c_compressionLevel, LEVEL);
	(void)ZSTD_CCtx_setParameter(p->pack, ZSTD_c_checksumFlag, 1);
}

void segment_pack(struct segment_packer *p, struct segment_header about, struct str plain, struct buf *out)
{
	unsigned char bytes[SEGMENT_HEADER_BYTES];
	const size_t bound = ZSTD_compressBound(plain.n);
	if (p->pack == NULL)
		start_packing(p);
	if (p->room < bound) {
		free(p->frame);
		p->frame = malloc(bound);
		p->room = bound;
	}
	if (p->frame == NULL)
		out_of_memory();
	const size_t n = ZSTD_compress2(p->pack, p->frame, p->room, plain.p, plain.n);
	if (ZSTD_isError(n))
		out_of_memory(); /* there is room for whatever comes out: nothing else can fail */
	about.packed = (uint32_t)n;
	about.plain = (uint32_t)plain.n;
	header_write(&about, bytes);
	buf_clear(out);
	buf_add(out, bytes, sizeof bytes);
	buf_add(out, p->frame, n);
}

bool segment_unpack(struct segment_packer *p, const struct segment_header *h, const char *frame, char *out)
{
	if (p->unpack == NULL)
		p->unpack = ZSTD_createDCtx();
	if (p->unpack == NULL)
		out_of_memory();
	return ZSTD_decompressDCtx(p->unpack, out, h->plain, frame, h->packed) == h->plain;
}
