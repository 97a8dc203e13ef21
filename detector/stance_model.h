/* Learnt weights for texts that name two brands: two nets (stance_net.h), and three tables: what each feature of a text (stance_view.h) says of the label toward
 * one side, what features of the text as a whole say of the pair of labels, and what speaks for a run of words to be the name of
 * another firm (stranger.h).
 *
 * A file, little-endian: "EARSHOTS", u32 format, u32 STANCE_VERSION, then of each table u32 bits and a float scale, then the tables:
 * 2^bits rows each. A row belongs to one feature: its first byte is the low seven bits of that feature's hash, so that others which
 * come to the same row are passed over (but for one in 128); then int8 weights, one a label, or one a pair of labels (that of the
 * brand named first, then that of the other), or one: times the scale they are log odds. Then of each net, English first, its scale and
 * core as floats and its words' vectors. Nothing of it is trusted:
 * stance_model_parse() checks every number, and a file of any other size is refused. */
#ifndef EARSHOT_DETECTOR_STANCE_MODEL_H
#define EARSHOT_DETECTOR_STANCE_MODEL_H

#include "common/base/arena.h"
#include "detector/stance_net.h"
#include <earshot/verdict.h>

#define STANCE_FORMAT 2u
#define STANCE_VERSION 2u /* raised by whoever changes what stance_view.c makes: weights mean nothing under other features */
#define STANCE_PRIME 0x100000001B3ull /* of FNV */
#define STANCE_PAIRS (LABEL__N * LABEL__N)

enum stance_table { STANCE_SIDE, STANCE_PAIR, STANCE_NAME, STANCE_TABLE__N };

#define STANCE_SIDE_BITS 18
#define STANCE_PAIR_BITS 15
#define STANCE_NAME_BITS 19
#define STANCE_HEADER_BYTES (8 + 2 * 4 + STANCE_TABLE__N * 8)
#define STANCE_TABLE_BYTES(bits, n) (((size_t)1 << (bits)) * (1 + (n)))
#define STANCE_FILE_BYTES                                                                                                        \
	(STANCE_HEADER_BYTES + STANCE_TABLE_BYTES(STANCE_SIDE_BITS, LABEL__N) +                                                  \
		STANCE_TABLE_BYTES(STANCE_PAIR_BITS, STANCE_PAIRS) + STANCE_TABLE_BYTES(STANCE_NAME_BITS, 1) +                   \
		STANCE_LANGUAGE__N * (4 * (STANCE_NET_CORE + 1) + STANCE_NET_BYTES))

/* Of each table: how many rows it has, and how many weights a row. */
struct stance_shape {
	int bits, n;
};
extern const struct stance_shape stance_shapes[STANCE_TABLE__N];

/* One feature: its hash, of which a table takes as many bits as it has, and how much of it there is. */
struct stance_feature {
	uint32_t hash;
	float value;
};
/* The tokens of the text that a feature lies on; n = 0: on none. */
struct stance_span {
	uint32_t from, n;
};
struct stance_features {
	struct stance_feature *feature;
	struct stance_span *span; /* of each feature; NULL = not kept */
	size_t n, room; /* further ones are left out */
};

struct stance_model {
	float scale[STANCE_TABLE__N];
	const int8_t *rows[STANCE_TABLE__N]; /* borrowed from the bytes that were parsed */
	struct stance_net net[STANCE_LANGUAGE__N];
};

/* `bytes` must outlive `out`. REJECT says what is wrong with them. */
enum outcome stance_model_parse(struct str bytes, const char *path, struct stance_model *out, struct err *e) MUST_CHECK;
/* The file of these weights: STANCE_FILE_BYTES, in `a`. */
struct str stance_model_render(struct arena *a, const struct stance_model *m);
/* Log odds by the features of one table, as many as a row has weights. */
void stance_model_score(
	const struct stance_model *m, enum stance_table table, const struct stance_features *f, double out[STANCE_PAIRS]);
/* How much each feature of a table speaks for one label rather than another. */
void stance_model_effects(const struct stance_model *m, enum stance_table table, const struct stance_features *f,
	enum label label, enum label other, float *out);
/* The model that travels inside the binary; NULL when it was made for another version of the features. */
const struct stance_model *stance_model_shipped(void);

/* Adds a feature: what it is, of which kind, how much of it there is. The mixing is that of Mark Stafford's variants of MurmurHash3's
 * finaliser ("Better Bit Mixing", 2011). */
static inline void stance_feature_add(struct stance_features *f, unsigned kind, uint64_t what, float value)
{
	uint64_t h = (what + (uint64_t)kind * STANCE_PRIME) * 0x9E3779B97F4A7C15ull;
	h ^= h >> 31;
	h *= 0x7FB5D329728EA185ull;
	h ^= h >> 27;
	h *= 0x81DADEF4BC2DD44Dull;
	h ^= h >> 33;
	if (f->n < f->room)
		f->feature[f->n++] = (struct stance_feature){ (uint32_t)(h >> 32), value };
}

/* The row of a table of `bits` that a feature comes to, and the mark by which the row is known as its own. */
static inline size_t stance_row_of(uint32_t hash, int bits)
{
	return hash >> (32 - bits);
}

static inline int8_t stance_mark_of(uint32_t hash)
{
	return (int8_t)(hash & 0x7F);
}

#endif
