/* The subcommands of `earshot model`; the table is in cmd_model.c. argv[0] is the whole name, "model use". */
#ifndef EARSHOT_CLI_MODEL_COMMANDS_H
#define EARSHOT_CLI_MODEL_COMMANDS_H

#include "cli/command.h"

extern const struct command_row model_rows[]; /* ends with a NULL name */

int model_list(int argc, char **argv);
int model_show(int argc, char **argv);
int model_use(int argc, char **argv);
int model_rollback(int argc, char **argv);

#endif
