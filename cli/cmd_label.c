/* earshot label: which mentions to look at next, corrections of what the model said, and corrections as a table to train from. */
#include "cli/commands.h"

#include "cli/label_commands.h"

static const struct option_row label_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "next", true, "so many posts to look at (default 20)" },
	{ "since", true, "with --next, how far back: 2h, 7d (default 7d)" },
	{ "label", true, "negative, neutral or positive" },
	{ "nature", true, "complaint, question, praise, suggestion, rumour, news, advertisement or other" },
	{ "category", true, "what it is about, as refund; none" },
	{ "urgency", true, "low, normal, high or critical" },
	{ "by", true, "who corrects; kept with the correction" },
	{ "note", true, "why; kept with the correction. No names of people who post" },
	{ "withdraw", false, "take the correction of this post back" },
	{ "list", false, "corrections, the newest first" },
	{ "export", true, "write corrected posts to this file, as a table that earshot train reads" },
	{ "json", false, "with --list: one JSON object a line" },
	{ NULL, false, NULL },
};

static bool corrects(const struct options *o)
{
	bool any = options_has(o, "withdraw");
	for (int f = 0; f < CORRECTION__N; f++)
		any = any || options_has(o, correction_field_names[f]);
	return any;
}

static enum outcome run(struct stored *s, struct arena *a, struct err *e)
{
	const struct options *o = &s->session.options;
	const bool is_list = options_has(o, "list"), is_export = options_has(o, "export"), is_next = options_has(o, "next");
	const bool is_word = corrects(o);
	if (is_list + is_export + is_next + is_word > 1)
		return label_usage(s, "one thing at a time: --next, --list, --export, or the correction of one post");
	if (is_word || o->noperands > 1)
		return label_correct(s, e);
	if (is_list)
		return label_list(s, a, e);
	return is_export ? label_export(s, a, e) : label_next(s, a, e);
}

enum outcome label_usage(struct stored *s, const char *sentence)
{
	s->code = command_usage_error(command_find("label"), "%s", sentence);
	return SKIP;
}

int cmd_label(int argc, char **argv)
{
	struct stored s;
	struct arena a;
	struct err e = { 0 };
	arena_init(&a, LABEL_ARENA_BYTES);
	if (stored_open(&s, label_options, argc, argv)) {
		const enum outcome done = run(&s, &a, &e);
		if (done != OK && done != SKIP)
			stored_fail(&s, &e);
	}
	const int code = stored_close(&s);
	arena_release(&a);
	return code;
}
