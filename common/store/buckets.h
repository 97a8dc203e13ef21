/* Reading counts back. */
#ifndef EARSHOT_STORE_BUCKETS_H
#define EARSHOT_STORE_BUCKETS_H

#include "common/store/partition.h"
#include <earshot/bucket.h>

/* Minutes [from_ms, from_ms + n minutes) of one dimension: queue and take, so that many fit one round trip. */
void buckets_minutes_queue(const struct partition *p, struct str dimension, int64_t from_ms, size_t n);
enum outcome buckets_minutes_take(
	struct redis *r, struct arena *a, int64_t from_ms, size_t n, struct series *out, struct err *e) MUST_CHECK;
/* Hours of one dimension, the same way. */
void buckets_hours_queue(const struct partition *p, struct str dimension, int64_t from_ms, size_t n);
enum outcome buckets_hours_take(
	struct redis *r, struct arena *a, int64_t from_ms, size_t n, struct series *out, struct err *e) MUST_CHECK;
/* Sets minute cells (and hour and day above) to recounted values: `earshot verify --fix` and the recount after an unclean stop. */
enum outcome buckets_repair(
	const struct partition *p, struct str dimension, int64_t minute_ms, int64_t value, struct err *e) MUST_CHECK;

#endif
