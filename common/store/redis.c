/* The connection to Redis over hiredis: connect, pipeline, replies and their life time. */
#include "common/store/redis.h"

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/file.h"
#include "common/base/metrics.h"
#include "common/store/redis_url.h"
#include <earshot/limits.h>

#include <errno.h>
#include <hiredis/hiredis.h>
#include <hiredis/sds.h>
#include <stdio.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MOST_ARGUMENTS ((size_t)64 << 10)
#define URL_ARENA_BYTES ((size_t)64 << 10)
#define PASSWORD_BYTES 4096
#define RUN_ID_BYTES 64
#define FIRST_BACKOFF_MS 50
#define IDLE_STEP_MS 20
#define KEEP_MINUTES_MS (35 * MS_PER_DAY)
#define KEEP_HOURS_MS (400 * MS_PER_DAY)
#define KEEP_MENTIONS_MS (30 * MS_PER_DAY)

/* hiredis gives its read buffer back above 16 KiB, and a batch is larger than that every time. */
#define KEPT_READER_BYTES (1u << 20)

struct redis {
	struct arena arena; /* strings of the URL; process life time */
	struct redis_url at;
	redisContext *context; /* NULL = not connected */
	bool reconnect; /* a READONLY answer: a failover made another server the primary */
	size_t pending; /* queued and not taken */
	bool is_asking; /* something was queued since an answer was waited for */
	redisReply **taken; /* alive until redis_done() */
	size_t ntaken, taken_cap;
	const char **argv; /* scratch of redis_queue */
	size_t *argvlen;
	size_t argv_cap;
	char run_id[RUN_ID_BYTES];
	bool new_run;
	unsigned failures; /* attempts to connect that failed in a row */
	bool was_connected;
	char why[ERR_TEXT_BYTES]; /* what ended the last connection */
	struct redis_keep keep;
	void (*idle)(void *owner); /* NULL = nothing else may be waiting */
	void *idle_owner;
};

/* ---- memory ---- */

static void *grow(void *p, size_t count, size_t size)
{
	void *grown = reallocarray(p, count, size);
	if (!grown) {
		(void)fprintf(stderr, "earshot: out of memory: %zu pieces of %zu bytes for Redis\n", count, size);
		abort();
	}
	return grown;
}

/* ---- commands ---- */

struct command command_new(struct arena *a, size_t expected)
{
	size_t cap = expected < 8 ? 8 : expected;
	return (struct command){ .a = a, .arg = arena_list(a, struct str, cap), .cap = cap };
}

void command_add(struct command *c, struct str s)
{
	if (c->n == c->cap) {
		if (c->cap >= MOST_ARGUMENTS) {
			(void)fprintf(stderr, "earshot: bug: a Redis command of more than %zu arguments\n", MOST_ARGUMENTS);
			abort();
		}
		struct str *more = arena_list(c->a, struct str, c->cap * 2);
		memcpy(more, c->arg, c->n * sizeof(*more));
		c->arg = more;
		c->cap *= 2;
	}
	c->arg[c->n++] = s;
}

void command_addz(struct command *c, const char *cstr)
{
	command_add(c, str_of(cstr));
}

/* Digits without printf: numbers are a good part of a commit's arguments. */
void command_int(struct command *c, int64_t v)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (v < 0)
		digits[--at] = '-';
	command_add(c, arena_copy(c->a, (struct str){ digits + at, sizeof(digits) - at }));
}

void command_double(struct command *c, double v)
{
	command_add(c, arena_printf(c->a, "%.17g", v));
}

/* ---- life ---- */

static struct str password_from_file(struct arena *a, struct err *e, bool *failed)
{
	const char *path = getenv("EARSHOT_REDIS_PASSWORD_FILE");
	struct str bytes = STR("");
	if (path && *path)
		*failed = file_read(a, path, PASSWORD_BYTES, &bytes, e) != OK;
	return str_trim(bytes);
}

