/* How the sources of a shard are: many in one round trip. */
#include "common/store/sources_health.h"

#include "common/store/keys.h"

void sources_health_queue(const struct partition *p, struct str id)
{
	static const char *const fields[] = { "health", "health_ms", "health_told", "health_memory", "fetched_ms", "status" };
	struct command c = command_new(p->arena, 8);
	command_addz(&c, "HMGET");
	command_add(&c, keys_shard(p->arena, KEY_source, p->shard, id));
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		command_addz(&c, fields[i]);
	redis_queue(p->redis, &c);
}

enum outcome sources_health_take(const struct partition *p, struct source_state *out, struct err *e)
{
	const struct reply *values = NULL;
	enum outcome done = redis_take(p->redis, &values, e);
	if (done == OK)
		done = redis_reply_outcome(values, e);
	if (done != OK)
		return done;
	*out = (struct source_state){ .fetched_ms = reply_int(reply_at(values, 4)), .status = reply_int(reply_at(values, 5)) };
	out->health = (struct source_health){ .state = arena_copy(p->arena, reply_str(reply_at(values, 0))),
		.since_ms = reply_int(reply_at(values, 1)),
		.told = reply_int(reply_at(values, 2)),
		.memory = arena_copy(p->arena, reply_str(reply_at(values, 3))) };
	return OK;
}
