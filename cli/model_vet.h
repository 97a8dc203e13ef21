/* A new model on the protected posts, beside the one in use: what `train`, `model use` and `model show` ask. */
#ifndef EARSHOT_CLI_MODEL_VET_H
#define EARSHOT_CLI_MODEL_VET_H

#include "cli/command.h"
#include "common/base/buf.h"
#include "common/text/rulebook.h"

/* Figures and flips go to `report`. REJECT: it is worse, or the set of the settings (protected) cannot be read. */
enum outcome model_vet(struct arena *a, const struct settings *s, const struct rulebook *in_use, const struct rulebook *candidate,
	struct buf *report, struct err *e) MUST_CHECK;

#endif
