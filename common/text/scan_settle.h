/* Which of the matches found stay. Only the scan*.c files use this. */
#ifndef EARSHOT_TEXT_SCAN_SETTLE_H
#define EARSHOT_TEXT_SCAN_SETTLE_H

#include "common/text/scan.h"

/* Sorts the matches, and takes away repetitions and those that another one overrules. */
void scan_settle(struct arena *a, struct scanned *s);

#endif
