/* A new model on the protected posts, beside the one in use: what `train`, `model use` and `model show` ask. */
#ifndef EARSHOT_CLI_MODEL_VET_H
#define EARSHOT_CLI_MODEL_VET_H

#include "cli/command.h"
#include "common/base/buf.h"
#include "common/text/rulebook.h"

/* Figures and flips go to `report`. REJECT: it is worse, or the set of the settings (protected) cannot be read. For what goes live:
 * a language that the candidate did not learn counts, too. */
enum outcome model_vet(struct arena *a, const struct settings *s, const struct rulebook *in_use, const struct rulebook *candidate,
	struct buf *report, struct err *e) MUST_CHECK;

/* The same in the languages that the candidate learnt: what a training has to answer for. */
enum outcome model_vet_learnt(struct arena *a, const struct settings *s, const struct rulebook *in_use,
	const struct rulebook *candidate, struct buf *report, struct err *e) MUST_CHECK;

#endif
