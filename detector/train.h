/* Training a model from labelled texts, with liblinear: the same texts in the same order give the same bytes. A text that
 * stands there twice counts once, so that the held-out figures are of texts not seen. */
#ifndef EARSHOT_DETECTOR_TRAIN_H
#define EARSHOT_DETECTOR_TRAIN_H

#include "common/base/buf.h"
#include "common/text/weights.h"
#include <earshot/verdict.h>

struct train_row;

/* What a text is, where its set says so: heads beside those of sentiment learn from it. */
enum train_kind {
	TRAIN_KIND_OTHER,
	TRAIN_KIND_SERVICE, /* written to a company */
	TRAIN_KIND_REVIEW, /* written about a thing */
	TRAIN_KIND__N
};
extern const char *const train_kind_names[TRAIN_KIND__N];

struct train {
	struct arena text; /* of one row */
	struct train_row *row;
	size_t n, room;
	uint64_t *known; /* hashes of texts that are in, or are to stay out; 0 = free */
	size_t nknown, known_room;
	size_t repeated; /* rows that were left out as known */
};

void train_init(struct train *t);
void train_release(struct train *t);
/* A text that is for measuring, or was taken elsewhere: no row of it is taken, whatever comes later. False when it was known. */
bool train_forbid(struct train *t, struct str text);
void train_add(struct train *t, struct str text, enum label label, enum train_kind kind);
/* Trains all heads there are texts for, and writes the held-out report (three folds), one line a head and one a language.
 * `rows` (FEATURES_BUCKETS * WEIGHTS_HEADS) becomes w->row. REJECT when no head has enough texts of both sides. */
enum outcome train_fit(
	struct train *t, struct str name, int8_t *rows, struct weights *w, struct buf *report, struct err *e) MUST_CHECK;

#endif
