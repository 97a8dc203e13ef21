/* One configured source beside what Redis knows of it. */
#include "cli/source_view.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/store/pauses.h"
#include "common/store/redis.h"
#include "crawler/health.h"

#include <stdio.h>

#define LATE_MS (5 * MS_PER_MINUTE) /* behind its time; a busy host may take turns for minutes */

const char *const view_state_names[VIEW__N] = {
	[VIEW_OK] = "ok",
	[VIEW_WAITING] = "waiting",
	[VIEW_FAILING] = "failing",
	[VIEW_LATE] = "late",
	[VIEW_PAUSED] = "paused",
	[VIEW_PUSHED] = "pushed",
	[VIEW_OFF] = "off",
};

struct pause_table {
	struct pause *of[EARSHOT_SHARDS];
	size_t n[EARSHOT_SHARDS];
};

enum outcome source_view_pauses(struct stored *s, struct pause_table **out, struct err *e)
{
	struct arena *a = &s->session.arena;
	struct pause_table *table = arena_new(a, struct pause_table);
	redis_drain(s->redis);
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS; shard++) {
		const struct partition p = { .redis = s->redis, .arena = a, .shard = shard };
		pauses_queue(&p);
	}
	enum outcome done = redis_flush(s->redis, e);
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS && done == OK; shard++)
		done = pauses_take(s->redis, a, &table->of[shard], &table->n[shard], e);
	redis_done(s->redis);
	*out = table;
	return done;
}

static int64_t paused_until(const struct pause_table *pauses, const struct source *source, int64_t now_ms)
{
	for (size_t i = 0; i < pauses->n[source->shard]; i++) {
		const struct pause *p = &pauses->of[source->shard][i];
		if (str_eq(p->id, source->id) && p->until_ms > now_ms)
			return p->until_ms;
	}
	return 0;
}

enum outcome source_view_read(
	struct stored *s, struct arena *a, const struct pause_table *pauses, struct source_view *v, struct err *e)
{
	const struct partition p = { .redis = s->redis, .arena = a, .shard = v->source->shard };
	v->now_ms = s->now_ms;
	if (v->role != SOURCE_POLLED)
		return OK;
	v->paused_ms = paused_until(pauses, v->source, s->now_ms);
	enum outcome done = sources_state(&p, v->source->id, &v->state, e);
	if (done == OK)
		done = sources_look_due(&p, v->source->id, &v->due_ms, e);
	if (done == OK)
		done = sources_look_host(&p, v->source->host, &v->host, e);
	if (done == OK)
		done = subscriptions_read(&p, v->source->id, &v->subscription, &v->has_subscription, e);
	redis_done(s->redis);
	return done;
}

enum view_state source_view_state(const struct source_view *v)
{
	if (v->role != SOURCE_POLLED)
		return v->role == SOURCE_OFF ? VIEW_OFF : VIEW_PUSHED;
	if (v->paused_ms > v->now_ms)
		return VIEW_PAUSED;
	if (v->due_ms > 0 && v->now_ms - v->due_ms > LATE_MS)
		return VIEW_LATE;
	if (v->state.failures > 0)
		return VIEW_FAILING;
	return v->state.fetched_ms > 0 ? VIEW_OK : VIEW_WAITING;
}

bool source_view_is_sick(const struct source_view *v)
{
	const enum view_state state = source_view_state(v);
	const bool is_watched = state == VIEW_OK || state == VIEW_WAITING;
	return state == VIEW_FAILING || state == VIEW_LATE || (is_watched && health_is_sick(health_of(v->state.health.state)));
}

const char *source_view_kind(const struct source_view *v)
{
	return v->source->how->recipe != NULL ? "recipe" : source_kind_names[v->source->how->kind];
}

bool source_view_load(struct session *s, struct source_list *out)
{
	struct problems problems;
	problems_init(&problems);
	sources_load(&s->arena, s->settings.feeds_folder, s->settings.feeds.n, out, &problems);
	const bool fine = command_problems(&problems);
	problems_release(&problems);
	return fine;
}

const struct source *source_view_find(const struct source_list *l, const char *id, enum source_role *role)
{
	const struct source *found = sources_find(l, str_of(id));
	*role = SOURCE_POLLED;
	if (found == NULL) {
		found = sources_find_pushed(l, str_of(id));
		*role = SOURCE_PUSHED;
	}
	if (found == NULL) {
		found = sources_find_off(l, str_of(id));
		*role = SOURCE_OFF;
	}
	if (found == NULL)
		(void)fprintf(
			stderr, "earshot: there is no source \"%s\" in the feeds folders; `earshot source list` names all\n", id);
	return found;
}
