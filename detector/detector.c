/* The brands a detector holds: loading their progress, wishes, the tick clock, housekeeping. Batches are in batch.c. */
#include "detector/detector.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/names.h"
#include "detector/pipeline.h"
#include "detector/rebase.h"
#include "detector/tick.h"

#include <stdlib.h>

#define HOUSEKEEPING_MS 2000
#define EXPIRE_BATCH 500

static void models_alloc(struct detector_brand *b)
{
	for (int w = 0; w < WATCH__N; w++) {
		b->model[w] = calloc(1, model_size());
		if (b->model[w] == NULL)
			abort();
	}
}

static void brands_alloc(struct detector *d)
{
	const struct rulebook *book = d->book;
	d->nbrands = book->nbrands;
	d->next_brand = 0;
	d->lease = calloc(book->nbrands + 1, sizeof *d->lease);
	d->brand = calloc(book->nbrands + 1, sizeof *d->brand);
	if (d->lease == NULL || d->brand == NULL)
		abort();
	for (size_t i = 0; i < book->nbrands; i++) {
		d->lease[i] = (struct lease){ .role = LEASE_DETECTOR, .partition = book->brand[i].id };
		d->brand[i] = (struct detector_brand){ .index = (int)i, .id = book->brand[i].id, .lease = &d->lease[i] };
		models_alloc(&d->brand[i]);
	}
}

static void brands_free(struct detector *d)
{
	for (size_t i = 0; i < d->nbrands; i++) {
		for (int w = 0; w < WATCH__N; w++)
			free(d->brand[i].model[w]);
		stories_free(d->brand[i].stories);
	}
	free(d->lease);
	free(d->brand);
}

void detector_init(struct detector *d, struct redis *redis, const struct rulebook *book, const struct settings *s,
	const struct thresholds *t)
{
	*d = (struct detector){ .book = book, .settings = s, .thresholds = *t, .redis = redis };
	arena_init(&d->scratch, LIMIT_ARENA_BYTES);
	retention_init(&d->retention);
	pipeline_text_init(&d->text);
	brands_alloc(d);
}

static struct detector_brand *brand_of(struct detector *d, struct str brand)
{
	for (size_t i = 0; i < d->nbrands; i++)
		if (str_eq(d->brand[i].id, brand))
			return &d->brand[i];
	return NULL;
}

void detector_follow(struct detector *d, struct arena *a, const struct rulebook *book, int64_t since_ms)
{
	struct detector old = *d;
	d->book = book;
	d->rules_since_ms = since_ms;
	brands_alloc(d);
	for (size_t i = 0; i < old.nbrands; i++) {
		struct detector_brand *kept = brand_of(d, old.lease[i].partition);
		if (kept == NULL) {
			lease_release(d->redis, a, &old.lease[i], 1);
			continue;
		}
		*kept->lease = old.lease[i];
		kept->lease->partition = kept->id; /* the old one lies in the old book */
		kept->stories = old.brand[i].stories;
		old.brand[i].stories = NULL;
	}
	brands_free(&old);
}

void detector_release(struct detector *d)
{
	brands_free(d);
	arena_release(&d->scratch);
	retention_release(&d->retention);
	buf_release(&d->text);
	*d = (struct detector){ 0 };
}

struct partition detector_partition(const struct detector *d, struct arena *a, const struct detector_brand *b)
{
	return (struct partition){ .redis = d->redis, .arena = a, .brand = b->id, .lease = b->lease };
}

void detector_forget(struct detector *d)
{
	for (size_t i = 0; i < d->nbrands; i++)
		d->brand[i].loaded = false;
}

/* "since FIRST-MENTION LAST-OVER RULEBOOK" as tick.c writes it; gives the rulebook, "" when there is none. */
static struct str read_since(struct detector_brand *b, struct str line)
{
	struct str word = { 0 };
	int64_t number = 0;
	b->known_since_ms = -1;
	if (!str_split(&line, ' ', &word) || !str_eqc(word, "since"))
		return STR("");
	if (str_split(&line, ' ', &word) && str_to_i64(word, &number))
		b->known_since_ms = number;
	if (str_split(&line, ' ', &word) && str_to_i64(word, &number) && number > b->incident.last_over_ms)
		b->incident.last_over_ms = number;
	return line;
}

/* A change of rules is not news (design 4.9): the baselines learnt from what `rules` let in are moved to what the rules in
 * force let in, from the moment they are in force. Where nobody measured how much that is, the brand learns again, too. */
