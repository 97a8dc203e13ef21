/* earshot source list: every configured source and how it is. */
#include "cli/source_commands.h"

#include <earshot/limits.h>

#include "cli/source_view.h"
#include "common/base/clock.h"
#include "common/store/pauses.h"
#include "crawler/health.h"
#include "crawler/traffic.h"

static const struct option_row list_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "sick", false, "those alone that are failing, late, silent or otherwise sick" },
	{ "json", false, "one JSON object a line" },
	{ NULL, false, NULL },
};

static void json_moment(struct buf *out, const char *key, int64_t ms)
{
	char iso[32];
	if (ms > 0 && ms != PAUSE_FOR_GOOD)
		buf_json_str(out, key, str_of(clock_iso(ms, iso)));
}

static void json_traffic(struct buf *out, const char *key, struct str text)
{
	struct traffic t;
	traffic_parse(text, &t);
	traffic_json(out, key, &t);
}

/* By several polls; "-" of what nobody polls. */
static struct str source_health(const struct source_view *v)
{
	return v->role == SOURCE_POLLED ? str_of(health_names[health_of(v->state.health.state)]) : STR("-");
}

static void write_json(struct buf *out, const struct source_view *v)
{
	const struct source *s = v->source;
	const enum view_state state = source_view_state(v);
	buf_addc(out, '{');
	buf_json_str(out, "id", s->id);
	buf_json_str(out, "kind", str_of(source_kind_names[s->how->kind]));
	buf_json_opt(out, "recipe", s->how->recipe != NULL ? s->how->recipe->name : STR(""));
	buf_json_str(out, "family", s->how->family);
	buf_json_opt(out, "url", s->url);
	buf_json_opt(out, "host", s->host);
	buf_json_str(out, "state", str_of(view_state_names[state]));
	buf_json_bool(out, "sick", source_view_is_sick(v));
	if (v->role == SOURCE_POLLED)
		buf_json_str(out, "health", source_health(v));
	buf_json_opt(out, "health_why", v->state.health.why);
	json_moment(out, "fetched", v->state.fetched_ms);
	if (state != VIEW_PAUSED)
		json_moment(out, "next", v->due_ms);
	json_moment(out, "paused_until", v->paused_ms);
	buf_json_int(out, "failures", v->state.failures);
	buf_json_int(out, "status", v->state.status);
	buf_json_int(out, "posts", v->state.posts);
	buf_json_opt(out, "error", v->state.error);
	json_traffic(out, "traffic", v->state.traffic);
	json_traffic(out, "host_traffic", v->host.traffic);
	buf_json_str(out, "file", str_of(s->at->file));
	buf_json_int(out, "line", s->at->line);
	buf_addz(out, "}\n");
}

/* Right-aligned spans: "3m ago", "in 5m". */
static void write_when(struct buf *out, int64_t ms, int64_t now_ms)
{
	struct buf text;
	buf_init(&text, 64);
	if (ms <= 0) {
		buf_addc(&text, '-');
	} else if (ms <= now_ms) {
		stored_age(&text, now_ms - ms);
		buf_addz(&text, " ago");
	} else {
		buf_addz(&text, "in ");
		stored_age(&text, ms - now_ms);
	}
	buf_addf(out, " %9.*s", STR_FMT(buf_str(&text)));
	buf_release(&text);
}

static void write_head(struct buf *out)
{
	buf_addf(out, "%-28s %-7s %-7s %-10s %9s %9s %6s %7s  %s\n", "id", "kind", "state", "health", "fetched", "next", "failed",
		"posts", "host");
}

static void write_row(struct buf *out, const struct source_view *v)
{
	const enum view_state state = source_view_state(v);
	const bool has_end = v->paused_ms > 0 && v->paused_ms != PAUSE_FOR_GOOD;
	buf_addf(out, "%-28.*s %-7s %-7s %-10.*s", STR_FMT(v->source->id), source_view_kind(v), view_state_names[state],
		STR_FMT(source_health(v)));
	write_when(out, v->state.fetched_ms, v->now_ms);
	write_when(out, state != VIEW_PAUSED ? v->due_ms : has_end ? v->paused_ms : 0, v->now_ms);
	buf_addf(out, " %6lld %7lld  %.*s\n", (long long)v->state.failures, (long long)v->state.posts, STR_FMT(v->source->host));
	if (v->state.failures == 0 && v->state.health.why.n > 0) {
		buf_addf(out, "%-28s ", "");
		stored_text(out, v->state.health.why, 300);
		buf_addc(out, '\n');
	}
	if (v->state.failures == 0)
		return;
	buf_addf(out, "%-28s status %lld: ", "", (long long)v->state.status);
	stored_text(out, v->state.error, 200);
	buf_addc(out, '\n');
}

struct listing {
	struct stored *s;
	struct arena arena; /* of one source */
	struct pause_table *pauses;
	size_t shown, sick;
};

static enum outcome show(struct listing *l, const struct source *list, size_t n, enum source_role role, struct err *e)
{
	struct options *o = &l->s->session.options;
	enum outcome done = OK;
	for (size_t i = 0; i < n && done == OK; i++) {
		struct source_view v = { .source = &list[i], .role = role };
		arena_reset(&l->arena);
		done = source_view_read(l->s, &l->arena, l->pauses, &v, e);
		const bool is_sick = done == OK && source_view_is_sick(&v);
		l->sick += is_sick;
		if (done != OK || (options_has(o, "sick") && !is_sick))
			continue;
		if (!options_has(o, "json") && l->shown == 0)
			write_head(&l->s->out);
		l->shown++;
		if (options_has(o, "json"))
			write_json(&l->s->out, &v);
		else
			write_row(&l->s->out, &v);
	}
	return done;
}

static void list_all(struct stored *s, const struct source_list *sources)
{
	struct listing l = { .s = s };
	struct err e = { 0 };
	arena_init(&l.arena, LIMIT_ARENA_BYTES);
	enum outcome done = source_view_pauses(s, &l.pauses, &e);
	if (done == OK)
		done = show(&l, sources->source, sources->n, SOURCE_POLLED, &e);
	if (done == OK)
		done = show(&l, sources->pushed, sources->npushed, SOURCE_PUSHED, &e);
	if (done == OK)
		done = show(&l, sources->off, sources->noff, SOURCE_OFF, &e);
	arena_release(&l.arena);
	if (done != OK)
		stored_fail(s, &e);
	else if (l.sick > 0)
		s->code = EXIT_NO;
	if (done == OK && !options_has(&s->session.options, "json"))
		buf_addf(&s->out, "%zu sources, %zu sick\n", sources->n + sources->npushed + sources->noff, l.sick);
}

int source_list(int argc, char **argv)
{
	struct stored s;
	struct source_list sources = { 0 };
	if (stored_open(&s, list_options, argc, argv)) {
		if (s.session.options.noperands > 0)
			s.code = command_usage_error(command_find(argv[0]), "it takes no operand; `source explain ID` shows one");
		else if (source_view_load(&s.session, &sources))
			list_all(&s, &sources);
		else
			s.code = EXIT_CONFIG;
		sources_release(&sources);
	}
	return stored_close(&s);
}
