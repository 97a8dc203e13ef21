/* Commands with verbs: which one is meant, and the list of all. */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

static int print_verbs(const struct command_row *rows, const char *group, FILE *to, int exit_code)
{
	fprintf(to, "usage: earshot %s VERB …   (earshot %s VERB --help)\n\n", group, group);
	for (const struct command_row *c = rows; c->name != NULL; c++)
		fprintf(to, "  %-15s %s\n", c->name, c->about);
	return exit_code;
}

static const struct command_row *find_verb(const struct command_row *rows, const char *group, const char *verb)
{
	for (const struct command_row *c = rows; c->name != NULL; c++)
		if (strcmp(c->name + strlen(group) + 1, verb) == 0)
			return c;
	return NULL;
}

int verbs_run(const struct command_row *rows, const char *group, int argc, char **argv)
{
	if (argc < 2)
		return print_verbs(rows, group, stderr, EXIT_USAGE);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print_verbs(rows, group, stdout, EXIT_OK);
	const struct command_row *row = find_verb(rows, group, argv[1]);
	if (row == NULL) {
		fprintf(stderr, "earshot: %s has no verb \"%s\"; earshot %s --help lists them\n", group, argv[1], group);
		return EXIT_USAGE;
	}
	char name[64];
	snprintf(name, sizeof name, "%s", row->name);
	argv[1] = name;
	return row->run(argc - 1, argv + 1);
}
