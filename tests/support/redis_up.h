/* A redis-server of a test's own: unix socket only, no port, in a fresh folder under /tmp; gone when the test ends. */
#ifndef EARSHOT_TESTS_REDIS_UP_H
#define EARSHOT_TESTS_REDIS_UP_H

#include <stdbool.h>

/* Starts it and writes its unix:// URL to `url`. False with a line on standard error when redis-server is not installed or does
 * not answer: the test then skips. */
bool redis_up(char url[256]);
/* Stops it and removes its folder; also done at exit. */
void redis_down(void);
/* Kills it without warning and starts it again on the same folder (append-only file, fsync every second). */
bool redis_crash(void);

#endif
