/* Commands with verbs (`earshot rules lint`, `earshot source add`): a table of rows whose names are "GROUP VERB". */
#ifndef EARSHOT_CLI_VERBS_H
#define EARSHOT_CLI_VERBS_H

#include "cli/command.h"

/* argv[1] is the verb; its row's function is run with the whole name as argv[0]. `rows` end with a NULL name. */
int verbs_run(const struct command_row *rows, const char *group, int argc, char **argv);

#endif