struct redis *redis_new(const char *url, const char *user, struct str password, struct err *e)
{
	struct redis *r = grow(NULL, 1, sizeof(*r));
	*r = (struct redis){ .keep = { KEEP_MINUTES_MS, KEEP_HOURS_MS, KEEP_MENTIONS_MS } };
	arena_init(&r->arena, URL_ARENA_BYTES);
	bool failed = redis_url_parse(&r->arena, str_of(url), &r->at, e) != OK;
	if (!failed && r->at.user.n == 0 && user)
		r->at.user = arena_copy(&r->arena, str_of(user));
	if (!failed && r->at.password.n == 0)
		r->at.password = password.n > 0 ? arena_copy(&r->arena, password) : password_from_file(&r->arena, e, &failed);
	if (failed) {
		redis_free(r);
		return NULL;
	}
	(void)snprintf(r->why, sizeof(r->why), "not connected yet");
	return r;
}

static void disconnect(struct redis *r)
{
	if (r->context)
		redisFree(r->context);
	r->context = NULL;
	r->reconnect = false;
}

void redis_free(struct redis *r)
{
	if (!r)
		return;
	redis_done(r);
	disconnect(r);
	free(r->taken);
	free(r->argv);
	free(r->argvlen);
	arena_release(&r->arena);
	free(r);
}

static const char *place(const struct redis *r)
{
	return r->at.path ? r->at.path : r->at.host;
}

/* Ends the connection; the sentence stays for those who ask later in the same turn. */
static enum outcome lost(struct redis *r, const char *doing, struct err *e)
{
	const redisContext *c = r->context;
	const char *why = !c ? "out of memory" : c->errstr;
	if (c && c->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINPROGRESS))
		why = "no answer in time";
	(void)snprintf(r->why, sizeof(r->why), "%s: %s", doing, why);
	disconnect(r);
	return err_set(e, RETRY, "Redis at %s: %s", place(r), r->why);
}

static struct timeval timeval_of(int64_t ms)
{
	return (struct timeval){ .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000 };
}

static enum outcome open_socket(struct redis *r, struct err *e)
{
	const struct timeval wait = timeval_of(LIMIT_REDIS_CONNECT_MS);
	errno = 0;
	r->context = r->at.path ? redisConnectUnixWithTimeout(r->at.path, wait)
				: redisConnectWithTimeout(r->at.host, r->at.port, wait);
	if (!r->context || r->context->err)
		return lost(r, "connecting", e);
	if (redisSetTimeout(r->context, timeval_of(r->idle != NULL ? LIMIT_REDIS_CONNECT_MS : LIMIT_REDIS_COMMAND_MS)) !=
		REDIS_OK)
		return lost(r, "setting the time limit", e);
	r->context->reader->maxbuf = KEPT_READER_BYTES;
	if (!r->at.path)
		(void)redisEnableKeepAlive(r->context); /* a help against dead peers, not a need */
	return OK;
}

static enum outcome say(struct redis *r, struct arena *a, const char *verb, struct str x, struct str y, struct err *e)
{
	struct command c = command_new(a, 3);
	command_addz(&c, verb);
	if (x.n > 0)
		command_add(&c, x);
	if (y.n > 0)
		command_add(&c, y);
	const struct reply *reply = NULL;
	return redis_ask(r, &c, &reply, e);
}

static enum outcome log_in(struct redis *r, struct arena *a, struct err *e)
{
	if (r->at.password.n > 0 || r->at.user.n > 0) {
		/* AUTH wants a password; a user without one (nopass) takes any. */
		struct str password = r->at.password.n > 0 ? r->at.password : STR("-");
		struct str first = r->at.user.n > 0 ? r->at.user : password;
		enum outcome o = say(r, a, "AUTH", first, r->at.user.n > 0 ? password : STR(""), e);
		if (o != OK)
			return o;
	}
	enum outcome o = r->at.db > 0 ? say(r, a, "SELECT", arena_printf(a, "%d", r->at.db), STR(""), e) : OK;
	return o == OK ? redis_ping(r, a, e) : o; /* PING tells LOADING, which INFO does not */
}

static enum outcome look_at_run(struct redis *r, struct arena *a, struct err *e)
{
	struct str run = STR("");
	enum outcome o = redis_info(r, a, "server", "run_id", &run, e);
	if (o != OK)
		return o;
	if (run.n == 0 || run.n >= sizeof(r->run_id))
		return err_set(e, RETRY, "Redis at %s tells no run_id in INFO server", place(r));
	if (r->run_id[0] && !str_eqc(run, r->run_id))
		r->new_run = true;
	(void)snprintf(r->run_id, sizeof(r->run_id), "%.*s", STR_FMT(run));
	return OK;
}

