/* What an alert says: gathers name, shares and excerpts for one incident transition. */
#ifndef EARSHOT_DETECTOR_HERALD_H
#define EARSHOT_DETECTOR_HERALD_H

#include "detector/detector.h"

/* The alert as outbox JSON, in `a`. */
enum outcome herald_alert(struct detector *d, struct arena *a, struct detector_brand *b, const struct step *step, int64_t at_ms,
	struct str *json, struct err *e) MUST_CHECK;

#endif
