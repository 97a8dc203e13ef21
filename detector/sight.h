/* What the trained model sees of a post: title and text as one, the brand's name masked (whose post it is must not be learnt), and its
 * hashed features. Made once a reading, however many heads ask. A change here asks for `make train`. */
#ifndef EARSHOT_DETECTOR_SIGHT_H
#define EARSHOT_DETECTOR_SIGHT_H

#include "common/text/features.h"
#include "detector/reading.h"

/* A piece of the text: bytes of a normalised field as they stand there, or a sign that stands for some. */
struct sight_part {
	struct str text;
	struct place at; /* empty (from = to) of what stands in no field */
};

struct sight {
	struct str text; /* normalised */
	struct features features; /* of it */
	const struct sight_part *part; /* what it was put together of, in order */
	size_t nparts;
};

/* Of a reading that is made; lives in its arena. The same one each time. */
const struct sight *sight_of(struct reading *r);

#endif
