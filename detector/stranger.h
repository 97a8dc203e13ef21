/* Chinese names of firms that stand in no rulebook and are made of everyday characters: told by where they stand, by what follows
 * them, by the end they share with the brand's own name (贝乐奶粉, 优牧奶粉), and by how rare their characters are together. */
#ifndef EARSHOT_DETECTOR_STRANGER_H
#define EARSHOT_DETECTOR_STRANGER_H

#include "detector/rival.h"

/* Calls `add` for each, by place, leaving out the brand itself and places that overlap an earlier answer. Only where the brand is one that
 * no rule knows: it asks the dictionary. Reads r->mention. */
void strangers_find(const struct reading *r, rival_add *add, void *into);

#endif
