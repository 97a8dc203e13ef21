/* Incidents, the detector's progress and their timeline: read, commit, list. */
#include "common/store/incidents.h"

#include "common/store/functions.h"
#include "common/store/incident_fields.h"
#include "common/store/keys.h"

#define TIMELINE_VALUES 16 /* fields and values of one timeline entry */

/* ---- progress ---- */

enum outcome incidents_get(const struct partition *p, struct str id, struct incident *out, struct err *e)
{
	struct command c = command_new(p->arena, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_brand_part(p->arena, KEY_incident, p->brand, id));
	const struct reply *hash = NULL;
	enum outcome o = redis_ask(p->redis, &c, &hash, e);
	if (o == OK)
		incident_fields_read(hash, out);
	return o;
}

enum outcome incidents_progress(const struct partition *p, struct progress *out, struct err *e)
{
	struct command c = command_new(p->arena, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_brand(p->arena, KEY_progress, p->brand));
	const struct reply *hash = NULL;
	enum outcome o = redis_ask(p->redis, &c, &hash, e);
	if (o != OK)
		return o;
	const struct reply *tick = reply_field(hash, "tick_ms");
	*out = (struct progress){
		.tick_ms = tick ? reply_int(tick) : -1,
		.revision = reply_int(reply_field(hash, "revision")),
		.model = arena_copy(p->arena, reply_str(reply_field(hash, "model"))),
		.run_id = arena_copy(p->arena, reply_str(reply_field(hash, "run_id"))),
	};
	struct str current = arena_copy(p->arena, reply_str(reply_field(hash, "incident")));
	return current.n > 0 ? incidents_get(p, current, &out->incident, e) : OK;
}

void incidents_progress_queue(const struct partition *p, const struct incidents_progress_step *s)
{
	struct command c = functions_owned(p->arena, "progress", p->lease, 1, 6);
	command_add(&c, keys_brand(p->arena, KEY_progress, p->brand));
	functions_token(&c, p->lease);
	command_int(&c, s->expected_revision);
	command_int(&c, s->tick_ms);
	command_add(&c, s->model);
	command_addz(&c, redis_run_id(p->redis));
	redis_queue(p->redis, &c);
}

enum outcome incidents_progress_take(struct redis *r, struct err *e)
{
	const struct reply *reply = NULL;
	return redis_result(r, &reply, e);
}

/* ---- the step ---- */

static void add_pair(struct command *c, const char *name, struct str value)
{
	command_addz(c, name);
	command_add(c, value);
}

/* Exactly TIMELINE_VALUES arguments. */
static void add_timeline(struct command *c, const struct incidents_step *s)
{
	const struct incident *i = s->incident;
	add_pair(c, "incident", str_of(i->id));
	command_addz(c, "revision");
	command_int(c, i->revision);
	add_pair(c, "from", str_of(incident_state_names[s->from]));
	add_pair(c, "to", str_of(incident_state_names[i->state]));
	add_pair(c, "event", str_of(incident_event_names[s->event]));
	add_pair(c, "level", str_of(level_names[i->level]));
	add_pair(c, "by", str_of(i->by));
	command_addz(c, "at_ms");
	command_int(c, s->at_ms);
}

static void add_keys(struct command *c, const struct partition *p, struct str incident_id)
{
	command_add(c, keys_brand(p->arena, KEY_progress, p->brand));
	command_add(c, keys_brand_part(p->arena, KEY_incident, p->brand, incident_id));
	command_add(c, keys_brand(p->arena, KEY_incidents, p->brand));
	command_add(c, keys_brand(p->arena, KEY_timeline, p->brand));
	command_add(c, keys_brand(p->arena, KEY_outbox, p->brand));
	command_add(c, keys_brand(p->arena, KEY_control, p->brand));
	command_add(c, keys_brand(p->arena, KEY_wishes, p->brand));
}

