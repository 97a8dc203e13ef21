/* earshot notifier: alerts from the outboxes to the targets of routes.conf. */
#include "cli/command.h"
#include "cli/commands.h"
#include "notifier/main.h"

static const struct option_row rows[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "redis://host:port/db or unix:///path" },
	{ NULL, false, NULL },
};

int cmd_notifier(int argc, char **argv)
{
	const struct command_row *command = command_find(argv[0]);
	struct options options;
	struct settings settings;
	int code = EXIT_USAGE;
	if (!options_parse(&options, command, rows, argc, argv, &code))
		return code;
	struct arena arena;
	arena_init(&arena, 16u << 20);
	if (options.noperands > 0) {
		code = command_usage_error(command, "it takes no operand, but was given \"%s\"", options.operand[0]);
	} else if (!command_settings(&arena, &options, &settings)) {
		code = EXIT_CONFIG;
	} else {
		if (options_has(&options, "redis"))
			settings.redis_url = str_of(options_value(&options, "redis"));
		code = notifier_main(&settings);
	}
	options_release(&options);
	arena_release(&arena);
	return code;
}
