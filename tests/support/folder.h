/* An empty folder for one test, removed with everything in it. */
#ifndef EARSHOT_TESTS_FOLDER_H
#define EARSHOT_TESTS_FOLDER_H

#include "common/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct folder {
	struct arena a;
	char path[64];
};

static inline int folder_make(struct folder *f)
{
	arena_init(&f->a, 64u << 20);
	(void)snprintf(f->path, sizeof f->path, "/tmp/earshot_test_XXXXXX");
	return mkdtemp(f->path) != NULL ? 0 : -1;
}

static inline void folder_empty(struct arena *a, const char *path)
{
	struct str *name = NULL;
	size_t n = 0;
	if (file_list(a, path, "", &name, &n, NULL) != OK)
		return;
	for (size_t i = 0; i < n; i++) {
		const char *inside = file_join(a, str_of(path), name[i]).p;
		folder_empty(a, inside);
		(void)remove(inside);
	}
}

static inline void folder_remove(struct folder *f)
{
	folder_empty(&f->a, f->path);
	(void)rmdir(f->path);
	arena_release(&f->a);
}

static inline const char *folder_file(struct folder *f, const char *name)
{
	return file_join(&f->a, str_of(f->path), str_of(name)).p;
}

#endif
