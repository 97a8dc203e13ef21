/* Erasures in Redis: the list of marks (common/base/erased.h), the news for crawlers that it has grown, the audit line, and the
 * append-only file without what is gone.
 *
 * Order of an erasure: erasures_add(), then whatever is held is taken out (common/store/held.h), then erasures_rewrite(). After a
 * crash the list says what has to go: doing it again from the beginning is always right. */
#ifndef EARSHOT_STORE_ERASURES_H
#define EARSHOT_STORE_ERASURES_H

#include "common/base/erased.h"
#include "common/store/redis.h"

/* Writes all marks, then tells the crawlers. *serial: what their heartbeats say once they have read them. */
enum outcome erasures_add(
	struct redis *r, struct arena *a, const struct erased *marks, int64_t *serial, struct err *e) MUST_CHECK;
/* The whole list into `out`, in place of what was in it. */
enum outcome erasures_read(struct redis *r, struct arena *a, struct erased *out, struct err *e) MUST_CHECK;
/* What was done, without the person: a JSON object. The newest 10,000 are kept. */
enum outcome erasures_note(struct redis *r, struct arena *a, struct str line, struct err *e) MUST_CHECK;
/* Writes the append-only file anew and waits until that is done; SKIP when Redis keeps none. Empties the slow log, which holds
 * beginnings of commands. RETRY: it was not done within `most_ms`, or failed. */
enum outcome erasures_rewrite(struct redis *r, struct arena *a, int64_t most_ms, struct err *e) MUST_CHECK;

#endif
