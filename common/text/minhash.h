/* The signature of a text by which copies of it are found: two texts that share most of their letter groups agree in most of its
 * slots, and the share of equal slots is an estimate of the share of common groups (Jaccard).
 *
 * What is compared are folded letters (letters.h): case, width, Traditional or Simplified, punctuation, spaces, emoji, addresses
 * and @names make no difference. Groups are 3 letters in scripts without spaces between words, else 5, because three Latin letters
 * are in every long text. One permutation makes all slots (Li, Owen, Zhang 2012: the high bits of a group's hash choose the slot,
 * the least of the rest stays); slots that stay empty, as in short texts, are filled by further permutations of the same
 * groups, so that they are evidence of their own and no copies of neighbours. Pure. */
#ifndef EARSHOT_TEXT_MINHASH_H
#define EARSHOT_TEXT_MINHASH_H

#include "common/base/str.h"

#include <stdint.h>

#define MINHASH_SLOTS 32

struct minhash {
	uint32_t slot[MINHASH_SLOTS];
	uint64_t exact; /* sum over all groups: equal for texts that differ in nothing that counts */
	uint32_t weight; /* how much text there is: 3 for an ideograph, kana or hangul, 1 for any other letter */
};

/* Any bytes; a text without letters gives weight 0. */
void minhash_make(struct str text, struct minhash *out);
/* How many slots are equal, 0 … MINHASH_SLOTS. */
int minhash_common(const struct minhash *a, const struct minhash *b);

#endif
