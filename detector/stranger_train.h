/* Learning where the name of another firm stands: part of stance_train.h. */
#ifndef EARSHOT_DETECTOR_STRANGER_TRAIN_H
#define EARSHOT_DETECTOR_STRANGER_TRAIN_H

#include "common/base/buf.h"
#include "detector/stranger.h"

struct stranger_row;

struct stranger_train {
	struct stranger_row *row;
	size_t n, room;
};

void stranger_train_init(struct stranger_train *t);
void stranger_train_release(struct stranger_train *t);
/* `name`: that of the other, folded; "" = there is none. */
void stranger_train_add(struct stranger_train *t, const struct reading *r, struct str name);
/* Fills the rows of STANCE_NAME and their scale, and adds to the report. REJECT when there are too many texts. */
enum outcome stranger_train_fit(
	struct stranger_train *t, int8_t *rows, float *scale, struct buf *report, struct err *e) MUST_CHECK;

#endif
