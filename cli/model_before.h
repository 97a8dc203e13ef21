/* Which model there was before the one in force: what `model rollback` goes back to and `model list` shows. */
#ifndef EARSHOT_CLI_MODEL_BEFORE_H
#define EARSHOT_CLI_MODEL_BEFORE_H

#include "common/store/rulebooks.h"

struct model_before {
	bool is_there; /* false: the history knows no other model */
	char version[RULEBOOK_VERSION_BYTES]; /* of the rulebook that had it; "" = the folders, before anything was published */
	struct rulebook_files files; /* of that rulebook; n = 0 for the folders */
};

/* The newest rulebook of the history whose model layer differs from that of `in_force`. Files live in `a`. */
enum outcome model_before_find(struct redis *r, struct arena *a, const struct rulebook_files *in_force, struct model_before *out,
	struct err *e) MUST_CHECK;

#endif
