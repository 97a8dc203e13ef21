/* The texts of a brand's recent mentions, read back from the records when the brand comes to us (a start, a take-over): by them
 * copies of what others counted are told. Bounded: LIMIT_STORIES_RECALLED newest mentions of the window, in pages. A brand is
 * not read before that is done, and a call ends when it read about as much as one brand may have, so that leases are renewed
 * in between. */
#ifndef EARSHOT_DETECTOR_RECALL_H
#define EARSHOT_DETECTOR_RECALL_H

#include "detector/detector.h"

static inline bool recall_is_due(const struct detector_brand *b)
{
	return b->stories == NULL;
}

/* Of the brands we hold, as many as a call allows. Resets `a`. RETRY: Redis is away. */
enum outcome recall_stories(struct detector *d, struct arena *a, struct err *e) MUST_CHECK;

#endif
