/* A stream entry end to end: JSON -> post -> matches -> verdict -> dimensions -> mention ready to commit. Pure: no Redis, no
 * clock, no log; memory from the batch's arena. The record that is stored is the entry itself with the verdict appended, so
 * that what was admitted stays word for word. */
#ifndef EARSHOT_DETECTOR_PIPELINE_H
#define EARSHOT_DETECTOR_PIPELINE_H

#include "common/store/posts.h"
#include "common/text/rulebook.h"

/* REJECT with the reason when the entry is not ours: the caller buries it. `brand` is the rulebook's index. */
enum outcome pipeline_mention(struct arena *a, const struct rulebook *book, int brand, const struct posts_entry *entry,
	struct posts_mention *out, struct err *e) MUST_CHECK;

#endif
