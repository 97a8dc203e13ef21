/* The page's own files, compiled into the binary: there is no path to a file system, so there is nothing to traverse. */
#ifndef EARSHOT_CONSOLE_ASSETS_H
#define EARSHOT_CONSOLE_ASSETS_H

#include "common/base/str.h"

struct asset {
	const char *path, *type;
	struct str bytes;
	char etag[24];
};

/* The asset of a path, exactly as written in the table; NULL when there is none. */
const struct asset *assets_find(struct str path);

#endif
