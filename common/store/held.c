/* What Redis holds of posts, place by place: reading it in batches, changing one item. */
#include "common/store/held.h"

#include "common/store/functions.h"
#include "common/store/groups.h"
#include "common/store/keys.h"

#include <stdio.h>
#include <string.h>

#define BATCH 100
#define TOMBSTONE_BYTES (64u << 10)
#define KEYS_A_LOOK 1000

static const struct {
	enum key key;
	const char *field; /* of a stream entry that holds the body; "" = it is a hash */
	const char *group; /* that reads the stream */
} places[HELD__N] = {
	[HELD_WAITING] = { KEY_posts, "post", GROUP_DETECTOR },
	[HELD_DEAD] = { KEY_posts_dead, "post", "" },
	[HELD_OBSERVATIONS] = { KEY_observations, "", "" },
	[HELD_OUTBOX] = { KEY_outbox, "alert", GROUP_NOTIFIER },
	[HELD_DELIVERIES] = { KEY_deliveries, "", "" },
	[HELD_LETTERS] = { KEY_deliveries_dead, "alert", "" },
	[HELD_CORRECTIONS] = { KEY_corrections, "", "" },
	[HELD_MENTIONS] = { KEY_mentions, "", "" },
};

/* ---- brands ---- */

struct brands {
	struct arena *a;
	struct str *name;
	size_t n, room;
};

static void add_brand(struct brands *b, struct str name)
{
	for (size_t i = 0; i < b->n; i++)
		if (str_eq(b->name[i], name))
			return;
	if (b->n == b->room) {
		struct str *old = b->name;
		b->room = b->room * 2 + 64;
		b->name = arena_list(b->a, struct str, b->room);
		for (size_t i = 0; i < b->n; i++)
			b->name[i] = old[i];
	}
	b->name[b->n++] = arena_copy(b->a, name);
}

/* The key is es:{b:BRAND}:… */
static void add_key(struct brands *b, struct str key)
{
	const ptrdiff_t from = str_find(key, STR("{b:")), to = str_findc(key, '}');
	if (from >= 0 && to > from + 3)
		add_brand(b, str_first(str_from(key, (size_t)from + 3), (size_t)(to - from - 3)));
}

static enum outcome scan_keys(struct redis *r, struct brands *b, char cursor[64], struct err *e)
{
	const struct reply *reply = NULL;
	struct command c = command_new(b->a, 6);
	command_addz(&c, "SCAN");
	command_add(&c, arena_copy(b->a, str_of(cursor)));
	command_addz(&c, "MATCH");
	command_addz(&c, "es:{b:*}:*");
	command_addz(&c, "COUNT");
	command_int(&c, KEYS_A_LOOK);
	const enum outcome done = redis_ask(r, &c, &reply, e);
	if (done != OK)
		return done;
	const struct reply *keys = reply_at(reply, 1);
	for (size_t i = 0; i < reply_size(keys); i++)
		add_key(b, reply_str(reply_at(keys, i)));
	(void)snprintf(cursor, 64, "%.*s", STR_FMT(reply_str(reply_at(reply, 0))));
	return OK;
}

enum outcome held_brands(struct redis *r, struct arena *a, struct str **brand, size_t *n, struct err *e)
{
	struct brands b = { .a = a };
	char cursor[64] = "0";
	enum outcome done = OK;
	do {
		done = scan_keys(r, &b, cursor, e);
		redis_done(r);
	} while (done == OK && strcmp(cursor, "0") != 0);
	*brand = b.name;
	*n = b.n;
	return done;
}

/* ---- items ---- */

static bool is_hash(enum held where)
{
	return places[where].field[0] == '\0';
}

static void set_cursor(struct held_walk *w, struct str at)
{
	(void)snprintf(w->cursor, sizeof w->cursor, "%.*s", STR_FMT(at));
}

static struct command question(const struct partition *p, enum held where, const struct held_walk *w)
{
	struct command c = command_new(p->arena, 6);
	const struct str key = keys_brand(p->arena, places[where].key, p->brand);
	const bool first = w->cursor[0] == '\0';
	command_addz(&c, is_hash(where) ? "HSCAN" : "XRANGE");
	command_add(&c, key);
	if (is_hash(where)) {
		command_addz(&c, first ? "0" : w->cursor);
	} else {
		command_add(&c, first ? STR("-") : arena_printf(p->arena, "(%s", w->cursor));
		command_addz(&c, "+");
	}
	command_addz(&c, "COUNT");
	command_int(&c, BATCH);
	return c;
}

static size_t take_fields(const struct partition *p, const struct reply *reply, struct held_walk *w, struct held_item **item)
{
	const struct reply *flat = reply_at(reply, 1);
	const size_t n = reply_size(flat) / 2;
	set_cursor(w, reply_str(reply_at(reply, 0)));
	w->is_over = str_eqc(str_of(w->cursor), "0");
	*item = arena_list(p->arena, struct held_item, n + 1);
	for (size_t i = 0; i < n; i++)
		(*item)[i] = (struct held_item){ arena_copy(p->arena, reply_str(reply_at(flat, 2 * i))),
			arena_copy(p->arena, reply_str(reply_at(flat, 2 * i + 1))) };
	return n;
}

static size_t take_entries(
	const struct partition *p, enum held where, const struct reply *reply, struct held_walk *w, struct held_item **item)
{
	const size_t n = reply_size(reply);
	w->is_over = n < BATCH;
	*item = arena_list(p->arena, struct held_item, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct reply *entry = reply_at(reply, i);
		const struct str body = reply_str(reply_field(reply_at(entry, 1), places[where].field));
		(*item)[i] =
			(struct held_item){ arena_copy(p->arena, reply_str(reply_at(entry, 0))), arena_copy(p->arena, body) };
	}
	if (n > 0)
		set_cursor(w, (*item)[n - 1].id);
	return n;
}

enum outcome held_next(
	const struct partition *p, enum held where, struct held_walk *w, struct held_item **item, size_t *n, struct err *e)
{
	const struct reply *reply = NULL;
	const struct command c = question(p, where, w);
	*n = 0;
	const enum outcome done = redis_ask(p->redis, &c, &reply, e);
	if (done == OK)
		*n = is_hash(where) ? take_fields(p, reply, w, item) : take_entries(p, where, reply, w, item);
	redis_done(p->redis);
	return done;
}

enum outcome held_swap(
	const struct partition *p, enum held where, const struct held_item *item, struct str body, bool *done, struct err *e)
{
	const struct reply *reply = NULL;
	struct command c = functions_call(p->arena, "held_swap", 1, 6);
	command_add(&c, keys_brand(p->arena, places[where].key, p->brand));
	command_add(&c, item->id);
	command_add(&c, is_hash(where) ? item->body : STR(""));
	command_add(&c, body);
	command_addz(&c, places[where].field);
	command_addz(&c, places[where].group);
	const enum outcome o = redis_ask(p->redis, &c, &reply, e);
	*done = o == OK && reply_int(reply) == 1;
	redis_done(p->redis);
	return o;
}

struct str held_tombstone(struct arena *a, const struct json *mention)
{
	struct buf out;
	buf_init(&out, TOMBSTONE_BYTES);
	buf_addz(&out, "{\"erased\":true,\"counted\":");
	json_write(&out, json_get(mention, "counted"));
	const struct str story = json_str_of(mention, "story"); /* it still counts as a copy of that */
	if (story.n > 0)
		buf_json_str(&out, "story", story);
	buf_json_int(&out, "count_ms", json_i64_of(mention, "count_ms", 0));
	buf_addc(&out, '}');
	const struct str text = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return text;
}
