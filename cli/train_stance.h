/* earshot train --stance: tables of texts that name two brands in, the model for them out. */
#ifndef EARSHOT_CLI_TRAIN_STANCE_H
#define EARSHOT_CLI_TRAIN_STANCE_H

#include "cli/command.h"

/* Exit code. Prints the held-out report. */
int train_stance(struct session *s, struct arena *a);

#endif
