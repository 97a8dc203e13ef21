/* Says that a source leads into a trap: once, as long as it is the same one. */
#ifndef EARSHOT_CRAWLER_TRAP_TOLD_H
#define EARSHOT_CRAWLER_TRAP_TOLD_H

#include "common/base/str.h"

/* `why` of trap_find(); NULL = there is none, and nothing is said. Counted every time. */
void trap_told(struct str source, const char *why);

#endif
