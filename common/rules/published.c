/* Published rulebooks: files from Redis, held against their version. */
#include "common/rules/published.h"

#include <string.h>

enum outcome published_files(struct redis *r, struct arena *a, const char *version, struct rulebook_files *out, struct err *e)
{
	char is[RULEBOOK_VERSION_BYTES];
	const enum outcome done = rulebooks_files(r, a, version, out, e);
	if (done != OK)
		return done;
	rulebook_version(out, is);
	if (strcmp(is, version) == 0)
		return OK;
	return err_set(e, REJECT,
		"the files of rulebook %s in Redis are not those that were published (they make %s); go back with "
		"earshot rules rollback or withdraw, then publish again",
		version, is);
}
