/* The subcommands of `earshot rules`, one a file rules_NAME.c; the table is in cmd_rules.c. argv[0] is the whole name, "rules
 * lint". */
#ifndef EARSHOT_CLI_RULES_COMMANDS_H
#define EARSHOT_CLI_RULES_COMMANDS_H

#include "cli/command.h"

extern const struct command_row rules_rows[]; /* ends with a NULL name */

int rules_lint(int argc, char **argv);
int rules_pull(int argc, char **argv);
int rules_test(int argc, char **argv);
int rules_diff(int argc, char **argv);
int rules_ledger(int argc, char **argv);
int rules_suggest(int argc, char **argv);
int rules_publish(int argc, char **argv);
int rules_backfill(int argc, char **argv);
int rules_approve(int argc, char **argv);
int rules_rollback(int argc, char **argv);
int rules_withdraw(int argc, char **argv);
int rules_log(int argc, char **argv);

#endif
