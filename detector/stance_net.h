/* A small convolutional net beside the hashed weights: it has seen which words stand for one another, so that it knows trouble told in
 * words that the rows never had. One net a language.
 *
 * Each token is a vector: that of its word (and of the beginning of a long Latin word), and that of whose it is; names are masked. Filters
 * look at three tokens at a time (Kim, "Convolutional Neural Networks for Sentence Classification", 2014); of each filter the largest
 * answer counts, over the whole text, over what is the own brand's and over what is the other one's (piecewise pooling after Zeng et al.,
 * "Distant Supervision for Relation Extraction via Piecewise Convolutional Neural Networks", 2015). A linear layer makes log odds of the
 * labels toward the side that looks. */
#ifndef EARSHOT_DETECTOR_STANCE_NET_H
#define EARSHOT_DETECTOR_STANCE_NET_H

#include "common/base/str.h"
#include <earshot/verdict.h>

enum stance_language { STANCE_ENGLISH, STANCE_CHINESE, STANCE_LANGUAGE__N };
enum stance_pool { STANCE_POOL_ALL, STANCE_POOL_OWN, STANCE_POOL_OTHERS, STANCE_POOL__N };

#define STANCE_NET_OWNERS 5 /* enum stance_owner */
#define STANCE_NET_TOKENS 160u /* further ones are left out */
#define STANCE_NET_WIDTH 32 /* of a vector */
#define STANCE_NET_WINDOW 3 /* tokens */
#define STANCE_NET_SEEN (STANCE_NET_WINDOW * STANCE_NET_WIDTH)
#define STANCE_NET_FILTERS 64
#define STANCE_NET_POOLED (STANCE_POOL__N * STANCE_NET_FILTERS)
#define STANCE_NET_ROWS 16384u /* vectors of words: a word has one by its hash */
/* Rows of what is no word; words have those from the last one on. */
enum { STANCE_NET_UNKNOWN, STANCE_NET_OWN, STANCE_NET_OTHER, STANCE_NET_WORDS };

static inline uint16_t stance_net_row(uint64_t hash)
{
	return (uint16_t)(STANCE_NET_WORDS + (hash * 0x9E3779B97F4A7C15ull >> 32) % (STANCE_NET_ROWS - STANCE_NET_WORDS));
}

/* All but the words' vectors: floats alone, so that they can be read and written as one row of them. */
struct stance_net_core {
	float owner[STANCE_NET_OWNERS][STANCE_NET_WIDTH];
	float filter[STANCE_NET_SEEN][STANCE_NET_FILTERS];
	float bias[STANCE_NET_FILTERS];
	float label[LABEL__N][STANCE_NET_POOLED];
	float label_bias[LABEL__N];
};
#define STANCE_NET_BYTES ((size_t)STANCE_NET_ROWS * STANCE_NET_WIDTH)
#define STANCE_NET_CORE (sizeof(struct stance_net_core) / sizeof(float))

struct stance_net {
	struct stance_net_core core;
	float scale; /* of the words' vectors */
	const int8_t *word; /* STANCE_NET_ROWS times STANCE_NET_WIDTH; borrowed */
};

struct stance_net_token {
	uint16_t word, stem; /* rows; a stem of 0 = none */
	uint8_t owner; /* enum stance_owner */
	uint8_t pool; /* enum stance_pool: of the own brand or of the other one; STANCE_POOL_ALL = neither */
};
struct stance_net_text {
	struct stance_net_token *token;
	size_t n;
};

/* What the filters made of a text. */
struct stance_net_seen {
	/* of the tokens, with empty ones at both ends */
	float vector[(STANCE_NET_TOKENS + STANCE_NET_WINDOW - 1) * STANCE_NET_WIDTH];
	float pooled[STANCE_NET_POOLED];
	int at[STANCE_NET_POOLED]; /* the token that each was largest at; -1: nowhere above 0 */
};

/* From the vectors to `pooled` and `at`. */
void stance_net_pool(const struct stance_net_core *core, const struct stance_net_text *t, struct stance_net_seen *seen);
/* From `pooled` to the log of the labels' chances. */
void stance_net_labels(const struct stance_net_core *core, const struct stance_net_seen *seen, double out[LABEL__N]);
/* All of it: the log of the labels' chances toward the side that looks. */
void stance_net_judge(const struct stance_net *net, const struct stance_net_text *t, double out[LABEL__N]);

#endif
