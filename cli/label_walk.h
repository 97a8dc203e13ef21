/* Corrections with the mentions that they are of, one after the other: of the brand that was asked for, or of all. */
#ifndef EARSHOT_CLI_LABEL_WALK_H
#define EARSHOT_CLI_LABEL_WALK_H

#include "cli/label_commands.h"

struct label_walk;

/* One correction; borrowed for the call. */
struct label_seen {
	struct str brand, id, record;
	const struct json *word, *mention; /* of the correction and the mention; NULL = cannot be read, or is gone */
};

struct label_walk {
	struct stored *s;
	struct arena *arena; /* of the corrections; mentions do not stay */
	void (*see)(void *context, const struct label_seen *seen);
	void *context;
};

/* Newest correction of each brand first. */
enum outcome label_walk(const struct label_walk *w, struct err *e) MUST_CHECK;

#endif
