/* robots.txt in the crawler's turn: before a source's own request. */
#include "crawler/robots_turn.h"

#include "common/base/log.h"
#include "common/base/metrics.h"
#include "crawler/paging.h"

/* No request was made: the source fails, and the host is not touched. */
static enum outcome refuse(const struct visit *v, const struct source *s, const struct robots_answer *answer, struct err *e)
{
	struct source_state state;
	bool *warned = &v->c->warned[s - v->c->sources->source];
	enum outcome done = sources_state(&v->shard, s->id, &state, e);
	if (done != OK)
		return done;
	state.failures++;
	state.status = 0;
	state.error = str_of(answer->why.text);
	state.next_ms = fetch_next_ms(s, &state, answer->again_ms - v->now_ms, v->now_ms);
	done = sources_commit(&v->shard, s->id, &state, NULL, 0, e);
	if (done != OK)
		return done;
	metrics_add(M_robots_refused_total, 1);
	if (!*warned)
		log_event(LOG_WARN, EV_source_failed, "source=%.*s failures=%lld why=%s", STR_FMT(s->id),
			(long long)state.failures, log_quote(state.error));
	*warned = true;
	return OK;
}

enum outcome robots_turn_ask(const struct visit *v, const struct source *s, enum robots_word *word, struct err *e)
{
	struct robots_answer answer;
	enum outcome done = robots_keep_ask(v->c->robots, &v->shard, s, v->now_ms, &answer, e);
	if (done == OK && answer.word == ROBOTS_REFUSED)
		done = refuse(v, s, &answer, e);
	*word = answer.word;
	return done;
}

bool robots_turn_start(struct crawl *c, struct crawl_fetch *f, struct http_response *refused)
{
	*refused = (struct http_response){ .retry_after_ms = -1 };
	if (f->asks_robots) {
		struct http_request request = robots_look_request(&f->arena, f->source);
		request.owner = f;
		refused->outcome = http_start(c->http, &request, &refused->err);
		return refused->outcome == OK;
	}
	if (paging_is_deep(&f->state) && !robots_keep_allows(c->robots, f->source, paging_address(f->source, &f->state))) {
		refused->status = 404; /* a list ends where its next page is disallowed */
		return false;
	}
	refused->outcome = fetch_start(c->http, f, c->settings->keep_mentions_ms, &refused->err);
	return refused->outcome == OK;
}

enum outcome robots_turn_finish(const struct visit *v, struct err *e)
{
	const struct source *s = v->f->source;
	enum outcome done = robots_keep_answer(v->c->robots, &v->shard, s, v->r, v->now_ms, e);
	if (done == SKIP)
		return visit_handle(v, e);
	if (done != OK)
		return done;
	metrics_add(M_robots_fetches_total, 1);
	const int64_t delay_ms = robots_keep_delay_ms(v->c->robots, s);
	const int64_t pause_ms = v->r->retry_after_ms > delay_ms ? v->r->retry_after_ms : delay_ms;
	return sources_host_done(&v->shard, s->host, v->now_ms + pause_ms, 0, e);
}
