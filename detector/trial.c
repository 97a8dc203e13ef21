/* The detector without Redis: minute counts in memory, and the pure half of the tick. */
#include "detector/trial.h"

#include "common/base/clock.h"

#include <stdlib.h>
#include <string.h>

/* Rings of minutes; a slot belongs to the minute it is tagged with. Powers of two that hold the warm-up, and a day of
 * sums since an onset, with the ten minutes that a post may be dated ahead. */
#define WATCHED_SLOTS 16384
#define CATEGORY_SLOTS 2048

struct ring {
	int64_t *tag; /* minutes since 1970 */
	uint32_t *cell; /* slot x dimension */
	size_t slots, dimensions;
};

struct trial_brand {
	bool is_heard; /* the rings exist */
	int64_t oldest_ms, known_since_ms; /* -1: no mention yet, not ticked yet */
	struct ring watched, category;
	double sum[WATCH__N][EVIDENCE_WINDOWS]; /* of the windows that end at the last tick */
	struct model model[WATCH__N];
	struct incident incident;
	size_t listed; /* index + 1 of the trial's incident that is the current one */
};

static void *take(size_t n, size_t size)
{
	void *p = calloc(n, size);
	if (p == NULL)
		abort();
	return p;
}

/* ---- rings ---- */

static void ring_init(struct ring *r, size_t slots, size_t dimensions)
{
	*r = (struct ring){ take(slots, sizeof *r->tag), take(slots * dimensions, sizeof *r->cell), slots, dimensions };
}

static void ring_release(struct ring *r)
{
	free(r->tag);
	free(r->cell);
}

static size_t slot_of(const struct ring *r, int64_t minute)
{
	return (size_t)minute & (r->slots - 1);
}

/* The counts of a minute, NULL when it was overwritten by a later one. */
static uint32_t *ring_cells(struct ring *r, int64_t minute)
{
	const size_t slot = slot_of(r, minute);
	uint32_t *cells = r->cell + slot * r->dimensions;
	if (r->tag[slot] > minute)
		return NULL;
	if (r->tag[slot] < minute)
		memset(cells, 0, r->dimensions * sizeof *cells);
	r->tag[slot] = minute;
	return cells;
}

static double ring_value(const struct ring *r, int64_t minute, size_t dimension)
{
	const size_t slot = slot_of(r, minute);
	return r->tag[slot] == minute ? r->cell[slot * r->dimensions + dimension] : 0;
}

/* The series of `minutes` that ends with the minute before the tick; `value` has that many places. */
static struct series ring_series(const struct ring *r, size_t dimension, int64_t tick_minute, size_t minutes, double *value)
{
	const int64_t from = tick_minute - (int64_t)minutes;
	for (size_t i = 0; i < minutes; i++)
		value[i] = ring_value(r, from + (int64_t)i, dimension);
	return (struct series){ from * MS_PER_MINUTE, value, minutes, NULL };
}

/* ---- life ---- */

void trial_init(struct trial *t, const struct rulebook *book, const struct thresholds *thresholds)
{
	*t = (struct trial){ .book = book, .thresholds = *thresholds, .now_ms = -1, .first_ms = -1 };
	t->brand = take(book->nbrands + 1, sizeof *t->brand);
}

void trial_release(struct trial *t)
{
	for (size_t i = 0; t->brand != NULL && i < t->book->nbrands; i++) {
		ring_release(&t->brand[i].watched);
		ring_release(&t->brand[i].category);
	}
	free(t->brand);
	free(t->incident);
	*t = (struct trial){ 0 };
}

/* ---- counting ---- */

static void hear(struct trial_brand *b)
{
	if (b->is_heard)
		return;
	ring_init(&b->watched, WATCHED_SLOTS, WATCH__N);
	ring_init(&b->category, CATEGORY_SLOTS, CAT__N);
	b->is_heard = true;
	b->oldest_ms = b->known_since_ms = -1;
	for (int w = 0; w < WATCH__N; w++)
		model_init(&b->model[w], MS_PER_MINUTE);
}

/* A mention of a minute that the windows of the last tick held already: they hold it too. */
static void add_to_sums(struct trial_brand *b, const struct trial_mention *m, int64_t minutes_ago)
{
	for (int w = 0; w < EVIDENCE_WINDOWS; w++)
		for (int d = 0; d < WATCH__N && minutes_ago >= 1 && minutes_ago <= evidence_window_minutes[w]; d++)
			b->sum[d][w] += m->watched[d];
}

void trial_count(struct trial *t, int brand, const struct trial_mention *m)
{
	struct trial_brand *b = &t->brand[brand];
	const int64_t minute = m->count_ms / MS_PER_MINUTE;
	hear(b);
	if (b->oldest_ms < 0 || m->count_ms < b->oldest_ms)
		b->oldest_ms = m->count_ms;
	uint32_t *watched = ring_cells(&b->watched, minute), *category = ring_cells(&b->category, minute);
	for (int d = 0; d < WATCH__N && watched != NULL; d++)
		watched[d] += m->watched[d];
	if (category != NULL && m->category != CAT_NONE)
		category[m->category]++;
	if (watched != NULL)
		add_to_sums(b, m, t->now_ms / MS_PER_MINUTE - minute);
}

/* ---- ticking ---- */

