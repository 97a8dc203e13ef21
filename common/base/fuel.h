/* What reading one foreign document may cost. Caps bound every loop over such a document by itself (limits.h); this bounds all of them
 * together, so that a document that is slow in a way nobody thought of costs a second and not the turn of every other source.
 *
 * Readers spend fuel where they do one more of something that a document can have many of; when it is out they stop where they are, and
 * who began the reading refuses the document. Counted in units it is the same on every machine (tests); a clock of the thread's CPU time is
 * looked at every FUEL_LOOK units. NULL is fuel without end: commands and benches read what they are given. */
#ifndef EARSHOT_BASE_FUEL_H
#define EARSHOT_BASE_FUEL_H

#include <stdbool.h>
#include <stdint.h>

#define FUEL_LOOK 16 /* a look at the clock is a system call; a unit is some microseconds of work */

struct fuel {
	int64_t units; /* that are left */
	int64_t until_us; /* of this thread's CPU time; 0 = no clock */
	int64_t to_look; /* units until the next look */
	bool is_out;
};

/* `units` 0: not counted; `cpu_ms` 0: no clock. The clock runs from now. */
void fuel_init(struct fuel *f, int64_t units, int64_t cpu_ms);
/* False when there is no more: stop. */
bool fuel_spend(struct fuel *f, int64_t units);
/* Looks at the clock now: between two stages of the work. */
bool fuel_is_out(struct fuel *f);

#endif
