/* The crawler role: one loop, one blocking point (libcurl's poll). */
#include "crawler/main.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/erased.h"
#include "common/base/http.h"
#include "common/base/log.h"
#include "common/base/proc.h"
#include "common/base/pseudonyms.h"
#include "common/rules/watch.h"
#include "common/store/coverage.h"
#include "common/store/erasures.h"
#include "common/store/role.h"
#include "crawler/crawl.h"
#include "crawler/keep.h"
#include "crawler/push.h"
#include "crawler/sweep.h"
#include "crawler/websub_keep.h"

#include <malloc.h>
#include <stdio.h>

#define WAIT_MS 200
#define OWN_PAGES_BYTES (256 << 10) /* pieces of memory so large go back to the system when they are freed */

const char *crawler_user_agent(struct arena *a, const struct settings *s)
{
	if (s->contact.n == 0)
		return arena_printf(a, "%.*s/%s", STR_FMT(s->user_agent), EARSHOT_VERSION).p;
	return arena_printf(a, "%.*s/%s (+%.*s)", STR_FMT(s->user_agent), EARSHOT_VERSION, STR_FMT(s->contact)).p;
}

/* The sources, replaced as a whole. */
struct files {
	struct arena arena;
	struct source_list sources;
};

static bool files_load(struct files *f, const struct settings *s)
{
	struct problems problems;
	problems_init(&problems);
	arena_init(&f->arena, LIMIT_SOURCES_BYTES);
	sources_load_lean(&f->arena, s->feeds_folder, s->feeds.n, &f->sources, &problems);
	const bool fine = !problems_any_error(&problems);
	problems_log(&problems);
	problems_release(&problems);
	(void)malloc_trim(0); /* reading them takes several times what is kept */
	return fine;
}

static void files_release(struct files *f)
{
	sources_release(&f->sources);
	arena_release(&f->arena);
}

struct worker {
	struct role role;
	struct watch watch;
	struct files files;
	struct crawl crawl;
	struct http *http;
	struct keep keep;
	struct sweep sweep;
	struct push push;
	struct websub_keep *websub;
	const char *user_agent;
	struct pseudonym_keys keys;
	struct erased *erased; /* as Redis said last; stays in its place */
	struct arena arena; /* of one turn */
	bool wants_reload; /* HUP came and was not seen to yet */
};

static void start_crawl(struct worker *w)
{
	w->crawl = (struct crawl){
		.settings = w->role.settings,
		.book = w->watch.book,
		.watch = &w->watch,
		.sources = &w->files.sources,
		.pseudonym_key = w->keys.key[0],
		.erased = w->erased,
		.owner = w->role.owner,
		.keep = &w->keep,
		.websub = w->websub,
	};
	websub_keep_follow(w->websub, &w->files.sources);
	sweep_follow(&w->sweep, &w->files.sources);
	w->http = http_new(w->user_agent, LIMIT_TRANSFERS);
	crawl_init(&w->crawl, w->role.redis, w->http);
	w->role.lease = w->crawl.lease;
	w->role.nleases = w->crawl.nshards;
	w->role.is_shared = true;
	w->role.next_lease_ms = 0;
}

/* HUP. Transfers under way belong to the old sources: they are let go and are still due. */
static bool reload_sources(struct worker *w)
{
	struct files files, old = w->files;
	if (!files_load(&files, w->role.settings)) {
		files_release(&files);
		return false;
	}
	struct crawl before = w->crawl;
	http_free(w->http); /* before the leases go */
	lease_release(w->role.redis, &w->role.arena, before.lease, before.nshards);
	w->files = files;
	before.sources = &old.sources;
	start_crawl(w);
	crawl_inherit(&w->crawl, &before);
	crawl_release(&before);
	files_release(&old);
	return true;
}