static void roll_sums(struct trial_brand *b, int64_t minute)
{
	for (int d = 0; d < WATCH__N; d++) {
		const double enters = ring_value(&b->watched, minute - 1, (size_t)d);
		for (int w = 0; w < EVIDENCE_WINDOWS; w++)
			b->sum[d][w] += enters - ring_value(&b->watched, minute - 1 - evidence_window_minutes[w], (size_t)d);
	}
}

/* As the live detector does with a brand that it hears of for the first time. */
static void first_heard(struct trial_brand *b, int64_t tick_ms)
{
	const int64_t eldest_ms = tick_ms - SITUATION_WARM_UP_DAYS * MS_PER_DAY;
	const int64_t from_ms = b->oldest_ms > eldest_ms ? b->oldest_ms : eldest_ms;
	const int64_t minutes = tick_ms / MS_PER_MINUTE - from_ms / MS_PER_MINUTE;
	b->known_since_ms = b->oldest_ms;
	if (minutes <= SITUATION_WARM_UP_MINUTES)
		return;
	double *value = take((size_t)minutes, sizeof *value);
	for (int w = 0; w < WATCH__N; w++) {
		const struct series s = ring_series(&b->watched, (size_t)w, tick_ms / MS_PER_MINUTE, (size_t)minutes, value);
		situation_warm_up(&b->model[w], &s);
	}
	free(value);
}

/* What is summed only when something may happen: the minutes that a live tick would read, as situation_sum_since() adds them. */
static void sum_since_onset(struct trial_brand *b, struct situation *s)
{
	const int64_t since = situation_since(&b->incident, s) / MS_PER_MINUTE, tick = s->now_ms / MS_PER_MINUTE;
	const int64_t first = tick - (int64_t)situation_minutes(&b->incident, s->now_ms);
	double category[CAT__N] = { 0 };
	for (int64_t m = since > first ? since : first; m < tick; m++) {
		s->posts += ring_value(&b->watched, m, WATCH_ALL);
		s->negative += ring_value(&b->watched, m, WATCH_NEGATIVE);
		s->complaints += ring_value(&b->watched, m, WATCH_COMPLAINT);
		for (size_t c = 1; c < CAT__N; c++)
			category[c] += ring_value(&b->category, m, c);
	}
	situation_category(category, s);
}

static void list_step(struct trial *t, int brand, const struct step *step)
{
	struct trial_brand *b = &t->brand[brand];
	if (step->event == EVT_SURGE && t->n == TRIAL_INCIDENTS_MOST) {
		t->unlisted++;
		b->listed = 0;
		return;
	}
	if (step->event == EVT_SURGE) {
		if (t->n == t->cap) {
			t->cap = t->cap > 0 ? t->cap * 2 : 64;
			t->incident = realloc(t->incident, t->cap * sizeof *t->incident);
			if (t->incident == NULL)
				abort();
		}
		t->incident[t->n++] = (struct trial_incident){ .brand = brand };
		b->listed = t->n;
	}
	if (b->listed == 0)
		return;
	t->incident[b->listed - 1].incident = step->next;
	t->incident[b->listed - 1].alerts += step->tell;
}

static void tick_brand(struct trial *t, int brand)
{
	struct trial_brand *b = &t->brand[brand];
	struct sight sight[WATCH__N];
	struct situation s = { .brand = t->book->brand[brand].id, .category = "", .now_ms = t->now_ms };
	const struct model *const model[WATCH__N] = { &b->model[0], &b->model[1], &b->model[2] };
	roll_sums(b, t->now_ms / MS_PER_MINUTE);
	if (b->known_since_ms < 0)
		first_heard(b, t->now_ms);
	s.known_since_ms = b->known_since_ms;
	for (int d = 0; d < WATCH__N; d++) {
		sight[d] = (struct sight){ .at_ms = t->now_ms };
		memcpy(sight[d].sum, b->sum[d], sizeof sight[d].sum);
	}
	situation_judge(model, sight, &s);
	if (situation_may_move(&b->incident, &s, &t->thresholds))
		sum_since_onset(b, &s);
	const struct step step = incident_tick(&b->incident, &s, &t->thresholds);
	for (int d = 0; d < WATCH__N; d++)
		model_learn(&b->model[d], &sight[d]);
	b->incident = step.next;
	if (step.moved)
		list_step(t, brand, &step);
}

static void tick(struct trial *t)
{
	for (size_t i = 0; i < t->book->nbrands; i++)
		if (t->brand[i].is_heard)
			tick_brand(t, (int)i);
}

/* Nothing of before a long gap is in any window behind it. */
static void jump(struct trial *t, int64_t minute_ms)
{
	t->now_ms = minute_ms;
	for (size_t i = 0; i < t->book->nbrands; i++)
		memset(t->brand[i].sum, 0, sizeof t->brand[i].sum);
}

void trial_advance(struct trial *t, int64_t to_ms)
{
	const int64_t minute_ms = to_ms - to_ms % MS_PER_MINUTE;
	if (t->now_ms < 0 || minute_ms - t->now_ms > TRIAL_GAP_MS)
		jump(t, minute_ms);
	if (t->first_ms < 0)
		t->first_ms = minute_ms;
	while (t->now_ms < minute_ms) {
		t->now_ms += MS_PER_MINUTE;
		tick(t);
	}
}

void trial_finish(struct trial *t)
{
	if (t->now_ms >= 0)
		trial_advance(t, t->now_ms + MS_PER_MINUTE);
}
