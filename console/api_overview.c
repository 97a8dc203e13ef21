/* /api/overview: the cards of all brands. */
#include "console/api.h"

#include "console/brand_view.h"

static void write_counts(struct buf *out, const char *key, const double counts[VIEW__N])
{
	buf_json_key(out, key);
	buf_addc(out, '{');
	for (int v = 0; v < VIEW__N; v++)
		buf_json_double(out, view_series_names[v], counts[v], 3);
	buf_addc(out, '}');
}

static void write_hours(struct buf *out, const char *key, const double hours[VIEW_HOURS])
{
	buf_json_key(out, key);
	for (int i = 0; i < VIEW_HOURS; i++)
		buf_addf(out, "%s%.0f", i == 0 ? "[" : ",", hours[i]);
	buf_addc(out, ']');
}

static void write_brand(struct buf *out, const struct brand_view *b)
{
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "id", b->row.id);
	buf_json_str(out, "name", b->row.name);
	buf_json_str(out, "name_en", b->row.name_en.n > 0 ? b->row.name_en : b->row.name);
	buf_json_str(out, "rulebook", b->row.rulebook);
	write_counts(out, "hour", b->hour);
	write_counts(out, "day", b->day);
	write_hours(out, "hours", b->hours[VIEW_ALL]);
	write_hours(out, "hours_negative", b->hours[VIEW_NEGATIVE]);
	buf_json_int(out, "mentions", b->mentions);
	buf_json_int(out, "waiting", b->waiting);
	buf_json_key(out, "incident");
	if (b->has_incident)
		incident_write(out, &b->incident, b->row.id);
	else
		buf_addz(out, "null");
	buf_addc(out, '}');
}

static enum outcome read_views(const struct api *api, struct brand_view **view, size_t *n, struct err *e)
{
	struct brand_row *rows = NULL;
	const enum outcome done = api_brands(api, &rows, n, e);
	if (done != OK)
		return done;
	*view = arena_list(api->arena, struct brand_view, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*view)[i].row = rows[i];
	return api_stored(brand_view_read(api->redis, api->arena, *view, *n, api->now_ms, e));
}

enum outcome api_overview(struct api *api, struct buf *out, struct err *e)
{
	struct brand_view *view = NULL;
	size_t n = 0;
	const enum outcome done = read_views(api, &view, &n, e);
	if (done != OK)
		return done;
	buf_addc(out, '{');
	buf_json_int(out, "now_ms", api->now_ms);
	buf_json_str(out, "version", STR(EARSHOT_VERSION));
	buf_json_key(out, "brands");
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++)
		write_brand(out, &view[i]);
	buf_addz(out, "]}\n");
	return OK;
}