/* Before each turn: another rulebook in one assignment, or the old one when the new is wrong. */
static enum outcome follow_rules(struct worker *w, struct err *e)
{
	struct watch_news news;
	const bool reload = w->wants_reload;
	const enum outcome done = watch_look(&w->watch, w->role.redis, &w->role.arena, reload, &news, e);
	if (done != OK)
		return done;
	w->wants_reload = false;
	if (news.book != NULL) {
		rulebook_keep_admission(news.book);
		w->crawl.book = news.book;
		watch_swap(&w->watch, news.book);
		role_rulebook(&w->role, w->watch.book->version);
	}
	const bool fine = !reload || reload_sources(w);
	if (news.files && fine && !news.is_refused)
		log_event(LOG_INFO, EV_config_loaded, "rulebook=%s brands=%zu sources=%zu", w->watch.book->version,
			w->watch.book->nbrands, w->files.sources.n);
	return OK;
}

/* Somebody was erased: from here on their posts are refused, and the segment at hand is let go of, so that what it has of them can be
 * taken out. The heartbeat says so; who erases waits for it. */
static enum outcome follow_erasures(struct worker *w, struct err *e)
{
	const int64_t serial = w->watch.published.erasures;
	if (serial == w->role.erasures)
		return OK;
	struct pseudonym_keys keys;
	if (pseudonyms_load(&w->arena, w->role.settings, false, &keys, NULL) == OK)
		erased_rekey(w->erased, keys.key, keys.n); /* they may have been rotated since we started */
	const enum outcome done = erasures_read(w->role.redis, &w->arena, w->erased, e);
	redis_done(w->role.redis);
	if (done != OK)
		return done;
	keep_let_go(&w->keep, clock_now_ms());
	role_erasures(&w->role, serial);
	log_event(LOG_INFO, EV_erasures_followed, "serial=%lld marks=%zu", (long long)serial, erased_count(w->erased));
	return OK;
}

/* One turn with Redis at hand. False: there is no rulebook to work with, here or in Redis. */
static bool turn(struct worker *w)
{
	struct err e = { 0 };
	enum outcome done = follow_rules(w, &e);
	if (done == OK && w->watch.book == NULL)
		return false;
	w->push.book = w->watch.book;
	if (done == OK)
		done = follow_erasures(w, &e);
	const int64_t now = clock_now_ms();
	if (w->role.new_run && done == OK) {
		crawl_distrust(&w->crawl, now);
		push_distrust(&w->push, now);
		w->sweep.is_told = false;
		w->role.new_run = false;
	}
	if (done == OK)
		done = crawl_turn(&w->crawl, &w->arena, now, &e);
	w->role.nleases = w->crawl.nshards; /* it may have found some that nobody wants any more */
	if (done == OK)
		done = websub_keep_turn(w->websub, &w->crawl, now, &e);
	if (done == OK)
		done = push_drain(&w->push, w->role.redis, now, &e);
	if (done == OK)
		done = sweep_turn(&w->sweep, &w->keep, w->role.redis, &w->arena, now, &e);
	if (done != OK)
		role_trouble(&w->role, done, &e);
	return true;
}

static bool wants_turn(struct worker *w)
{
	return w->push.inbox.nwaiting > 0 || crawl_has_round(&w->crawl, clock_now_ms()) || watch_is_behind(&w->watch) ||
	       proc_stopping();
}

/* The one blocking point. Answers wait for each other a moment, because a round of them costs as many trips to Redis as one. */
static void await(struct worker *w)
{
	const int64_t until_ms = clock_monotonic_ms() + crawl_patience_ms(&w->crawl);
	const bool is_urgent = w->push.inbox.nwaiting > 0 || watch_is_behind(&w->watch);
	int wait_ms = w->role.ready ? crawl_idle_ms(&w->crawl, clock_now_ms(), WAIT_MS) : WAIT_MS;
	wait_ms = is_urgent && w->role.ready ? 1 : wait_ms;
	do {
		keep_turn(&w->keep, clock_now_ms());
		push_serve(&w->push, clock_now_ms());
		http_wait(w->http, wait_ms, push_fd(&w->push));
		wait_ms = (int)(until_ms - clock_monotonic_ms());
	} while (wait_ms > 0 && !wants_turn(w));
}

