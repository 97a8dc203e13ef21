/* Training the model for two brands: the same texts in the same order give the same bytes. */
#ifndef EARSHOT_DETECTOR_STANCE_TRAIN_H
#define EARSHOT_DETECTOR_STANCE_TRAIN_H

#include "common/base/buf.h"
#include "detector/stance.h"
#include "detector/stance_compose.h"
#include "detector/stance_rename.h"
#include "detector/stranger_train.h"

struct stance_row;

struct stance_train {
	const struct rulebook *book; /* whose word lists are heard; outlives this */
	struct arena text; /* of one row */
	struct stance_row *row;
	size_t n, room;
	size_t npairs; /* texts that came as pairs */
	size_t nsides; /* texts about one that teach the sides: a sixth */
	struct stranger_train names;
	struct stance_compose compose;
	struct stance_rename rename;
};

void stance_train_init(struct stance_train *t, const struct rulebook *book);
void stance_train_release(struct stance_train *t);
/* A text that names two, with the labels toward them. Where each half of it is about one of them, it is learnt from a second time
 * with the halves exchanged: who is named first tells nothing. false: a name does not stand in the text. */
bool stance_train_add_pair(struct stance_train *t, struct str text, const struct str name[2], const enum label label[2]);
/* A text about one, after the pairs; where it does not name it (`name` may be ""), it is put before it. All teach the names. A sixth of
 * them, by their hashes, teach the sides, and short ones of another sixth are learnt from behind one another, as texts about two. */
void stance_train_add_single(struct stance_train *t, struct str text, struct str name, enum label label);
/* Learns the weights, whose rows live in `a`, and writes the held-out report. REJECT when there are too few texts. */
enum outcome stance_train_fit(
	struct stance_train *t, struct arena *a, struct stance_model *m, struct buf *report, struct err *e) MUST_CHECK;

#endif
