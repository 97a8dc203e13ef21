/* The detector role: one loop, one blocking point (the pause between two looks at the streams). */
#include "detector/main.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/rules/watch.h"
#include "common/store/procs.h"
#include "common/store/role.h"
#include "detector/detector.h"
#include "detector/recount.h"

#include <stdio.h>

#define POLL_MS 200 /* between two looks at quiet streams; the contract asks for a second at most */
#define WISHES_MS 500
#define WATCH_MS 5000
#define CRAWLER_SILENT_MS 30000 /* six missed heartbeats */

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
	struct watch watch;
	struct detector detector;
	struct thresholds thresholds;
	int64_t next_wishes_ms, next_watch_ms;
	bool started; /* there is a rulebook, and a detector for it */
	bool wants_reload; /* HUP came and was not seen to yet */
	bool published, had_crawler;
};

/* False, and the old ones stay, when the new ones are wrong. */
static bool read_thresholds(struct worker *w)
{
	struct thresholds t;
	struct problems p;
	struct arena a;
	const struct settings *s = w->role.settings;
	problems_init(&p);
	arena_init(&a, 4u << 20);
	thresholds_load(&a, s->rules_folder, s->rules.n, &t, &p);
	const bool fine = !problems_any_error(&p);
	problems_log(&p);
	if (fine)
		w->thresholds = t;
	arena_release(&a);
	problems_release(&p);
	return fine;
}

static void use_detector(struct worker *w, const struct rulebook *book)
{
	if (w->started)
		detector_follow(&w->detector, &w->role.arena, book, w->watch.since_ms);
	else
		detector_init(&w->detector, w->role.redis, book, w->role.settings, &w->thresholds);
	w->started = true;
	w->detector.published = &w->watch.published;
	w->role.lease = w->detector.lease;
	w->role.nleases = w->detector.nbrands;
	w->role.next_lease_ms = 0;
	w->published = false;
	role_rulebook(&w->role, book->version);
}

/* Before each turn of work: another rulebook in one swap, or the old one when the new is wrong. */
static enum outcome follow_rules(struct worker *w, struct err *e)
{
	struct watch_news news;
	const enum outcome done = watch_look(&w->watch, w->role.redis, &w->role.arena, w->wants_reload, &news, e);
	if (done != OK)
		return done;
	const bool fine = !news.files || read_thresholds(w);
	if (news.files)
		w->detector.thresholds = w->thresholds;
	if (news.book != NULL) {
		use_detector(w, news.book);
		watch_swap(&w->watch, news.book);
	}
	w->detector.rules_since_ms = w->watch.since_ms; /* also of folders that turn out to be what is published */
	if (news.files && fine && !news.is_refused)
		log_event(LOG_INFO, EV_config_loaded, "rulebook=%s brands=%zu", w->watch.book->version, w->watch.book->nbrands);
	w->wants_reload = false;
	return OK;
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
		done = publish_brands(&w->role, w->watch.book, e);
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

/* One turn with Redis at hand. False: there is no rulebook to work with, here or in Redis. */
static bool turn(struct worker *w, bool *more)
{
	struct err e = { 0 };
	enum outcome done = follow_rules(w, &e);
	if (done == OK && !w->started)
		return false;
	if (done == OK)
		done = work(w, more, &e);
	if (done == OK)
		return true;
	role_trouble(&w->role, done, &e);
	if (w->started)
		detector_forget(&w->detector);
	return true;
}

static void loop(struct worker *w)
{
	while (role_turn(&w->role)) {
		bool more = false;
		w->wants_reload = w->wants_reload || w->role.reload;
		if (w->role.ready && !turn(w, &more)) {
			w->role.exit_code = EXIT_CONFIG;
			return;
		}
		if (!more)
			clock_sleep_ms(POLL_MS);
	}
}

int detector_main(const struct settings *settings)
{
	struct worker w = { 0 };
	struct err e = { 0 };
	if (role_init(&w.role, "detector", settings, &e) != OK) {
		fprintf(stderr, "earshot detector: %s\n", e.text);
		return EXIT_CONFIG;
	}
	if (!read_thresholds(&w)) {
		role_release(&w.role);
		return EXIT_CONFIG;
	}
	watch_init(&w.watch, settings);
	if (w.watch.book != NULL)
		use_detector(&w, w.watch.book);
	loop(&w);
	role_release(&w.role);
	if (w.started)
		detector_release(&w.detector);
	watch_release(&w.watch);
	return w.role.exit_code;
}
