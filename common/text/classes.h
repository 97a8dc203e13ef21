/* The class part of a trained model: groups of classes that exclude one another (nature, category, urgency …), each class a column
 * of int8 weights. Only features that carry weight have a row: a bitmap over all buckets says which.
 *
 * A text is its hashed features (features.h) and its cues: what the word lists and the mood said of it, as numbers below
 * CLASSES_CUES. A class' score is scale * (sum over features / root of the sum of their rarity + sum over cues / CLASSES_CUE_PART)
 * + offset; the softmax of a group's scores are calibrated chances.
 *
 * Bytes, little-endian: u32 groups, u32 classes, u32 rows, u32 0; a group 32 bytes (name, 28 bytes NUL-padded; u32 number of its
 * classes); a class 40 bytes (name, 32 bytes NUL-padded; float scale; float offset); a block of 64 buckets 12 bytes (u64 which have
 * a row, u32 rows before); the rows, each classes_width() bytes, the last of which is the rarity.
 * Nothing of it is trusted: classes_parse() checks every number. */
#ifndef EARSHOT_TEXT_CLASSES_H
#define EARSHOT_TEXT_CLASSES_H

#include "common/text/features.h"

#define CLASSES_GROUPS 8
#define CLASSES_MOST 63 /* of all groups together */
#define CLASSES_CUES 4096u
#define CLASSES_CUE_PART 64.0f /* a cue weighs as if its features' rarity came to the square of this */
#define CLASSES_BUCKETS (FEATURES_BUCKETS + CLASSES_CUES)
#define CLASSES_GROUP_NAME 28
#define CLASSES_NAME 32
#define CLASSES_ROWS_MOST (1u << 17)

/* Groups that verdicts ask for: their classes are those of the enums, in that order. */
enum classes_known {
	CLASSES_NATURE, /* enum nature */
	CLASSES_CATEGORY, /* enum category, without CAT_NONE */
	CLASSES_URGENCY, /* enum urgency */
	CLASSES_LABEL, /* enum label: toward the brand */
	CLASSES_KNOWN__N
};

struct classes_group {
	char name[CLASSES_GROUP_NAME];
	uint32_t first, n; /* columns */
};
struct classes_column {
	char name[CLASSES_NAME];
	float scale, offset;
};
struct classes {
	struct classes_group group[CLASSES_GROUPS];
	struct classes_column column[CLASSES_MOST];
	size_t ngroups, ncolumns, nrows;
	uint8_t known[CLASSES_KNOWN__N]; /* 1 more than the number of the group; 0: not learnt. classes_settle() finds them */
	const char *block; /* borrowed */
	const int8_t *row; /* borrowed */
};

/* What a class model sees of a text. */
struct classes_input {
	struct features features;
	uint16_t *cue; /* each below CLASSES_CUES */
	size_t ncues;
};

/* `bytes` must outlive `out`. REJECT says what is wrong with them. */
enum outcome classes_parse(struct str bytes, const char *path, struct classes *out, struct err *e) MUST_CHECK;
/* The bytes of these classes, in `a`. */
struct str classes_render(struct arena *a, const struct classes *c);
size_t classes_width(const struct classes *c);
/* Where rows of these buckets lie: sets bit and count of the blocks of `c` in `a`. `has` has CLASSES_BUCKETS places. */
void classes_blocks(struct arena *a, const bool *has, struct classes *c);
/* `c` without a group that verdicts know; borrows the blocks of `c`, the rows are made in `a`. */
void classes_without(struct arena *a, const struct classes *c, enum classes_known group, struct classes *out);
/* The bucket's row, NULL when it has none; so is every row of a model without classes. */
const int8_t *classes_row(const struct classes *c, uint32_t bucket);
/* Finds the known groups. REJECT: one of them has other classes than this version. */
enum outcome classes_settle(struct classes *c, const char *path, struct err *e) MUST_CHECK;
/* The classes' names of a known group. */
const char *const *classes_known_names(enum classes_known group, size_t *n);
extern const char *const classes_known_group[CLASSES_KNOWN__N];

/* The group, NULL when it was not learnt. */
const struct classes_group *classes_known(const struct classes *c, enum classes_known group);
/* Scores of all columns: none of a model without classes. */
void classes_score(const struct classes *c, const struct classes_input *in, float out[CLASSES_MOST]);
/* What each of a text's rows, n in all, adds to the log odds of one column against another: out[n]. */
void classes_effects(const struct classes *c, size_t column, size_t against, const int8_t *const *row, size_t n, float *out);
/* Chances of a group from its scores: they come to 1. */
void classes_chances(const float *score, size_t n, float *out);
/* What tells one cue from another: mixed into a number below CLASSES_CUES. */
uint16_t classes_cue(uint32_t kind, uint32_t value);

#endif
