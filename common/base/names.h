/* The names of the vocabulary's enums (extern tables of include/earshot) and the way back from a name. */
#ifndef EARSHOT_BASE_NAMES_H
#define EARSHOT_BASE_NAMES_H

#include "common/base/str.h"

/* Index of `name` in a table of n names, -1 when it is not there. */
int names_index(const char *const *names, int n, struct str name);

#endif
