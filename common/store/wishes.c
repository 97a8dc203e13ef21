/* People's wishes on the control stream: how they come in, how the detector reads them, how they were answered. */
#include "common/store/groups.h"
#include "common/store/incidents.h"
#include "common/store/keys.h"

#define MOST_WISHES 100 /* a read */

enum outcome incidents_wish(const struct partition *p, const struct wish *w, struct err *e)
{
	struct command c = command_new(p->arena, 17);
	command_addz(&c, "XADD");
	command_add(&c, keys_brand(p->arena, KEY_control, p->brand));
	command_addz(&c, "*");
	const struct {
		const char *name;
		struct str value;
	} texts[] = {
		{ "wish", w->wish_id },
		{ "verb", w->verb },
		{ "incident", w->incident },
		{ "by", w->by },
		{ "note", w->note },
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		command_addz(&c, texts[i].name);
		command_add(&c, texts[i].value);
	}
	command_addz(&c, "at_ms");
	command_int(&c, w->at_ms);
	command_addz(&c, "until_ms");
	command_int(&c, w->until_ms);
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

/* An entry without a body (trimmed away by hand) becomes a wish without a verb, which the detector refuses and settles. */
static struct wish wish_of(struct arena *a, const struct reply *entry)
{
	const struct reply *pairs = reply_at(entry, 1);
	return (struct wish){
		.entry_id = arena_copy(a, reply_str(reply_at(entry, 0))),
		.wish_id = arena_copy(a, reply_str(reply_field(pairs, "wish"))),
		.verb = arena_copy(a, reply_str(reply_field(pairs, "verb"))),
		.incident = arena_copy(a, reply_str(reply_field(pairs, "incident"))),
		.by = arena_copy(a, reply_str(reply_field(pairs, "by"))),
		.note = arena_copy(a, reply_str(reply_field(pairs, "note"))),
		.at_ms = reply_int(reply_field(pairs, "at_ms")),
		.until_ms = reply_int(reply_field(pairs, "until_ms")),
	};
}

enum outcome incidents_wishes(const struct partition *p, bool pending, struct wish **out, size_t *n, struct err *e)
{
	struct str stream = keys_brand(p->arena, KEY_control, p->brand);
	const struct reply *list = NULL;
	*n = 0;
	redis_drain(p->redis);
	groups_read(p->redis, p->arena, stream, GROUP_DETECTOR, pending, MOST_WISHES);
	enum outcome o = groups_read_take(p->redis, &list, e);
	if (o == RETRY && redis_connected(p->redis)) { /* no group yet, or Redis lost it: make it and look again */
		o = groups_make(p->redis, p->arena, stream, GROUP_DETECTOR, e);
		if (o == OK) {
			groups_read(p->redis, p->arena, stream, GROUP_DETECTOR, pending, MOST_WISHES);
			o = groups_read_take(p->redis, &list, e);
		}
	}
	if (o != OK)
		return o;
	*out = arena_list(p->arena, struct wish, reply_size(list));
	for (size_t i = 0; i < reply_size(list); i++)
		(*out)[(*n)++] = wish_of(p->arena, reply_at(list, i));
	return OK;
}

enum outcome incidents_wish_outcome(const struct partition *p, struct str wish_id, struct str *out, struct err *e)
{
	struct command c = command_new(p->arena, 3);
	command_addz(&c, "HGET");
	command_add(&c, keys_brand(p->arena, KEY_wishes, p->brand));
	command_add(&c, wish_id);
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(p->redis, &c, &reply, e);
	if (o == OK)
		*out = arena_copy(p->arena, reply_str(reply));
	return o;
}
