/* Subcommands: one row each in cli/earshot.c; one a file, cmd_NAME.c. */
#ifndef EARSHOT_CLI_COMMAND_H
#define EARSHOT_CLI_COMMAND_H

#include "common/base/problems.h"
#include "common/base/settings.h"

struct command_row {
	const char *name, *usage, *about; /* usage: what follows the name; about: one line */
	const char *help; /* the rest of `earshot NAME --help` */
	int (*run)(int argc, char **argv); /* argv[0] is the name; returns an exit code of the contract */
};

/* Options of a command: GNU long options from a table. The rest of argv are operands. */
struct option_row {
	const char *name;
	bool takes_value;
	const char *help;
};
struct options {
	const struct option_row *row;
	const char *value[24];
	int count[24];
	char **operand;
	int noperands;
};
/* false after printing usage to stderr (exit 2), or after --help (exit 0, *exit_code says which). `rows` end with a NULL name; at
 * most 24. */
bool options_parse(struct options *o, const struct command_row *command, const struct option_row *rows, int argc, char **argv,
	int *exit_code);
void options_release(struct options *o);
const char *options_value(const struct options *o, const char *name); /* the last given, NULL when absent */
bool options_has(const struct options *o, const char *name);
/* Every value of a repeatable option, in order: call with i = 0, 1, … until NULL. */
const char *options_each(int argc, char **argv, const char *name, int i);

extern const struct command_row command_rows[];
const struct command_row *command_find(const char *name);
int command_usage_error(const struct command_row *c, const char *fmt, ...) PRINTF_LIKE(2, 3); /* prints, returns EXIT_USAGE */
int command_fail(const struct err *e); /* prints the sentence, returns the exit code that fits the outcome */
/* Loads settings with --config; prints problems and returns false (exit 78) when there are errors. */
bool command_settings(struct arena *a, const struct options *o, struct settings *out);
bool command_problems(const struct problems *p); /* prints them to stderr; false when one is an error */
int command_exit_of(enum outcome outcome);
/* Connection by --redis URL, else the settings, else the embedded server of the data folder; NULL after printing why (exit 69). */
struct redis;
struct redis *command_redis(struct arena *a, const struct options *o, const struct settings *s);

/* The frame of a subcommand: options, memory, settings. `command_open` prints what is wrong and returns false with the exit
 * code; `command_close` must follow in both cases. */
struct session {
	struct options options;
	struct arena arena;
	struct settings settings;
};
bool command_open(struct session *s, const struct option_row *rows, int argc, char **argv, int *exit_code);

void command_close(struct session *s);
/* The folder of the archive: --archive where the command has it, else that of the settings. */
const char *command_archive(struct session *s);

#endif
