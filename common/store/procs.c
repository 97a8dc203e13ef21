/* Heartbeats of processes, and the brands as published for readers without a rulebook. */
#include "common/store/procs.h"

#include "common/base/json.h"
#include "common/store/groups.h"
#include "common/store/keys.h"

#define FORGOTTEN_AFTER_MS 30000
#define BRAND_BYTES 4096

/* ---- heartbeats ---- */

static struct str process_key(struct arena *a, struct str role_and_id)
{
	ptrdiff_t colon = str_findc(role_and_id, ':');
	size_t n = colon < 0 ? role_and_id.n : (size_t)colon;
	return keys_make(a, KEY_process, str_first(role_and_id, n), str_from(role_and_id, n + 1), STR(""));
}

static void beat_queue(struct redis *r, struct arena *a, struct str key, const struct proc_beat *b)
{
	struct command c = command_new(a, 22);
	command_addz(&c, "HSET");
	command_add(&c, key);
	const struct {
		const char *name;
		struct str value;
	} texts[] = {
		{ "role", b->role },
		{ "id", b->id },
		{ "host", b->host },
		{ "version", b->version },
		{ "metrics", b->metrics_json },
		{ "rulebook", b->rulebook },
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		command_addz(&c, texts[i].name);
		command_add(&c, texts[i].value);
	}
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = {
		{ "pid", b->pid },
		{ "started_ms", b->started_ms },
		{ "beat_ms", b->beat_ms },
		{ "erasures", b->erasures },
	};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		command_addz(&c, numbers[i].name);
		command_int(&c, numbers[i].value);
	}
	redis_queue(r, &c);
}

enum outcome procs_beat(struct redis *r, struct arena *a, const struct proc_beat *b, struct err *e)
{
	struct str name = arena_printf(a, "%.*s:%.*s", STR_FMT(b->role), STR_FMT(b->id));
	struct str key = process_key(a, name), list = keys_plain(a, KEY_processes);
	redis_drain(r);
	beat_queue(r, a, key, b);
	struct command expire = command_new(a, 3);
	command_addz(&expire, "PEXPIRE");
	command_add(&expire, key);
	command_int(&expire, FORGOTTEN_AFTER_MS);
	redis_queue(r, &expire);
	struct command add = command_new(a, 4);
	command_addz(&add, "ZADD");
	command_add(&add, list);
	command_int(&add, b->beat_ms);
	command_add(&add, name);
	redis_queue(r, &add);
	struct command cut = command_new(a, 4);
	command_addz(&cut, "ZREMRANGEBYSCORE");
	command_add(&cut, list);
	command_addz(&cut, "-inf");
	command_int(&cut, b->beat_ms - FORGOTTEN_AFTER_MS);
	redis_queue(r, &cut);
	return groups_settle(r, 4, e);
}

static struct proc_beat beat_of(struct arena *a, const struct reply *hash)
{
	return (struct proc_beat){
		.role = arena_copy(a, reply_str(reply_field(hash, "role"))),
		.id = arena_copy(a, reply_str(reply_field(hash, "id"))),
		.host = arena_copy(a, reply_str(reply_field(hash, "host"))),
		.version = arena_copy(a, reply_str(reply_field(hash, "version"))),
		.metrics_json = arena_copy(a, reply_str(reply_field(hash, "metrics"))),
		.rulebook = arena_copy(a, reply_str(reply_field(hash, "rulebook"))),
		.pid = reply_int(reply_field(hash, "pid")),
		.started_ms = reply_int(reply_field(hash, "started_ms")),
		.beat_ms = reply_int(reply_field(hash, "beat_ms")),
		.erasures = reply_int(reply_field(hash, "erasures")),
	};
}

/* Names of all, as role:id. */
static enum outcome ask_names(struct redis *r, struct arena *a, const struct reply **names, struct err *e)
{
	struct command c = command_new(a, 4);
	command_addz(&c, "ZRANGE");
	command_add(&c, keys_plain(a, KEY_processes));
	command_int(&c, 0);
	command_int(&c, -1);
	return redis_ask(r, &c, names, e);
}

