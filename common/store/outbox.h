/* Alerts on their way out: outbox entries become deliveries (one a target), deliveries become settled or dead.
 * Delivery id = incident:revision:target, the same on every attempt. */
#ifndef EARSHOT_STORE_OUTBOX_H
#define EARSHOT_STORE_OUTBOX_H

#include "common/base/json.h"
#include "common/store/partition.h"
#include <earshot/alert.h>

void alert_write(struct buf *out, const struct alert *alert);
enum outcome alert_parse(struct arena *a, struct str json, struct alert *out, struct err *e) MUST_CHECK;

struct outbox_entry {
	struct str entry_id, alert_json;
};
/* Alerts nobody has planned yet (pending ones included). */
enum outcome outbox_read(const struct partition *p, struct outbox_entry **out, size_t *n, struct err *e) MUST_CHECK;
struct outbox_plan {
	struct str event_id;
	const struct str *target; /* names */
	size_t ntargets;
	int64_t now_ms;
};
/* Makes one delivery per target, unless it exists, due at once, and acknowledges and deletes the entry: one call. */
enum outcome outbox_plan(
	const struct partition *p, const struct outbox_entry *entry, const struct outbox_plan *plan, struct err *e) MUST_CHECK;

struct delivery {
	struct str id, target, alert_json;
	int64_t attempts;
};
/* Deliveries whose time has come. */
enum outcome outbox_due(
	const struct partition *p, int64_t now_ms, size_t max, struct delivery **out, size_t *n, struct err *e) MUST_CHECK;
/* Marks an attempt as begun before it leaves: attempts + 1, due again at `retry_ms` should we die meanwhile. SKIP when it is
 * settled already: do not send. REJECT "stale: …" when somebody else began since it was read. */
enum outcome outbox_begin(const struct partition *p, const struct delivery *d, int64_t retry_ms, struct err *e) MUST_CHECK;
enum settle { SETTLE_SENT, SETTLE_RETRY, SETTLE_DEAD };
enum outcome outbox_settle(const struct partition *p, const struct delivery *d, enum settle how, int64_t at_ms, struct str error,
	struct err *e) MUST_CHECK; /* at_ms: next attempt for RETRY, now else */

/* For `status` and the console: alerts not planned yet, deliveries that wait for their time, alerts given up. */
struct outbox_counts {
	int64_t unplanned, waiting, dead;
};
enum outcome outbox_counts(const struct partition *p, struct outbox_counts *out, struct err *e) MUST_CHECK;

#endif