enum outcome incidents_commit(const struct partition *p, const struct incidents_step *s, struct err *e)
{
	const struct incident *i = s->incident;
	struct str id = i ? str_of(i->id) : STR("");
	struct command c = functions_owned(p->arena, "step", p->lease, 7, 24 + TIMELINE_VALUES + 2 * incident_fields_count());
	add_keys(&c, p, id);
	functions_token(&c, p->lease);
	command_int(&c, s->expected_revision);
	command_int(&c, s->tick_ms);
	command_add(&c, s->model);
	command_addz(&c, redis_run_id(p->redis));
	command_add(&c, id);
	/* What makes this step this one and no other, should it come twice. */
	command_add(&c, arena_printf(p->arena, "%.*s:%s:%lld", STR_FMT(id), incident_event_names[s->event], (long long)s->at_ms));
	command_int(&c, i ? i->onset_ms : 0);
	command_add(&c, s->outbox);
	command_add(&c, s->wish_entry);
	command_add(&c, s->wish_id);
	command_add(&c, s->wish_outcome);
	command_int(&c, i ? TIMELINE_VALUES + 2 : 0);
	if (i) {
		add_timeline(&c, s);
		add_pair(&c, "note", str_of(i->note));
		incident_fields_add(&c, i);
	}
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

/* ---- reading back ---- */

void incident_write(struct buf *out, const struct incident *i, struct str brand)
{
	buf_addc(out, '{');
	buf_json_str(out, "brand", brand);
	incident_fields_write(out, i);
	buf_addc(out, '}');
}

enum outcome incidents_list(const struct partition *p, size_t max, struct incident **out, size_t *n, struct err *e)
{
	*n = 0;
	struct command c = command_new(p->arena, 4);
	command_addz(&c, "ZREVRANGE");
	command_add(&c, keys_brand(p->arena, KEY_incidents, p->brand));
	command_int(&c, 0);
	command_int(&c, (int64_t)max - 1);
	const struct reply *ids = NULL;
	enum outcome o = max > 0 ? redis_ask(p->redis, &c, &ids, e) : OK;
	if (o != OK)
		return o;
	size_t size = reply_size(ids);
	*out = arena_list(p->arena, struct incident, size);
	for (size_t i = 0; i < size; i++) {
		struct command get = command_new(p->arena, 2);
		command_addz(&get, "HGETALL");
		command_add(&get, keys_brand_part(p->arena, KEY_incident, p->brand, reply_str(reply_at(ids, i))));
		redis_queue(p->redis, &get);
	}
	for (size_t i = 0; i < size && o == OK; i++) {
		const struct reply *hash = NULL;
		o = redis_result(p->redis, &hash, e);
		if (o == OK)
			incident_fields_read(hash, &(*out)[i]);
	}
	*n = o == OK ? size : 0;
	return o;
}

static void timeline_write(struct buf *out, struct str entry_id, const struct reply *pairs)
{
	buf_addc(out, '{');
	buf_json_str(out, "entry", entry_id);
	for (size_t i = 0; i + 1 < reply_size(pairs); i += 2) {
		buf_json_comma(out);
		buf_json_string(out, reply_str(reply_at(pairs, i)));
		buf_addc(out, ':');
		buf_json_string(out, reply_str(reply_at(pairs, i + 1)));
	}
	buf_addz(out, "}\n");
}

enum outcome incidents_timeline(const struct partition *p, size_t max, struct buf *jsonl, struct err *e)
{
	struct command c = command_new(p->arena, 6);
	command_addz(&c, "XREVRANGE");
	command_add(&c, keys_brand(p->arena, KEY_timeline, p->brand));
	command_addz(&c, "+");
	command_addz(&c, "-");
	command_addz(&c, "COUNT");
	command_int(&c, (int64_t)max);
	const struct reply *list = NULL;
	enum outcome o = redis_ask(p->redis, &c, &list, e);
	if (o != OK)
		return o;
	for (size_t i = 0; i < reply_size(list); i++)
		timeline_write(jsonl, reply_str(reply_at(reply_at(list, i), 0)), reply_at(reply_at(list, i), 1));
	return OK;
}
