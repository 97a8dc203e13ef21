/* Foreign text made harmless for one line of a message. */
#ifndef EARSHOT_NOTIFIER_PLAIN_H
#define EARSHOT_NOTIFIER_PLAIN_H

#include "common/base/buf.h"

/* Adds `s` with white space folded to single spaces and control, bidi, zero-width and private characters dropped. Stops
 * with an ellipsis before more than `columns` columns are used (a Han or full-width character takes two), always at a
 * character. Returns false when it had to stop. */
bool plain_add(struct buf *out, struct str s, int columns);

#endif
