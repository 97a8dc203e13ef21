/* earshot rotate-key: another key for authors' pseudonyms; the old ones stay, for reading. */
#include "cli/commands.h"

#include "cli/command.h"
#include "common/base/pseudonyms.h"

#include <stdio.h>

static const struct option_row rotate_options[] = {
	{ "config", true, "configuration file" },
	{ NULL, false, NULL },
};

static int tell(const struct settings *s)
{
	printf("a new key is in %.*s/pseudonym.key; start the crawlers again, so that they use it\n", STR_FMT(s->data));
	return EXIT_OK;
}

int cmd_rotate_key(int argc, char **argv)
{
	struct session s = { 0 };
	struct err e = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, rotate_options, argc, argv, &code)) {
		if (s.options.noperands > 0)
			code = command_usage_error(command_find("rotate-key"), "\"%s\" is not expected", s.options.operand[0]);
		else if (pseudonyms_rotate(&s.arena, &s.settings, &e) != OK)
			code = command_fail(&e);
		else
			code = tell(&s.settings);
	}
	command_close(&s);
	return code;
}
