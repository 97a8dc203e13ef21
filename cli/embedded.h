/* The embedded Redis: a redis-server child on a unix socket in a data folder of its own, append-only file, no eviction. An
 * unclean stop is repaired with redis-check-aof before the start; a server that is still alive on its socket is adopted. */
#ifndef EARSHOT_CLI_EMBEDDED_H
#define EARSHOT_CLI_EMBEDDED_H

#include "common/base/arena.h"
#include "common/store/redis.h"

#include <sys/types.h>

struct embedded {
	struct arena arena;
	const char *folder; /* the data folder */
	const char *socket, *url;
	int64_t port, max_memory;
	bool has_roles; /* ACL users with passwords in FOLDER/ROLE.password; else everybody may do everything (private runs) */
	bool is_temporary; /* the folder goes with the server */
	bool adopted, repaired;
	pid_t pid; /* 0 = adopted */
	pid_t stranger; /* the adopted server */
};

/* A server in `folder` (made when missing). */
enum outcome embedded_start(
	struct embedded *m, const char *folder, bool has_roles, int64_t port, int64_t max_memory, struct err *e) MUST_CHECK;
/* A private one in a fresh folder under /tmp, for replay and benches. */
enum outcome embedded_start_private(struct embedded *m, struct err *e) MUST_CHECK;
/* Starts a server again that died; the same folder, repaired first. */
enum outcome embedded_restart(struct embedded *m, struct err *e) MUST_CHECK;
/* A connection as admin, with the function library loaded. */
enum outcome embedded_connect(struct embedded *m, struct redis **out, struct err *e) MUST_CHECK;
/* Is the server still there? For an adopted one, whose death nobody is told. */
bool embedded_alive(const struct embedded *m);
/* Ends the server, an adopted one too. */
void embedded_stop(struct embedded *m);

#endif