static enum outcome rebase_brand(
	struct detector *d, struct arena *a, struct detector_brand *b, struct str rules, int64_t now_ms, struct err *e)
{
	struct rebase by[WATCH__N];
	const struct rebase_way way = { d->redis, a, arena_cstr(a, rules), d->book->version, b->id };
	const enum outcome found = rebase_find(&way, by, e);
	if (found != OK && found != SKIP)
		return found;
	const int64_t at_ms = d->rules_since_ms > 0 && d->rules_since_ms < now_ms ? d->rules_since_ms : now_ms;
	for (int w = 0; w < WATCH__N; w++) {
		by[w].at_ms = at_ms;
		model_rebase(b->model[w], &by[w]);
	}
	if (found == SKIP)
		b->known_since_ms = now_ms;
	log_event(LOG_INFO, EV_rulebook_rebased, "brand=%.*s from=%.*s to=%s measured=%s factor=%.2f doubt=%.2f", STR_FMT(b->id),
		STR_FMT(rules), d->book->version, found == OK ? "yes" : "no", by[WATCH_ALL].factor, by[WATCH_ALL].doubt);
	return OK;
}

static void read_models(struct detector_brand *b, struct str text, int64_t bucket_ms)
{
	struct str line = { 0 };
	for (int w = 0; w < WATCH__N; w++) {
		model_init(b->model[w], bucket_ms);
		if (str_split(&text, '\n', &line))
			(void)model_read(b->model[w], line);
	}
}

/* What Redis holds of a brand, read once under each lease. */
static enum outcome load(struct detector *d, struct arena *a, struct detector_brand *b, int64_t now_ms, struct err *e)
{
	struct progress progress;
	const struct partition p = detector_partition(d, a, b);
	enum outcome done = posts_group(&p, e);
	if (done == OK)
		done = incidents_progress(&p, &progress, e);
	if (done != OK)
		return done;
	b->incident = progress.incident;
	b->revision = progress.revision;
	/* Redis was restarted while nobody looked (all went down together): what it holds is counted again. */
	if (progress.run_id.n > 0 && !str_eqc(progress.run_id, redis_run_id(d->redis)))
		d->wants_recount = true;
	b->tick_ms = progress.tick_ms;
	struct str models = progress.model, since = { 0 };
	(void)str_split(&models, '\n', &since);
	const struct str rules = read_since(b, since);
	read_models(b, models, d->settings->tick_ms);
	if (b->known_since_ms >= 0 && rules.n > 0 && !str_eqc(rules, d->book->version))
		done = rebase_brand(d, a, b, rules, now_ms, e);
	b->read_pending = true;
	b->loaded = done == OK;
	return done;
}

/* What we know of a brand is what its owner knows. */
static void give_up(struct detector_brand *b)
{
	b->loaded = false;
	stories_free(b->stories);
	b->stories = NULL;
}

static enum outcome load_held(struct detector *d, struct arena *a, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < d->nbrands && done == OK; i++) {
		struct detector_brand *b = &d->brand[i];
		if (!b->lease->held || b->lease->just_taken)
			give_up(b);
		b->lease->just_taken = false;
		if (b->lease->held && !b->loaded)
			done = load(d, a, b, now_ms, e);
	}
	return done;
}

static bool wish_event(struct str verb, enum incident_event *out)
{
	const int event = names_index(incident_event_names, EVT__N, verb);
	*out = (enum incident_event)event;
	return event >= EVT_ACK;
}

static enum outcome decide_wish(
	const struct detector_brand *b, const struct wish *w, int64_t now_ms, struct step *step, struct err *e)
{
	struct person_wish wish = { .by = w->by, .note = w->note, .at_ms = now_ms, .until_ms = w->until_ms };
	if (!wish_event(w->verb, &wish.event))
		return err_set(e, REJECT,
			"there is no wish \"%.*s\"; use ack, assign, assess, respond, false-alarm, mute, close or review",
			STR_FMT(w->verb));
	if (!str_eqc(w->incident, b->incident.id))
		return err_set(e, REJECT, "%.*s is not the current incident of %.*s (that is %s)", STR_FMT(w->incident),
			STR_FMT(b->id), b->incident.id[0] != '\0' ? b->incident.id : "none");
	return incident_wish(&b->incident, &wish, step, e);
}

