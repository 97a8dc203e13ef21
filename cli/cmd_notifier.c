/* earshot notifier: alerts from the outboxes to the targets of routes.conf. */
#include "cli/commands.h"

#include "cli/command.h"
#include "notifier/main.h"

static const struct option_row notifier_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis: redis://host:port or unix:///path" },
	{ NULL, false, NULL },
};

int cmd_notifier(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, notifier_options, argc, argv, &code)) {
		if (options_value(&s.options, "redis") != NULL)
			s.settings.redis_url = str_of(options_value(&s.options, "redis"));
		code = s.options.noperands > 0
			       ? command_usage_error(command_find(argv[0]), "\"%s\" is not expected", s.options.operand[0])
			       : notifier_main(&s.settings);
	}
	command_close(&s);
	return code;
}
