/* The name of another firm that stands in no rulebook, told by learnt weights: by the words on both sides of it, by its own characters,
 * by where words begin and end, by capitals, by how it is like the brand's own name. One a text: the likeliest, or none. */
#ifndef EARSHOT_DETECTOR_STRANGER_H
#define EARSHOT_DETECTOR_STRANGER_H

#include "detector/rival.h"
#include "detector/stance_model.h"
#include "detector/stance_text.h"

#define STRANGER_TOKENS 300u /* of a text; further ones are not looked at */
#define STRANGER_LONGEST 6u /* tokens of a name */

struct stranger_span {
	uint32_t from, to; /* tokens */
	struct stance_features features; /* of the span itself */
};

/* What is asked of one text: the score of a span is that of its start, of its end and of itself; that of no name is `none`. */
struct stranger_sight {
	struct stance_text text;
	struct stance_features *start, *end; /* one a token; end[i]: a name that ends before token i */
	struct stranger_span *span;
	size_t n;
	struct stance_features none;
};

/* Reads r->mention. */
void stranger_see(const struct reading *r, struct stranger_sight *out);
/* Calls `add` for each place of the likeliest name. The chance that it is one, or that any other is; 0: none was added. */
double stranger_find(const struct reading *r, const struct stance_model *m, rival_add *add, void *into);

#endif