static void loop(struct worker *w)
{
	while (role_turn(&w->role)) {
		w->wants_reload = w->wants_reload || w->role.reload;
		if (w->role.ready && !turn(w)) {
			w->role.exit_code = EXIT_CONFIG;
			return;
		}
		await(w);
	}
}

/* TERM: nothing new begins; what is under way ends and is committed, as far as it does so soon. The leases, renewed a moment ago,
 * outlast that. What is left then is cut off and still due: whoever has its shard next asks for it. */
static void drain(struct worker *w)
{
	const int64_t until_ms = clock_monotonic_ms() + LIMIT_DRAIN_MS;
	w->crawl.is_draining = true;
	while (w->role.ready && redis_connected(w->role.redis) && w->crawl.nunder_way > 0 && clock_monotonic_ms() < until_ms) {
		await(w);
		arena_reset(&w->role.arena);
		redis_done(w->role.redis);
		(void)turn(w); /* it has a rulebook, or nothing would be under way */
	}
	if (http_in_flight(w->http) > 0)
		log_event(LOG_WARN, EV_drain_cut, "transfers=%d", http_in_flight(w->http));
}

/* Redis may be frozen for seconds; who brings posts is told so meanwhile. */
static void while_waiting(void *push)
{
	push_serve_busy(push);
}

static int run(struct worker *w)
{
	if (!files_load(&w->files, w->role.settings))
		return EXIT_CONFIG;
	http_library_init();
	w->erased = erased_new(w->keys.key, w->keys.n);
	watch_init(&w->watch, w->role.settings);
	w->watch.rides_along = true;
	if (w->watch.book != NULL) {
		rulebook_keep_admission(w->watch.book);
		role_rulebook(&w->role, w->watch.book->version);
	}
	keep_init(&w->keep, w->role.settings);
	sweep_init(&w->sweep, w->role.settings);
	/* Addresses that hubs push to outlast rotations: they are made of the oldest key. */
	w->websub = websub_keep_new(w->role.settings, w->keys.key[w->keys.n - 1], w->user_agent);
	start_crawl(w);
	push_init(&w->push, w->role.settings, w->keys.key[0], &w->keep);
	w->push.websub = w->websub;
	w->push.erased = w->erased;
	websub_keep_watch(w->websub, &w->push.inbox);
	w->push.sources = &w->files.sources; /* replaced in place */
	w->push.book = w->watch.book;
	redis_set_idle(w->role.redis, while_waiting, &w->push);
	loop(w);
	drain(w);
	redis_set_idle(w->role.redis, NULL, NULL);
	push_release(&w->push);
	websub_keep_free(w->websub);
	keep_release(&w->keep, clock_now_ms());
	sweep_release(&w->sweep);
	http_free(w->http); /* before the leases go: who has them next may ask the same hosts */
	if (w->role.ready && redis_connected(w->role.redis))
		coverage_leave(w->role.redis, &w->role.arena, w->role.owner);
	role_release(&w->role);
	crawl_release(&w->crawl);
	watch_release(&w->watch);
	erased_free(w->erased);
	return w->role.exit_code;
}

int crawler_main(const struct settings *settings)
{
	struct worker w = { 0 };
	(void)mallopt(M_MMAP_THRESHOLD, OWN_PAGES_BYTES); /* told, it stays; else it follows the largest piece ever freed */
	struct arena process;
	struct err e = { 0 };
	int code = EXIT_CONFIG;
	arena_init(&process, 1u << 20);
	/* What was read, as large as that may be, the posts made of it, and a round of others. */
	arena_init(&w.arena, 2 * (size_t)LIMIT_ARENA_BYTES + 8 * (size_t)LIMIT_ROUND_BYTES);
	w.user_agent = crawler_user_agent(&process, settings);
	enum outcome done = role_init(&w.role, "crawler", settings, &e);
	if (done == OK)
		done = pseudonyms_load(&process, settings, true, &w.keys, &e);
	if (done != OK)
		fprintf(stderr, "earshot crawler: %s\n", e.text);
	else
		code = run(&w);
	files_release(&w.files);
	arena_release(&w.arena);
	arena_release(&process);
	return code;
}