static enum outcome greet(struct redis *r, struct err *e)
{
	struct arena a;
	arena_init(&a, URL_ARENA_BYTES);
	enum outcome o = log_in(r, &a, e);
	if (o == OK)
		o = look_at_run(r, &a, e);
	arena_release(&a);
	return o;
}

enum outcome redis_connect(struct redis *r, struct err *e)
{
	if (r->context && !r->reconnect) {
		redis_drain(r);
		if (r->context)
			return OK;
	}
	disconnect(r);
	r->pending = 0;
	struct err why = { 0 };
	enum outcome o = open_socket(r, &why);
	if (o == OK)
		o = greet(r, &why);
	if (o != OK) {
		r->failures++;
		(void)snprintf(r->why, sizeof(r->why), "%s", why.text);
		disconnect(r);
		return err_set(e, RETRY, "%s", why.text);
	}
	r->failures = 0;
	if (r->was_connected)
		metrics_add(M_redis_reconnects_total, 1);
	r->was_connected = true;
	return OK;
}

bool redis_connected(const struct redis *r)
{
	return r->context && !r->reconnect;
}

int64_t redis_backoff_ms(struct redis *r)
{
	unsigned doublings = r->failures > 1 ? r->failures - 1 : 0;
	int64_t pause_ms = doublings < 16 ? (int64_t)FIRST_BACKOFF_MS << doublings : LIMIT_REDIS_BACKOFF_MS;
	if (pause_ms > LIMIT_REDIS_BACKOFF_MS)
		pause_ms = LIMIT_REDIS_BACKOFF_MS;
	uint16_t dice = 0; /* so that all workers do not come back in the same moment */
	crypto_random(&dice, sizeof(dice));
	return pause_ms / 2 + pause_ms / 2 * dice / UINT16_MAX;
}

bool redis_take_new_run(struct redis *r)
{
	bool was = r->new_run;
	r->new_run = false;
	return was;
}

const char *redis_run_id(const struct redis *r)
{
	return r->run_id;
}

void redis_set_keep(struct redis *r, struct redis_keep keep)
{
	r->keep = keep;
}

void redis_set_idle(struct redis *r, void (*idle)(void *owner), void *owner)
{
	r->idle = idle;
	r->idle_owner = owner;
}

struct redis_keep redis_keep(const struct redis *r)
{
	return r->keep;
}

/* ---- pipeline ---- */

void redis_queue(struct redis *r, const struct command *c)
{
	r->is_asking = true;
	r->pending++; /* also without a connection: each queued command has its answer, RETRY then */
	if (!r->context)
		return;
	if (c->n > r->argv_cap) {
		r->argv_cap = c->n + c->n / 2;
		r->argv = grow(r->argv, r->argv_cap, sizeof(*r->argv));
		r->argvlen = grow(r->argvlen, r->argv_cap, sizeof(*r->argvlen));
	}
	for (size_t i = 0; i < c->n; i++) {
		r->argv[i] = c->arg[i].p ? c->arg[i].p : "";
		r->argvlen[i] = c->arg[i].n;
	}
	if (redisAppendCommandArgv(r->context, (int)c->n, r->argv, r->argvlen) != REDIS_OK)
		(void)lost(r, "queueing a command", NULL); /* the take that follows says it */
}

enum outcome redis_flush(struct redis *r, struct err *e)
{
	if (!r->context)
		return err_set(e, RETRY, "Redis at %s: %s", place(r), r->why);
	for (int done = 0; !done;)
		if (redisBufferWrite(r->context, &done) != REDIS_OK)
			return lost(r, "writing", e);
	return OK;
}

