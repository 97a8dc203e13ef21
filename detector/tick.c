/* Ticks: read the counts of the windows, let situation.c judge and the state table decide, commit. */
#include "detector/tick.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/store/buckets.h"
#include "detector/herald.h"

#include <string.h>

static int64_t floor_minute(int64_t ms)
{
	return ms - ms % MS_PER_MINUTE;
}

/* First minute of a span of `minutes` that ends with the minute of the last millisecond before the tick. */
static int64_t first_minute(int64_t tick_ms, int64_t minutes)
{
	return floor_minute(tick_ms - 1) - (minutes - 1) * MS_PER_MINUTE;
}

/* Minutes that are looked at. */
struct stretch {
	int64_t from_ms;
	size_t minutes;
};

static enum outcome read_series(
	const struct partition *p, const char *const *dimension, size_t n, struct stretch t, struct series *out, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		buckets_minutes_queue(p, str_of(dimension[i]), t.from_ms, t.minutes);
	enum outcome done = redis_flush(p->redis, e);
	for (size_t i = 0; i < n && done == OK; i++)
		done = buckets_minutes_take(p->redis, p->arena, t.from_ms, t.minutes, &out[i], e);
	return done;
}

/* Categories are read only when something may happen: thirteen series a brand and minute would be most of the tick's cost. */
static enum outcome read_categories(
	const struct partition *p, struct stretch t, int64_t since_ms, struct situation *s, struct err *e)
{
	const char *name[CAT__N];
	struct series series[CAT__N];
	for (int c = 1; c < CAT__N; c++)
		name[c - 1] = arena_printf(p->arena, "category:%s", category_names[c]).p;
	const enum outcome done = read_series(p, name, CAT__N - 1, t, series, e);
	if (done != OK)
		return done;
	double count[CAT__N] = { 0 };
	for (int c = 1; c < CAT__N; c++)
		count[c] = situation_sum_since(&series[c - 1], since_ms);
	situation_category(count, s);
	return OK;
}

/* A back-fill counts posts into minutes that a tick looks at: up to its end, for a day and a window after it. */
static bool may_hold_history(const struct detector *d, int64_t tick_ms)
{
	const struct rulebooks_now *p = d->published;
	return p != NULL && p->fill_until_ms > 0 && tick_ms - p->fill_until_ms < 2 * SITUATION_SINCE_MINUTES * MS_PER_MINUTE;
}

static enum outcome take_history_off(const struct partition *p, struct stretch t, struct series *series, struct err *e)
{
	struct series history[WATCH__N];
	const enum outcome done = read_series(p, history_names, WATCH__N, t, history, e);
	for (int w = 0; w < WATCH__N && done == OK; w++)
		for (size_t i = 0; i < series[w].n; i++)
			series[w].value[i] -= history[w].value[i];
	return done;
}

/* What a tick sees: each series' sums, and what is made of them. */
struct look {
	struct sight sight[WATCH__N];
	struct situation situation;
};

static enum outcome look_around(
	struct detector *d, struct arena *a, struct detector_brand *b, int64_t tick_ms, struct look *out, struct err *e)
{
	struct situation *s = &out->situation;
	const struct partition p = detector_partition(d, a, b);
	struct series series[WATCH__N];
	const size_t minutes = situation_minutes(&b->incident, tick_ms);
	const struct stretch t = { first_minute(tick_ms, (int64_t)minutes), minutes };
	enum outcome done = read_series(&p, watched_names, WATCH__N, t, series, e);
	if (done == OK && may_hold_history(d, tick_ms))
		done = take_history_off(&p, t, series, e);
	if (done != OK)
		return done;
	*s = (struct situation){ .brand = b->id, .category = "", .now_ms = tick_ms, .known_since_ms = b->known_since_ms };
	for (int w = 0; w < WATCH__N; w++)
		out->sight[w] = situation_sight(&series[w], tick_ms, d->is_unwatched);
	situation_judge((const struct model *const *)b->model, out->sight, s);
	if (!situation_may_move(&b->incident, s, &d->thresholds))
		return OK;
	const int64_t since = situation_since(&b->incident, s);
	s->posts = situation_sum_since(&series[WATCH_ALL], since);
	s->negative = situation_sum_since(&series[WATCH_NEGATIVE], since);
	s->complaints = situation_sum_since(&series[WATCH_COMPLAINT], since);
	return read_categories(&p, t, since, s, e);
}

