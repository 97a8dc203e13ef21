/* What a trained model sees of a text: the set of its hashed features, one pass over the normalised text.
 *
 * Runs of 1 to 3 code points (2 to 5 where they begin with ASCII), Latin words, pairs and triples of them, and the words that
 * follow a negation in their clause once more as negated ones. An address and an @name are one sign each. Emoji and tokens such
 * as [泪] come by their code points. A feature counts once however often it occurs.
 * Trained weights mean nothing under another hashing: whoever changes what is made here raises FEATURES_VERSION. */
#ifndef EARSHOT_TEXT_FEATURES_H
#define EARSHOT_TEXT_FEATURES_H

#include "common/base/arena.h"

#define FEATURES_VERSION 2u
#define FEATURES_BITS 18
#define FEATURES_BUCKETS (1u << FEATURES_BITS)

/* Code points of the text, an address or an @name being one. */
struct features_place {
	uint32_t from, to;
};
struct features {
	uint32_t *bucket; /* each below FEATURES_BUCKETS, none twice, in the order of the text */
	size_t n;
	struct features_place *place; /* where each stands first */
	uint64_t *seen; /* one bit a bucket, while it is made */
	size_t room;
};

/* `normalised` as normalise() makes it; lives in `a`. Features beyond LIMIT_FEATURES are left out. */
void features_make(struct arena *a, struct str normalised, struct features *out);
/* The byte that each code point of a place begins at; one more for the end. */
const uint32_t *features_bytes(struct arena *a, struct str normalised);
/* The bucket of one run of ideographs. */
uint32_t features_run(struct str run);

#endif