/* Sends as much as the socket takes; redis_take sends the rest. */
static void push(redisContext *c)
{
	size_t left = sdslen(c->obuf);
	while (left > 0) {
		const ssize_t sent = send(c->fd, c->obuf, left, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		left -= (size_t)sent;
		sdsrange(c->obuf, (int)sent, -1);
	}
}

void redis_pump(struct redis *r)
{
	if (r->context && !r->context->err)
		push(r->context);
	while (r->context && r->pending > 0 && !r->context->err) {
		struct pollfd ready = { .fd = r->context->fd, .events = POLLIN };
		if (poll(&ready, 1, 0) <= 0 || redisBufferRead(r->context) != REDIS_OK)
			return; /* what is wrong with the connection is said by the next redis_take */
	}
}

static void keep_reply(struct redis *r, redisReply *reply)
{
	if (r->ntaken == r->taken_cap) {
		r->taken_cap = r->taken_cap < 16 ? 32 : r->taken_cap * 2;
		r->taken = grow(r->taken, r->taken_cap, sizeof(*r->taken));
	}
	r->taken[r->ntaken++] = reply;
}

/* Until an answer is there or its time is up; the caller's other duties are seen to meanwhile. */
static void wait_for_answer(struct redis *r)
{
	struct pollfd ready = { .fd = r->context->fd, .events = POLLIN };
	int wait_ms = LIMIT_REDIS_QUIET_MS;
	int64_t left_ms = LIMIT_REDIS_COMMAND_MS;
	while (left_ms > 0 && poll(&ready, 1, wait_ms) == 0) {
		left_ms -= wait_ms;
		wait_ms = IDLE_STEP_MS;
		r->idle(r->idle_owner);
	}
}

/* The next answer: one that arrived already, else one that has to be waited for. */
static int next_answer(struct redis *r, void **reply)
{
	int sent = 0;
	if (r->idle == NULL)
		return redisGetReply(r->context, reply);
	if (redisReaderGetReply(r->context->reader, reply) == REDIS_OK && *reply != NULL)
		return REDIS_OK;
	while (!sent && r->context->err == 0)
		if (redisBufferWrite(r->context, &sent) != REDIS_OK)
			return REDIS_ERR;
	wait_for_answer(r);
	return redisGetReply(r->context, reply);
}

enum outcome redis_take(struct redis *r, const struct reply **out, struct err *e)
{
	*out = NULL;
	if (!r->context || r->pending == 0) {
		r->pending -= r->pending > 0;
		return err_set(e, RETRY, "Redis at %s: %s", place(r), r->context ? "no command is under way" : r->why);
	}
	r->pending--;
	metrics_add(M_redis_round_trips_total, r->is_asking); /* once for all that was queued together */
	r->is_asking = false;
	void *reply = NULL;
	errno = 0;
	if (next_answer(r, &reply) != REDIS_OK)
		return lost(r, "reading", e);
	keep_reply(r, reply);
	*out = reply;
	if (str_starts(reply_str(*out), STR("READONLY ")) && reply_kind(*out) == REPLY_ERROR)
		r->reconnect = true;
	return OK;
}

void redis_drain(struct redis *r)
{
	while (r->pending > 0) {
		const struct reply *unread = NULL;
		if (redis_take(r, &unread, NULL) != OK)
			r->pending = 0;
	}
}

void redis_done(struct redis *r)
{
	for (size_t i = 0; i < r->ntaken; i++)
		freeReplyObject(r->taken[i]);
	r->ntaken = 0;
}

size_t redis_pending(const struct redis *r)
{
	return r->pending;
}

enum outcome redis_result(struct redis *r, const struct reply **out, struct err *e)
{
	const enum outcome o = redis_take(r, out, e);
	return o == OK ? redis_reply_outcome(*out, e) : o;
}

enum outcome redis_ask(struct redis *r, const struct command *c, const struct reply **out, struct err *e)
{
	redis_drain(r);
	redis_queue(r, c);
	return redis_result(r, out, e);
}

/* ---- replies ---- */

enum outcome redis_reply_outcome(const struct reply *reply, struct err *e)
{
	static const struct {
		const char *starts;
		enum outcome outcome;
	} words[] = {
		{ "LOADING ", RETRY },
		{ "BUSY ", RETRY },
		{ "TRYAGAIN ", RETRY },
		{ "CLUSTERDOWN ", RETRY },
		{ "READONLY ", RETRY },
		{ "MASTERDOWN ", RETRY },
		{ "MISCONF ", RETRY },
		{ "OOM ", RETRY },
		{ "NOREPLICAS ", RETRY },
		{ "NOGROUP ", RETRY },
		{ "UNKILLABLE ", RETRY },
		{ "NOPERM ", STOP },
		{ "NOAUTH ", STOP },
		{ "WRONGPASS ", STOP },
		{ "ERR Function not found", STOP },
	};
	if (reply_kind(reply) != REPLY_ERROR)
		return OK;
	struct str text = reply_str(reply);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_starts(text, str_of(words[i].starts)))
			return err_set(e, words[i].outcome, "Redis says: %.*s", STR_FMT(text));
	if (str_starts(text, STR("FENCED ")))
		return err_set(e, REJECT, "fenced: %.*s", STR_FMT(str_from(text, 7)));
	if (str_starts(text, STR("STALE ")))
		return err_set(e, REJECT, "stale: %.*s", STR_FMT(str_from(text, 6)));
	return err_set(e, REJECT, "Redis says: %.*s", STR_FMT(text));
}

