/* When a source is due, when its host may be asked: for people. */
#include "common/store/sources_look.h"

#include "common/store/keys.h"

enum outcome sources_look_due(const struct partition *p, struct str id, int64_t *due_ms, struct err *e)
{
	struct command c = command_new(p->arena, 3);
	command_addz(&c, "ZSCORE");
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_add(&c, id);
	const struct reply *score = NULL;
	double due = 0;
	const enum outcome done = redis_ask(p->redis, &c, &score, e);
	if (done == OK)
		*due_ms = str_to_double(reply_str(score), &due) ? (int64_t)due : 0;
	return done;
}

enum outcome sources_look_host(const struct partition *p, struct str host, struct host_state *out, struct err *e)
{
	struct command c = command_new(p->arena, 6);
	command_addz(&c, "HMGET");
	command_add(&c, keys_shard(p->arena, KEY_host, p->shard, host));
	command_addz(&c, "next_ms");
	command_addz(&c, "failures");
	command_addz(&c, "claim");
	command_addz(&c, "traffic");
	const struct reply *values = NULL;
	const enum outcome done = redis_ask(p->redis, &c, &values, e);
	if (done == OK)
		*out = (struct host_state){ .next_ms = reply_int(reply_at(values, 0)),
			.failures = reply_int(reply_at(values, 1)),
			.is_claimed = reply_str(reply_at(values, 2)).n > 0,
			.traffic = arena_copy(p->arena, reply_str(reply_at(values, 3))) };
	return done;
}
