/* Notices to the operators: as JSON and back, and into their stream. */
#include "common/store/notices.h"

#include "common/base/json.h"
#include "common/base/names.h"
#include "common/store/keys.h"

#define NOTICE_BYTES (16u << 10)

const char *const notice_names[NOTICE__N] = {
	[NOTICE_SICK] = "sick",
	[NOTICE_REMINDER] = "reminder",
	[NOTICE_WELL] = "well",
	[NOTICE_MANY_SICK] = "many-sick",
	[NOTICE_MANY_WELL] = "many-well",
};

void notice_write(struct buf *out, const struct notice *n)
{
	buf_addc(out, '{');
	buf_json_str(out, "notice", str_of(notice_names[n->kind]));
	buf_json_str(out, "id", n->id);
	buf_json_opt(out, "source", n->source);
	buf_json_opt(out, "state", n->state);
	buf_json_int(out, "at_ms", n->at_ms);
	buf_json_int(out, "since_ms", n->since_ms);
	buf_json_str(out, "zh", n->zh);
	buf_json_str(out, "en", n->en);
	buf_addc(out, '}');
}

enum outcome notice_parse(struct arena *a, struct str json, struct notice *out, struct err *e)
{
	struct json *doc = json_parse(json, e);
	if (doc == NULL)
		return REJECT;
	const int kind = names_index(notice_names, NOTICE__N, json_str_of(doc, "notice"));
	*out = (struct notice){ .id = json_copy_of(a, doc, "id"),
		.source = json_copy_of(a, doc, "source"),
		.state = json_copy_of(a, doc, "state"),
		.at_ms = json_i64_of(doc, "at_ms", 0),
		.since_ms = json_i64_of(doc, "since_ms", 0),
		.zh = json_copy_of(a, doc, "zh"),
		.en = json_copy_of(a, doc, "en") };
	json_free(doc);
	if (kind < 0 || out->id.n == 0)
		return err_set(e, REJECT, "it is no notice: notice and id must be there and known");
	out->kind = (enum notice_kind)kind;
	return OK;
}

enum outcome notices_append(struct redis *r, struct arena *a, const struct notice *n, struct err *e)
{
	struct buf json;
	buf_init(&json, NOTICE_BYTES);
	notice_write(&json, n);
	struct command c = command_new(a, 8);
	command_addz(&c, "XADD");
	command_add(&c, keys_plain(a, KEY_notices));
	command_addz(&c, "MAXLEN");
	command_addz(&c, "~");
	command_int(&c, NOTICES_MOST);
	command_addz(&c, "*");
	command_addz(&c, "alert");
	command_add(&c, arena_copy(a, buf_str(&json)));
	buf_release(&json);
	const struct reply *reply = NULL;
	return redis_ask(r, &c, &reply, e);
}
