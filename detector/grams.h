/* Word groups of texts and in how many texts they stand: Han groups of 1 to 4 characters, Latin ones of 1 to 3 words. Only groups
 * of `bad` texts are kept; the rest is compared with them. A text counts a group once. */
#ifndef EARSHOT_DETECTOR_GRAMS_H
#define EARSHOT_DETECTOR_GRAMS_H

#include "common/base/str.h"

#define GRAMS_MOST (1u << 22)
#define GRAM_HAN 4 /* characters */
#define GRAM_WORDS 3
#define GRAM_WALL '\x01' /* in a text: what is never part of a group nor a neighbour worth counting */

struct gram {
	uint64_t hash; /* 0: free */
	uint32_t bad, rest; /* texts */
	uint32_t last; /* the text that counted it last, + 1 */
	uint32_t text, from; /* where it was seen first */
	uint32_t rank; /* the owner's: 0 until it says otherwise */
	uint16_t bytes;
	uint8_t length; /* characters or words */
	bool is_han;
};
struct grams {
	struct gram *gram;
	size_t n, cap;
	int64_t refused; /* groups for which there was no room */
};

void grams_init(struct grams *g);
void grams_release(struct grams *g);
/* `number` differs for every text. */
void grams_count(struct grams *g, struct str text, uint32_t number, bool is_bad);
const struct gram *grams_find(const struct grams *g, struct str group); /* NULL: never in a bad text */

/* Walks over the groups of a text. */
struct gram_place {
	uint32_t from;
	uint16_t bytes;
	uint8_t length;
	bool is_han;
};
typedef void gram_visit(void *context, const struct gram_place *place);
void grams_each(struct str text, gram_visit *visit, void *context);

#endif
