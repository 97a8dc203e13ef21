/* Which brands are in alert: two short questions. */
#include "common/store/incidents_open.h"

#include "common/base/names.h"
#include "common/store/keys.h"

void incidents_open_id_queue(const struct partition *p)
{
	struct command c = command_new(p->arena, 3);
	command_addz(&c, "HGET");
	command_add(&c, keys_brand(p->arena, KEY_progress, p->brand));
	command_addz(&c, "incident");
	redis_queue(p->redis, &c);
}

enum outcome incidents_open_id_take(const struct partition *p, struct str *id, struct err *e)
{
	const struct reply *reply = NULL;
	const enum outcome done = redis_result(p->redis, &reply, e);
	*id = done == OK ? arena_copy(p->arena, reply_str(reply)) : STR("");
	return done;
}

void incidents_open_since_queue(const struct partition *p, struct str id)
{
	struct command c = command_new(p->arena, 4);
	command_addz(&c, "HMGET");
	command_add(&c, keys_brand_part(p->arena, KEY_incident, p->brand, id));
	command_addz(&c, "state");
	command_addz(&c, "opened_ms");
	redis_queue(p->redis, &c);
}

enum outcome incidents_open_since_take(struct redis *r, int64_t *since_ms, struct err *e)
{
	const struct reply *reply = NULL;
	const enum outcome done = redis_result(r, &reply, e);
	*since_ms = 0;
	if (done != OK)
		return done;
	const int state = names_index(incident_state_names, INC__N, reply_str(reply_at(reply, 0)));
	const int64_t opened_ms = reply_int(reply_at(reply, 1));
	if (state >= INC_DETECTED && state <= INC_MONITORING)
		*since_ms = opened_ms > 0 ? opened_ms : 1;
	return OK;
}
