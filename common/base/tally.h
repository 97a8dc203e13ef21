/* Counts by 64-bit key, as of hashed ids or pairs of numbers. Open addressing that doubles; never more than the keys it was told
 * when it was made: then a new key is refused and counted, the known ones go on. Also a set: a count of 1 says "new". */
#ifndef EARSHOT_BASE_TALLY_H
#define EARSHOT_BASE_TALLY_H

#include "common/base/str.h"

struct tally {
	uint64_t *key; /* 0 = free */
	uint32_t *count;
	size_t n, cap, max;
	int64_t refused;
};

void tally_init(struct tally *t, size_t max_keys);
void tally_release(struct tally *t);
/* The count after adding one; 0 when the key is new and there is no room. */
uint32_t tally_add(struct tally *t, uint64_t key);
uint32_t tally_get(const struct tally *t, uint64_t key);
/* Forgets every key that was counted fewer than `least` times. */
void tally_prune(struct tally *t, uint32_t least);
/* Spreads the bits of a number over all 64 (the finaliser of SplitMix64, Steele et al. 2014). */
uint64_t tally_mix(uint64_t x);

#endif
