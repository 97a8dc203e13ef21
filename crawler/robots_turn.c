/* robots.txt in the crawler's turn: before a source's own request. */
#include "crawler/robots_turn.h"

#include "common/base/metrics.h"
#include "crawler/away.h"
#include "crawler/cursor.h"
#include "crawler/paging.h"
#include "crawler/traffic.h"

#define LOST_PAUSE_MS 1000 /* before Redis is asked again about a host whose answer it did not take */

void robots_turn_queue(struct crawl *c, struct arena *a)
{
	for (size_t i = 0; i < c->nwaiting; i++) {
		const struct source *s = &c->sources->source[c->waiting[i]];
		const struct partition p = crawl_partition(c, a, s->shard);
		robots_copy_queue(&p, s->origin);
	}
}

/* What could not be read is asked for again: the sources are due as before. */
enum outcome robots_turn_take(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	enum outcome worst = OK;
	for (size_t i = 0; i < c->nwaiting; i++) {
		const uint32_t at = c->waiting[i];
		const struct source *s = &c->sources->source[at];
		const struct partition p = crawl_partition(c, a, s->shard);
		const enum outcome done = robots_keep_take(c->robots, &p, s, now_ms, e);
		worst = done != OK ? done : worst;
		frontier_back(&c->frontier, at, c->frontier.due_ms[at], c->frontier.host[c->frontier.host_of[at]].next_ms);
	}
	c->nwaiting = 0;
	return worst;
}

bool robots_turn_start(struct crawl *c, struct crawl_fetch *f, int64_t now_ms, struct http_response *refused)
{
	struct robots_answer answer;
	*refused = (struct http_response){ .retry_after_ms = -1, .owner = f };
	robots_keep_ask(c->robots, f->target, now_ms, &answer);
	if (answer.word == ROBOTS_REFUSED) {
		metrics_add(M_robots_refused_total, 1);
		f->not_before_ms = answer.again_ms;
		refused->outcome = REJECT;
		refused->err = answer.why;
	} else if (answer.word == ROBOTS_ASK) {
		struct http_request request = robots_look_request(&f->arena, f->target);
		request.owner = f;
		f->asks_robots = true;
		refused->outcome = http_start(c->http, &request, &refused->err);
	} else if (f->target == f->source && paging_is_deep(&f->state) &&
		   !robots_keep_allows(c->robots, f->source, paging_address(f->source, &f->state))) {
		refused->status = 404; /* a list ends where its next page is disallowed */
		return false;
	} else {
		refused->outcome = fetch_start(c->http, f, c->settings->keep_mentions_ms, &refused->err);
	}
	return refused->outcome == OK;
}

/* ---- its answers, in a round ---- */

void robots_turn_ask(const struct robots_visit *v)
{
	const struct crawl_fetch *f = v->r.owner;
	robots_copy_queue(&v->shard, f->target->origin);
}

enum outcome robots_turn_read(struct crawl *c, struct robots_visit *v, int64_t now_ms, struct err *e)
{
	const struct crawl_fetch *f = v->r.owner;
	const struct robots_sight sight = { f->target, &v->r, now_ms };
	const enum outcome done = robots_keep_answer(c->robots, &v->shard, &sight, &v->copy, e);
	v->is_lost = done != OK;
	metrics_add(M_robots_fetches_total, done == OK);
	return done;
}

/* The host's pause begins; the source is as it was, and due. */
void robots_turn_commit(struct crawl *c, struct robots_visit *v, int64_t now_ms)
{
	struct crawl_fetch *f = v->r.owner;
	f->delay_ms = robots_keep_delay_ms(c->robots, f->target); /* which this answer may have brought */
	f->state.next_ms = now_ms;
	v->host_next_ms = cursor_leave_host(f, &v->r, v->r.retry_after_ms, now_ms);
	if (!f->has_permit)
		f->host_traffic = traffic_add(&f->arena, f->host_traffic, &v->r, now_ms);
	away_leave_queue(&v->shard, f, &v->host_next_ms, now_ms);
	const struct source_visit over = { .id = f->source->id,
		.host = f->source->host,
		.state = &f->state,
		.host_next_ms = v->host_next_ms,
		.host_failures = f->host_failures,
		.host_traffic = f->host_traffic };
	robots_copy_write_queue(&v->shard, f->target->origin, &v->copy);
	sources_commit_queue(&v->shard, &over);
}

/* 0: there is no pause. */
static int64_t pause_until(const struct robots_visit *v, int64_t now_ms)
{
	return v->host_next_ms > now_ms ? v->host_next_ms : 0;
}

enum outcome robots_turn_settle(struct crawl *c, struct robots_visit *v, int64_t now_ms, struct err *e)
{
	struct crawl_fetch *f = v->r.owner;
	struct err unwritten = { 0 };
	const enum outcome left = v->is_lost ? RETRY : away_leave_take(c->redis, f, &unwritten);
	enum outcome written = v->is_lost ? RETRY : robots_copy_write_take(c->redis, &unwritten);
	written = written == OK ? left : written;
	enum outcome done = v->is_lost ? RETRY : sources_commit_take(c->redis, e);
	/* A moment before those that nobody has begun with: the connection is still there. */
	crawl_back(c, f->at, c->frontier.due_ms[f->at] - 1, done == OK ? pause_until(v, now_ms) : now_ms + LOST_PAUSE_MS);
	if (done == OK && written != OK) {
		done = written;
		*e = unwritten;
	}
	if (!v->is_lost)
		done = crawl_unless_fenced(c, f->source->shard, done, e);
	http_response_release(&v->r);
	fetch_free(f);
	return v->is_lost ? OK : done;
}
