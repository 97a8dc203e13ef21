/* A brand's tick: counts -> evidence -> at most one transition -> one atomic commit. Used by detector.c only. */
#ifndef EARSHOT_DETECTOR_TICK_H
#define EARSHOT_DETECTOR_TICK_H

#include "detector/detector.h"

enum outcome tick_brand(struct detector *d, struct arena *a, struct detector_brand *b, int64_t tick_ms, struct err *e) MUST_CHECK;
/* Teaches an empty model what Redis already holds of the brand's past: a restart or a late start is not a first day. */
enum outcome tick_warm_up(
	struct detector *d, struct arena *a, struct detector_brand *b, int64_t tick_ms, struct err *e) MUST_CHECK;
/* Writes the step a tick or a wish decided on: incident, timeline, progress, outbox, and the answer to the wish, in one call. */
struct decision {
	const struct step *step; /* NULL or not moved: progress only */
	const struct wish *wish; /* NULL: nobody asked */
	struct str answer; /* to the one who asked: "done", "refused: …" */
	int64_t at_ms;
};
enum outcome tick_commit(
	struct detector *d, struct arena *a, struct detector_brand *b, const struct decision *decision, struct err *e) MUST_CHECK;

#endif
