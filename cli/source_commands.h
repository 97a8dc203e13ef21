/* The subcommands of `earshot source`, in files source_NAME.c; the table is in cmd_source.c. argv[0] is the whole name, "source list".
 * `source try` is cmd_fetch(). */
#ifndef EARSHOT_CLI_SOURCE_COMMANDS_H
#define EARSHOT_CLI_SOURCE_COMMANDS_H

#include "cli/command.h"

extern const struct command_row source_rows[]; /* ends with a NULL name */

int source_list(int argc, char **argv);
int source_explain(int argc, char **argv);
int source_add(int argc, char **argv);
int source_pause(int argc, char **argv);
int source_resume(int argc, char **argv);
int source_import(int argc, char **argv);
int source_export(int argc, char **argv);

#endif
