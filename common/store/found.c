/* Where mentions of a brand were found lately: noted, listed, and asked again sooner. */
#include "common/store/found.h"

#include "common/store/functions.h"
#include "common/store/keys.h"
#include <earshot/limits.h>

void found_note_queue(const struct partition *p, const struct found *f, int64_t now_ms)
{
	struct command c = functions_owned(p->arena, "source_found", p->lease, f->n, 5 + f->n);
	for (size_t i = 0; i < f->n; i++)
		command_add(&c, keys_shard(p->arena, KEY_found, p->shard, f->brand[i]));
	functions_token(&c, p->lease);
	command_add(&c, f->source);
	command_int(&c, now_ms);
	command_int(&c, LIMIT_FOUND_MS);
	command_int(&c, LIMIT_FOUND_SOURCES);
	redis_queue(p->redis, &c);
}

enum outcome found_note_take(struct redis *r, struct err *e)
{
	const struct reply *reply = NULL;
	return redis_result(r, &reply, e);
}

void found_list_queue(const struct partition *p, struct str brand, int64_t now_ms)
{
	struct command c = command_new(p->arena, 4);
	command_addz(&c, "ZRANGEBYSCORE");
	command_add(&c, keys_shard(p->arena, KEY_found, p->shard, brand));
	command_int(&c, now_ms - LIMIT_FOUND_MS);
	command_addz(&c, "+inf");
	redis_queue(p->redis, &c);
}

enum outcome found_list_take(const struct partition *p, struct str **id, size_t *n, struct err *e)
{
	const struct reply *ids = NULL;
	const enum outcome done = redis_result(p->redis, &ids, e);
	*n = done == OK ? reply_size(ids) : 0;
	*id = arena_list(p->arena, struct str, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*id)[i] = arena_copy(p->arena, reply_str(reply_at(ids, i)));
	return done;
}

void found_hasten_queue(const struct partition *p, struct str id, const struct source_state *state, int64_t now_ms)
{
	struct command c = functions_owned(p->arena, "source_hasten", p->lease, 3, 20);
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_add(&c, keys_shard(p->arena, KEY_paused, p->shard, STR("")));
	command_add(&c, keys_shard(p->arena, KEY_source, p->shard, id));
	functions_token(&c, p->lease);
	command_add(&c, id);
	command_int(&c, now_ms);
	command_int(&c, state->next_ms);
	command_addz(&c, "interval_ms");
	command_int(&c, state->interval_ms);
	command_addz(&c, "wish_ms");
	command_int(&c, state->wish_ms);
	command_addz(&c, "why");
	command_add(&c, state->why);
	command_addz(&c, "boost");
	command_add(&c, state->boost);
	command_addz(&c, "boost_ms");
	command_int(&c, state->boost_ms);
	redis_queue(p->redis, &c);
}

enum outcome found_hasten_take(struct redis *r, int64_t *due_ms, struct err *e)
{
	const struct reply *reply = NULL;
	const enum outcome done = redis_result(r, &reply, e);
	*due_ms = done == OK ? reply_int(reply) : 0;
	return done;
}
