/* The blocks of a segment: header, frame, and where the next one begins. Private to common/base/segment*.c. */
#ifndef EARSHOT_BASE_SEGMENT_BLOCK_H
#define EARSHOT_BASE_SEGMENT_BLOCK_H

#include "common/base/segment.h"

struct segment_header {
	uint32_t packed, plain, records;
	int64_t first_ms, last_ms;
};

/* false unless magic, checksum and caps are right. */
bool segment_header_read(const unsigned char bytes[SEGMENT_HEADER_BYTES], struct segment_header *out);

struct segment_packer; /* zstd's contexts for both ways, made when first used */
struct segment_packer *segment_packer_new(void);
void segment_packer_free(struct segment_packer *p); /* NULL is fine */
/* Header and frame of a block, written to `out`; `about` has records and times. */
void segment_pack(struct segment_packer *p, struct segment_header about, struct str plain, struct buf *out);
/* `out` has room for h->plain bytes. false when the frame is damaged. */
bool segment_unpack(struct segment_packer *p, const struct segment_header *h, const char *frame, char *out);

/* A file that is walked from block to block. */
struct segment_walk {
	int fd;
	uint64_t size, at; /* of the file when the walk began; where to look next */
	uint64_t start; /* of the header found last */
	bool jumped; /* something that is no block lay in front of it */
};
/* The next header whose block lies whole in the file; `at` moves behind the block. At the end false: `at` is then where
 * the last whole block ended. */
bool segment_walk_next(struct segment_walk *w, struct segment_header *out);
/* Whether the block with this header unpacks. */
bool segment_walk_check(const struct segment_walk *w, const struct segment_header *h);

#endif
