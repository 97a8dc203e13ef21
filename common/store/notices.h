/* Notices to the operators on their way out: written here, then planned, delivered and settled as alerts are (outbox.h), in the
 * partition NOTICE_PARTITION. */
#ifndef EARSHOT_STORE_NOTICES_H
#define EARSHOT_STORE_NOTICES_H

#include "common/store/partition.h"
#include <earshot/notice.h>

#define NOTICES_MOST 10000 /* that wait while no notifier runs; the oldest go first */

/* At least once: a repeat has the same id and comes to the same deliveries. */
enum outcome notices_append(struct redis *r, struct arena *a, const struct notice *n, struct err *e) MUST_CHECK;
void notice_write(struct buf *out, const struct notice *n);
/* REJECT when it is none: alerts are told apart by that. Texts live in `a`. */
enum outcome notice_parse(struct arena *a, struct str json, struct notice *out, struct err *e) MUST_CHECK;

#endif
