/* Whole files and lines, with caps. */
#include "common/base/file.h"

#include "common/base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A full or failing disk may recover; a wrong path does not by itself. */
static enum outcome file_fail(struct err *e, const char *path, const char *what, int error)
{
	bool later = error == ENOSPC || error == EDQUOT || error == EIO || error == EMFILE || error == ENFILE;
	const char *remedy = error == ENOENT                      ? "check the path"
			     : error == EACCES || error == EPERM  ? "check the owner and mode of the file and its folder"
			     : error == ENOSPC || error == EDQUOT ? "make room on the disk"
								  : "check the file and its file system";
	return err_set(e, later ? RETRY : REJECT, "%s: cannot be %s: %s; %s", path, what, strerror(error), remedy);
}

/* ---- whole files ---- */

/* 0, or the errno of the read that failed. */
static int read_all(int fd, struct buf *out)
{
	char piece[16384];
	for (;;) {
		ssize_t n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			return 0;
		buf_add(out, piece, (size_t)n);
		if (out->overflow)
			return 0;
	}
}

enum outcome file_read(struct arena *a, const char *path, size_t max, struct str *out, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return file_fail(e, name, "opened", errno);
	struct buf bytes;
	buf_init(&bytes, max);
	int error = read_all(fd, &bytes);
	enum outcome outcome = OK;
	if (error != 0)
		outcome = file_fail(e, name, "read", error);
	else if (bytes.overflow)
		outcome = err_set(e, REJECT, "%s: larger than the limit of %zu bytes; split it", name, max);
	else
		*out = arena_copy(a, buf_str(&bytes));
	buf_release(&bytes);
	if (!is_stdin)
		(void)close(fd); /* nothing was written: nothing to lose */
	return outcome;
}

static int write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		bytes = str_from(bytes, (size_t)n);
	}
	return 0;
}

/* The name is safe only when the folder is on the disk, too. Some file systems cannot sync a folder (EINVAL): no error of ours. */
void file_sync_folder(const char *path)
{
	struct arena a;
	arena_init(&a, 64u << 10);
	int fd = open(file_folder(&a, path).p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		(void)close(fd);
	}
	arena_release(&a);
}

static int write_aside(const char *path, struct str bytes, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return errno;
	int error = fchmod(fd, mode) != 0 ? errno : write_all(fd, bytes);
	if (error == 0 && fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	return error;
}

enum outcome file_write(const char *path, struct str bytes, int mode, struct err *e)
{
	char aside[4096];
	int n = snprintf(aside, sizeof(aside), "%s.new.%ld", path, (long)getpid());
	if (n < 0 || (size_t)n >= sizeof(aside))
		return file_fail(e, path, "written", ENAMETOOLONG);
	int error = write_aside(aside, bytes, (mode_t)mode);
	if (error == 0 && rename(aside, path) != 0)
		error = errno;
	if (error != 0) {
		(void)unlink(aside);
		return file_fail(e, path, "written", error);
	}
	file_sync_folder(path);
	return OK;
}

bool file_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

static int make_folder(const char *path, mode_t mode)
{
	struct stat st;
	if (mkdir(path, mode) == 0)
		return 0;
	int error = errno;
	if (error == EEXIST && stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		return ENOTDIR;
	return error == EEXIST ? 0 : error;
}

enum outcome file_mkdirs(const char *path, int mode, struct err *e)
{
	char part[4096];
	size_t n = strlen(path);
	if (n == 0 || n >= sizeof(part))
		return file_fail(e, path, "made a folder", n == 0 ? ENOENT : ENAMETOOLONG);
	memcpy(part, path, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (part[i] != '/' && part[i] != 0)
			continue;
		char end = part[i];
		part[i] = 0;
		int error = make_folder(part, (mode_t)mode);
		if (error != 0)
			return file_fail(e, part, "made a folder", error);
		part[i] = end;
	}
	return OK;
}

/* ---- names ---- */

struct name_list {
	struct str *item;
	size_t n, cap;
};

static void names_push(struct arena *a, struct name_list *list, struct str name)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? list->cap * 2 : 32;
		struct str *item = arena_list(a, struct str, cap);
		if (list->n > 0)
			memcpy(item, list->item, list->n * sizeof(*item));
		list->item = item;
		list->cap = cap;
	}
	list->item[list->n++] = arena_copy(a, name);
}

static int order_names(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum outcome file_list(struct arena *a, const char *folder, const char *suffix, struct str **names, size_t *n, struct err *e)
{
	struct name_list list = { NULL, 0, 0 };
	DIR *dir = opendir(folder);
	if (!dir)
		return file_fail(e, folder, "listed", errno);
	for (const struct dirent *d = readdir(dir); d; d = readdir(dir)) {
		struct str name = str_of(d->d_name);
		if (name.p[0] != '.' && str_ends(name, str_of(suffix)))
			names_push(a, &list, name);
	}
	(void)closedir(dir);
	if (list.n > 1)
		qsort(list.item, list.n, sizeof(*list.item), order_names);
	*names = list.item;
	*n = list.n;
	return OK;
}

struct str file_join(struct arena *a, struct str folder, struct str name)
{
	if (str_starts(name, STR("/")) || folder.n == 0)
		return arena_copy(a, name);
	const char *slash = str_ends(folder, STR("/")) ? "" : "/";
	return arena_printf(a, "%.*s%s%.*s", STR_FMT(folder), slash, STR_FMT(name));
}

struct str file_folder(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return arena_copy(a, STR("."));
	size_t n = (size_t)(slash - path);
	return arena_copy(a, n == 0 ? STR("/") : (struct str){ path, n });
}

/* ---- lines ---- */

void lines_init(struct lines *l, void *stdio_file, size_t max_bytes)
{
	*l = (struct lines){ .stream = stdio_file, .max = max_bytes };
}

void lines_release(struct lines *l)
{
	free(l->line);
	*l = (struct lines){ .max = l->max };
}

/* Keeps one byte of the line, or remembers that it was too many. */
static void lines_keep(struct lines *l, size_t *n, int c)
{
	if (*n == l->max) {
		l->too_long = true;
		return;
	}
	if (*n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 1024;
		char *line = realloc(l->line, cap);
		if (!line) {
			(void)fprintf(stderr, "earshot: out of memory: %zu bytes for a line\n", cap);
			abort();
		}
		l->line = line;
		l->cap = cap;
	}
	l->line[(*n)++] = (char)c;
}

bool lines_next(struct lines *l, struct str *line)
{
	size_t n = 0;
	l->too_long = false;
	int c = getc_unlocked((FILE *)l->stream);
	if (c == EOF)
		return false;
	for (; c != EOF && c != '\n'; c = getc_unlocked((FILE *)l->stream))
		lines_keep(l, &n, c);
	if (c == '\n' && n > 0 && l->line[n - 1] == '\r' && !l->too_long)
		n--; /* a file from Windows */
	l->number++;
	*line = (struct str){ n > 0 ? l->line : "", n };
	return true;
}