/* A wish that is refused is settled too, with the reason, so that the person sees it. */
static enum outcome apply_wish(
	struct detector *d, struct arena *a, struct detector_brand *b, const struct wish *w, int64_t now_ms, struct err *e)
{
	struct step step;
	struct err why = { 0 };
	const bool granted = decide_wish(b, w, now_ms, &step, &why) == OK;
	const struct decision decision = {
		.step = granted ? &step : NULL,
		.wish = w,
		.answer = granted ? STR("done") : arena_printf(a, "refused: %s", why.text),
		.at_ms = now_ms,
	};
	if (!granted)
		log_event(LOG_WARN, EV_wish_refused, "brand=%.*s verb=%s why=%s", STR_FMT(b->id), log_quote(w->verb),
			log_quote(str_of(why.text)));
	return tick_commit(d, a, b, &decision, e);
}

enum outcome detector_wishes(struct detector *d, struct arena *a, int64_t now_ms, struct err *e)
{
	enum outcome done = load_held(d, a, now_ms, e);
	for (size_t i = 0; i < d->nbrands && done == OK; i++) {
		struct detector_brand *b = &d->brand[i];
		struct wish *wish = NULL;
		size_t n = 0;
		if (!b->lease->held || !b->loaded)
			continue;
		const struct partition p = detector_partition(d, a, b);
		done = incidents_wishes(&p, b->read_pending, &wish, &n, e);
		for (size_t k = 0; k < n && done == OK && b->loaded; k++)
			done = apply_wish(d, a, b, &wish[k], now_ms, e);
	}
	return done;
}

/* History is on its way: a first look at half of it would take the other half, or today, for a surge. */
static bool is_filling(const struct detector *d, const struct detector_brand *b, int64_t now_ms)
{
	return d->published != NULL && d->published->fill_until_ms > 0 && (d->published->fill_until_ms > now_ms || b->full);
}

/* A brand that was never heard of has no baseline to build: its clock starts with its first mention. */
static enum outcome first_heard(struct detector *d, struct arena *a, struct detector_brand *b, int64_t tick_ms, struct err *e)
{
	if (b->known_since_ms >= 0 || is_filling(d, b, tick_ms))
		return OK;
	int64_t oldest = -1;
	const struct partition p = detector_partition(d, a, b);
	enum outcome done = posts_oldest(&p, &oldest, e);
	if (done != OK || oldest < 0)
		return done;
	b->known_since_ms = oldest;
	return tick_warm_up(d, a, b, tick_ms, e);
}

enum outcome detector_ticks(struct detector *d, struct arena *a, int64_t now_ms, struct err *e)
{
	const int64_t tick_ms = now_ms - now_ms % d->settings->tick_ms;
	enum outcome done = load_held(d, a, now_ms, e);
	for (size_t i = 0; i < d->nbrands && done == OK; i++) {
		struct detector_brand *b = &d->brand[i];
		if (!b->lease->held || !b->loaded || b->tick_ms >= tick_ms)
			continue;
		done = first_heard(d, a, b, tick_ms, e);
		if (done == OK && b->known_since_ms >= 0)
			done = tick_brand(d, a, b, tick_ms, e);
	}
	return done;
}

enum outcome detector_housekeeping(struct detector *d, struct arena *a, int64_t now_ms, int64_t *backlog, struct err *e)
{
	enum outcome done = retention_follow(&d->retention, d->redis, now_ms, e);
	*backlog = 0;
	for (size_t i = 0; i < d->nbrands && done == OK; i++) {
		struct detector_brand *b = &d->brand[i];
		int64_t waiting = 0, dropped = 0;
		if (!b->lease->held || !b->loaded || now_ms < b->next_trim_ms)
			continue;
		b->next_trim_ms = now_ms + HOUSEKEEPING_MS;
		const struct partition p = detector_partition(d, a, b);
		done = posts_trim(&p, &waiting, e);
		*backlog += waiting;
		/* What is left may be new, or an entry that a frozen predecessor read when it woke up and could not commit. */
		if (done == OK && waiting > 0)
			b->read_pending = true;
		if (done == OK)
			done = posts_expire(&p, now_ms - d->settings->keep_mentions_ms, EXPIRE_BATCH, &dropped, e);
		if (done == OK)
			done = retention_turn(&d->retention, &p, &b->round, now_ms, e);
		if (done == REJECT) {
			b->loaded = false; /* fenced: somebody else holds it now */
			done = OK;
		}
	}
	return done;
}
