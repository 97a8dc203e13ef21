/* robots.txt in the crawler's turn: before a source's own request. */
#include "crawler/robots_turn.h"

#include "common/base/metrics.h"
#include "crawler/cursor.h"
#include "crawler/paging.h"

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
	robots_keep_ask(c->robots, f->source, now_ms, &answer);
	if (answer.word == ROBOTS_REFUSED) {
		metrics_add(M_robots_refused_total, 1);
		f->not_before_ms = answer.again_ms;
		refused->outcome = REJECT;
		refused->err = answer.why;
	} else if (answer.word == ROBOTS_ASK) {
		struct http_request request = robots_look_request(&f->arena, f->source);
		request.owner = f;
		f->asks_robots = true;
		refused->outcome = http_start(c->http, &request, &refused->err);
	} else if (paging_is_deep(&f->state) && !robots_keep_allows(c->robots, f->source, paging_address(f->source, &f->state))) {
		refused->status = 404; /* a list ends where its next page is disallowed */
		return false;
	} else {
		refused->outcome = fetch_start(c->http, f, c->settings->keep_mentions_ms, &refused->err);
	}
	return refused->outcome == OK;
}

/* The host's pause begins; the source is as it was, and due. */
static enum outcome leave_host(struct crawl *c, const struct partition *p, const struct http_response *r, int64_t now_ms,
	struct source_visit *over, struct err *e)
{
	struct crawl_fetch *f = r->owner;
	f->delay_ms = robots_keep_delay_ms(c->robots, f->source); /* which this answer may have brought */
	f->state.next_ms = now_ms;
	*over = (struct source_visit){ .id = f->source->id,
		.host = f->source->host,
		.state = &f->state,
		.host_next_ms = cursor_leave_host(f, r, r->retry_after_ms, now_ms) };
	over->host_failures = f->host_failures;
	return sources_commit(p, over, e);
}

enum outcome robots_turn_finish(struct crawl *c, struct arena *a, struct http_response *r, int64_t now_ms, struct err *e)
{
	struct crawl_fetch *f = r->owner;
	const struct partition p = crawl_partition(c, a, f->source->shard);
	struct source_visit over = { .host_next_ms = now_ms + LOST_PAUSE_MS };
	enum outcome done = robots_keep_answer(c->robots, &p, f->source, r, now_ms, e);
	if (done == SKIP)
		return SKIP;
	if (done == OK) {
		metrics_add(M_robots_fetches_total, 1);
		done = leave_host(c, &p, r, now_ms, &over, e);
	}
	crawl_back(c, f->at, now_ms, over.host_next_ms);
	done = crawl_unless_fenced(c, f->source->shard, done, e);
	http_response_release(r);
	fetch_free(f);
	return done;
}
