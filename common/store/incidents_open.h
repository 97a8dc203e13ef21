/* Which brands are in alert: an incident of theirs is open, from its detection until it is resolved or was a false alarm. For who only has to know
 * that (the crawler), in two steps that ride in trips made anyway: which incident is a brand's current one, then how that is. */
#ifndef EARSHOT_STORE_INCIDENTS_OPEN_H
#define EARSHOT_STORE_INCIDENTS_OPEN_H

#include "common/store/partition.h"
#include <earshot/incident.h>

/* The brand of `p`. *id lives in its arena; "" = it never had one. Queue, flush, take. */
void incidents_open_id_queue(const struct partition *p);
enum outcome incidents_open_id_take(const struct partition *p, struct str *id, struct err *e) MUST_CHECK;

/* *since_ms: when it was opened; 0 = it is closed. */
void incidents_open_since_queue(const struct partition *p, struct str id);
enum outcome incidents_open_since_take(struct redis *r, int64_t *since_ms, struct err *e) MUST_CHECK;

#endif
