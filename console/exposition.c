/* /metrics as text: a family is one HELP, one TYPE and all its samples in a row, as the format demands. */
#include "console/exposition.h"

#include "common/base/json.h"
#include "common/base/metrics.h"

void exposition_label(struct buf *out, const char *name, struct str value)
{
	buf_addf(out, "%s=\"", name);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\n') {
			buf_addz(out, "\\n");
			continue;
		}
		if (value.p[i] == '\\' || value.p[i] == '"')
			buf_addc(out, '\\');
		buf_addc(out, value.p[i]);
	}
	buf_addc(out, '"');
}

static void family(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_addf(out, "# HELP earshot_%s %s\n# TYPE earshot_%s %s\n", name, help, name, type);
}

static void process_sample(struct buf *out, const char *name, const struct proc_beat *b, int64_t value)
{
	buf_addf(out, "earshot_%s{", name);
	exposition_label(out, "role", b->role);
	buf_addc(out, ',');
	exposition_label(out, "process", b->id);
	buf_addf(out, "} %lld\n", (long long)value);
}

static void process_family(
	struct buf *out, const struct metric_row *row, const struct proc_beat *beat, struct json *const *values, size_t n)
{
	family(out, row->name, row->kind == METRIC_COUNTER ? "counter" : "gauge", row->help);
	for (size_t i = 0; i < n; i++) {
		int64_t value = 0;
		if (json_i64(json_get(values[i], row->name), &value))
			process_sample(out, row->name, &beat[i], value);
	}
}

/* Heartbeats are read once and walked once a family. */
#define PROCESSES 512

void exposition_processes(struct buf *out, const struct proc_beat *beat, size_t n, int64_t now_ms)
{
	struct json *values[PROCESSES];
	if (n > PROCESSES)
		n = PROCESSES;
	for (size_t i = 0; i < n; i++)
		values[i] = json_parse(beat[i].metrics_json, NULL);
	for (int m = 0; m < M__N; m++)
		process_family(out, &metrics_rows()[m], beat, values, n);
	for (size_t i = 0; i < n; i++)
		json_free(values[i]);
	family(out, "process_start_seconds", "gauge", "When the process began, seconds since 1970");
	for (size_t i = 0; i < n; i++)
		process_sample(out, "process_start_seconds", &beat[i], beat[i].started_ms / 1000);
	family(out, "heartbeat_age_milliseconds", "gauge", "Time since the process' last heartbeat");
	for (size_t i = 0; i < n; i++)
		process_sample(out, "heartbeat_age_milliseconds", &beat[i], now_ms - beat[i].beat_ms);
}

static void brand_family(struct buf *out, const char *name, const char *help, const struct exposition_brand *brand, size_t n,
	int64_t (*value)(const struct exposition_brand *))
{
	family(out, name, "gauge", help);
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "earshot_%s{", name);
		exposition_label(out, "brand", brand[i].id);
		buf_addf(out, "} %lld\n", (long long)value(&brand[i]));
	}
}

static int64_t waiting_of(const struct exposition_brand *b)
{
	return b->waiting;
}

static int64_t mentions_of(const struct exposition_brand *b)
{
	return b->mentions;
}

static int64_t incidents_of(const struct exposition_brand *b)
{
	return b->open_incidents;
}

static int64_t level_of(const struct exposition_brand *b)
{
	return b->level;
}

void exposition_brands(struct buf *out, const struct exposition_brand *brand, size_t n)
{
	brand_family(out, "brand_backlog", "Posts in the brand's stream that wait for the detector", brand, n, waiting_of);
	brand_family(out, "brand_mentions", "Mention records kept", brand, n, mentions_of);
	brand_family(out, "brand_open_incidents", "Incidents that are not closed", brand, n, incidents_of);
	brand_family(out, "brand_incident_level", "Level of the open incident: 0 none, 1 blue, 2 yellow, 3 orange, 4 red", brand,
		n, level_of);
}

void exposition_console(struct buf *out, const char *version, bool redis_up)
{
	family(out, "build_info", "gauge", "Always 1; the version is in the label");
	buf_addz(out, "earshot_build_info{");
	exposition_label(out, "version", str_of(version));
	buf_addz(out, "} 1\n");
	family(out, "redis_up", "gauge", "1 while Redis answers the console");
	buf_addf(out, "earshot_redis_up %d\n", redis_up ? 1 : 0);
}
