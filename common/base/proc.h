/* Processes: signals as flags, children, memory figures. A role's loop asks proc_stopping() once a turn. */
#ifndef EARSHOT_BASE_PROC_H
#define EARSHOT_BASE_PROC_H

#include "common/base/str.h"
#include <earshot/outcome.h>
#include <sys/types.h>

/* TERM and INT: stop flag (a second one ends the process at once with 130); HUP: reload flag; PIPE is ignored. */
void proc_signals(void);
bool proc_stopping(void);
void proc_stop(void); /* sets the stop flag, as a signal would */
bool proc_take_reload(void); /* true once for each HUP */
int64_t proc_rss_bytes(void);

/* Starts argv[0] (PATH is searched) with `env` ("K=V", NULL-terminated, may be NULL) added; the child gets SIGTERM when
 * this process dies. Standard output goes to `stdout_fd` unless -1. Returns pid, or -1 with `e`. */
pid_t proc_spawn(char *const argv[], char *const env[], int stdout_fd, struct err *e);
/* Looks for a dead child without waiting: its pid (0 = none) and wait status. */
pid_t proc_reap(int *status);
/* TERM, then KILL after `patience_ms`; waits for it. */
void proc_end(pid_t pid, int64_t patience_ms);
/* Path of the running binary. */
const char *proc_self(void);

#endif
