/* /metrics: every process and every brand in one scrape, so that workers need no port of their own. */
#include "common/store/posts.h"
#include "console/api.h"
#include "console/brand_view.h"
#include "console/exposition.h"

static enum outcome read_brand(const struct api *api, struct str id, struct exposition_brand *out, struct err *e)
{
	const struct partition p = api_partition(api, id);
	struct progress progress;
	enum outcome done = posts_total(&p, &out->mentions, &out->waiting, e);
	if (done == OK)
		done = incidents_progress(&p, &progress, e);
	if (done != OK)
		return done;
	out->id = id;
	if (incident_is_open(&progress.incident)) {
		out->open_incidents = 1;
		out->level = (int64_t)progress.incident.level + 1;
	}
	return OK;
}

static enum outcome write_all(const struct api *api, struct buf *out, struct err *e)
{
	struct proc_beat *beat = NULL;
	struct brand_row *rows = NULL;
	size_t nbeats = 0, nbrands = 0;
	enum outcome done = procs_list(api->redis, api->arena, &beat, &nbeats, e);
	if (done == OK)
		done = procs_brands(api->redis, api->arena, &rows, &nbrands, e);
	struct exposition_brand *brand = arena_list(api->arena, struct exposition_brand, nbrands + 1);
	for (size_t i = 0; done == OK && i < nbrands; i++)
		done = read_brand(api, rows[i].id, &brand[i], e);
	if (done != OK)
		return done;
	exposition_processes(out, beat, nbeats, api->now_ms);
	exposition_brands(out, brand, nbrands);
	return OK;
}

/* Without Redis a scrape still succeeds and says so: an alert on earshot_redis_up is better than a failed scrape. */
enum outcome api_metrics(struct api *api, struct buf *out, struct err *e)
{
	enum outcome done = OK;
	if (api->ready)
		done = api_stored(write_all(api, out, e));
	if (done == STOP)
		return done;
	if (done == RETRY)
		buf_clear(out);
	exposition_console(out, EARSHOT_VERSION, api->ready && done == OK);
	return OK;
}
