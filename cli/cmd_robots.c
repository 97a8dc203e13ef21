/* earshot robots: what a robots.txt says about an address. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/batch_io.h"
#include "cli/case_robots.h"
#include "cli/command.h"
#include "common/base/file.h"

#include <stdio.h>

static const struct option_row rows[] = {
	{ "agent", true, "product token that groups name, as earshot; what follows a / is left out" },
	{ "url", true, "address that is to be fetched" },
	{ "batch", false, "JSONL on standard input: {\"robots\" or \"robots_latin1\",\"agent\",\"url\"}, one answer a line" },
	{ NULL, false, NULL },
};

static bool answer_line(struct arena *a, const struct json *line, struct buf *out, void *context)
{
	(void)context;
	return case_robots(a, line, out);
}

static struct str without_version(struct str agent)
{
	const ptrdiff_t slash = str_findc(agent, '/');
	return slash < 0 ? agent : str_first(agent, (size_t)slash);
}

static int run_file(const struct options *o)
{
	struct case_robots_question q = { .agent = without_version(str_of(options_value(o, "agent"))),
		.url = str_of(options_value(o, "url")) };
	struct err e = { 0 };
	struct arena a;
	struct buf out;
	bool allowed = false;
	arena_init(&a, LIMIT_ARENA_BYTES);
	buf_init(&out, LIMIT_BODY_BYTES);
	const enum outcome done = file_read(&a, o->operand[0], LIMIT_BODY_BYTES, &q.text, &e);
	if (done == OK) {
		allowed = case_robots_write(&a, &q, &out);
		printf("%.*s\n", STR_FMT(buf_str(&out)));
	}
	buf_release(&out);
	arena_release(&a);
	if (done != OK)
		return command_fail(&e);
	return allowed ? EXIT_OK : EXIT_NO;
}

int cmd_robots(int argc, char **argv)
{
	const struct command_row *row = command_find("robots");
	struct options o;
	int code = EXIT_USAGE;
	if (options_parse(&o, row, rows, argc, argv, &code)) {
		if (options_has(&o, "batch"))
			code = batch_run(answer_line, NULL);
		else if (o.noperands != 1 || !options_has(&o, "agent") || !options_has(&o, "url"))
			code = command_usage_error(row, "give --agent, --url and one FILE, or --batch");
		else
			code = run_file(&o);
	}
	options_release(&o);
	return code;
}
