/* The detector role: one loop, one blocking point (the pause between two looks at the streams). */
#include "detector/main.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/store/procs.h"
#include "common/store/role.h"
#include "detector/detector.h"
#include "detector/recount.h"

#include <stdio.h>

#define POLL_MS 200 /* between two looks at quiet streams; the contract asks for a second at most */
#define WISHES_MS 500
#define WATCH_MS 5000
#define CRAWLER_SILENT_MS 30000 /* six missed heartbeats */

/* Rules and thresholds, both or neither. */
static struct rulebook *load_rules(const struct settings *s, struct arena *a, struct thresholds *t)
{
	struct problems problems;
	problems_init(&problems);
	struct rulebook *book = rulebook_load(s->rules_folder, s->rules.n, &problems);
	thresholds_load(a, s->rules_folder, s->rules.n, t, &problems);
	if (problems_any_error(&problems)) {
		rulebook_free(book);
		book = NULL;
	}
	for (size_t i = 0; i < problems.n; i++)
		log_event(problems.list[i].is_warning ? LOG_WARN : LOG_ERROR, EV_config_error, "at=%s:%d:%d why=%s",
			problems.list[i].file, problems.list[i].line, problems.list[i].column,
			log_quote(str_of(problems.list[i].text)));
	problems_release(&problems);
	return book;
}

static enum outcome publish_brands(struct role *r, const struct rulebook *book, struct err *e)
{
	struct brand_row *row = arena_list(&r->arena, struct brand_row, book->nbrands + 1);
	for (size_t i = 0; i < book->nbrands; i++)
		row[i] = (struct brand_row){ book->brand[i].id, book->brand[i].name, book->brand[i].name_en,
			str_of(book->version) };
	return procs_publish_brands(r->redis, &r->arena, row, book->nbrands, e);
}

struct worker {
	struct role role;
	struct detector detector;
	struct rulebook *book;
	struct arena rules_arena;
	int64_t next_wishes_ms, next_watch_ms;
	bool published, had_crawler;
};

static void start_detector(struct worker *w, const struct thresholds *t)
{
	detector_init(&w->detector, w->role.redis, w->book, w->role.settings, t);
	w->role.lease = w->detector.lease;
	w->role.nleases = w->detector.nbrands;
	w->role.next_lease_ms = 0;
	w->published = false;
}

/* HUP: the new rules in one swap, or the old ones when the new are wrong. */
static void reload(struct worker *w)
{
	struct thresholds t;
	struct arena arena;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	struct rulebook *book = load_rules(w->role.settings, &arena, &t);
	if (book == NULL) {
		arena_release(&arena);
		return;
	}
	lease_release(w->role.redis, &w->role.arena, w->detector.lease, w->detector.nbrands);
	detector_release(&w->detector);
	rulebook_free(w->book);
	arena_release(&w->rules_arena);
	w->rules_arena = arena;
	w->book = book;
	start_detector(w, &t);
	log_event(LOG_INFO, EV_config_loaded, "rulebook=%s brands=%zu rules=%zu", book->version, book->nbrands, book->nrules);
}

/* Missing data is not zero: once a crawler was there and none is left, quiet means nothing. (Installations that only receive
 * pushed posts never had one, and are taken as watched.) */
static enum outcome look_for_crawlers(struct worker *w, int64_t now, struct err *e)
{
	struct proc_beat *beat = NULL;
	size_t n = 0;
	bool is_alive = false;
	const enum outcome done = procs_list(w->role.redis, &w->role.arena, &beat, &n, e);
	if (done != OK)
		return done;
	for (size_t i = 0; i < n; i++)
		is_alive = is_alive || (str_eqc(beat[i].role, "crawler") && now - beat[i].beat_ms < CRAWLER_SILENT_MS);
	const bool is_unwatched = w->had_crawler && !is_alive;
	if (is_unwatched != w->detector.is_unwatched)
		log_event(is_unwatched ? LOG_WARN : LOG_INFO, is_unwatched ? EV_unwatched : EV_watched, "processes=%zu", n);
	w->detector.is_unwatched = is_unwatched;
	w->had_crawler = w->had_crawler || is_alive;
	return OK;
}

static enum outcome work(struct worker *w, bool *more, struct err *e)
{
	struct arena *a = &w->role.arena;
	const int64_t now = clock_now_ms();
	int64_t backlog = 0;
	enum outcome done = OK;
	if (!w->published)
		done = publish_brands(&w->role, w->book, e);
	w->published = done == OK;
	if (done == OK && now >= w->next_wishes_ms) {
		done = detector_wishes(&w->detector, a, now, e);
		w->next_wishes_ms = now + WISHES_MS;
	}
	if (done == OK && (w->role.new_run || w->detector.wants_recount)) {
		done = recount_recent(&w->detector, now, e);
		w->role.new_run = w->detector.wants_recount = done != OK;
	}
	if (done == OK && now >= w->next_watch_ms) {
		done = look_for_crawlers(w, now, e);
		w->next_watch_ms = now + WATCH_MS;
	}
	if (done == OK)
		done = detector_batches(&w->detector, a, more, e);
	if (done == OK)
		done = detector_ticks(&w->detector, a, now, e);
	if (done == OK)
		done = detector_housekeeping(&w->detector, a, now, &backlog, e);
	metrics_set(M_backlog, backlog);
	return done;
}

static void loop(struct worker *w)
{
	while (role_turn(&w->role)) {
		bool more = false;
		struct err e = { 0 };
		if (w->role.reload)
			reload(w);
		if (w->role.ready) {
			const enum outcome done = work(w, &more, &e);
			if (done != OK) {
				role_trouble(&w->role, done, &e);
				detector_forget(&w->detector);
			}
		}
		if (!more)
			clock_sleep_ms(POLL_MS);
	}
}

int detector_main(const struct settings *settings)
{
	struct worker w = { 0 };
	struct thresholds t;
	struct err e = { 0 };
	if (role_init(&w.role, "detector", settings, &e) != OK) {
		fprintf(stderr, "earshot detector: %s\n", e.text);
		return EXIT_CONFIG;
	}
	arena_init(&w.rules_arena, LIMIT_ARENA_BYTES);
	w.book = load_rules(settings, &w.rules_arena, &t);
	if (w.book == NULL) {
		role_release(&w.role);
		arena_release(&w.rules_arena);
		return EXIT_CONFIG;
	}
	start_detector(&w, &t);
	loop(&w);
	role_release(&w.role);
	detector_release(&w.detector);
	rulebook_free(w.book);
	arena_release(&w.rules_arena);
	return w.role.exit_code;
}
