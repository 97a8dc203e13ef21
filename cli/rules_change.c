/* earshot rules approve, rollback, withdraw: changes of what is published that bring no new files. */
#include "cli/rules_commands.h"

#include "cli/stored.h"
#include "common/store/rulebooks.h"

#include <stdio.h>

static const struct option_row change_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "by", true, "who asks; kept in the log" },
	{ "note", true, "why; kept in the log" },
	{ NULL, false, NULL },
};

enum verb { APPROVE, ROLLBACK, WITHDRAW };
static const struct {
	const char *name;
	int operands_most;
	enum outcome (*change)(struct redis *, struct arena *, const struct rulebooks_change *, struct err *);
} verbs[] = {
	[APPROVE] = { "rules approve", 1, rulebooks_approve },
	[ROLLBACK] = { "rules rollback", 1, rulebooks_return },
	[WITHDRAW] = { "rules withdraw", 0, rulebooks_return },
};

/* The version meant: the one named, else the one that suggests itself; NULL when there is none. */
static const char *version_of(const struct stored *s, enum verb verb, const struct rulebooks_now *now)
{
	const struct options *o = &s->session.options;
	if (verb == WITHDRAW)
		return "";
	if (o->noperands > 0)
		return o->operand[0];
	const char *version = verb == APPROVE ? now->proposed : now->previous;
	return version[0] != '\0' ? version : NULL;
}

static enum outcome apply(struct stored *s, enum verb verb, struct err *e)
{
	const struct options *o = &s->session.options;
	struct rulebooks_now now;
	enum outcome done = rulebooks_now(s->redis, &s->session.arena, &now, e);
	if (done != OK)
		return done;
	const char *version = version_of(s, verb, &now);
	if (version == NULL)
		return err_set(e, REJECT, "%s: there is nothing to %s; earshot rules log lists what was done", verbs[verb].name,
			verb == APPROVE ? "approve" : "go back to");
	const struct rulebooks_change change = {
		.expected = now.version,
		.version = version,
		.by = str_trim(str_of(options_value(o, "by"))),
		.note = str_of(options_value(o, "note")),
	};
	done = verbs[verb].change(s->redis, &s->session.arena, &change, e);
	if (done != OK)
		return done;
	if (version[0] != '\0')
		buf_addf(&s->out, "rulebook %s is in force; before it %s\n", version,
			now.version[0] ? now.version : "the folders");
	else
		buf_addf(&s->out, "nothing is published; every worker follows its folders again (before: %s)\n", now.version);
	return OK;
}

static int run(enum verb verb, int argc, char **argv)
{
	struct stored s;
	struct err e = { 0 };
	if (stored_open(&s, change_options, argc, argv)) {
		const struct options *o = &s.session.options;
		if (options_value(o, "by") == NULL || o->noperands > verbs[verb].operands_most) {
			(void)fprintf(stderr, "earshot: %s needs --by NAME%s\n", verbs[verb].name,
				verbs[verb].operands_most ? " and takes one VERSION" : " and nothing else");
			s.code = EXIT_USAGE;
		} else if (apply(&s, verb, &e) != OK) {
			stored_fail(&s, &e);
		}
	}
	return stored_close(&s);
}

int rules_approve(int argc, char **argv)
{
	return run(APPROVE, argc, argv);
}

int rules_rollback(int argc, char **argv)
{
	return run(ROLLBACK, argc, argv);
}

int rules_withdraw(int argc, char **argv)
{
	return run(WITHDRAW, argc, argv);
}
