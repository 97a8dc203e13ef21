/* A folder of rules made for one test: files are written into a fresh temporary folder, loaded, and removed again. */
#ifndef EARSHOT_TESTS_RULEBOX_H
#define EARSHOT_TESTS_RULEBOX_H

#include "common/base/file.h"
#include "common/text/rulebook.h"
#include "common/text/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct rulebox {
	struct arena arena;
	struct problems problems;
	char folder[64];
	char said[16384]; /* the problems of the last load, as text */
	struct rulebook *book;
};

static inline void rulebox_open(struct rulebox *b)
{
	*b = (struct rulebox){ .folder = "/tmp/earshot-rules-XXXXXX" };
	arena_init(&b->arena, 64u << 20);
	if (!mkdtemp(b->folder))
		abort();
}

static inline void rulebox_file(struct rulebox *b, const char *name, struct str bytes)
{
	struct err e = { 0 };
	if (file_write(arena_printf(&b->arena, "%s/%s", b->folder, name).p, bytes, 0600, &e) != OK)
		abort();
}

/* Loads this folder behind `first` (NULL = alone). */
static inline struct rulebook *rulebox_load_behind(struct rulebox *b, const char *first)
{
	const char *folders[2] = { first ? first : b->folder, b->folder };
	struct buf out;
	rulebook_free(b->book);
	problems_init(&b->problems);
	b->book = rulebook_load(folders, first ? 2 : 1, &b->problems);
	buf_init(&out, sizeof(b->said));
	problems_write(&b->problems, &out);
	snprintf(b->said, sizeof(b->said), "%.*s", STR_FMT(buf_str(&out)));
	buf_release(&out);
	problems_release(&b->problems);
	return b->book;
}

static inline struct rulebook *rulebox_load(struct rulebox *b)
{
	return rulebox_load_behind(b, NULL);
}

static inline void rulebox_close(struct rulebox *b)
{
	struct err e = { 0 };
	struct str *names = NULL;
	size_t n = 0;
	rulebook_free(b->book);
	if (file_list(&b->arena, b->folder, "", &names, &n, &e) == OK)
		for (size_t i = 0; i < n; i++)
			(void)unlink(arena_printf(&b->arena, "%s/%.*s", b->folder, STR_FMT(names[i])).p);
	(void)rmdir(b->folder);
	arena_release(&b->arena);
}

static inline struct post rulebox_post(const char *text)
{
	struct post p;
	post_init(&p);
	p.text = str_of(text);
	return p;
}

#endif
