/* Reading all brands' cards: three slices of counts a dimension in one pipeline, then backlog and incident. */
#include "console/brand_view.h"

#include "common/base/clock.h"
#include "common/store/buckets.h"
#include "common/store/posts.h"

const char *const view_series_names[VIEW__N] = { "all", "negative", "complaint" };

/* A day of minutes is 1,440 cells; the same sum from two kinds of bucket is at most 83:
 *      oldest                                            now
 *        |--edge minutes--|------- whole hours ... -------|
 * The running hour is a whole one here: its cell holds what was counted so far. */
struct window {
	int64_t hour_from_ms, edge_from_ms, day_from_ms;
	size_t nedge;
};

static struct window window_at(int64_t now_ms)
{
	const int64_t minute = now_ms - now_ms % MS_PER_MINUTE;
	const int64_t hour = now_ms - now_ms % MS_PER_HOUR;
	struct window w = { .hour_from_ms = minute - 59 * MS_PER_MINUTE, .day_from_ms = hour - (VIEW_HOURS - 1) * MS_PER_HOUR };
	w.edge_from_ms = minute - (24 * 60 - 1) * MS_PER_MINUTE;
	w.nedge = (size_t)((w.day_from_ms - w.edge_from_ms) / MS_PER_MINUTE);
	return w;
}

static double sum(const struct series *s)
{
	double total = 0;
	for (size_t i = 0; i < s->n; i++)
		total += s->value[i];
	return total;
}

static struct partition partition_of(struct redis *r, struct arena *a, const struct brand_view *v)
{
	return (struct partition){ .redis = r, .arena = a, .brand = v->row.id };
}

static void queue_counts(const struct partition *p, struct window w)
{
	for (int v = 0; v < VIEW__N; v++) {
		const struct str dimension = str_of(view_series_names[v]);
		buckets_minutes_queue(p, dimension, w.hour_from_ms, 60);
		buckets_hours_queue(p, dimension, w.day_from_ms, VIEW_HOURS);
		if (w.nedge > 0)
			buckets_minutes_queue(p, dimension, w.edge_from_ms, w.nedge);
	}
}

static enum outcome take_series(
	struct redis *r, struct arena *a, struct window w, enum view_series v, struct brand_view *out, struct err *e)
{
	struct series hour = { 0 }, hours = { 0 }, edge = { 0 };
	enum outcome done = buckets_minutes_take(r, a, w.hour_from_ms, 60, &hour, e);
	if (done == OK)
		done = buckets_hours_take(r, a, w.day_from_ms, VIEW_HOURS, &hours, e);
	if (done == OK && w.nedge > 0)
		done = buckets_minutes_take(r, a, w.edge_from_ms, w.nedge, &edge, e);
	if (done != OK)
		return done;
	out->hour[v] = sum(&hour);
	out->day[v] = sum(&hours) + sum(&edge);
	for (size_t i = 0; i < VIEW_HOURS && i < hours.n; i++)
		out->hours[v][i] = hours.value[i];
	return OK;
}

bool incident_is_open(const struct incident *i)
{
	return i->state >= INC_DETECTED && i->state <= INC_MONITORING;
}

static enum outcome read_rest(struct redis *r, struct arena *a, struct brand_view *out, struct err *e)
{
	const struct partition p = partition_of(r, a, out);
	struct progress progress;
	enum outcome done = posts_total(&p, &out->mentions, &out->waiting, e);
	if (done == OK)
		done = incidents_progress(&p, &progress, e);
	if (done != OK)
		return done;
	out->incident = progress.incident;
	out->has_incident = incident_is_open(&out->incident);
	return OK;
}

/* Brands a pipeline: a thousand brands at once would be nine thousand replies in memory. */
#define AT_ONCE 32

static enum outcome read_counts(
	struct redis *r, struct arena *a, struct brand_view *view, size_t n, struct window w, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct partition p = partition_of(r, a, &view[i]);
		queue_counts(&p, w);
	}
	enum outcome done = redis_flush(r, e);
	for (size_t i = 0; done == OK && i < n; i++)
		for (int v = 0; done == OK && v < VIEW__N; v++)
			done = take_series(r, a, w, (enum view_series)v, &view[i], e);
	return done;
}

enum outcome brand_view_read(struct redis *r, struct arena *a, struct brand_view *view, size_t n, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; done == OK && i < n; i += AT_ONCE)
		done = read_counts(r, a, view + i, n - i < AT_ONCE ? n - i : AT_ONCE, window_at(now_ms), e);
	for (size_t i = 0; done == OK && i < n; i++)
		done = read_rest(r, a, &view[i], e);
	return done;
}
