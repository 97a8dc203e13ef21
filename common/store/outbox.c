/* Alerts on their way out: outbox entries, deliveries and how they end. */
#include "common/store/outbox.h"

#include "common/store/functions.h"
#include "common/store/groups.h"
#include "common/store/keys.h"
#include <earshot/limits.h>

#define MOST_ENTRIES 100 /* a read */
#define ALERT_MARK ",\"alert\":"
#define DELIVERY_BYTES (LIMIT_ALERT_BYTES + (16u << 10))

/* ---- outbox entries ---- */

static void add_entries(struct arena *a, const struct reply *list, struct outbox_entry *out, size_t *n)
{
	for (size_t i = 0; i < reply_size(list); i++) {
		const struct reply *entry = reply_at(list, i);
		out[(*n)++] = (struct outbox_entry){
			.entry_id = arena_copy(a, reply_str(reply_at(entry, 0))),
			.alert_json = arena_copy(a, reply_str(reply_field(reply_at(entry, 1), "alert"))),
		};
	}
}

/* The pending ones and the new ones in one round trip; both replies are taken whatever the first says. */
static enum outcome read_both(struct redis *r, struct arena *a, struct str stream, const struct reply *list[2], struct err *e)
{
	redis_drain(r);
	groups_read(r, a, stream, GROUP_NOTIFIER, true, MOST_ENTRIES);
	groups_read(r, a, stream, GROUP_NOTIFIER, false, MOST_ENTRIES);
	enum outcome pending = groups_read_take(r, &list[0], e);
	enum outcome fresh = groups_read_take(r, &list[1], pending == OK ? e : NULL);
	return pending == OK ? fresh : pending;
}

enum outcome outbox_read(const struct partition *p, struct outbox_entry **out, size_t *n, struct err *e)
{
	struct str stream = keys_brand(p->arena, KEY_outbox, p->brand);
	const struct reply *list[2] = { NULL, NULL };
	*n = 0;
	enum outcome o = read_both(p->redis, p->arena, stream, list, e);
	if (o == RETRY && redis_connected(p->redis)) { /* no group yet */
		o = groups_make(p->redis, p->arena, stream, GROUP_NOTIFIER, e);
		if (o == OK)
			o = read_both(p->redis, p->arena, stream, list, e);
	}
	if (o != OK)
		return o;
	*out = arena_list(p->arena, struct outbox_entry, reply_size(list[0]) + reply_size(list[1]));
	add_entries(p->arena, list[0], *out, n);
	add_entries(p->arena, list[1], *out, n);
	return OK;
}

/* ---- deliveries ---- */

/* The alert comes last and as it was written; functions.lua depends on it (open_delivery). */
static struct str delivery_json(struct arena *a, struct str target, struct str alert_json, int64_t now_ms)
{
	struct buf b;
	buf_init(&b, DELIVERY_BYTES);
	buf_addc(&b, '{');
	buf_json_str(&b, "state", STR("planned"));
	buf_json_int(&b, "attempts", 0);
	buf_json_int(&b, "next_ms", now_ms);
	buf_json_str(&b, "error", STR(""));
	buf_json_str(&b, "target", target);
	buf_addz(&b, ALERT_MARK);
	buf_adds(&b, alert_json.n > 0 ? alert_json : STR("null"));
	buf_addc(&b, '}');
	struct str copy = b.overflow ? STR("") : arena_copy(a, buf_str(&b));
	buf_release(&b);
	return copy;
}

