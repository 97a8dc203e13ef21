/* earshot rules lint: every problem of a rulebook with its place and remedy. */
#include "cli/rules_commands.h"

#include "common/text/rulebook.h"

#include <stdio.h>

static const struct option_row lint_options[] = {
	{ "config", true, "configuration file that names the rules folders, when no folder is given" },
	{ NULL, false, NULL },
};

static void lint(const struct session *s, struct problems *p)
{
	const bool has_folders = s->options.noperands > 0;
	const char *const *folder = has_folders ? (const char *const *)s->options.operand : s->settings.rules_folder;
	const size_t n = has_folders ? (size_t)s->options.noperands : s->settings.rules.n;
	struct rulebook *book = rulebook_load(folder, n, p);
	if (book != NULL)
		printf("rulebook %s: %zu brands, %zu rules\n", book->version, book->nbrands, book->nrules);
	rulebook_free(book);
}

int rules_lint(int argc, char **argv)
{
	struct session s = { 0 };
	struct problems problems;
	int code = EXIT_USAGE;
	problems_init(&problems);
	if (command_open(&s, lint_options, argc, argv, &code)) {
		lint(&s, &problems);
		code = command_problems(&problems) ? EXIT_OK : EXIT_CONFIG;
	}
	problems_release(&problems);
	command_close(&s);
	return code;
}
