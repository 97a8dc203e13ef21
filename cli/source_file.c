/* Sections of sources, put into the operator's own file. */
#include "cli/source_file.h"

#include <earshot/limits.h>

#include "common/base/file.h"
#include "crawler/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWN_FILE STR("local.conf")
#define FIRST_LINE "# Sources that were added by `earshot source`. The file is yours: change it as you like.\n"

static const char *path_of(struct session *s)
{
	struct arena *a = &s->arena;
	const char *wanted = options_value(&s->options, "file");
	if (wanted != NULL || s->settings.feeds.n == 0)
		return wanted;
	const size_t last = s->settings.feeds.n - 1;
	for (size_t i = last + 1; i > 0; i--) {
		const char *path = arena_cstr(a, file_join(a, str_of(s->settings.feeds_folder[i - 1]), OWN_FILE));
		if (file_exists(path))
			return path;
	}
	return arena_cstr(a, file_join(a, str_of(s->settings.feeds_folder[last]), OWN_FILE));
}

static bool is_in_feeds(struct session *s, const char *folder)
{
	char *real = realpath(folder, NULL);
	bool found = false;
	for (size_t i = 0; i < s->settings.feeds.n && real != NULL; i++) {
		char *other = realpath(s->settings.feeds_folder[i], NULL);
		found = found || (other != NULL && strcmp(real, other) == 0);
		free(other);
	}
	free(real);
	return found;
}

static int line_count(struct str text)
{
	int n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

/* What the file holds, ready for more behind it. */
static enum outcome read_old(struct arena *a, const char *path, struct str *old, struct err *e)
{
	*old = STR(FIRST_LINE);
	if (!file_exists(path))
		return OK;
	const enum outcome done = file_read(a, path, LIMIT_CONF_BYTES, old, e);
	if (done == OK && old->n > 0 && old->p[old->n - 1] != '\n')
		*old = arena_printf(a, "%.*s\n", STR_FMT(*old));
	return done;
}

/* The loader's word on all of it. */
static enum outcome check(struct session *s, const char *path, struct str sections, int line, struct err *e)
{
	struct source_list list;
	struct problems problems;
	problems_init(&problems);
	sources_load(&s->arena, s->settings.feeds_folder, s->settings.feeds.n, &list, &problems);
	const bool was_fine = !problems_any_error(&problems);
	if (was_fine)
		sources_add(&s->arena, sections, path, line, &list, &problems);
	const bool fine = command_problems(&problems);
	sources_release(&list);
	problems_release(&problems);
	if (fine)
		return OK;
	return err_set(e, REJECT, "%s",
		was_fine ? "nothing was written: the section has the errors above"
			 : "nothing was written: put the errors of the configuration right first");
}

static enum outcome append(struct session *s, const char *path, struct str sections, int *line, struct err *e)
{
	struct str old;
	struct stat st;
	enum outcome done = read_old(&s->arena, path, &old, e);
	if (done != OK)
		return done;
	*line = line_count(old) + 1;
	done = check(s, path, sections, *line, e);
	if (done == OK && old.n + sections.n > LIMIT_CONF_BYTES)
		done = err_set(
			e, REJECT, "%s would be larger than %u bytes; give another file with --file", path, LIMIT_CONF_BYTES);
	if (done != OK)
		return done;
	const int mode = stat(path, &st) == 0 ? (int)(st.st_mode & 07777) : 0644;
	char *real = realpath(path, NULL);
	const struct str both = arena_printf(&s->arena, "%.*s%.*s", STR_FMT(old), STR_FMT(sections));
	done = file_write(real != NULL ? real : path, both, mode, e);
	free(real);
	return done;
}

static enum outcome append_locked(struct session *s, const char *path, struct str sections, int *line, struct err *e)
{
	if (path == NULL)
		return err_set(e, REJECT, "no feeds folder is configured; write feeds = FOLDER into the configuration");
	const char *folder = arena_cstr(&s->arena, file_folder(&s->arena, path));
	if (!is_in_feeds(s, folder) || !str_ends(str_of(path), STR(".conf")))
		return err_set(e, REJECT, "%s would not be read: sources stand in *.conf files of the feeds folders", path);
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) != 0) {
		const enum outcome done = err_set(e, REJECT, "%s: %s", folder, strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return done;
	}
	const enum outcome done = append(s, path, sections, line, e);
	(void)close(fd);
	return done;
}

enum outcome source_file_add(struct session *s, struct str sections, struct err *e)
{
	int line = 0;
	const char *path = path_of(s);
	const enum outcome done = append_locked(s, path, sections, &line, e);
	if (done == OK)
		(void)fprintf(stderr,
			"written to %s:%d; crawlers read it on HUP: send it to `earshot up`, or to each `earshot crawler`\n",
			path, line + 1);
	return done;
}
