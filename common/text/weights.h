/* A trained model: for each hashed feature (features.h) one row of 8 bytes, the weights of all heads side by side, so that any
 * number of heads costs one pass. The last column is how rare the feature is. A head's score of a text is the sum of its column
 * over the rows of the text's features, over the root of the sum of the last column, then slope and offset: Platt's calibration,
 * so that the logistic of the score is a probability.
 *
 * A file, little-endian: "EARSHOTW", u32 format, u32 FEATURES_VERSION, u32 FEATURES_BITS, u32 number of heads, u64 checksum of all
 * that follows, 16 bytes name of the model (NUL-padded), then 8 heads of 24 bytes (name, 16 bytes NUL-padded; float slope; float
 * offset), the rows, and, where classes were learnt, their part (classes.h).
 * Nothing of it is trusted: weights_parse() checks every number; a file of another size, or with a single bit changed, is refused. */
#ifndef EARSHOT_TEXT_WEIGHTS_H
#define EARSHOT_TEXT_WEIGHTS_H

#include "common/text/classes.h"

#define WEIGHTS_FORMAT 3u
#define WEIGHTS_HEADS 8 /* columns of a row; more make the table larger than the caches … */
#define WEIGHTS_RARITY 7 /* … the last of them no head: 1…127, the square of the feature's inverse document frequency */
#define WEIGHTS_NAME_BYTES 16
#define WEIGHTS_SUMMED_FROM (8 + 4 * 4 + 8) /* the checksum is of the bytes from here on */
#define WEIGHTS_HEADER_BYTES (WEIGHTS_SUMMED_FROM + WEIGHTS_NAME_BYTES + WEIGHTS_HEADS * (WEIGHTS_NAME_BYTES + 8))
#define WEIGHTS_LEAST_BYTES (WEIGHTS_HEADER_BYTES + (size_t)FEATURES_BUCKETS * WEIGHTS_HEADS)

/* What a head says; the number is its column. A head that could not be trained has slope 0: it says the
 * same of every text. */
enum weights_head {
	WEIGHTS_ZH_POSITIVE, /* positive rather than negative */
	WEIGHTS_ZH_NEUTRAL, /* neutral rather than any of the two */
	WEIGHTS_EN_NEGATIVE, /* rather than any of the others */
	WEIGHTS_EN_NEUTRAL,
	WEIGHTS_EN_POSITIVE,
	WEIGHTS_EN_POLAR, /* positive rather than negative, as in Chinese */
	WEIGHTS_EN_SERVICE, /* written to a company rather than about a thing: far from even odds, the text is of a kind that was learnt */
	WEIGHTS_HEAD__N
};
extern const char *const weights_head_names[WEIGHTS_HEAD__N];

struct weights_column {
	char name[WEIGHTS_NAME_BYTES];
	float slope, offset;
};
struct weights {
	char name[WEIGHTS_NAME_BYTES]; /* of the model */
	struct weights_column head[WEIGHTS_HEADS];
	const int8_t *row; /* FEATURES_BUCKETS * WEIGHTS_HEADS, borrowed from the bytes that were parsed */
	struct classes classes; /* without groups where none were learnt */
};

/* `bytes` must outlive `out`. REJECT says what is wrong with them. */
enum outcome weights_parse(struct str bytes, const char *path, struct weights *out, struct err *e) MUST_CHECK;
/* The file of these weights, in `a`. */
struct str weights_render(struct arena *a, const struct weights *w);
/* The checksum of a file's bytes, from WEIGHTS_SUMMED_FROM on. */
uint64_t weights_sum(struct str bytes);
/* How rare a run of 2 or 3 ideographs is in the texts of the training, 1…127: below about 55 it is in everyday use. */
int weights_rarity(const struct weights *w, struct str run);
/* Scores (log odds) of all columns. */
void weights_score(const struct weights *w, const struct features *f, float out[WEIGHTS_HEADS]);
/* The bucket's row, and what each of a text's rows adds to the score of a head: out[n]. */
const int8_t *weights_row(const struct weights *w, uint32_t bucket);
void weights_effects(const struct weights *w, const int8_t *const *row, size_t n, enum weights_head head, float *out);
/* The name of the model that travels inside the binary; "" when it was made for another version of the features. */
struct str weights_shipped_name(void);
/* That model; NULL when there is none of that name. */
const struct weights *weights_shipped(struct str name);

#endif
