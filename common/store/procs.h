/* Heartbeats: a role publishes who and where it is and its metrics; the console and `earshot status` read them. */
#ifndef EARSHOT_STORE_PROCS_H
#define EARSHOT_STORE_PROCS_H

#include "common/store/redis.h"

struct proc_beat {
	struct str role, id, host, version, metrics_json;
	struct str rulebook; /* version in force in that process; "" = it has none */
	int64_t pid, started_ms, beat_ms;
	int64_t erasures; /* of a crawler: how far it follows the list (common/store/erasures.h) */
};

enum outcome procs_beat(struct redis *r, struct arena *a, const struct proc_beat *b, struct err *e) MUST_CHECK;
enum outcome procs_list(struct redis *r, struct arena *a, struct proc_beat **out, size_t *n, struct err *e) MUST_CHECK;
/* How many processes of a role beat in the last PROCS_ALIVE_MS, `self` ("role:id") left out. */
#define PROCS_ALIVE_MS 6000
enum outcome procs_alive(
	struct redis *r, struct arena *a, const char *role, struct str self, size_t *n, struct err *e) MUST_CHECK;
/* A clean end: it counts as alive no more. */
void procs_leave(struct redis *r, struct arena *a, const char *role, struct str id);
/* Brands as published for readers that have no rulebook. */
struct brand_row {
	struct str id, name, name_en, rulebook;
};
enum outcome procs_publish_brands(
	struct redis *r, struct arena *a, const struct brand_row *b, size_t n, struct err *e) MUST_CHECK;
enum outcome procs_brands(struct redis *r, struct arena *a, struct brand_row **out, size_t *n, struct err *e) MUST_CHECK;

#endif
