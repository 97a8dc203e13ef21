/* A published rulebook as its files, with the proof that they are the ones that were published. */
#ifndef EARSHOT_RULES_PUBLISHED_H
#define EARSHOT_RULES_PUBLISHED_H

#include "common/store/rulebooks.h"
#include "common/text/rulebook.h"

/* The files of a version, in `a`. REJECT when Redis does not have them, or has others under that version: a version is the hash
 * of its files, so that all workers have the same rules or say that they have not. RETRY: Redis is away. */
enum outcome published_files(
	struct redis *r, struct arena *a, const char *version, struct rulebook_files *out, struct err *e) MUST_CHECK;

#endif
