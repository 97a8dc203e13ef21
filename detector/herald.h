/* What an alert says: gathers name, shares and excerpts for one incident transition. */
#ifndef EARSHOT_DETECTOR_HERALD_H
#define EARSHOT_DETECTOR_HERALD_H

#include "detector/tick.h"

/* The alert that tells of the decision's step, as outbox JSON, in `a`. */
enum outcome herald_alert(const struct detector *d, struct arena *a, const struct detector_brand *b,
	const struct decision *decision, struct str *json, struct err *e) MUST_CHECK;

#endif
