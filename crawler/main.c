/* The crawler role: one loop, one blocking point (libcurl's poll). */
#include "crawler/main.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/file.h"
#include "common/base/http.h"
#include "common/base/log.h"
#include "common/store/role.h"
#include "crawler/crawl.h"
#include "crawler/keep.h"

#include <stdio.h>

#define WAIT_MS 200

enum outcome crawler_pseudonym_key(struct arena *a, const struct settings *s, struct str *key, struct err *e)
{
	if (s->pseudonym_key.n > 0) {
		*key = s->pseudonym_key;
		return OK;
	}
	const char *path = arena_cstr(a, file_join(a, s->data, STR("pseudonym.key")));
	if (file_exists(path))
		return file_read(a, path, 4096, key, e);
	unsigned char random[32];
	char *hex = arena_take(a, 65);
	crypto_random(random, sizeof random);
	crypto_hex(random, sizeof random, hex);
	*key = (struct str){ hex, 64 };
	const enum outcome done = file_mkdirs(arena_cstr(a, s->data), 0700, e);
	return done == OK ? file_write(path, *key, 0600, e) : done;
}

const char *crawler_user_agent(struct arena *a, const struct settings *s)
{
	if (s->contact.n == 0)
		return arena_printf(a, "%.*s/%s", STR_FMT(s->user_agent), EARSHOT_VERSION).p;
	return arena_printf(a, "%.*s/%s (+%.*s)", STR_FMT(s->user_agent), EARSHOT_VERSION, STR_FMT(s->contact)).p;
}

/* Everything that is read from files, replaced as a whole. */
struct files {
	struct arena arena;
	struct rulebook *book;
	struct source_list sources;
};

static bool files_load(struct files *f, const struct settings *s)
{
	struct problems problems;
	problems_init(&problems);
	arena_init(&f->arena, LIMIT_ARENA_BYTES);
	f->book = rulebook_load(s->rules_folder, s->rules.n, &problems);
	sources_load(&f->arena, s->feeds_folder, s->feeds.n, &f->sources, &problems);
	for (size_t i = 0; i < problems.n; i++)
		log_event(problems.list[i].is_warning ? LOG_WARN : LOG_ERROR, EV_config_error, "at=%s:%d:%d why=%s",
			problems.list[i].file, problems.list[i].line, problems.list[i].column,
			log_quote(str_of(problems.list[i].text)));
	const bool fine = !problems_any_error(&problems) && f->book != NULL;
	problems_release(&problems);
	return fine;
}

static void files_release(struct files *f)
{
	rulebook_free(f->book);
	f->book = NULL;
	arena_release(&f->arena);
}

struct worker {
	struct role role;
	struct files files;
	struct crawl crawl;
	struct http *http;
	struct keep keep;
	struct str pseudonym_key;
	struct arena arena; /* of one handled page */
};

static void start_crawl(struct worker *w)
{
	w->crawl = (struct crawl){
		.settings = w->role.settings,
		.book = w->files.book,
		.sources = &w->files.sources,
		.pseudonym_key = w->pseudonym_key,
		.keep = &w->keep,
	};
	crawl_init(&w->crawl, w->role.redis, w->http);
	w->role.lease = w->crawl.lease;
	w->role.nleases = w->crawl.nshards;
	w->role.next_lease_ms = 0;
	log_event(LOG_INFO, EV_config_loaded, "rulebook=%s brands=%zu sources=%zu", w->files.book->version,
		w->files.book->nbrands, w->files.sources.n);
}

/* HUP. Transfers under way belong to the old sources: they are let go and are still due. */
static void reload(struct worker *w, const char *user_agent)
{
	struct files files;
	keep_release(&w->keep, clock_now_ms()); /* so that whoever has to erase posts gets at the segment */
	keep_init(&w->keep, w->role.settings);
	if (!files_load(&files, w->role.settings)) {
		files_release(&files);
		return;
	}
	lease_release(w->role.redis, &w->role.arena, w->crawl.lease, w->crawl.nshards);
	crawl_release(&w->crawl);
	http_free(w->http);
	files_release(&w->files);
	w->files = files;
	w->http = http_new(user_agent, LIMIT_TRANSFERS);
	start_crawl(w);
}

static void turn(struct worker *w)
{
	struct err e = { 0 };
	int handled = 0;
	const int64_t now = clock_now_ms();
	if (w->role.new_run)
		crawl_distrust(&w->crawl, now);
	w->role.new_run = false;
	arena_reset(&w->arena);
	enum outcome done = crawl_finish(&w->crawl, &w->arena, now, &handled, &e);
	if (done == OK)
		done = crawl_start(&w->crawl, &w->arena, now, &e);
	if (done != OK)
		role_trouble(&w->role, done, &e);
}

static void loop(struct worker *w, const char *user_agent)
{
	while (role_turn(&w->role)) {
		if (w->role.reload)
			reload(w, user_agent);
		if (w->role.ready)
			turn(w);
		keep_turn(&w->keep, clock_now_ms());
		http_wait(w->http, WAIT_MS, -1);
	}
}

int crawler_main(const struct settings *settings)
{
	struct worker w = { 0 };
	struct arena process;
	struct err e = { 0 };
	int code = EXIT_CONFIG;
	arena_init(&process, 1u << 20);
	arena_init(&w.arena, LIMIT_ARENA_BYTES);
	const char *user_agent = crawler_user_agent(&process, settings);
	enum outcome done = role_init(&w.role, "crawler", settings, &e);
	if (done == OK)
		done = crawler_pseudonym_key(&process, settings, &w.pseudonym_key, &e);
	if (done != OK) {
		fprintf(stderr, "earshot crawler: %s\n", e.text);
	} else if (files_load(&w.files, settings)) {
		http_library_init();
		w.http = http_new(user_agent, LIMIT_TRANSFERS);
		keep_init(&w.keep, settings);
		start_crawl(&w);
		loop(&w, user_agent);
		keep_release(&w.keep, clock_now_ms());
		role_release(&w.role);
		crawl_release(&w.crawl);
		http_free(w.http);
		code = w.role.exit_code;
	}
	files_release(&w.files);
	arena_release(&w.arena);
	arena_release(&process);
	return code;
}
