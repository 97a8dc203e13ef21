/* Visits that end together: their posts first, then their cursors, in three round trips for all. */
#include "crawler/round.h"

#include <earshot/limits.h>

#include "common/base/fuel.h"
#include "common/store/redis.h"
#include "crawler/away.h"
#include "crawler/cursor.h"
#include "crawler/fetch.h"

#define LOST_PAUSE_MS 1000 /* before Redis is asked again about the host of a visit that it did not take */

void round_init(struct round *r, struct crawl *c, struct arena *a, size_t room, int64_t now_ms)
{
	*r = (struct round){ .c = c,
		.a = a,
		.now_ms = now_ms,
		.visit = arena_list(a, struct visit, room + 1),
		.response = arena_list(a, struct http_response, room + 1),
		.robots = arena_list(a, struct robots_visit, room + 1),
		.room = room,
		.bytes = a->used };
}

bool round_is_full(const struct round *r)
{
	return r->n + r->nrobots >= r->room || r->a->used - r->bytes > LIMIT_ROUND_BYTES;
}

void round_add(struct round *r, const struct http_response *response)
{
	struct crawl_fetch *f = response->owner;
	struct visit *v = &r->visit[r->n];
	r->c->pace.n++;
	if (f->asks_robots && robots_look_is_answer(response)) {
		r->robots[r->nrobots++] =
			(struct robots_visit){ .r = *response, .shard = crawl_partition(r->c, r->a, f->source->shard) };
		return;
	}
	r->response[r->n] = *response;
	*v = (struct visit){ .c = r->c,
		.a = r->a,
		.f = f,
		.r = &r->response[r->n],
		.now_ms = r->now_ms,
		.shard = crawl_partition(r->c, r->a, f->source->shard) };
	r->n++;
	visit_read(v);
}

/* The first that went wrong is told; STOP in any case. */
static void note(enum outcome *worst, enum outcome outcome, const struct err *why, struct err *e)
{
	if (outcome == OK || *worst == STOP || (*worst != OK && outcome != STOP))
		return;
	*worst = outcome;
	if (e != NULL)
		*e = *why;
}

static void ask_known(struct round *r)
{
	for (size_t i = 0; i < r->n; i++)
		visit_ask_known(&r->visit[i]);
	for (size_t i = 0; i < r->nrobots; i++)
		robots_turn_ask(&r->robots[i]);
}

static void take_known(struct round *r, enum outcome *worst, struct err *e)
{
	struct err why = { 0 };
	for (size_t i = 0; i < r->n; i++)
		note(worst, visit_take_known(&r->visit[i], &why), &why, e);
	for (size_t i = 0; i < r->nrobots; i++)
		note(worst, robots_turn_read(r->c, &r->robots[i], r->now_ms, &why), &why, e);
}

/* Each has a second of its own: one page cannot take the time of the others. */
static void append(struct visit *v)
{
	struct fuel fuel;
	fuel_init(&fuel, 0, LIMIT_MATCH_CPU_MS);
	if (!v->is_lost)
		visit_append(v, &fuel);
}

enum outcome round_append(struct round *r, struct err *e)
{
	enum outcome worst = OK;
	struct err why = { 0 };
	ask_known(r);
	take_known(r, &worst, e);
	for (size_t i = 0; i < r->n; i++)
		append(&r->visit[i]);
	for (size_t i = 0; i < r->n; i++)
		if (!r->visit[i].is_lost)
			note(&worst, visit_take_appended(&r->visit[i], &why), &why, e);
	return worst;
}

void round_commit(struct round *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!r->visit[i].is_lost)
			cursor_step(&r->visit[i]);
	for (size_t i = 0; i < r->n; i++)
		if (!r->visit[i].is_lost)
			cursor_commit(&r->visit[i]);
	for (size_t i = 0; i < r->nrobots; i++)
		if (!r->robots[i].is_lost)
			robots_turn_commit(r->c, &r->robots[i], r->now_ms);
}

/* A visit whose commit failed is still due; until its claim on the host ends Redis will not let it go. */
static void let_go(struct round *r, struct visit *v, bool is_committed)
{
	struct crawl_fetch *f = v->f;
	if (is_committed)
		crawl_back(r->c, f->at, f->state.next_ms, v->host_next_ms);
	else
		crawl_back(r->c, f->at, r->now_ms, r->now_ms + LOST_PAUSE_MS);
	http_response_release(&r->response[v - r->visit]);
	fetch_free(f);
}

enum outcome round_settle(struct round *r, struct err *e)
{
	enum outcome worst = OK;
	for (size_t i = 0; i < r->n; i++) {
		struct visit *v = &r->visit[i];
		struct err why = { 0 };
		if (!v->is_lost)
			note(&worst, away_leave_take(r->c->redis, v->f, &why), &why, e);
		const enum outcome done = v->is_lost ? RETRY : cursor_take(v, &why);
		const bool is_committed = done == OK;
		if (!v->is_lost)
			note(&worst, crawl_unless_fenced(r->c, v->f->source->shard, done, &why), &why, e);
		let_go(r, v, is_committed);
	}
	for (size_t i = 0; i < r->nrobots; i++) {
		struct err why = { 0 };
		note(&worst, robots_turn_settle(r->c, &r->robots[i], r->now_ms, &why), &why, e);
	}
	r->n = r->nrobots = 0;
	return worst;
}
