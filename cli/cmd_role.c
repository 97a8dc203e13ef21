/* earshot crawler, earshot detector: one role each against any Redis. (notifier and console have options of their own.) */
#include "cli/commands.h"

#include "cli/command.h"
#include "crawler/main.h"
#include "detector/main.h"

static const struct option_row role_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis: redis://host:port or unix:///path" },
	{ NULL, false, NULL },
};

static int run_role(int argc, char **argv, int (*role)(const struct settings *))
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, role_options, argc, argv, &code)) {
		if (options_value(&s.options, "redis") != NULL)
			s.settings.redis_url = str_of(options_value(&s.options, "redis"));
		code = s.options.noperands > 0
			       ? command_usage_error(command_find(argv[0]), "\"%s\" is not expected", s.options.operand[0])
			       : role(&s.settings);
	}
	command_close(&s);
	return code;
}

int cmd_crawler(int argc, char **argv)
{
	return run_role(argc, argv, crawler_main);
}

int cmd_detector(int argc, char **argv)
{
	return run_role(argc, argv, detector_main);
}
