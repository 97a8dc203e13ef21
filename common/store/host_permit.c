/* Leave to ask a host of another queue once. */
#include "common/store/host_permit.h"

#include "common/store/functions.h"
#include "common/store/keys.h"

enum outcome host_permit_ask(const struct partition *p, struct host_permit *permit, int64_t now_ms, struct err *e)
{
	struct command c = functions_call(p->arena, "host_permit", 1, 3);
	command_add(&c, keys_shard(p->arena, KEY_host, p->shard, permit->host));
	command_int(&c, now_ms);
	command_int(&c, now_ms + permit->hold_ms);
	const struct reply *reply = NULL;
	const enum outcome done = redis_ask(p->redis, &c, &reply, e);
	permit->again_ms = done == OK ? reply_int(reply_at(reply, 0)) : 0;
	permit->is_asked = done == OK && reply_int(reply_at(reply, 1)) == 1;
	return done;
}

void host_permit_end_queue(const struct partition *p, struct str host, int64_t next_ms)
{
	struct command c = functions_call(p->arena, "host_permit_end", 1, 2);
	command_add(&c, keys_shard(p->arena, KEY_host, p->shard, host));
	command_int(&c, next_ms);
	redis_queue(p->redis, &c);
}

enum outcome host_permit_end_take(struct redis *r, struct err *e)
{
	const struct reply *reply = NULL;
	return redis_result(r, &reply, e);
}