static const redisReply *inner(const struct reply *r)
{
	return (const redisReply *)(const void *)r;
}

enum reply_kind reply_kind(const struct reply *r)
{
	static const enum reply_kind kinds[] = {
		[REDIS_REPLY_STRING] = REPLY_STRING,
		[REDIS_REPLY_ARRAY] = REPLY_LIST,
		[REDIS_REPLY_INTEGER] = REPLY_INT,
		[REDIS_REPLY_NIL] = REPLY_NIL,
		[REDIS_REPLY_STATUS] = REPLY_STATUS,
		[REDIS_REPLY_ERROR] = REPLY_ERROR,
	};
	return r ? kinds[inner(r)->type] : REPLY_NIL;
}

struct str reply_str(const struct reply *r)
{
	enum reply_kind kind = reply_kind(r);
	if (kind != REPLY_STRING && kind != REPLY_STATUS && kind != REPLY_ERROR)
		return STR("");
	return (struct str){ inner(r)->str, inner(r)->len };
}

int64_t reply_int(const struct reply *r)
{
	int64_t v = 0;
	if (reply_kind(r) == REPLY_INT)
		return inner(r)->integer;
	return str_to_i64(reply_str(r), &v) ? v : 0;
}

size_t reply_size(const struct reply *r)
{
	return reply_kind(r) == REPLY_LIST ? inner(r)->elements : 0;
}

const struct reply *reply_at(const struct reply *r, size_t i)
{
	return i < reply_size(r) ? (const struct reply *)(const void *)inner(r)->element[i] : NULL;
}

const struct reply *reply_field(const struct reply *r, const char *field)
{
	for (size_t i = 0; i + 1 < reply_size(r); i += 2)
		if (str_eqc(reply_str(reply_at(r, i)), field))
			return reply_at(r, i + 1);
	return NULL;
}

/* ---- for `up` and `status` ---- */

enum outcome redis_ping(struct redis *r, struct arena *a, struct err *e)
{
	return say(r, a, "PING", STR(""), STR(""), e);
}

enum outcome redis_info(struct redis *r, struct arena *a, const char *section, const char *field, struct str *out, struct err *e)
{
	struct command c = command_new(a, 2);
	command_addz(&c, "INFO");
	command_addz(&c, section);
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(r, &c, &reply, e);
	if (o != OK)
		return o;
	*out = STR("");
	struct str rest = reply_str(reply), line = STR("");
	size_t nfield = strlen(field);
	while (str_split(&rest, '\n', &line))
		if (str_starts(line, str_of(field)) && line.n > nfield && line.p[nfield] == ':')
			*out = arena_copy(a, str_trim(str_from(line, nfield + 1)));
	return OK;
}

enum outcome redis_rewrite_aof(struct redis *r, struct arena *a, struct err *e)
{
	struct err why = { 0 };
	enum outcome o = say(r, a, "BGREWRITEAOF", STR(""), STR(""), &why);
	if (o == REJECT && str_find(str_of(why.text), STR("in progress")) >= 0)
		return OK;
	return o == OK ? OK : err_set(e, o, "%s", why.text);
}
