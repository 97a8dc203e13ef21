/* /api/series: counts of one brand over time, for the chart. */
#include "common/base/clock.h"
#include "common/store/buckets.h"
#include "console/api.h"
#include "console/brand_view.h"
#include "console/query.h"

struct span {
	int64_t from_ms, step_ms;
	size_t nminutes;
};

/* Steps stand on the clock (…:00, …:05), so that a column keeps its place from one refresh to the next; the last one is
 * still running. */
static enum outcome read_span(const struct api *api, struct span *out, struct err *e)
{
	int64_t minutes = 0, step = 0;
	enum outcome done =
		query_int(api->arena, api->request->query, "minutes", (struct query_bounds){ 180, 10, 2880 }, &minutes, e);
	if (done == OK)
		done = query_int(api->arena, api->request->query, "step", (struct query_bounds){ 5, 1, 60 }, &step, e);
	if (done != OK)
		return done;
	if (60 % step != 0)
		return err_set(e, REJECT, "step = %lld has to divide an hour: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60",
			(long long)step);
	const int64_t columns = (minutes + step - 1) / step;
	out->step_ms = step * MS_PER_MINUTE;
	out->from_ms = api->now_ms - api->now_ms % out->step_ms - (columns - 1) * out->step_ms;
	out->nminutes = (size_t)(columns * step);
	return OK;
}

/* Missing is not zero: a column whose minutes were all unwatched is null. */
static void write_series(struct buf *out, const char *key, const struct series *s, size_t step)
{
	buf_json_key(out, key);
	buf_addc(out, '[');
	for (size_t at = 0; at + step <= s->n; at += step) {
		double total = 0;
		bool is_known = false;
		for (size_t i = at; i < at + step; i++) {
			total += s->value[i];
			is_known = is_known || s->missing == NULL || !s->missing[i];
		}
		buf_json_comma(out);
		if (is_known)
			buf_addf(out, "%.0f", total);
		else
			buf_addz(out, "null");
	}
	buf_addc(out, ']');
}

static enum outcome read_series(const struct partition *p, struct span span, struct series out[VIEW__N], struct err *e)
{
	for (int v = 0; v < VIEW__N; v++)
		buckets_minutes_queue(p, str_of(view_series_names[v]), span.from_ms, span.nminutes);
	enum outcome done = redis_flush(p->redis, e);
	for (int v = 0; done == OK && v < VIEW__N; v++)
		done = buckets_minutes_take(p->redis, p->arena, span.from_ms, span.nminutes, &out[v], e);
	return done;
}

static void write_onset(struct buf *out, const struct incident *i)
{
	buf_json_key(out, "onset_ms");
	if (incident_is_open(i))
		buf_addf(out, "%lld", (long long)i->onset_ms);
	else
		buf_addz(out, "null");
}

enum outcome api_series(struct api *api, struct buf *out, struct err *e)
{
	struct span span = { 0 };
	struct brand_row brand = { 0 };
	struct series series[VIEW__N] = { 0 };
	struct progress progress = { 0 };
	enum outcome done = read_span(api, &span, e);
	if (done == OK)
		done = api_one_brand(api, &brand, e);
	if (done != OK)
		return done;
	const struct partition p = api_partition(api, brand.id);
	done = read_series(&p, span, series, e);
	if (done == OK)
		done = incidents_progress(&p, &progress, e);
	if (done != OK)
		return api_stored(done);
	buf_addc(out, '{');
	buf_json_int(out, "now_ms", api->now_ms);
	buf_json_str(out, "brand", brand.id);
	buf_json_int(out, "from_ms", span.from_ms);
	buf_json_int(out, "step_ms", span.step_ms);
	write_onset(out, &progress.incident);
	for (int v = 0; v < VIEW__N; v++)
		write_series(out, view_series_names[v], &series[v], (size_t)(span.step_ms / MS_PER_MINUTE));
	buf_addz(out, "}\n");
	return OK;
}
