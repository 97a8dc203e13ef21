/* Names of other brands in a text: those the rulebook knows, and words that look like one. A text that names two is cut
 * between them, so that what is said of one is not counted for the other. */
#ifndef EARSHOT_DETECTOR_RIVAL_H
#define EARSHOT_DETECTOR_RIVAL_H

#include "detector/reading.h"

#define RIVAL_NAMES 64u /* of one text; further ones are not looked at */

/* Words that only look like a name count where the brand itself is one that no rule knows (judge_name()). Calls `add` for each, in no order; places that touch a mention of the brand itself are left out. Reads r->s and r->mention,
 * both of which must be there.
 * Answers how sure it is that another brand is named at all: 1 where it is known, less where it only looks like a name. */
typedef void rival_add(void *into, struct place at);
double rivals_find(const struct reading *r, rival_add *add, void *into);

#endif