enum outcome outbox_plan(
	const struct partition *p, const struct outbox_entry *entry, const struct outbox_plan *plan, struct err *e)
{
	struct command c = functions_owned(p->arena, "plan", p->lease, 3, 6 + 2 * plan->ntargets);
	command_add(&c, keys_brand(p->arena, KEY_outbox, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_deliveries, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_deliveries_due, p->brand));
	functions_token(&c, p->lease);
	command_add(&c, entry->entry_id);
	command_int(&c, plan->now_ms);
	for (size_t i = 0; i < plan->ntargets; i++) {
		struct str json = delivery_json(p->arena, plan->target[i], entry->alert_json, plan->now_ms);
		if (json.n == 0)
			return err_set(
				e, REJECT, "alert %.*s is larger than %u bytes", STR_FMT(plan->event_id), LIMIT_ALERT_BYTES);
		command_add(&c, arena_printf(p->arena, "%.*s:%.*s", STR_FMT(plan->event_id), STR_FMT(plan->target[i])));
		command_add(&c, json);
	}
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

static bool delivery_parse(struct arena *a, struct str id, struct str text, struct delivery *out)
{
	ptrdiff_t mark = str_find(text, STR(ALERT_MARK));
	struct json *doc = mark < 0 ? NULL : json_parse(text, NULL);
	if (!doc)
		return false;
	struct str behind = str_from(text, (size_t)mark + sizeof(ALERT_MARK) - 1);
	*out = (struct delivery){
		.id = arena_copy(a, id),
		.target = json_copy_of(a, doc, "target"),
		.alert_json = arena_copy(a, str_first(behind, behind.n - 1)),
		.attempts = json_i64_of(doc, "attempts", 0),
	};
	json_free(doc);
	return true;
}

static struct command due_question(struct arena *a, struct str due, int64_t now_ms, size_t max)
{
	struct command c = command_new(a, 7);
	command_addz(&c, "ZRANGEBYSCORE");
	command_add(&c, due);
	command_addz(&c, "-inf");
	command_int(&c, now_ms);
	command_addz(&c, "LIMIT");
	command_int(&c, 0);
	command_int(&c, (int64_t)max);
	return c;
}

/* A due id without its delivery has nothing to send: it leaves the list. */
static void forget_due(struct redis *r, struct arena *a, struct str due, struct str id)
{
	struct command c = command_new(a, 3);
	command_addz(&c, "ZREM");
	command_add(&c, due);
	command_add(&c, id);
	redis_queue(r, &c);
}

enum outcome outbox_due(const struct partition *p, int64_t now_ms, size_t max, struct delivery **out, size_t *n, struct err *e)
{
	struct str due = keys_brand(p->arena, KEY_deliveries_due, p->brand);
	const struct reply *ids = NULL, *texts = NULL;
	*n = 0;
	struct command ask = due_question(p->arena, due, now_ms, max);
	enum outcome o = redis_ask(p->redis, &ask, &ids, e);
	size_t size = reply_size(ids);
	if (o != OK || size == 0)
		return o;
	struct command c = command_new(p->arena, size + 2);
	command_addz(&c, "HMGET");
	command_add(&c, keys_brand(p->arena, KEY_deliveries, p->brand));
	for (size_t i = 0; i < size; i++)
		command_add(&c, reply_str(reply_at(ids, i)));
	o = redis_ask(p->redis, &c, &texts, e);
	if (o != OK)
		return o;
	*out = arena_list(p->arena, struct delivery, size);
	for (size_t i = 0; i < size; i++) {
		struct str id = reply_str(reply_at(ids, i));
		if (delivery_parse(p->arena, id, reply_str(reply_at(texts, i)), &(*out)[*n]))
			(*n)++;
		else
			forget_due(p->redis, p->arena, due, id);
	}
	redis_drain(p->redis);
	return OK;
}

enum outcome outbox_begin(const struct partition *p, const struct delivery *d, int64_t retry_ms, struct err *e)
{
	struct command c = functions_owned(p->arena, "begin", p->lease, 2, 6);
	command_add(&c, keys_brand(p->arena, KEY_deliveries, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_deliveries_due, p->brand));
	functions_token(&c, p->lease);
	command_add(&c, d->id);
	command_int(&c, d->attempts);
	command_int(&c, retry_ms);
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(p->redis, &c, &reply, e);
	if (o == OK && reply_int(reply) == 0)
		return err_set(e, SKIP, "delivery %.*s is settled already", STR_FMT(d->id));
	return o;
}

enum outcome outbox_settle(
	const struct partition *p, const struct delivery *d, enum settle how, int64_t at_ms, struct str error, struct err *e)
{
	static const char *const states[] = { [SETTLE_SENT] = "sent", [SETTLE_RETRY] = "retry", [SETTLE_DEAD] = "dead" };
	struct command c = functions_owned(p->arena, "settle", p->lease, 4, 10);
	command_add(&c, keys_brand(p->arena, KEY_deliveries, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_deliveries_due, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_deliveries_done, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_deliveries_dead, p->brand));
	functions_token(&c, p->lease);
	command_add(&c, d->id);
	command_addz(&c, states[how]);
	command_int(&c, at_ms);
	command_add(&c, error);
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

/* ---- reading back ---- */

enum outcome outbox_counts(const struct partition *p, struct outbox_counts *out, struct err *e)
{
	static const struct {
		const char *verb;
		enum key key;
	} sizes[] = {
		{ "XLEN", KEY_outbox },
		{ "ZCARD", KEY_deliveries_due },
		{ "XLEN", KEY_deliveries_dead },
	};
	int64_t count[3] = { 0 };
	redis_drain(p->redis);
	for (size_t i = 0; i < 3; i++) {
		struct command c = command_new(p->arena, 2);
		command_addz(&c, sizes[i].verb);
		command_add(&c, keys_brand(p->arena, sizes[i].key, p->brand));
		redis_queue(p->redis, &c);
	}
	for (size_t i = 0; i < 3; i++) {
		const struct reply *reply = NULL;
		enum outcome o = redis_result(p->redis, &reply, e);
		if (o != OK)
			return o;
		count[i] = reply_int(reply);
	}
	*out = (struct outbox_counts){ count[0], count[1], count[2] };
	return OK;
}
