/* Sources that people have paused. */
#include "common/store/pauses.h"

#include "common/store/functions.h"
#include "common/store/keys.h"

#define FAR_MS 4102444800000LL /* the year 2100: the due time of what waits for a person */

static enum outcome change(const struct partition *p, struct str id, struct str until, int64_t due_ms, bool *was, struct err *e)
{
	struct command c = functions_call(p->arena, "source_pause", 2, 5);
	command_add(&c, keys_shard(p->arena, KEY_paused, p->shard, STR("")));
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_add(&c, id);
	command_add(&c, until);
	command_int(&c, due_ms);
	const struct reply *reply = NULL;
	const enum outcome done = redis_ask(p->redis, &c, &reply, e);
	if (done == OK)
		*was = reply_int(reply) == 1;
	return done;
}

enum outcome pauses_set(const struct partition *p, struct str id, int64_t until_ms, struct err *e)
{
	bool was = false;
	const bool has_end = until_ms != PAUSE_FOR_GOOD;
	const struct str until = has_end ? arena_printf(p->arena, "%lld", (long long)until_ms) : STR("resumed");
	return change(p, id, until, has_end ? until_ms : FAR_MS, &was, e);
}

enum outcome pauses_lift(const struct partition *p, struct str id, int64_t now_ms, bool *was, struct err *e)
{
	return change(p, id, STR(""), now_ms, was, e);
}

void pauses_queue(const struct partition *p)
{
	struct command c = command_new(p->arena, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_shard(p->arena, KEY_paused, p->shard, STR("")));
	redis_queue(p->redis, &c);
}

enum outcome pauses_take(struct redis *r, struct arena *a, struct pause **out, size_t *n, struct err *e)
{
	const struct reply *hash = NULL;
	*n = 0;
	enum outcome done = redis_result(r, &hash, e);
	if (done != OK)
		return done;
	*out = arena_list(a, struct pause, reply_size(hash) / 2 + 1);
	for (size_t i = 0; i + 1 < reply_size(hash); i += 2) {
		struct pause *pause = &(*out)[(*n)++];
		pause->id = arena_copy(a, reply_str(reply_at(hash, i)));
		if (!str_to_i64(reply_str(reply_at(hash, i + 1)), &pause->until_ms))
			pause->until_ms = PAUSE_FOR_GOOD;
	}
	return OK;
}
