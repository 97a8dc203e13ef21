/* Subscriptions at WebSub hubs: one JSON record a source. */
#include "common/store/subscriptions.h"

#include "common/base/json.h"
#include "common/store/functions.h"
#include "common/store/keys.h"

#include <earshot/limits.h>
#include <inttypes.h>

/* Parts of the record, one row each: the same names in Redis as in the struct. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "state", offsetof(struct subscription, state) },
	{ "hub", offsetof(struct subscription, hub) },
	{ "topic", offsetof(struct subscription, topic) },
	{ "base", offsetof(struct subscription, base) },
	{ "salt", offsetof(struct subscription, salt) },
	{ "secret", offsetof(struct subscription, secret) },
	{ "error", offsetof(struct subscription, error) },
};
static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "since_ms", offsetof(struct subscription, since_ms) },
	{ "next_ms", offsetof(struct subscription, next_ms) },
	{ "lease_until_ms", offsetof(struct subscription, lease_until_ms) },
	{ "failures", offsetof(struct subscription, failures) },
	{ "pushes", offsetof(struct subscription, pushes) },
	{ "pushed_ms", offsetof(struct subscription, pushed_ms) },
	{ "ignored", offsetof(struct subscription, ignored) },
	{ "misses", offsetof(struct subscription, misses) },
	{ "suspects", offsetof(struct subscription, suspects) },
	{ "doubted_until_ms", offsetof(struct subscription, doubted_until_ms) },
};

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define RECORD_BYTES ((size_t)LIMIT_URL_BYTES * 16) /* three addresses, escaped */

struct str subscription_write(struct arena *a, const struct subscription *s)
{
	struct buf out;
	buf_init(&out, RECORD_BYTES);
	buf_addc(&out, '{');
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct str v;
		memcpy(&v, (const char *)s + texts[i].offset, sizeof v);
		buf_json_opt(&out, texts[i].name, v);
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		int64_t v = 0;
		memcpy(&v, (const char *)s + numbers[i].offset, sizeof v);
		buf_json_int(&out, numbers[i].name, v);
	}
	buf_addc(&out, '}');
	const struct str record = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return record;
}

enum outcome subscription_parse(struct arena *a, struct str id, struct str record, struct subscription *out, struct err *e)
{
	const struct json *doc = json_parse_in(a, record, e);
	*out = (struct subscription){ .id = id };
	if (doc == NULL)
		return REJECT;
	for (size_t i = 0; i < COUNT(texts); i++) {
		const struct str v = json_copy_of(a, doc, texts[i].name);
		memcpy((char *)out + texts[i].offset, &v, sizeof v);
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		const int64_t v = json_i64_of(doc, numbers[i].name, 0);
		memcpy((char *)out + numbers[i].offset, &v, sizeof v);
	}
	return OK;
}

enum outcome subscriptions_all(const struct partition *p, struct subscription_record **out, size_t *n, struct err *e)
{
	struct command c = command_new(p->arena, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_shard(p->arena, KEY_websub, p->shard, STR("")));
	const struct reply *hash = NULL;
	*n = 0;
	const enum outcome done = redis_ask(p->redis, &c, &hash, e);
	if (done != OK)
		return done;
	*out = arena_list(p->arena, struct subscription_record, reply_size(hash) / 2 + 1);
	for (size_t i = 0; i + 1 < reply_size(hash); i += 2)
		(*out)[(*n)++] = (struct subscription_record){ reply_str(reply_at(hash, i)), reply_str(reply_at(hash, i + 1)) };
	return OK;
}

void subscriptions_read_queue(const struct partition *p, struct str id)
{
	struct command c = command_new(p->arena, 3);
	command_addz(&c, "HGET");
	command_add(&c, keys_shard(p->arena, KEY_websub, p->shard, STR("")));
	command_add(&c, id);
	redis_queue(p->redis, &c);
}

