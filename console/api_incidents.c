/* /api/incidents: what is open, and what was. */
#include <earshot/limits.h>

#include "console/api.h"
#include "console/brand_view.h"
#include "console/query.h"

#include <stdlib.h>

struct shown {
	struct incident incident;
	struct str brand;
};

/* Open ones first, the graver the earlier; then the newest onset. */
static int compare(const void *left, const void *right)
{
	const struct shown *a = left, *b = right;
	const bool a_open = incident_is_open(&a->incident), b_open = incident_is_open(&b->incident);
	if (a_open != b_open)
		return a_open ? -1 : 1;
	if (a_open && a->incident.level != b->incident.level)
		return a->incident.level > b->incident.level ? -1 : 1;
	if (a->incident.onset_ms != b->incident.onset_ms)
		return a->incident.onset_ms > b->incident.onset_ms ? -1 : 1;
	return str_cmp(a->brand, b->brand);
}

/* The first `limit` of all brands. Each brand's own list is made in `scratch` and dropped at once: a thousand brands with a
 * long history each would not fit one request's arena. */
static enum outcome read_all(
	const struct api *api, struct arena *scratch, size_t limit, struct shown *out, size_t *n, struct err *e)
{
	struct brand_row *brand = NULL;
	size_t nbrands = 0;
	enum outcome done = api_brands(api, &brand, &nbrands, e);
	for (size_t b = 0; done == OK && b < nbrands; b++) {
		struct incident *list = NULL;
		size_t count = 0;
		arena_reset(scratch);
		const struct partition p = { .redis = api->redis, .arena = scratch, .brand = brand[b].id };
		done = api_stored(incidents_list(&p, limit, &list, &count, e));
		for (size_t i = 0; done == OK && i < count; i++)
			out[(*n)++] = (struct shown){ list[i], brand[b].id };
		qsort(out, *n, sizeof *out, compare);
		*n = *n < limit ? *n : limit;
	}
	return done;
}

static void write_all(const struct api *api, struct buf *out, const struct shown *shown, size_t n)
{
	buf_addc(out, '{');
	buf_json_int(out, "now_ms", api->now_ms);
	buf_json_key(out, "incidents");
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		buf_json_comma(out);
		incident_write(out, &shown[i].incident, shown[i].brand);
	}
	buf_addz(out, "]}\n");
}

enum outcome api_incidents(struct api *api, struct buf *out, struct err *e)
{
	int64_t limit = 0;
	size_t n = 0;
	const enum outcome asked =
		query_int(api->arena, api->request->query, "limit", (struct query_bounds){ 20, 1, 200 }, &limit, e);
	if (asked != OK)
		return asked;
	struct shown *shown = arena_list(api->arena, struct shown, 2 * (size_t)limit);
	struct arena scratch;
	arena_init(&scratch, LIMIT_ARENA_BYTES);
	const enum outcome done = read_all(api, &scratch, (size_t)limit, shown, &n, e);
	arena_release(&scratch);
	if (done == OK)
		write_all(api, out, shown, n);
	return done;
}
