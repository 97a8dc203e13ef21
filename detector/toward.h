/* Whose each clause is: weighs the clauses of a reading for the brand and for the others that are named beside it. */
#ifndef EARSHOT_DETECTOR_TOWARD_H
#define EARSHOT_DETECTOR_TOWARD_H

#include "detector/reading.h"

/* Cuts clauses that name two, then sets the members `brand` and `rival` of all, and r->stance. Called by reading_make() when
 * the clauses are cut and at least one mention is known. */
void toward_weigh(struct reading *r);

#endif
