/* How much more or less another rulebook finds, from the hits that were counted on the archive when it was published. */
#ifndef EARSHOT_DETECTOR_REBASE_H
#define EARSHOT_DETECTOR_REBASE_H

#include "common/store/rulebooks.h"
#include "detector/situation.h"

#define REBASE_LEAST 0.05 /* a measured ratio is believed within these bounds */
#define REBASE_MOST 50.0
#define REBASE_UNKNOWN 0.7 /* doubt of a ratio nobody knows: a tripling passes, a storm does not */

/* Hits of the old and the new rules over the same posts -> factor, its doubt, and the new rate a day where the old hits are too
 * few to multiply with. Equal hits mean no change and no doubt. Pure; at_ms is left 0. */
struct rebase rebase_of(double old_hits, double new_hits, double days);
/* One behind the other: rules changed twice. */
struct rebase rebase_both(struct rebase first, struct rebase second);
/* The other way round: a roll-back. */
struct rebase rebase_back(struct rebase there);

/* From which rules to which, of one brand; borrows all it names. */
struct rebase_way {
	struct redis *redis;
	struct arena *arena;
	const char *from, *to; /* versions */
	struct str brand;
};
/* By the records in Redis: `to` was measured against `from`, or `from` against `to`, or there is a chain of such. SKIP: nobody
 * measured it; `out` is REBASE_UNKNOWN then. */
enum outcome rebase_find(const struct rebase_way *way, struct rebase out[WATCH__N], struct err *e) MUST_CHECK;

#endif
