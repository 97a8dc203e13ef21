/* Health at the edge: what a visit saw goes to crawler/health.h, what is due goes to the operators, and how all sources of this
 * crawler are is written beside the counts, as coverage. */
#ifndef EARSHOT_CRAWLER_HEALTH_TELL_H
#define EARSHOT_CRAWLER_HEALTH_TELL_H

#include "crawler/health.h"
#include "crawler/visit.h"

/* Steps the health of the visit's source, after everything else of its state and before its next poll is planned. A notice that is due is in
 * its stream when this returns: MUST NOT be called while anything is queued. RETRY: Redis went away. */
enum outcome health_visit(const struct visit *v, struct err *e) MUST_CHECK;

/* Every few seconds: many that are ill at once, and the coverage. Reads first what Redis knows of sources that became ours. */
enum outcome health_turn(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
