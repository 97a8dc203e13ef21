/* A stream entry end to end: JSON -> post -> matches -> verdict -> dimensions -> story -> mention ready to commit. No Redis, no
 * clock, no log; memory from arenas. The same posts in the same order give the same mentions: stories are all it remembers. The record that is stored is the entry itself with the verdict appended, so
 * that what was admitted stays word for word. */
#ifndef EARSHOT_DETECTOR_PIPELINE_H
#define EARSHOT_DETECTOR_PIPELINE_H

#include "common/store/posts.h"
#include "common/text/rulebook.h"
#include "detector/stories.h"

/* Two life times: `keep` lasts until the batch is committed and holds what is sent; `scratch` is reset for every mention. */
struct pipeline {
	const struct rulebook *book;
	int brand; /* index in the book */
	struct stories *stories; /* of the brand */
	struct arena *keep, *scratch;
	struct buf *text; /* reused for what is written; told its maximum by pipeline_text_init() */
};
void pipeline_text_init(struct buf *text);

/* REJECT with the reason when the entry is not ours: the caller buries it. */
enum outcome pipeline_mention(
	const struct pipeline *p, const struct posts_entry *entry, struct posts_mention *out, struct err *e) MUST_CHECK;

#endif
