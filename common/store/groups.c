/* Reading streams by consumer group. */
#include "common/store/groups.h"

enum outcome groups_make(struct redis *r, struct arena *a, struct str stream, const char *group, struct err *e)
{
	struct command c = command_new(a, 6);
	command_addz(&c, "XGROUP");
	command_addz(&c, "CREATE");
	command_add(&c, stream);
	command_addz(&c, group);
	command_addz(&c, "0");
	command_addz(&c, "MKSTREAM");
	const struct reply *reply = NULL;
	struct err why = { 0 };
	enum outcome o = redis_ask(r, &c, &reply, &why);
	if (o == OK || (reply && str_starts(reply_str(reply), STR("BUSYGROUP "))))
		return OK;
	return err_set(e, o, "%s", why.text);
}

void groups_read(struct redis *r, struct arena *a, struct str stream, const char *group, bool pending, int max)
{
	struct command c = command_new(a, 9);
	command_addz(&c, "XREADGROUP");
	command_addz(&c, "GROUP");
	command_addz(&c, group);
	command_addz(&c, GROUP_CONSUMER);
	command_addz(&c, "COUNT");
	command_int(&c, max);
	command_addz(&c, "STREAMS");
	command_add(&c, stream);
	command_addz(&c, pending ? "0" : ">");
	redis_queue(r, &c);
}

enum outcome groups_read_take(struct redis *r, const struct reply **out, struct err *e)
{
	const struct reply *reply = NULL;
	*out = NULL;
	enum outcome o = redis_result(r, &reply, e);
	if (o == OK)
		*out = reply_at(reply_at(reply, 0), 1); /* one stream: [[name, entries]] */
	return o;
}

enum outcome groups_settle(struct redis *r, size_t n, struct err *e)
{
	enum outcome worst = OK;
	for (size_t i = 0; i < n; i++) {
		const struct reply *reply = NULL;
		struct err *words = worst == OK ? e : NULL;
		enum outcome o = redis_result(r, &reply, words);
		if (worst == OK)
			worst = o;
	}
	return worst;
}
