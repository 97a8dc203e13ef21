/* Cutting a text into messages that a channel takes. Nothing is dropped: the parts without their numbers, joined, are the
 * text (the line break at a cut belongs to the cut). */
#ifndef EARSHOT_NOTIFIER_SPLIT_H
#define EARSHOT_NOTIFIER_SPLIT_H

#include "common/base/arena.h"

#define SPLIT_PARTS 99

/* Parts of at most `max_bytes` bytes of UTF-8, their number line included; `max_bytes` at least 64. One that fits stays as
 * it is; several start with a line "1/2". Cuts at a line break when one lies in the last two thirds of the room, else at
 * a character. REJECT when SPLIT_PARTS parts are not enough. */
enum outcome split_text(
	struct arena *a, struct str text, size_t max_bytes, struct str **parts, size_t *n, struct err *e) MUST_CHECK;

#endif
