/* A shard's copies of robots.txt, one a host. */
#include "common/store/robots_copy.h"

#include "common/store/functions.h"
#include "common/store/keys.h"

#include <earshot/limits.h>

static const char *const holds_names[] = {
	[ROBOTS_HOLDS_NEVER] = "", [ROBOTS_HOLDS_RULES] = "rules", [ROBOTS_HOLDS_NOTHING] = "nothing"
};

static enum robots_holds holds_of(struct str name)
{
	for (int i = ROBOTS_HOLDS_RULES; i <= ROBOTS_HOLDS_NOTHING; i++)
		if (str_eqc(name, holds_names[i]))
			return (enum robots_holds)i;
	return ROBOTS_HOLDS_NEVER;
}

void robots_copy_queue(const struct partition *p, struct str origin)
{
	struct command c = command_new(p->arena, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_shard(p->arena, KEY_robots, p->shard, origin));
	redis_queue(p->redis, &c);
}

enum outcome robots_copy_take(const struct partition *p, struct robots_copy *out, struct err *e)
{
	const struct reply *hash = NULL;
	enum outcome o = redis_take(p->redis, &hash, e);
	if (o == OK)
		o = redis_reply_outcome(hash, e);
	if (o != OK)
		return o;
	*out = (struct robots_copy){
		.holds = holds_of(reply_str(reply_field(hash, "holds"))),
		.text = arena_copy(p->arena, reply_str(reply_field(hash, "text"))),
		.fetched_ms = reply_int(reply_field(hash, "fetched_ms")),
		.expires_ms = reply_int(reply_field(hash, "expires_ms")),
		.status = reply_int(reply_field(hash, "status")),
		.failures = reply_int(reply_field(hash, "failures")),
		.error = arena_copy(p->arena, reply_str(reply_field(hash, "error"))),
	};
	return OK;
}

static void add_field(struct command *c, const char *name, struct str value)
{
	command_addz(c, name);
	command_add(c, value);
}

static void add_number(struct command *c, const char *name, int64_t value)
{
	command_addz(c, name);
	command_int(c, value);
}

void robots_copy_write_queue(const struct partition *p, struct str origin, const struct robots_copy *copy)
{
	struct command c = functions_owned(p->arena, "robots_keep", p->lease, 1, 18);
	command_add(&c, keys_shard(p->arena, KEY_robots, p->shard, origin));
	functions_token(&c, p->lease);
	command_int(&c, LIMIT_ROBOTS_GOOD_MS);
	add_number(&c, "status", copy->status);
	add_number(&c, "failures", copy->failures);
	add_number(&c, "expires_ms", copy->expires_ms);
	add_field(&c, "error", copy->error);
	if (copy->failures == 0) {
		add_field(&c, "holds", str_of(holds_names[copy->holds]));
		add_field(&c, "text", copy->text);
		add_number(&c, "fetched_ms", copy->fetched_ms);
	}
	redis_queue(p->redis, &c);
}

enum outcome robots_copy_write_take(struct redis *r, struct err *e)
{
	const struct reply *reply = NULL;
	return redis_result(r, &reply, e);
}
