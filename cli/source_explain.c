/* earshot source explain ID: what is configured where, who reads it, the last answer, the next poll and why. */
#include "cli/source_explain.h"

#include "cli/source_commands.h"
#include "common/base/clock.h"
#include "common/store/pauses.h"
#include "crawler/health.h"
#include "crawler/polling.h"
#include "crawler/standing.h"
#include "crawler/traffic.h"
#include "crawler/websub.h"

#define EXPLAIN_BYTES (1u << 20)

static const struct option_row explain_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ NULL, false, NULL },
};

/* ---- sentences ---- */

static void add_when(struct buf *out, int64_t ms, int64_t now_ms)
{
	stored_minute(out, ms);
	buf_addz(out, ms <= now_ms ? " (" : " (in ");
	stored_age(out, ms <= now_ms ? now_ms - ms : ms - now_ms);
	buf_addz(out, ms <= now_ms ? " ago)" : ")");
}

/* Headers may hold what opens a door: their names are enough. */
static struct str without_secrets(const struct conf_entry *entry)
{
	return str_eqc(entry->key, "header") ? STR("(set; not shown)") : entry->value;
}

static void explain_configuration(struct buf *out, const struct source_view *v)
{
	const struct conf_section *at = v->source->at;
	buf_addf(out, "%s:%d\n", at->file, at->line);
	for (size_t i = 0; i < at->n; i++) {
		buf_addf(out, "  %.*s = ", STR_FMT(at->entry[i].key));
		stored_text(out, without_secrets(&at->entry[i]), 200);
		buf_addf(out, "   (line %d)\n", at->entry[i].key_line);
	}
	buf_addz(out, "  everything else is at its default: docs/options.md\n");
}

static void explain_reader(struct buf *out, const struct source_view *v)
{
	static const char *const readers[] = {
		[SOURCE_FEED] = "a feed or sitemap, told apart by content",
		[SOURCE_WEBHOOK] = "posts that are brought to POST /ingest",
		[SOURCE_PAGE] = "a page, by what it shows",
		[SOURCE_IMAP] = "a mailbox, its messages one by one",
	};
	const struct recipe *r = v->source->how->recipe;
	if (r != NULL)
		buf_addf(out, "the recipe %.*s (%s): %.*s\n", STR_FMT(r->name), r->path, STR_FMT(r->about));
	else
		buf_addf(out, "%s\n", readers[v->source->how->kind]);
}

static void explain_answer(struct buf *out, const struct source_view *v)
{
	const struct source_state *s = &v->state;
	if (v->role != SOURCE_POLLED)
		return;
	if (s->fetched_ms == 0) {
		buf_addz(out, "none yet\n");
		return;
	}
	buf_addf(out, "status %lld, ", (long long)s->status);
	add_when(out, s->fetched_ms, v->now_ms);
	buf_addf(out, "; %lld entries the last time there was a new body; %lld posts for brands in %lld polls\n",
		(long long)s->entries, (long long)s->posts, (long long)s->polls);
	if (s->page.n > 0)
		buf_addf(out, "in the middle of a visit: page %lld is next\n", (long long)s->pages + 1);
}

static void add_traffic(struct buf *out, struct str text)
{
	struct arena a;
	struct traffic t;
	arena_init(&a, EXPLAIN_BYTES);
	traffic_parse(text, &t);
	buf_addf(out, "%.*s\n", STR_FMT(traffic_describe(&a, &t)));
	arena_release(&a);
}

static void explain_traffic(struct buf *out, const struct source_view *v)
{
	if (v->role == SOURCE_POLLED)
		add_traffic(out, v->state.traffic);
}

static void explain_validators(struct buf *out, const struct source_view *v)
{
	if (v->state.etag.n == 0 && v->state.last_modified.n == 0) {
		if (v->state.fetched_ms > 0)
			buf_addz(out, "none: the server gave neither ETag nor Last-Modified, each poll brings the whole body\n");
		return;
	}
	if (v->state.etag.n > 0)
		buf_addz(out, v->source->how->kind == SOURCE_IMAP ? "place in the mailbox " : "ETag ");
	stored_text(out, v->state.etag, 200);
	if (v->state.last_modified.n > 0)
		buf_addz(out, v->state.etag.n > 0 ? ", Last-Modified " : "Last-Modified ");
	stored_text(out, v->state.last_modified, 200);
	buf_addc(out, '\n');
}

static void explain_failures(struct buf *out, const struct source_view *v)
{
	if (v->state.failures == 0)
		return;
	buf_addf(out, "%lld in a row, the last: ", (long long)v->state.failures);
	stored_text(out, v->state.error, 400);
	buf_addc(out, '\n');
}

static void explain_pause(struct buf *out, const struct source_view *v)
{
	if (v->paused_ms == PAUSE_FOR_GOOD)
		buf_addf(out, "until somebody says `earshot source resume %.*s`\n", STR_FMT(v->source->id));
	if (v->paused_ms == 0 || v->paused_ms == PAUSE_FOR_GOOD)
		return;
	buf_addz(out, "until ");
	add_when(out, v->paused_ms, v->now_ms);
	buf_addc(out, '\n');
}