enum outcome procs_list(struct redis *r, struct arena *a, struct proc_beat **out, size_t *n, struct err *e)
{
	const struct reply *names = NULL;
	*n = 0;
	enum outcome o = ask_names(r, a, &names, e);
	if (o != OK)
		return o;
	size_t size = reply_size(names);
	*out = arena_list(a, struct proc_beat, size);
	for (size_t i = 0; i < size; i++) {
		struct command get = command_new(a, 2);
		command_addz(&get, "HGETALL");
		command_add(&get, process_key(a, reply_str(reply_at(names, i))));
		redis_queue(r, &get);
	}
	for (size_t i = 0; i < size; i++) {
		const struct reply *hash = NULL;
		o = redis_result(r, &hash, e);
		if (o != OK)
			return o;
		if (reply_size(hash) > 0) /* else it ran out since the list was made */
			(*out)[(*n)++] = beat_of(a, hash);
	}
	return OK;
}

static bool is_of_role(struct str name, const char *role)
{
	return str_starts(name, str_of(role)) && name.n > str_of(role).n && name.p[str_of(role).n] == ':';
}

enum outcome procs_alive(struct redis *r, struct arena *a, const char *role, struct str self, size_t *n, struct err *e)
{
	const struct reply *names = NULL;
	size_t asked = 0;
	*n = 0;
	enum outcome o = ask_names(r, a, &names, e);
	for (size_t i = 0; i < reply_size(names) && o == OK; i++) {
		const struct str name = reply_str(reply_at(names, i));
		if (!is_of_role(name, role) || str_eq(name, self))
			continue;
		struct command left = command_new(a, 2);
		command_addz(&left, "PTTL");
		command_add(&left, process_key(a, name));
		redis_queue(r, &left);
		asked++;
	}
	for (; asked > 0 && o == OK; asked--) {
		const struct reply *left_ms = NULL;
		o = redis_result(r, &left_ms, e);
		*n += o == OK && reply_int(left_ms) > FORGOTTEN_AFTER_MS - PROCS_ALIVE_MS;
	}
	return o;
}

void procs_leave(struct redis *r, struct arena *a, const char *role, struct str id)
{
	struct command c = command_new(a, 3);
	command_addz(&c, "PEXPIRE");
	command_add(&c, process_key(a, arena_printf(a, "%s:%.*s", role, STR_FMT(id))));
	command_int(&c, FORGOTTEN_AFTER_MS - PROCS_ALIVE_MS);
	redis_queue(r, &c);
	redis_drain(r); /* if it fails the beat grows old by itself */
}

/* ---- brands ---- */

static struct str brand_json(struct arena *a, const struct brand_row *row)
{
	struct buf b;
	buf_init(&b, BRAND_BYTES);
	buf_addc(&b, '{');
	buf_json_str(&b, "name", row->name);
	buf_json_opt(&b, "name_en", row->name_en);
	buf_json_opt(&b, "rulebook", row->rulebook);
	buf_addc(&b, '}');
	struct str copy = b.overflow ? STR("{}") : arena_copy(a, buf_str(&b)); /* the id serves as name then */
	buf_release(&b);
	return copy;
}

enum outcome procs_publish_brands(struct redis *r, struct arena *a, const struct brand_row *b, size_t n, struct err *e)
{
	if (n == 0)
		return OK;
	struct command c = command_new(a, 2 + 2 * n);
	command_addz(&c, "HSET");
	command_add(&c, keys_plain(a, KEY_brands));
	for (size_t i = 0; i < n; i++) {
		command_add(&c, b[i].id);
		command_add(&c, brand_json(a, &b[i]));
	}
	const struct reply *reply = NULL;
	return redis_ask(r, &c, &reply, e);
}

static struct brand_row row_of(struct arena *a, struct str id, struct str text)
{
	struct brand_row row = { .id = arena_copy(a, id), .name = STR(""), .name_en = STR(""), .rulebook = STR("") };
	struct json *doc = json_parse(text, NULL);
	if (doc) {
		row.name = json_copy_of(a, doc, "name");
		row.name_en = json_copy_of(a, doc, "name_en");
		row.rulebook = json_copy_of(a, doc, "rulebook");
	}
	json_free(doc);
	if (row.name.n == 0)
		row.name = row.id;
	return row;
}

enum outcome procs_brands(struct redis *r, struct arena *a, struct brand_row **out, size_t *n, struct err *e)
{
	struct command c = command_new(a, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_plain(a, KEY_brands));
	const struct reply *hash = NULL;
	*n = 0;
	enum outcome o = redis_ask(r, &c, &hash, e);
	if (o != OK)
		return o;
	*out = arena_list(a, struct brand_row, reply_size(hash) / 2);
	for (size_t i = 0; i + 1 < reply_size(hash); i += 2)
		(*out)[(*n)++] = row_of(a, reply_str(reply_at(hash, i)), reply_str(reply_at(hash, i + 1)));
	return OK;
}
