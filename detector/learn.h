/* Tables of weights that are learnt: which features have a row of their own, AdaGrad, and the bytes of the rows. A table has 2^bits rows
 * of n weights; a row belongs to one feature, others that come to it are not learnt from. The same steps in the same order give
 * the same bytes. */
#ifndef EARSHOT_DETECTOR_LEARN_H
#define EARSHOT_DETECTOR_LEARN_H

#include "detector/stance_model.h"

struct learn_table {
	float *weight, *square; /* square: sums of the squares of the steps */
	int bits, n;
};

/* How often each feature was seen. */
struct learn_counts;
#define LEARN_COUNTS_BITS 25 /* 2^bits places, of which three in four may be taken: 25 million features, 400 MB */

void *learn_own(void *p); /* aborts on NULL */

struct learn_counts *learn_counts_new(int bits);
void learn_counts_free(struct learn_counts *c);
/* Counts the features of one text, each once; `text` is its number, from 1 on. */
void learn_count(struct learn_counts *c, const struct stance_features *f, uint32_t text);
/* REJECT when a feature found no room: so many texts cannot be learnt from. */
enum outcome learn_counts_check(const struct learn_counts *c, struct err *e) MUST_CHECK;
/* Gives each row to the feature that was seen most, in `least` texts at least: its hash, 0 = none. The caller frees it. */
uint32_t *learn_owners(const struct learn_counts *c, int bits, unsigned least);
/* Drops features that have no row. */
void learn_drop(struct stance_features *f, const uint32_t *owner, int bits);

/* Xorshift64: the same numbers from the same seed, which must not be 0. */
uint64_t learn_random(uint64_t *state);
/* Puts n numbers into another order. */
void learn_shuffle(uint64_t *state, size_t *order, size_t n);
/* Every other feature by chance, of double value, in `a`: what a step learns from when it must not lean on any single one. */
struct stance_features learn_half(struct arena *a, const struct stance_features *f, uint64_t *random);

void learn_init(struct learn_table *t, int bits, int n);
void learn_release(struct learn_table *t);
void learn_score(const struct learn_table *t, const struct stance_features *f, double *out); /* adds */
void learn_step(struct learn_table *t, const struct stance_features *f, const double *error);
/* For the mean of several: adds the weights of another table of the same shape; multiplies all weights. */
void learn_add(struct learn_table *t, const struct learn_table *other);
void learn_scale(struct learn_table *t, float factor);
/* Rows of 1 + n bytes: the mark of the owner, then the weights, of which the largest becomes 127. What one step of them is worth. */
float learn_store(const struct learn_table *t, const uint32_t *owner, int8_t *rows);

#endif
