/* Calls of the function library (functions.lua), and its loading. */
#ifndef EARSHOT_STORE_FUNCTIONS_H
#define EARSHOT_STORE_FUNCTIONS_H

#include "common/store/lease.h"

/* Starts `FCALL name nkeys`; the caller adds the keys, then the arguments. `room` = how many of both to expect. */
struct command functions_call(struct arena *a, const char *name, size_t nkeys, size_t room);
/* The same for a step that only the owner of a lease may take: the lease key comes first; functions_token() must follow the
 * other keys. */
struct command functions_owned(struct arena *a, const char *name, const struct lease *l, size_t nkeys, size_t room);
void functions_token(struct command *c, const struct lease *l);
/* Source of the library with its version filled in, as FUNCTION LOAD takes it. */
struct str functions_source(struct arena *a);

#endif
