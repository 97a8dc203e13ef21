/* Erasures in Redis: marks, audit lines, and the append-only file without what is gone. */
#include "common/store/erasures.h"

#include "common/base/clock.h"
#include "common/store/groups.h"
#include "common/store/keys.h"

#define MARKS_A_CALL 500
#define LOOK_EVERY_MS 50
#define LINES_KEPT "10000"

/* ---- the list ---- */

static enum outcome add_some(struct redis *r, struct command *c, size_t nmarks, struct err *e)
{
	const struct reply *reply = NULL;
	return nmarks > 0 ? redis_ask(r, c, &reply, e) : OK;
}

static struct command start_add(struct arena *a)
{
	struct command c = command_new(a, 2 * MARKS_A_CALL + 2);
	command_addz(&c, "HSET");
	command_add(&c, keys_plain(a, KEY_erased));
	return c;
}

/* The later moment of two holds; erased_add_mark() saw to it, as the caller has read the list before. */
static enum outcome add_marks(struct redis *r, struct arena *a, const struct erased *marks, struct err *e)
{
	char mark[ERASED_MARK];
	int64_t at_ms = 0;
	size_t at = 0, n = 0;
	enum outcome done = OK;
	struct command c = start_add(a);
	while (done == OK && erased_next(marks, &at, mark, &at_ms)) {
		command_add(&c, arena_copy(a, str_of(mark)));
		command_int(&c, at_ms);
		if (++n < MARKS_A_CALL)
			continue;
		done = add_some(r, &c, n, e);
		c = start_add(a);
		n = 0;
	}
	return done == OK ? add_some(r, &c, n, e) : done;
}

enum outcome erasures_add(struct redis *r, struct arena *a, const struct erased *marks, int64_t *serial, struct err *e)
{
	enum outcome done = add_marks(r, a, marks, e);
	if (done != OK)
		return done;
	const struct reply *reply = NULL;
	struct command c = command_new(a, 4);
	command_addz(&c, "HINCRBY");
	command_add(&c, keys_plain(a, KEY_rulebook_now));
	command_addz(&c, "erasures");
	command_int(&c, 1);
	done = redis_ask(r, &c, &reply, e);
	*serial = done == OK ? reply_int(reply) : 0;
	return done;
}

enum outcome erasures_read(struct redis *r, struct arena *a, struct erased *out, struct err *e)
{
	const struct reply *list = NULL;
	struct command c = command_new(a, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_plain(a, KEY_erased));
	const enum outcome done = redis_ask(r, &c, &list, e);
	if (done != OK)
		return done;
	erased_clear(out);
	for (size_t i = 0; i + 1 < reply_size(list); i += 2)
		(void)erased_add_mark(out, reply_str(reply_at(list, i)), reply_int(reply_at(list, i + 1)));
	return OK;
}

enum outcome erasures_note(struct redis *r, struct arena *a, struct str line, struct err *e)
{
	const struct reply *reply = NULL;
	struct command c = command_new(a, 8);
	command_addz(&c, "XADD");
	command_add(&c, keys_plain(a, KEY_erasures));
	command_addz(&c, "MAXLEN");
	command_addz(&c, "~");
	command_addz(&c, LINES_KEPT);
	command_addz(&c, "*");
	command_addz(&c, "erasure");
	command_add(&c, line);
	return redis_ask(r, &c, &reply, e);
}

/* ---- the append-only file ---- */

static enum outcome is_rewriting(struct redis *r, struct arena *a, bool *busy, struct err *e)
{
	struct str now = STR(""), soon = STR("");
	enum outcome done = redis_info(r, a, "persistence", "aof_rewrite_in_progress", &now, e);
	if (done == OK)
		done = redis_info(r, a, "persistence", "aof_rewrite_scheduled", &soon, e);
	*busy = str_eqc(now, "1") || str_eqc(soon, "1");
	return done;
}

static enum outcome wait_until_idle(struct redis *r, struct arena *a, int64_t until_ms, struct err *e)
{
	bool busy = true;
	enum outcome done = is_rewriting(r, a, &busy, e);
	while (done == OK && busy) {
		if (clock_monotonic_ms() > until_ms)
			return err_set(e, RETRY, "Redis is still writing its append-only file anew; ask again later");
		clock_sleep_ms(LOOK_EVERY_MS);
		arena_reset(a);
		redis_done(r);
		done = is_rewriting(r, a, &busy, e);
	}
	return done;
}

/* One that began before something was erased would keep it: it is waited for, and another one begun. */
static enum outcome rewrite(struct redis *r, struct arena *a, int64_t until_ms, struct err *e)
{
	struct str status = STR("");
	enum outcome done = wait_until_idle(r, a, until_ms, e);
	if (done == OK)
		done = redis_rewrite_aof(r, a, e);
	if (done == OK)
		done = wait_until_idle(r, a, until_ms, e);
	if (done == OK)
		done = redis_info(r, a, "persistence", "aof_last_bgrewrite_status", &status, e);
	if (done == OK && !str_eqc(status, "ok"))
		done = err_set(e, RETRY, "Redis could not write its append-only file anew; see its log, and ask again");
	return done;
}

enum outcome erasures_rewrite(struct redis *r, struct arena *a, int64_t most_ms, struct err *e)
{
	struct arena own;
	struct str enabled = STR("");
	const struct reply *reply = NULL;
	struct command slowlog = command_new(a, 2);
	command_addz(&slowlog, "SLOWLOG");
	command_addz(&slowlog, "RESET");
	enum outcome done = redis_ask(r, &slowlog, &reply, e);
	arena_init(&own, 1u << 20);
	if (done == OK)
		done = redis_info(r, &own, "persistence", "aof_enabled", &enabled, e);
	if (done == OK && !str_eqc(enabled, "1"))
		done = SKIP;
	if (done == OK)
		done = rewrite(r, &own, clock_monotonic_ms() + most_ms, e);
	arena_release(&own);
	return done;
}