/* Model state of all series as one text: "since FIRST-MENTION LAST-OVER RULEBOOK", then one model a series, separated by newlines. */
static struct str write_models(const struct detector *d, struct arena *a, const struct detector_brand *b)
{
	struct buf out;
	buf_init(&out, 64u << 10);
	buf_addf(&out, "since %lld %lld %s", (long long)b->known_since_ms, (long long)b->incident.last_over_ms, d->book->version);
	for (int w = 0; w < WATCH__N; w++) {
		buf_addc(&out, '\n');
		model_write(&out, b->model[w]);
	}
	const struct str text = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return text;
}

static void log_step(const struct detector_brand *b, const struct step *s)
{
	metrics_add(M_incidents_total, 1);
	log_event(LOG_INFO, EV_incident_moved,
		"brand=%.*s incident=%s from=%s to=%s event=%s level=%s posts=%.0f expected=%.1f score=%.1f", STR_FMT(b->id),
		s->next.id, incident_state_names[s->from], incident_state_names[s->next.state], incident_event_names[s->event],
		level_names[s->next.level], s->next.peak.observed, s->next.peak.expected, s->next.peak.score);
}

static enum outcome commit_outcome(struct detector_brand *b, enum outcome done, const struct err *e)
{
	if (done != REJECT)
		return done;
	log_event(LOG_WARN, EV_fenced, "brand=%.*s why=%s", STR_FMT(b->id), log_quote(str_of(e->text)));
	b->loaded = false; /* stale or fenced: read again what holds, under the lease we have or get */
	return OK;
}

enum outcome tick_commit(
	struct detector *d, struct arena *a, struct detector_brand *b, const struct decision *decision, struct err *e)
{
	const struct step *step = decision->step;
	const bool moved = step != NULL && step->moved;
	const struct partition p = detector_partition(d, a, b);
	struct incidents_step out = {
		.expected_revision = b->revision,
		.tick_ms = b->tick_ms,
		.model = write_models(d, a, b),
		.incident = moved ? &step->next : NULL,
		.from = moved ? step->from : INC_NONE,
		.event = moved ? step->event : EVT_SURGE,
		.wish_entry = decision->wish != NULL ? decision->wish->entry_id : STR(""),
		.wish_id = decision->wish != NULL ? decision->wish->wish_id : STR(""),
		.wish_outcome = decision->answer,
		.at_ms = decision->at_ms,
	};
	enum outcome done = OK;
	if (moved && step->tell)
		done = herald_alert(d, a, b, decision, &out.outbox, e);
	if (done == OK)
		done = incidents_commit(&p, &out, e);
	if (done == OK && step != NULL)
		b->incident = step->next; /* unmoved it still carries sums and the last time over the threshold */
	if (done == OK && moved) {
		b->revision = step->next.revision;
		log_step(b, step);
	}
	return commit_outcome(b, done, e);
}

enum outcome tick_warm_up(struct detector *d, struct arena *a, struct detector_brand *b, int64_t tick_ms, struct err *e)
{
	const int64_t oldest = tick_ms - SITUATION_WARM_UP_DAYS * MS_PER_DAY;
	const int64_t from = floor_minute(b->known_since_ms > oldest ? b->known_since_ms : oldest);
	const int64_t minutes = (tick_ms - from) / MS_PER_MINUTE;
	if (minutes <= SITUATION_WARM_UP_MINUTES)
		return OK;
	struct series series[WATCH__N];
	const struct partition p = detector_partition(d, a, b);
	const enum outcome done = read_series(&p, watched_names, WATCH__N, (struct stretch){ from, (size_t)minutes }, series, e);
	for (int w = 0; w < WATCH__N && done == OK; w++)
		situation_warm_up(b->model[w], &series[w]);
	return done;
}

enum outcome tick_brand(struct detector *d, struct arena *a, struct detector_brand *b, int64_t tick_ms, struct err *e)
{
	struct look look;
	const enum outcome done = look_around(d, a, b, tick_ms, &look, e);
	if (done != OK)
		return done;
	const struct step step = incident_tick(&b->incident, &look.situation, &d->thresholds);
	for (int w = 0; w < WATCH__N; w++)
		model_learn(b->model[w], &look.sight[w]);
	b->tick_ms = tick_ms;
	metrics_add(M_ticks_total, 1);
	const struct decision decision = { .step = &step, .at_ms = tick_ms };
	return tick_commit(d, a, b, &decision, e);
}
