/* What files hold of a person: the archive, and pushed requests in the intake folder. */
#include "cli/people.h"

#include "common/base/archive.h"
#include "common/base/file.h"
#include "common/base/json.h"
#include "common/base/post.h"
#include <earshot/limits.h>

#include <unistd.h>

/* ---- the archive ---- */

static bool is_wanted(const struct post *p, const void *context)
{
	struct people *w = (struct people *)(uintptr_t)context; /* it counts */
	return people_meets(w, p);
}

static enum outcome erase_archive(struct people *w, const char *folder, struct err *e)
{
	struct archive_erased gone;
	const enum outcome done = archive_erase(folder, is_wanted, w, &gone, e);
	if (done != OK)
		return done;
	w->tally[w->at].found = gone.posts; /* each was asked for twice: to look, and to write */
	people_removed(w, gone.posts);
	w->tally[w->at].busy = gone.busy;
	return OK;
}

static void show_post(struct people *w, const struct post *p)
{
	struct buf out;
	buf_init(&out, LIMIT_STREAM_ENTRY_BYTES);
	post_write(&out, p);
	people_show(w, STR(""), p->id, buf_str(&out));
	buf_release(&out);
}

enum outcome people_walk_archive(struct people *w, int held, struct err *e)
{
	(void)held;
	const char *folder = command_archive(&w->stored->session);
	const struct archive_span span = { .since_ms = INT64_MIN, .until_ms = INT64_MAX };
	struct archive_reader *r = NULL;
	struct archive_entry entry;
	if (!file_exists(folder))
		return OK;
	if (w->act == PEOPLE_ERASE)
		return erase_archive(w, folder, e);
	const enum outcome done = archive_reader_open(folder, &span, &r, e);
	while (done == OK && archive_next(r, &entry))
		if (people_meets(w, &entry.post) && w->act == PEOPLE_SHOW)
			show_post(w, &entry.post);
	archive_reader_close(r);
	return done;
}

/* ---- the intake ---- */

#define FILE_BYTES ((size_t)LIMIT_PUSH_BYTES * 16)

/* Lines of a request without those of the wanted; true when some went. */
static bool sift(struct people *w, struct str bytes, struct buf *rest)
{
	struct str line;
	uint64_t gone = 0;
	while (str_split(&bytes, '\n', &line)) {
		struct post post;
		const struct json *doc = json_parse_in(&w->batch, line, NULL);
		const struct json *object = json_get(doc, "post");
		const bool is_post = object != NULL && post_read(&w->batch, object, &post, NULL) == OK;
		const bool is_met = is_post ? people_meets(w, &post) : people_meets_text(w, line);
		if (is_met && w->act == PEOPLE_SHOW)
			people_show(w, STR(""), is_post ? post.id : STR(""), line);
		gone += is_met;
		if (is_met || (line.n == 0 && bytes.n == 0))
			continue;
		buf_adds(rest, line);
		buf_addc(rest, '\n');
	}
	return gone > 0;
}

/* The crawler may have renamed the request since it was read: then the new name has it, and is looked at in turn. */
static enum outcome write_rest(struct people *w, const char *path, struct str rest, uint64_t gone, struct err *e)
{
	const struct str name = str_of(path), waits = STR(".jsonl");
	const enum outcome done = file_write(path, rest, 0600, e);
	if (done != OK)
		return done;
	people_removed(w, gone);
	if (!str_ends(name, waits))
		return OK;
	const struct str part[] = { str_first(name, name.n - waits.n), STR(".done") };
	if (file_exists(arena_cstr(&w->batch, arena_join(&w->batch, part, 2))))
		(void)unlink(path);
	return OK;
}

static enum outcome walk_request(struct people *w, const char *path, struct err *e)
{
	struct str bytes = STR("");
	struct buf rest;
	if (file_read(&w->batch, path, FILE_BYTES, &bytes, NULL) != OK)
		return OK; /* done with meanwhile */
	const uint64_t before = w->tally[w->at].found;
	enum outcome done = OK;
	buf_init(&rest, FILE_BYTES + 2);
	if (sift(w, bytes, &rest) && w->act == PEOPLE_ERASE)
		done = write_rest(w, path, buf_str(&rest), w->tally[w->at].found - before, e);
	buf_release(&rest);
	return done;
}

enum outcome people_walk_intake(struct people *w, int held, struct err *e)
{
	(void)held;
	static const char *const suffixes[] = { ".jsonl", ".done", ".bad" };
	struct arena names;
	enum outcome done = OK;
	arena_init(&names, 16u << 20);
	const struct str folder = file_join(&names, w->stored->session.settings.data, STR("intake"));
	for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes && done == OK; k++) {
		struct str *name = NULL;
		size_t n = 0;
		if (file_list(&names, arena_cstr(&names, folder), suffixes[k], &name, &n, NULL) != OK)
			break; /* nothing was ever pushed */
		for (size_t i = 0; i < n && done == OK; i++) {
			arena_reset(&w->batch);
			done = walk_request(w, arena_cstr(&names, file_join(&names, folder, name[i])), e);
		}
	}
	arena_release(&names);
	return done;
}
