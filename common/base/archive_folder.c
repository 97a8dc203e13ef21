/* The segments of an archive on disk: their names, and which are deleted when. */
#include "common/base/archive_folder.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_BYTES (64u << 20) /* of a listing: some hundred bytes a segment */

int64_t archive_day(int64_t ms)
{
	return ms - ((ms % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
}

/* "2026-11-22" */
static bool day_of(struct str name, int64_t *day_ms)
{
	static const char form[] = "dddd-dd-dd";
	int64_t part[3] = { 0 };
	size_t at = 0;
	if (name.n != sizeof form - 1)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		const bool is_digit = name.p[i] >= '0' && name.p[i] <= '9';
		if (is_digit != (form[i] == 'd') || (!is_digit && name.p[i] != '-'))
			return false;
		if (is_digit)
			part[at] = part[at] * 10 + (name.p[i] - '0');
		else
			at++;
	}
	if (part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31)
		return false;
	*day_ms = clock_from_utc((int)part[0], (int)part[1], (int)part[2], 0, 0, 0);
	return true;
}

struct listing {
	struct arena *a;
	struct archive_file *file;
	size_t n, cap;
};

static void list_add(struct listing *l, struct archive_file file)
{
	if (l->n == l->cap) {
		const size_t cap = l->cap > 0 ? l->cap * 2 : 64;
		struct archive_file *grown = arena_list(l->a, struct archive_file, cap);
		if (l->n > 0)
			memcpy(grown, l->file, l->n * sizeof *grown);
		l->file = grown;
		l->cap = cap;
	}
	l->file[l->n++] = file;
}

static void list_day(struct listing *l, const char *folder, int64_t day_ms)
{
	struct str *name = NULL;
	struct stat st;
	size_t n = 0;
	if (file_list(l->a, folder, ".seg", &name, &n, NULL) != OK)
		return; /* deleted meanwhile, or a file with the name of a day */
	for (size_t i = 0; i < n; i++) {
		const char *path = arena_cstr(l->a, file_join(l->a, str_of(folder), name[i]));
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
			list_add(l, (struct archive_file){ path, day_ms, (uint64_t)st.st_size });
	}
}

enum outcome archive_files(
	struct arena *a, const char *folder, int64_t from_ms, struct archive_file **out, size_t *n, struct err *e)
{
	struct listing l = { .a = a };
	struct str *day = NULL;
	size_t ndays = 0;
	int64_t day_ms = 0;
	const enum outcome done = file_list(a, folder, "", &day, &ndays, e);
	for (size_t i = 0; i < ndays && done == OK; i++)
		if (day_of(day[i], &day_ms) && day_ms >= from_ms)
			list_day(&l, arena_cstr(a, file_join(a, str_of(folder), day[i])), day_ms);
	*out = l.file;
	*n = l.n;
	return done;
}

enum outcome archive_new_path(struct arena *a, const char *folder, int64_t now_ms, const char **path, struct err *e)
{
	const struct utc t = clock_utc(now_ms);
	const char *day = arena_printf(a, "%s/%04d-%02d-%02d", folder, t.year, t.month, t.day).p;
	const enum outcome done = file_mkdirs(day, 0700, e);
	if (done != OK)
		return err_set(e, RETRY, "%s", e->text); /* somebody may put it right while we run */
	file_sync_folder(day); /* the day itself is a name in the folder */
	for (int i = 0; i < 1000; i++) {
		const char *again = i > 0 ? arena_printf(a, "_%d", i).p : "";
		*path = arena_printf(a, "%s/%02d%02d%02d-%ld%s.seg", day, t.hour, t.minute, t.second, (long)getpid(), again).p;
		if (!file_exists(*path))
			return OK;
	}
	return err_set(e, RETRY, "%s: there is no free name for a segment; look what fills the folder", day);
}

static bool delete_file(const struct archive_file *f, const char *why)
{
	struct arena a;
	if (segment_in_use(f->path))
		return false;
	if (unlink(f->path) != 0)
		return errno == ENOENT; /* another worker was faster */
	log_event(LOG_INFO, EV_archive_deleted, "segment=%s bytes=%llu why=%s", log_quote(str_of(f->path)),
		(unsigned long long)f->bytes, why);
	arena_init(&a, 64u << 10);
	(void)rmdir(file_folder(&a, f->path).p); /* the day, when it was its last */
	arena_release(&a);
	return true;
}

static uint64_t sum(const struct archive_file *f, size_t n)
{
	uint64_t bytes = 0;
	for (size_t i = 0; i < n; i++)
		bytes += f[i].bytes;
	return bytes;
}

uint64_t archive_trim(const struct archive_options *o, int64_t now_ms)
{
	struct arena a;
	struct archive_file *file = NULL;
	size_t n = 0;
	arena_init(&a, ARENA_BYTES);
	if (archive_files(&a, o->folder, INT64_MIN, &file, &n, NULL) != OK)
		n = 0; /* there is no archive yet */
	uint64_t left = sum(file, n);
	for (size_t i = 0; i < n; i++) {
		const bool old = file[i].day_ms + MS_PER_DAY <= now_ms - o->keep_ms;
		const bool much = left > (uint64_t)o->max_bytes;
		if ((old || much) && delete_file(&file[i], old ? "age" : "size"))
			left -= file[i].bytes;
	}
	arena_release(&a);
	return left;
}

uint64_t archive_folder_bytes(const char *folder)
{
	struct arena a;
	struct archive_file *file = NULL;
	size_t n = 0;
	arena_init(&a, ARENA_BYTES);
	if (archive_files(&a, folder, INT64_MIN, &file, &n, NULL) != OK)
		n = 0; /* there is none */
	const uint64_t bytes = sum(file, n);
	arena_release(&a);
	return bytes;
}
