/* What Redis holds of posts beside counts, place by place, for whoever has to show it to a person or to take it out.
 *
 * A walk gives items in batches; an item is a field of a hash or an entry of a stream. held_swap() changes one item in one atomic
 * step that looks whether it still is what was read, so it needs no lease: the owner's functions read what they change in the same
 * step, and find either the old or the new (design section 4). What an owner has in memory meanwhile it may still write: walk again
 * until nothing is found. */
#ifndef EARSHOT_STORE_HELD_H
#define EARSHOT_STORE_HELD_H

#include "common/base/json.h"
#include "common/store/partition.h"

enum held {
	HELD_WAITING, /* stream entries that wait for the detector: entry JSON */
	HELD_DEAD, /* entries that failed: the same */
	HELD_OBSERVATIONS, /* later sights, by post id */
	HELD_OUTBOX, /* alerts: alert JSON */
	HELD_DELIVERIES, /* JSON that ends with an alert */
	HELD_LETTERS, /* alerts given up: alert JSON */
	HELD_CORRECTIONS, /* what people said a mention is, by post id */
	HELD_MENTIONS, /* records, by post id */
	HELD__N
};

struct held_item {
	struct str id, body; /* field or entry id; what it holds */
};

struct held_walk {
	char cursor[64]; /* "" at the beginning */
	bool is_over;
};

/* Every brand that Redis holds something of, also those that no rules know any more; names in `a`. */
enum outcome held_brands(struct redis *r, struct arena *a, struct str **brand, size_t *n, struct err *e) MUST_CHECK;

/* The next batch, in p->arena; *n may be 0 before the walk is over. Items may come twice, as Redis' scans do it. */
enum outcome held_next(const struct partition *p, enum held where, struct held_walk *w, struct held_item **item, size_t *n,
	struct err *e) MUST_CHECK;
/* Puts `body` in its place; "" = the item goes. *done: false when it changed or went meanwhile. A changed stream entry moves to
 * the end of its stream. */
enum outcome held_swap(const struct partition *p, enum held where, const struct held_item *item, struct str body, bool *done,
	struct err *e) MUST_CHECK;

/* What a mention leaves when its post goes: it keeps the counts true, and a later fetch of the post cannot become a new one (commit in
 * common/store/functions.lua knows it). It holds no person. */
struct str held_tombstone(struct arena *a, const struct json *mention);

#endif
