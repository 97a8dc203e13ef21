/* Following the rulebook: asks Redis what is published, looks at local files while nothing is, compiles aside. */
#include "common/rules/watch.h"

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/rules/published.h"
#include "common/text/query.h"
#include <earshot/limits.h>

#include <malloc.h>
#include <string.h>
#include <sys/stat.h>

#define ALONE_MS 2000 /* without a trip to ride along with: then it is asked for alone */
#define FILES_ARENA_BYTES ((size_t)LIMIT_RULEBOOK_BYTES * 2)

/* ---- local files ---- */

static struct str stamp_of(struct arena *a, const char *path)
{
	struct stat s;
	if (stat(path, &s) != 0)
		return arena_printf(a, "%s gone", path);
	return arena_printf(a, "%s %lld %lld %lld.%09ld\n", path, (long long)s.st_ino, (long long)s.st_size,
		(long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

/* Names, sizes and times of all files of the rules folders as one number; 0 = nothing can be seen. */
static uint64_t look_at_files(const struct settings *s)
{
	struct arena a;
	uint64_t all = 0;
	arena_init(&a, 8u << 20);
	for (size_t i = 0; i < s->rules.n; i++) {
		struct str *name = NULL;
		size_t n = 0;
		if (file_list(&a, s->rules_folder[i], "", &name, &n, NULL) != OK)
			continue;
		for (size_t k = 0; k < n; k++)
			all = all * 31 +
			      str_hash(stamp_of(&a, arena_cstr(&a, file_join(&a, str_of(s->rules_folder[i]), name[k]))));
	}
	arena_release(&a);
	return all;
}

/* ---- loading ---- */

static void refused(const struct problems *p, const char *what)
{
	problems_log(p);
	metrics_add(M_rulebook_refused_total, 1);
	log_event(LOG_ERROR, EV_rulebook_refused, "rulebook=%s problems=%zu", what, p->n + p->unlisted);
}

static struct rulebook *compile_local(struct watch *w)
{
	struct problems p;
	problems_init(&p);
	w->files_read = w->files_seen = look_at_files(w->settings);
	struct rulebook *book = rulebook_load(w->settings->rules_folder, w->settings->rules.n, &p);
	if (book == NULL)
		refused(&p, "local");
	else
		problems_log(&p);
	problems_release(&p);
	(void)malloc_trim(0); /* reading takes several times what is kept */
	return book;
}

static enum outcome compile_published(struct redis *r, const char *version, struct rulebook **out, struct err *e)
{
	struct arena a;
	struct rulebook_files files;
	struct problems p;
	arena_init(&a, FILES_ARENA_BYTES);
	problems_init(&p);
	const enum outcome done = published_files(r, &a, version, &files, e);
	if (done == OK)
		*out = rulebook_compile(&files, &p);
	else if (done == REJECT)
		problems_add(&p, version, 0, 0, "%s", e->text);
	if (done == OK && *out != NULL)
		problems_log(&p);
	else if (done != RETRY)
		refused(&p, version);
	problems_release(&p);
	arena_release(&a);
	(void)malloc_trim(0);
	redis_done(r);
	return done == REJECT ? OK : done;
}

/* ---- what is to be done ---- */

static bool in_force(const struct watch *w, const char *version)
{
	return w->book != NULL && strcmp(w->book->version, version) == 0;
}

/* The same rules again need no swap. */
static void offer(struct watch *w, struct rulebook *book, struct watch_news *news)
{
	news->is_refused = book == NULL;
	if (book == NULL)
		return;
	if (in_force(w, book->version)) {
		rulebook_free(book);
		return;
	}
	news->book = book;
}

/* Serials alone would not do: they go back with a Redis that lost its last second. */
static bool is_refused(const struct watch *w)
{
	return w->refused.serial == w->published.serial && strcmp(w->refused.version, w->published.version) == 0;
}

static enum outcome follow_published(struct watch *w, struct redis *r, bool at_once, struct watch_news *news, struct err *e)
{
	struct rulebook *book = NULL;
	enum outcome done = OK;
	if (in_force(w, w->published.version)) {
		w->is_published = true;
		w->since_ms = w->published.since_ms;
		return OK;
	}
	if (is_refused(w) && !at_once)
		return OK;
	done = compile_published(r, w->published.version, &book, e);
	if (done != OK)
		return done;
	w->refused = book == NULL ? w->published : (struct rulebooks_now){ 0 };
	news->book = book;
	news->is_refused = book == NULL;
	if (book != NULL) {
		w->is_published = true;
		w->since_ms = w->published.since_ms;
	}
	return OK;
}

/* A file that is being written changes between two looks: it is read once it stands still. */
static bool files_settled(struct watch *w, int64_t now)
{
	if (now < w->next_poll_ms)
		return false;
	w->next_poll_ms = now + LIMIT_RULEBOOK_POLL_MS;
	const uint64_t seen = look_at_files(w->settings);
	const bool stands = seen == w->files_seen;
	w->files_seen = seen;
	return stands && seen != w->files_read;
}

static void follow_files(struct watch *w, bool at_once, int64_t now, struct watch_news *news)
{
	const bool was_published = w->is_published;
	if (!at_once && !was_published && !files_settled(w, now))
		return;
	news->files = true;
	w->is_published = false;
	offer(w, compile_local(w), news);
	if (news->book != NULL)
		w->since_ms = was_published ? w->published.since_ms : clock_now_ms();
}

void watch_init(struct watch *w, const struct settings *s)
{
	*w = (struct watch){ .settings = s };
	w->book = compile_local(w);
}

void watch_release(struct watch *w)
{
	rulebook_free(w->book);
	*w = (struct watch){ 0 };
}

/* Expressions that took too long since the last look: said here, because the text engine has no log. */
static void tell_given_up(const struct rulebook *book)
{
	struct query_trouble trouble;
	while (queries_trouble(book, &trouble)) {
		metrics_add(M_rules_given_up_total, 1);
		log_event(LOG_WARN, EV_rule_given_up, "rule=%s at=%s:%d why=%s", log_quote(trouble.rule->term),
			trouble.rule->file, trouble.rule->line, log_quote(str_of(trouble.why)));
	}
}

void watch_queue(struct watch *w, struct redis *r, struct arena *a)
{
	const int64_t now = clock_monotonic_ms();
	w->is_asked = now >= w->next_look_ms;
	if (!w->is_asked)
		return;
	w->next_look_ms = now + LIMIT_RULEBOOK_LOOK_MS;
	rulebooks_now_queue(r, a);
}

enum outcome watch_take(struct watch *w, struct redis *r, struct err *e)
{
	if (!w->is_asked)
		return OK;
	w->is_asked = false;
	const enum outcome done = rulebooks_now_take(r, &w->published, e);
	w->is_told = done == OK;
	return done;
}

bool watch_is_behind(const struct watch *w)
{
	return w->is_told && w->published.version[0] != '\0' && !in_force(w, w->published.version) && !is_refused(w);
}

static bool must_ask(const struct watch *w, bool at_once, int64_t now)
{
	return at_once || now >= w->next_look_ms + (w->rides_along && w->has_looked ? ALONE_MS : 0);
}

enum outcome watch_look(struct watch *w, struct redis *r, struct arena *a, bool at_once, struct watch_news *news, struct err *e)
{
	const int64_t now = clock_monotonic_ms();
	*news = (struct watch_news){ .files = at_once };
	const bool asks = must_ask(w, at_once, now);
	if (!asks && !w->is_told)
		return OK;
	if (w->book != NULL)
		tell_given_up(w->book);
	w->is_told = false;
	if (asks)
		w->next_look_ms = now + LIMIT_RULEBOOK_LOOK_MS;
	const enum outcome done = asks ? rulebooks_now(r, a, &w->published, e) : OK;
	if (done != OK)
		return done;
	w->has_looked = true;
	if (w->published.version[0] != '\0')
		return follow_published(w, r, at_once, news, e);
	follow_files(w, at_once, now, news);
	return OK;
}

void watch_swap(struct watch *w, struct rulebook *book)
{
	struct rulebook *old = w->book;
	w->book = book;
	if (old != NULL)
		metrics_add(M_rulebook_reloads_total, 1);
	log_event(LOG_INFO, EV_rulebook_loaded, "rulebook=%s from=%s before=%s brands=%zu rules=%zu model=%s", book->version,
		w->is_published ? "published" : "folders", old != NULL ? old->version : "none", book->nbrands, book->nrules,
		rulebook_model(book));
	rulebook_free(old);
}
