/* /api/processes: the heartbeats of all roles. */
#include <earshot/limits.h>

#include "common/base/json.h"
#include "console/api.h"

static void write_metrics(struct buf *out, struct str metrics_json)
{
	struct json *metrics = json_parse(metrics_json, NULL);
	buf_json_key(out, "metrics");
	if (json_kind(metrics) == JSON_OBJECT)
		json_write(out, metrics);
	else
		buf_addz(out, "{}");
	json_free(metrics);
}

/* A process that missed two beats is shown as silent; its key goes away by itself half a minute after the last beat. */
static void write_process(struct buf *out, const struct proc_beat *b, int64_t now_ms)
{
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "role", b->role);
	buf_json_str(out, "id", b->id);
	buf_json_str(out, "host", b->host);
	buf_json_int(out, "pid", b->pid);
	buf_json_str(out, "version", b->version);
	buf_json_int(out, "started_ms", b->started_ms);
	buf_json_int(out, "beat_ms", b->beat_ms);
	buf_json_bool(out, "alive", now_ms - b->beat_ms < 3 * LIMIT_HEARTBEAT_MS);
	write_metrics(out, b->metrics_json);
	buf_addc(out, '}');
}

enum outcome api_processes(struct api *api, struct buf *out, struct err *e)
{
	struct proc_beat *beat = NULL;
	size_t n = 0;
	enum outcome done = api_need_redis(api, e);
	if (done == OK)
		done = api_stored(procs_list(api->redis, api->arena, &beat, &n, e));
	if (done != OK)
		return done;
	buf_addc(out, '{');
	buf_json_int(out, "now_ms", api->now_ms);
	buf_json_key(out, "processes");
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++)
		write_process(out, &beat[i], api->now_ms);
	buf_addz(out, "]}\n");
	return OK;
}
