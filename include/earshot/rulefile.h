/* The files of a rulebook as bytes, in the order in which they are read: what a version is made of, what is published through
 * Redis and written out again by `earshot rules pull`. Borrowed from the arena of whoever read them. */
#ifndef EARSHOT_RULEFILE_H
#define EARSHOT_RULEFILE_H

#include "common/base/str.h"

#define RULEBOOK_VERSION_BYTES 13 /* 12 hex digits and NUL */

struct rulebook_file {
	struct str name; /* without its folder: equal rules have equal versions wherever they lie */
	const char *path; /* for messages */
	int folder; /* a later folder overrides an earlier one */
	struct str bytes;
};
struct rulebook_files {
	struct rulebook_file *file;
	size_t n;
};

#endif
