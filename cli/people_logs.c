/* What the files of log targets hold of a person: alerts that quote their posts.
 *
 * Somebody else appends to these files and people follow them with `tail -f`, so they are never replaced: a line is overwritten in
 * its place, with something shorter and spaces. Rotated copies beside the file that are not packed are gone through as well. */
#include "cli/people.h"

#include "common/base/file.h"
#include "common/base/json.h"
#include "notifier/route.h"
#include <earshot/limits.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_BYTES (256u << 10) /* twice what a log target writes */
#define BEGINS "{\"erased\":true"
#define BLOCK "---- " /* begins an alert in words: time, delivery, then its lines */

struct logfile {
	struct people *people;
	const char *path;
	int fd; /* to write; -1 unless something is to be erased */
	bool in_block; /* of a delivery that quotes the wanted */
	bool is_counted; /* this block was */
};

static enum outcome overwrite(struct logfile *f, off_t at, struct str text, size_t n, struct err *e)
{
	char *line = arena_take(&f->people->batch, n + 1);
	memset(line, ' ', n);
	memcpy(line, text.p, text.n < n ? text.n : n);
	for (size_t done = 0; done < n;) {
		const ssize_t more = pwrite(f->fd, line + done, n - done, at + (off_t)done);
		if (more <= 0)
			return err_set(e, RETRY, "%s cannot be written to; look at its owner and the disk", f->path);
		done += (size_t)more;
	}
	return OK;
}

static struct str redacted_line(struct people *w, const struct json *doc, struct str alert, size_t most)
{
	struct buf out;
	buf_init(&out, LINE_BYTES);
	buf_addz(&out, BEGINS);
	buf_json_str(&out, "time", json_str_of(doc, "time"));
	buf_json_str(&out, "delivery", json_str_of(doc, "delivery"));
	buf_json_str(&out, "brand", json_str_of(doc, "brand"));
	buf_json_str(&out, "level", json_str_of(doc, "level"));
	buf_json_key(&out, "alert");
	buf_adds(&out, alert);
	buf_addc(&out, '}');
	const struct str line = out.overflow || out.n > most ? STR(BEGINS "}") : arena_copy(&w->batch, buf_str(&out));
	buf_release(&out);
	return line;
}

static enum outcome take_object(struct logfile *f, struct str line, off_t at, struct err *e)
{
	struct people *w = f->people;
	struct buf alert;
	struct str left = STR("");
	const struct json *doc = json_parse_in(&w->batch, line, NULL);
	if (doc == NULL && str_starts(line, STR(BEGINS)) && w->act == PEOPLE_ERASE)
		return overwrite(f, at, STR(BEGINS "}"), line.n, e); /* a crash cut the last time off here */
	if (json_get(doc, "alert") == NULL)
		return OK;
	buf_init(&alert, LINE_BYTES);
	json_write(&alert, json_get(doc, "alert"));
	const bool is_met = people_redact(w, buf_str(&alert), &left);
	buf_release(&alert);
	if (!is_met || w->act != PEOPLE_ERASE)
		return OK;
	people_removed(w, 1);
	return overwrite(f, at, redacted_line(w, doc, left, line.n), line.n, e);
}

/* "---- TIME DELIVERY" */
static void begin_block(struct logfile *f, struct str line)
{
	const struct str rest = str_from(line, sizeof BLOCK - 1);
	const ptrdiff_t space = str_findc(rest, ' ');
	const struct str id = space < 0 ? STR("") : str_trim(str_from(rest, (size_t)space + 1));
	f->in_block = f->is_counted = false;
	for (size_t i = 0; i < f->people->nquoting; i++)
		f->in_block = f->in_block || str_eq(f->people->quoting[i], id);
}

static enum outcome take_words(struct logfile *f, struct str line, off_t at, struct err *e)
{
	struct people *w = f->people;
	if (!f->in_block || str_trim(line).n == 0)
		return OK;
	w->tally[w->at].found += !f->is_counted;
	if (w->act == PEOPLE_ERASE)
		people_removed(w, !f->is_counted);
	f->is_counted = true;
	return w->act == PEOPLE_ERASE ? overwrite(f, at, STR(""), line.n, e) : OK;
}

static enum outcome take_line(struct logfile *f, struct str line, off_t at, struct err *e)
{
	arena_reset(&f->people->batch);
	if (str_starts(line, STR("{")) && !f->in_block)
		return take_object(f, line, at, e);
	if (!str_starts(line, STR(BLOCK)))
		return take_words(f, line, at, e);
	begin_block(f, line);
	return OK;
}

static enum outcome take_lines(struct logfile *f, FILE *in, struct err *e)
{
	struct lines lines;
	struct str line;
	enum outcome done = OK;
	lines_init(&lines, in, LINE_BYTES);
	for (off_t at = ftello(in); done == OK && lines_next(&lines, &line); at = ftello(in))
		if (!lines.too_long)
			done = take_line(f, line, at, e);
	lines_release(&lines);
	return done;
}

static enum outcome walk_file(struct people *w, const char *path, struct err *e)
{
	struct stat st;
	struct logfile f = { .people = w, .path = path, .fd = -1 };
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return OK; /* nothing was ever said there */
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return err_set(e, RETRY, "%s cannot be read; look at its owner", path);
	enum outcome done = OK;
	if (w->act == PEOPLE_ERASE)
		f.fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (w->act == PEOPLE_ERASE && f.fd < 0)
		done = err_set(e, RETRY, "%s cannot be written to; run this as the user of earshot", path);
	if (done == OK)
		done = take_lines(&f, in, e);
	if (f.fd >= 0 && fsync(f.fd) != 0 && done == OK)
		done = err_set(e, RETRY, "%s cannot be flushed to the disk", path);
	if (f.fd >= 0)
		(void)close(f.fd);
	(void)fclose(in);
	return done;
}

/* alerts.log, and alerts.log.1 and the like. */
static enum outcome walk_target(struct people *w, struct arena *names, const struct target *t, struct err *e)
{
	const struct str path = file_join(names, w->stored->session.settings.data, t->path);
	const struct str folder = file_folder(names, arena_cstr(names, path));
	const struct str base = str_from(path, folder.n < path.n ? folder.n + 1 : 0);
	struct str *name = NULL;
	size_t n = 0;
	enum outcome done = OK;
	if (file_list(names, arena_cstr(names, folder), "", &name, &n, NULL) != OK)
		return OK; /* no folder: nothing was ever said there */
	for (size_t i = 0; i < n && done == OK; i++)
		if (str_starts(name[i], base) && !str_ends(name[i], STR(".gz")))
			done = walk_file(w, arena_cstr(names, file_join(names, folder, name[i])), e);
	return done;
}

enum outcome people_walk_logs(struct people *w, int held, struct err *e)
{
	(void)held;
	const struct settings *s = &w->stored->session.settings;
	struct arena names;
	struct routes routes = { 0 };
	struct problems problems;
	if (w->act == PEOPLE_FIND)
		return OK;
	enum outcome done = people_quoting(w, e);
	arena_init(&names, 64u << 20);
	problems_init(&problems);
	routes_load(&names, s->rules_folder, s->rules.n, &routes, &problems);
	if (problems_any_error(&problems) && done == OK)
		done = err_set(e, REJECT, "routes.conf is wrong, so the files of log targets are not known; see earshot check");
	problems_release(&problems);
	for (size_t i = 0; i < routes.ntargets && done == OK; i++)
		if (routes.target[i].path.n > 0)
			done = walk_target(w, &names, &routes.target[i], e);
	arena_release(&names);
	return done;
}
