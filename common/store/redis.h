/* The connection to Redis: the only file with hiredis. Synchronous, pipelined, binary-safe (argument vectors with lengths,
 * never a built format string). Reconnects with jitter; a new run_id is noticed. Typed functions per key family stand above
 * it (posts.h, sources.h, …); they spell the keys.
 *
 * URL: redis://[user:password@]host:port[/db], unix:///path[?user=U&db=N]. rediss:// needs libhiredis_ssl, which Debian 12
 * does not have: the message names stunnel. The password may come from EARSHOT_REDIS_PASSWORD_FILE. */
#ifndef EARSHOT_STORE_REDIS_H
#define EARSHOT_STORE_REDIS_H

#include "common/base/arena.h"
#include "common/base/buf.h"

struct redis;

enum reply_kind { REPLY_NIL, REPLY_STATUS, REPLY_ERROR, REPLY_INT, REPLY_STRING, REPLY_LIST };
struct reply; /* one answer; borrowed until redis_done() or the next redis_* call that says so */

/* An argument vector under construction; memory from the caller's arena. At most 64 Ki arguments. */
struct command {
	struct arena *a;
	struct str *arg;
	size_t n, cap;
};
struct command command_new(struct arena *a, size_t expected);
void command_add(struct command *c, struct str s);
void command_addz(struct command *c, const char *cstr);
void command_int(struct command *c, int64_t v);
void command_double(struct command *c, double v);

/* Does not connect; NULL = bad URL. What the URL says of user and password wins over `user` and `password`, and those over
 * EARSHOT_REDIS_PASSWORD_FILE. */
struct redis *redis_new(const char *url, const char *user, struct str password, struct err *e);
void redis_free(struct redis *r);
/* Connects when needed: RETRY with a sentence when Redis is away, loading or refuses; waits at most LIMIT_REDIS_CONNECT_MS. */
enum outcome redis_connect(struct redis *r, struct err *e) MUST_CHECK;
bool redis_connected(const struct redis *r);
/* Pause (with jitter, growing to LIMIT_REDIS_BACKOFF_MS) the caller should take before the next redis_connect. */
int64_t redis_backoff_ms(struct redis *r);
/* True once after a connection found another run_id than the one before: Redis was restarted. */
bool redis_take_new_run(struct redis *r);
const char *redis_run_id(const struct redis *r);

/* Pipeline: queue any number, flush when the peer should start working, then take the replies in order.
 * redis_take: RETRY when the connection broke (everything queued is lost: start the step again), OK otherwise (the reply may
 * still be a REPLY_ERROR). A reply lives until redis_done(), which frees all replies taken since the last one. */
void redis_queue(struct redis *r, const struct command *c);
enum outcome redis_flush(struct redis *r, struct err *e) MUST_CHECK;
enum outcome redis_take(struct redis *r, const struct reply **out, struct err *e) MUST_CHECK;
void redis_done(struct redis *r);
/* Moves bytes both ways without waiting: what is queued out, what has arrived in. A socket holds about 200 KiB: of a larger
 * command or answer the rest waits until somebody calls again, so whoever works long between redis_queue and redis_take calls
 * this now and then, and Redis works meanwhile. */
void redis_pump(struct redis *r);
size_t redis_pending(const struct redis *r); /* queued and not taken */
/* Takes and drops whatever is still queued, so that the next reply belongs to the next command. redis_ask does it too: a step
 * that returned early cannot shift the answers of the next one. */
void redis_drain(struct redis *r);
/* One command, one reply; REPLY_ERROR becomes an outcome: RETRY for LOADING, BUSY, TRYAGAIN, CLUSTERDOWN, READONLY, MISCONF, OOM,
 * NOGROUP; STOP when this process may not (NOPERM, NOAUTH) or the function library is missing: no entry is to blame for that;
 * REJECT else, with Redis' words. */
enum outcome redis_ask(struct redis *r, const struct command *c, const struct reply **out, struct err *e) MUST_CHECK;
/* The same of the next reply of a pipeline: redis_take() and that judgement. */
enum outcome redis_result(struct redis *r, const struct reply **out, struct err *e) MUST_CHECK;
enum outcome redis_reply_outcome(const struct reply *reply, struct err *e) MUST_CHECK;

enum reply_kind reply_kind(const struct reply *r);
int64_t reply_int(const struct reply *r); /* also digits in a string; 0 else */
struct str reply_str(const struct reply *r); /* string, status or error text; "" else */
size_t reply_size(const struct reply *r);
const struct reply *reply_at(const struct reply *r, size_t i); /* NULL behind the end */
/* Value of `field` in a flat field/value list (HGETALL, a stream entry's body); NULL when absent. */
const struct reply *reply_field(const struct reply *r, const char *field);

/* How long buckets written over this connection are kept, behind the later of now and their own time. */
/* While an answer takes longer than LIMIT_REDIS_QUIET_MS, `idle` is called again and again: for what may not wait as long as
 * LIMIT_REDIS_COMMAND_MS. It must not ask Redis anything. */
void redis_set_idle(struct redis *r, void (*idle)(void *owner), void *owner);

struct redis_keep {
	int64_t minutes_ms, hours_ms, mentions_ms;
};
void redis_set_keep(struct redis *r, struct redis_keep keep); /* default: 35, 400 and 30 days */
struct redis_keep redis_keep(const struct redis *r);

/* For `up` and `status`. */
enum outcome redis_ping(struct redis *r, struct arena *a, struct err *e) MUST_CHECK;
/* One value of INFO, "" when it is not there: redis_info(r, a, "memory", "used_memory", &v, e). */
enum outcome redis_info(
	struct redis *r, struct arena *a, const char *section, const char *field, struct str *out, struct err *e) MUST_CHECK;
/* Starts writing the append-only file anew, which heals what a torn transaction left in it; OK also when one is under way. */
enum outcome redis_rewrite_aof(struct redis *r, struct arena *a, struct err *e) MUST_CHECK;

/* Makes sure that this binary's function library is loaded: compares the version, loads when `may_load` (admin, `up`), else
 * STOP with the remedy. */
enum outcome redis_functions(struct redis *r, bool may_load, struct err *e) MUST_CHECK;

#endif