/* Why it is polled then. */
static void explain_reason(struct buf *out, const struct source_view *v)
{
	struct arena a;
	arena_init(&a, EXPLAIN_BYTES);
	if (v->role == SOURCE_POLLED && v->paused_ms == 0 && v->due_ms != 0 && v->due_ms == v->state.next_ms)
		buf_addf(out, "%.*s\n", STR_FMT(polling_explain(&a, &v->state, v->now_ms)));
	arena_release(&a);
}

/* What its answers have made of it, when that is more than fine. */
static void explain_standing(struct buf *out, const struct source_view *v)
{
	struct arena a;
	arena_init(&a, EXPLAIN_BYTES);
	if (v->role == SOURCE_POLLED && v->state.standing.n > 0)
		buf_addf(out, "%.*s\n", STR_FMT(standing_describe(&a, &v->state)));
	arena_release(&a);
}

static void explain_health(struct buf *out, const struct source_view *v)
{
	struct arena a;
	arena_init(&a, EXPLAIN_BYTES);
	if (v->role == SOURCE_POLLED && v->state.health.memory.n > 0)
		buf_addf(out, "%.*s\n", STR_FMT(health_describe(&a, &v->state, v->now_ms)));
	arena_release(&a);
}

static void explain_websub(struct buf *out, const struct source_view *v)
{
	struct arena a;
	arena_init(&a, EXPLAIN_BYTES);
	if (v->has_subscription)
		buf_addf(out, "%.*s\n", STR_FMT(websub_describe(&a, &v->subscription, v->now_ms)));
	arena_release(&a);
}

static void explain_next(struct buf *out, const struct source_view *v)
{
	if (v->role != SOURCE_POLLED) {
		buf_addz(out, v->role == SOURCE_OFF ? "never: enabled = no\n" : "never: its posts are brought\n");
		return;
	}
	if (v->paused_ms > 0) {
		buf_addz(out, "when the pause is over\n");
		return;
	}
	if (v->due_ms == 0) {
		buf_addz(out, "no crawler has taken it up; does one run, and has it had HUP since the section was written?\n");
		return;
	}
	add_when(out, v->due_ms, v->now_ms);
	if (v->due_ms != v->state.next_ms)
		buf_addz(out, ": asked for, or not fetched yet");
	buf_addc(out, '\n');
}

static void explain_host(struct buf *out, const struct source_view *v)
{
	if (v->role != SOURCE_POLLED)
		return;
	buf_addf(out, "%.*s, shard s%02u; ", STR_FMT(v->source->host), v->source->shard);
	if (v->host.is_claimed)
		buf_addz(out, "a request is under way\n");
	else if (v->host.next_ms <= v->now_ms)
		buf_addz(out, "may be asked at once\n");
	else {
		buf_addz(out, "may be asked again ");
		add_when(out, v->host.next_ms, v->now_ms);
		buf_addc(out, '\n');
	}
	if (v->host.traffic.n > 0)
		add_traffic(out, v->host.traffic);
}

const struct source_explainer source_explainers[] = {
	{ "configured", explain_configuration },
	{ "read as", explain_reader },
	{ "paused", explain_pause },
	{ "last answer", explain_answer },
	{ "requests", explain_traffic },
	{ "validators", explain_validators },
	{ "failures", explain_failures },
	{ "standing", explain_standing },
	{ "health", explain_health },
	{ "websub", explain_websub },
	{ "next poll", explain_next },
	{ "why then", explain_reason },
	{ "host", explain_host },
};
const size_t source_nexplainers = sizeof source_explainers / sizeof *source_explainers;

/* ---- the page ---- */

void source_explain_write(struct buf *out, const struct source_view *v)
{
	struct buf part;
	buf_addf(out, "%.*s: %s\n", STR_FMT(v->source->id), view_state_names[source_view_state(v)]);
	buf_init(&part, 1u << 20);
	for (size_t i = 0; i < source_nexplainers; i++) {
		buf_clear(&part);
		source_explainers[i].explain(&part, v);
		struct str rest = buf_str(&part), line;
		const char *title = source_explainers[i].title;
		while (rest.n > 0 && str_split(&rest, '\n', &line)) {
			buf_addf(out, "%-12s %.*s\n", title, STR_FMT(line));
			title = "";
		}
	}
	buf_release(&part);
}

static void explain(struct stored *s, const struct source_list *sources)
{
	struct source_view v = { 0 };
	struct pause_table *pauses = NULL;
	struct err e = { 0 };
	v.source = source_view_find(sources, s->session.options.operand[0], &v.role);
	if (v.source == NULL) {
		s->code = EXIT_NO;
		return;
	}
	enum outcome done = source_view_pauses(s, &pauses, &e);
	if (done == OK)
		done = source_view_read(s, &s->session.arena, pauses, &v, &e);
	if (done == OK)
		source_explain_write(&s->out, &v);
	else
		stored_fail(s, &e);
}

int source_explain(int argc, char **argv)
{
	struct stored s;
	struct source_list sources = { 0 };
	if (stored_open(&s, explain_options, argc, argv)) {
		if (s.session.options.noperands != 1)
			s.code = command_usage_error(command_find(argv[0]), "which source? Give its id");
		else if (source_view_load(&s.session, &sources))
			explain(&s, &sources);
		else
			s.code = EXIT_CONFIG;
		sources_release(&sources);
	}
	return stored_close(&s);
}
