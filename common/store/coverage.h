/* How much of what is watched is seen: the share of sources that are well, a value a minute, kept as long as minute counts are. Every
 * crawler tells its part every few seconds; the sum of the parts that are young stands under the minute. */
#ifndef EARSHOT_STORE_COVERAGE_H
#define EARSHOT_STORE_COVERAGE_H

#include "common/store/redis.h"

#define COVERAGE_PART_MS 90000 /* a part that is older has no crawler any more */

struct coverage {
	int64_t healthy, sources; /* how many, of how many */
	double healthy_weight, weight; /* posts a day that are expected of these, of those */
};
/* Share by weight, 0…1; -1 when nothing is watched. */
double coverage_share(const struct coverage *c);

/* `worker`: who tells it. Safe to repeat; of two that tell at the same moment the last one writes the sum, and the next one of either puts it right. */
enum outcome coverage_tell(struct redis *r, struct arena *a, struct str worker, const struct coverage *part, int64_t now_ms,
	struct err *e) MUST_CHECK;
/* A clean end: its part counts no more. What goes wrong here is put right by its age. */
void coverage_leave(struct redis *r, struct arena *a, struct str worker);
/* What stands under the minute of `at_ms`, else under the one before. SKIP: nothing. `out` has no weights but their share, of 1. */
enum outcome coverage_read(struct redis *r, struct arena *a, int64_t at_ms, struct coverage *out, struct err *e) MUST_CHECK;

#endif
