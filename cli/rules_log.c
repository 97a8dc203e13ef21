/* earshot rules log: what is published, by whom and why, and what was before. */
#include "cli/rules_commands.h"

#include "cli/stored.h"
#include "common/store/rulebooks.h"
#include <earshot/limits.h>

#include <stdio.h>

#define LISTED 20
#define TEXT_SHOWN 160

static const struct option_row log_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "limit", true, "at most so many (default 20)" },
	{ "json", false, "one JSON object a line" },
	{ NULL, false, NULL },
};

static void write_json(struct buf *out, const struct rulebooks_event *event)
{
	buf_addc(out, '{');
	buf_json_int(out, "at_ms", event->at_ms);
	buf_json_str(out, "action", event->action);
	buf_json_str(out, "version", event->version);
	buf_json_str(out, "previous", event->previous);
	buf_json_str(out, "by", event->by);
	buf_json_opt(out, "approver", event->approver);
	buf_json_opt(out, "note", event->note);
	buf_addz(out, "}\n");
}

static struct str or_folders(struct str version)
{
	return version.n > 0 ? version : STR("(folders)");
}

static void write_line(struct buf *out, const struct rulebooks_event *event)
{
	stored_minute(out, event->at_ms);
	buf_addf(out, "  %-8.*s %-12.*s after %-12.*s by ", STR_FMT(event->action), STR_FMT(or_folders(event->version)),
		STR_FMT(or_folders(event->previous)));
	stored_text(out, event->by, LIMIT_PERSON_BYTES);
	if (event->approver.n > 0) {
		buf_addz(out, ", approved by ");
		stored_text(out, event->approver, LIMIT_PERSON_BYTES);
	}
	if (event->note.n > 0) {
		buf_addz(out, ": ");
		stored_text(out, event->note, TEXT_SHOWN);
	}
	buf_addc(out, '\n');
}

static enum outcome show(struct stored *s, size_t most, struct err *e)
{
	const bool as_json = options_has(&s->session.options, "json");
	struct arena *a = &s->session.arena;
	struct rulebooks_now now;
	struct rulebooks_event *event = NULL;
	size_t n = 0;
	enum outcome done = rulebooks_now(s->redis, a, &now, e);
	if (done == OK)
		done = rulebooks_history(s->redis, a, most, &event, &n, e);
	if (done != OK)
		return done;
	if (!as_json)
		buf_addf(&s->out, "in force: %s%s%s\n",
			now.version[0] ? now.version : "nothing published, each worker follows its folders",
			now.proposed[0] ? "; waiting for an approval: " : "", now.proposed);
	for (size_t i = 0; i < n; i++)
		(as_json ? write_json : write_line)(&s->out, &event[i]);
	return OK;
}

int rules_log(int argc, char **argv)
{
	struct stored s;
	struct err e = { 0 };
	if (stored_open(&s, log_options, argc, argv)) {
		const char *limit = options_value(&s.session.options, "limit");
		int64_t most = LISTED;
		if (limit != NULL && (!str_to_i64(str_of(limit), &most) || most < 1 || most > LIMIT_RULEBOOK_HISTORY)) {
			(void)fprintf(
				stderr, "earshot: --limit %s is not a number from 1 to %d\n", limit, LIMIT_RULEBOOK_HISTORY);
			s.code = EXIT_USAGE;
		} else if (show(&s, (size_t)most, &e) != OK) {
			stored_fail(&s, &e);
		}
	}
	return stored_close(&s);
}
