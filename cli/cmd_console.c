/* earshot console: the page, /metrics and the JSON behind them, for one machine. */
#include "cli/command.h"
#include "cli/commands.h"
#include "console/main.h"

static const struct option_row rows[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "redis://host:port/db or unix:///path" },
	{ "listen", true, "127.0.0.1 (default) or ::1" },
	{ "port", true, "port, default 8808; 0 = any free one" },
	{ NULL, false, NULL },
};

/* The command line is stronger than the file. */
static bool override(const struct options *o, struct settings *s)
{
	const char *redis = options_value(o, "redis"), *listen = options_value(o, "listen"), *port = options_value(o, "port");
	if (redis != NULL)
		s->redis_url = str_of(redis);
	if (listen != NULL)
		s->console_listen = str_of(listen);
	if (port == NULL)
		return true;
	return str_to_i64(str_of(port), &s->console_port) && s->console_port >= 0 && s->console_port <= 65535;
}

int cmd_console(int argc, char **argv)
{
	const struct command_row *command = command_find(argv[0]);
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, rows, argc, argv, &code)) {
		if (s.options.noperands > 0)
			code = command_usage_error(command, "it takes no operand, but was given \"%s\"", s.options.operand[0]);
		else if (!override(&s.options, &s.settings))
			code = command_usage_error(
				command, "--port %s has to be a number from 0 to 65535", options_value(&s.options, "port"));
		else
			code = console_main(&s.settings);
	}
	command_close(&s);
	return code;
}
