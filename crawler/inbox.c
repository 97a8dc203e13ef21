/* The folder of pushed requests, and the list of it in memory. */
#include "crawler/inbox.h"

#include "common/base/file.h"

#include <earshot/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES ((size_t)LIMIT_PUSH_BYTES * 16) /* a body with what masking and escapes add */

static const char *path_of(const struct inbox *b, struct arena *a, const char *name, const char *suffix)
{
	return arena_printf(a, "%.*s/%s%s", STR_FMT(b->folder), name, suffix).p;
}

static const char *suffix_of(const struct inbox_file *f)
{
	return f->is_done ? ".done" : ".jsonl";
}

static struct inbox_file *add(struct inbox *b, const char *name)
{
	if (b->n == b->room) {
		b->room = b->room * 2 + 64;
		b->file = realloc(b->file, b->room * sizeof *b->file);
		if (b->file == NULL)
			abort();
	}
	struct inbox_file *f = &b->file[b->n++];
	*f = (struct inbox_file){ .waits = false };
	(void)snprintf(f->name, sizeof f->name, "%s", name);
	return f;
}

static void find_files(struct inbox *b, struct arena *a, bool is_done, int64_t now_ms)
{
	struct str *name = NULL;
	size_t n = 0;
	const char *suffix = is_done ? ".done" : ".jsonl";
	if (file_list(a, arena_cstr(a, b->folder), suffix, &name, &n, NULL) != OK)
		return; /* no folder: nothing was ever pushed */
	for (size_t i = 0; i < n; i++) {
		if (name[i].n != INBOX_NAME + strlen(suffix))
			continue;
		struct inbox_file *f = add(b, arena_cstr(a, str_first(name[i], INBOX_NAME)));
		f->is_done = is_done;
		f->waits = !is_done;
		f->done_ms = now_ms; /* when it really was done is not known: it stays a little longer */
		b->nwaiting += f->waits;
	}
}

void inbox_init(struct inbox *b, struct arena *a, struct str folder, int64_t now_ms)
{
	*b = (struct inbox){ .folder = folder };
	find_files(b, a, true, now_ms);
	find_files(b, a, false, now_ms);
}

void inbox_release(struct inbox *b)
{
	free(b->file);
	*b = (struct inbox){ 0 };
}

enum outcome inbox_put(struct inbox *b, struct arena *a, const char *name, struct str bytes, struct err *e)
{
	const char *path = path_of(b, a, name, ".jsonl");
	enum outcome done = file_mkdirs(arena_cstr(a, b->folder), 0700, e);
	if (done == OK)
		done = file_write(path, bytes, 0600, e);
	if (done != OK)
		return RETRY;
	file_sync_folder(path);
	add(b, name)->waits = true;
	b->nwaiting++;
	return OK;
}

struct inbox_file *inbox_find(struct inbox *b, const char *name)
{
	for (size_t i = b->n; i > 0; i--)
		if (strcmp(b->file[i - 1].name, name) == 0)
			return &b->file[i - 1];
	return NULL;
}

struct inbox_file *inbox_waiting(struct inbox *b)
{
	for (size_t i = 0; i < b->n && b->nwaiting > 0; i++)
		if (b->file[i].waits)
			return &b->file[i];
	return NULL;
}

enum outcome inbox_read(const struct inbox *b, struct arena *a, const struct inbox_file *f, struct str *out, struct err *e)
{
	return file_read(a, path_of(b, a, f->name, suffix_of(f)), FILE_BYTES, out, e);
}

/* A file that somebody else has taken away meanwhile is as good as renamed. */
static void rename_to(const struct inbox *b, struct arena *a, const struct inbox_file *f, const char *suffix)
{
	(void)rename(path_of(b, a, f->name, suffix_of(f)), path_of(b, a, f->name, suffix));
}

static void waits_no_more(struct inbox *b, struct inbox_file *f)
{
	b->nwaiting -= f->waits;
	f->waits = false;
}

void inbox_done(struct inbox *b, struct arena *a, struct inbox_file *f, int64_t now_ms)
{
	if (!f->is_done)
		rename_to(b, a, f, ".done");
	f->is_done = true;
	f->done_ms = now_ms;
	waits_no_more(b, f);
}

static void forget(struct inbox *b, struct inbox_file *f)
{
	const size_t at = (size_t)(f - b->file);
	waits_no_more(b, f);
	memmove(f, f + 1, (b->n - at - 1) * sizeof *f);
	b->n--;
}

void inbox_put_aside(struct inbox *b, struct arena *a, struct inbox_file *f)
{
	rename_to(b, a, f, ".bad");
	forget(b, f);
}

void inbox_distrust(struct inbox *b, int64_t since_ms)
{
	for (size_t i = 0; i < b->n; i++) {
		struct inbox_file *f = &b->file[i];
		if (f->waits || f->done_ms < since_ms)
			continue;
		f->waits = true;
		b->nwaiting++;
	}
}

void inbox_expire(struct inbox *b, struct arena *a, int64_t before_ms)
{
	size_t kept = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct inbox_file f = b->file[i];
		if (f.waits || f.done_ms >= before_ms)
			b->file[kept++] = f;
		else
			(void)unlink(path_of(b, a, f.name, suffix_of(&f)));
	}
	b->n = kept;
}
