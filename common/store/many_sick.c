/* What was told of many sources that are ill at once: a word a crawler. */
#include "common/store/many_sick.h"

#include "common/store/groups.h"
#include "common/store/keys.h"

void many_sick_queue(struct redis *r, struct arena *a)
{
	struct command c = command_new(a, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_plain(a, KEY_many_sick));
	redis_queue(r, &c);
}

/* "began_ms told_ms told at_ms" */
static bool parse(struct str text, struct many_sick *out)
{
	int64_t *const number[] = { &out->began_ms, &out->told_ms, &out->told, &out->at_ms };
	struct str word;
	for (size_t i = 0; i < sizeof number / sizeof *number; i++)
		if (!str_split(&text, ' ', &word) || !str_to_i64(word, number[i]) || *number[i] <= 0)
			return false;
	return true;
}

enum outcome many_sick_take(struct redis *r, struct arena *a, struct many_sick **out, size_t *n, struct err *e)
{
	const struct reply *all = NULL;
	const enum outcome done = redis_result(r, &all, e);
	*n = 0;
	if (done != OK)
		return done;
	*out = arena_list(a, struct many_sick, reply_size(all) / 2 + 1);
	for (size_t i = 0; i + 1 < reply_size(all); i += 2) {
		struct many_sick m = { .crawler = arena_copy(a, reply_str(reply_at(all, i))) };
		if (parse(reply_str(reply_at(all, i + 1)), &m))
			(*out)[(*n)++] = m;
	}
	return OK;
}

enum outcome many_sick_write(struct redis *r, struct arena *a, const struct many_sick *m, struct err *e)
{
	const struct str key = keys_plain(a, KEY_many_sick);
	struct command set = command_new(a, 4), expire = command_new(a, 3);
	command_addz(&set, "HSET");
	command_add(&set, key);
	command_add(&set, m->crawler);
	command_add(&set, arena_printf(a, "%lld %lld %lld %lld", (long long)m->began_ms, (long long)m->told_ms,
				  (long long)m->told, (long long)m->at_ms));
	command_addz(&expire, "PEXPIRE");
	command_add(&expire, key);
	command_int(&expire, MANY_SICK_KEPT_MS);
	redis_drain(r);
	redis_queue(r, &set);
	redis_queue(r, &expire);
	return groups_settle(r, 2, e);
}

enum outcome many_sick_remove(struct redis *r, struct arena *a, struct str crawler, bool *was_there, struct err *e)
{
	const struct reply *reply = NULL;
	struct command c = command_new(a, 3);
	command_addz(&c, "HDEL");
	command_add(&c, keys_plain(a, KEY_many_sick));
	command_add(&c, crawler);
	const enum outcome done = redis_ask(r, &c, &reply, e);
	*was_there = done == OK && reply_int(reply) == 1;
	return done;
}