enum outcome subscriptions_read_take(
	const struct partition *p, struct str id, struct subscription *out, bool *found, struct err *e)
{
	const struct reply *record = NULL;
	const enum outcome done = redis_result(p->redis, &record, e);
	if (done != OK)
		return done;
	*found = reply_str(record).n > 0;
	return *found ? subscription_parse(p->arena, id, reply_str(record), out, e) : OK;
}

enum outcome subscriptions_read(const struct partition *p, struct str id, struct subscription *out, bool *found, struct err *e)
{
	redis_drain(p->redis);
	subscriptions_read_queue(p, id);
	return subscriptions_read_take(p, id, out, found, e);
}

enum outcome subscriptions_exchange(
	const struct partition *p, const struct subscription *before, const struct subscription *after, struct err *e)
{
	struct command c = functions_call(p->arena, "subscription_exchange", 1, 4);
	command_add(&c, keys_shard(p->arena, KEY_websub, p->shard, STR("")));
	command_add(&c, before->id);
	command_add(&c, subscription_write(p->arena, before));
	command_add(&c, subscription_write(p->arena, after));
	const struct reply *reply = NULL;
	const enum outcome done = redis_ask(p->redis, &c, &reply, e);
	return done == OK && reply_int(reply) == 0 ? SKIP : done;
}

static enum outcome change(const struct partition *p, struct str id, struct str record, int64_t due_ms, struct err *e)
{
	struct command c = functions_owned(p->arena, "subscription_keep", p->lease, 2, 6);
	command_add(&c, keys_shard(p->arena, KEY_websub, p->shard, STR("")));
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	functions_token(&c, p->lease);
	command_add(&c, id);
	command_add(&c, record);
	command_int(&c, due_ms);
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

enum outcome subscriptions_keep(const struct partition *p, const struct subscription *s, int64_t due_ms, struct err *e)
{
	return change(p, s->id, subscription_write(p->arena, s), due_ms, e);
}

enum outcome subscriptions_drop(const struct partition *p, struct str id, struct err *e)
{
	return change(p, id, STR(""), 0, e);
}

enum outcome subscriptions_shown(
	const struct partition *p, struct str id, const struct source_seen *seen, size_t nseen, int64_t now_ms, struct err *e)
{
	struct command c = functions_owned(p->arena, "source_shown", p->lease, 1, 4 + 2 * nseen);
	command_add(&c, keys_shard(p->arena, KEY_seen, p->shard, id));
	functions_token(&c, p->lease);
	command_int(&c, LIMIT_SEEN_PER_SOURCE);
	for (size_t i = 0; i < nseen; i++) {
		command_add(&c, seen[i].post_id);
		command_add(&c, arena_printf(p->arena, "%016" PRIx64 "@%lld", seen[i].fingerprint, (long long)now_ms));
	}
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

enum outcome subscriptions_hub_claim(
	const struct partition *p, struct str host, int64_t now_ms, int64_t hold_ms, int64_t *allowed_ms, struct err *e)
{
	struct command c = functions_owned(p->arena, "hub_claim", p->lease, 1, 4);
	command_add(&c, keys_shard(p->arena, KEY_host, p->shard, host));
	functions_token(&c, p->lease);
	command_int(&c, now_ms);
	command_int(&c, hold_ms);
	const struct reply *reply = NULL;
	const enum outcome done = redis_ask(p->redis, &c, &reply, e);
	if (done == OK)
		*allowed_ms = reply_int(reply);
	return done;
}

enum outcome subscriptions_hub_leave(const struct partition *p, struct str host, int64_t next_ms, bool is_over, struct err *e)
{
	struct command c = functions_owned(p->arena, "hub_leave", p->lease, 1, 4);
	command_add(&c, keys_shard(p->arena, KEY_host, p->shard, host));
	functions_token(&c, p->lease);
	command_int(&c, next_ms);
	command_int(&c, is_over);
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}
