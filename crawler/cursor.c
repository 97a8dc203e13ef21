/* The cursor: what a visit leaves behind in its source and its host, once its posts are in their streams. */
#include "crawler/cursor.h"

#include "common/base/crypto.h"
#include "common/base/http.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/store/found.h"
#include "crawler/away.h"
#include "crawler/boost.h"
#include "crawler/fetch.h"
#include "crawler/health_tell.h"
#include "crawler/paging.h"
#include "crawler/polite.h"
#include "crawler/polling.h"
#include "crawler/standing.h"
#include "crawler/traffic.h"
#include "crawler/websub_keep.h"

/* ---- well or not ---- */

static enum log_event failure_event(const struct crawl_fetch *f)
{
	switch (standing_of(&f->state)) {
	case STANDING_LIMITED:
		return EV_source_limited;
	case STANDING_CHALLENGED:
		return EV_source_challenged;
	case STANDING_RETIRED:
		return EV_source_retired;
	default:
		return f->state.status == 200 ? EV_source_bad : EV_source_failed;
	}
}

/* Said once, and again when it becomes trouble of another kind. */
static void note_failure(struct crawl *c, struct crawl_fetch *f, const struct err *why, bool is_other)
{
	metrics_add(M_fetch_errors_total, 1);
	f->state.failures++;
	f->state.error = arena_copy(&f->arena, str_of(why->text));
	if (!c->warned[f->at] || is_other)
		log_event(LOG_WARN, failure_event(f), "source=%.*s failures=%lld why=%s", STR_FMT(f->source->id),
			(long long)f->state.failures, log_quote(str_of(why->text)));
	c->warned[f->at] = true;
}

static void note_success(struct crawl *c, struct crawl_fetch *f, const struct visit *v)
{
	if (c->warned[f->at] || v->nappended > 0)
		log_event(LOG_INFO, EV_source_fetched, "source=%.*s status=%lld entries=%lld mentions=%zu",
			STR_FMT(f->source->id), (long long)f->state.status, (long long)f->state.entries, v->nappended);
	c->warned[f->at] = false;
	c->distrust[f->at] = v->next.n > 0 && c->distrust[f->at] != TRUSTED ? DISTRUSTED_FURTHER : TRUSTED;
	f->state.failures = 0;
	f->state.error = STR("");
	f->state.posts += (int64_t)v->nappended;
	f->state.polls += f->state.pages == 0 && !visit_is_cut(v); /* a visit of several pages is one poll */
}

/* Without its query, which may hold a key. */
static void tell_address(const struct crawl_fetch *f, enum standing_move move)
{
	const struct str to = f->state.moved;
	const ptrdiff_t query = str_findc(to, '?');
	if (move == MOVE_LEARNED)
		log_event(LOG_WARN, EV_source_moved, "source=%.*s to=%s", STR_FMT(f->source->id),
			log_quote(str_first(to, query < 0 ? to.n : (size_t)query)));
	else if (move == MOVE_FORGOTTEN)
		log_event(LOG_INFO, EV_source_moved, "source=%.*s to=\"\"", STR_FMT(f->source->id));
}

/* Asked at the address that it moved to and no answer to be used: next time its own is asked again. */
static void step_address(const struct visit *v, bool is_fine)
{
	struct crawl_fetch *f = v->f;
	const enum standing now = standing_of(&f->state);
	enum standing_move move = MOVE_NONE;
	if (!f->is_own || f->source->how->kind == SOURCE_IMAP)
		return;
	const struct standing_hop hop = { .url = f->source->url,
		.host = f->source->host,
		.final = arena_copy(&f->arena, v->r->url),
		.is_permanent = away_is_permanent(f, v->r),
		.is_learned = f->is_learned };
	if (is_fine) {
		move = standing_step_address(&f->state, &hop);
	} else if (f->is_learned && now != STANDING_LIMITED && now != STANDING_CHALLENGED) {
		standing_forget_address(&f->state);
		move = MOVE_FORGOTTEN;
	}
	tell_address(f, move);
}

/* The longest that somebody asked for; not positive: nobody did. */
static int64_t asked_wait_ms(const struct visit *v)
{
	const int64_t refused_ms = v->f->not_before_ms - v->now_ms;
	const int64_t told_ms = v->wait_ms > v->r->retry_after_ms ? v->wait_ms : v->r->retry_after_ms;
	return told_ms > refused_ms ? told_ms : refused_ms;
}

/* What came, as the policy wants to know it. What robots.txt refuses was not asked: that says nothing of the source. */
static bool step_standing(const struct visit *v, bool is_fine)
{
	struct crawl_fetch *f = v->f;
	const struct standing_sight sight = {
		.status = (int)f->state.status,
		.is_fine = is_fine,
		.is_same = v->is_same,
		.is_learned = f->is_learned,
		.challenge = v->challenge,
		.wait_ms = asked_wait_ms(v),
		.now_ms = v->now_ms,
	};
	if (f->not_before_ms > 0)
		return false;
	const bool is_other = standing_step(&f->state, &sight);
	step_address(v, is_fine);
	return is_other;
}

/* ---- when it is asked again ---- */

/* Further pages of the first visit hold what was there before, and without trust everything looks new. */
static void learn(const struct visit *v)
{
	struct source_state *s = &v->f->state;
	const struct polling_sight sight = { v->now_ms, v->posted_ms, v->nnew };
	if (!v->f->unconditional && !(s->polls == 1 && s->pages > 0))
		polling_learn(&s->arrivals, &sight);
}

static int64_t hint_of(const struct visit *v)
{
	const int64_t server_ms = v->r->outcome == OK ? polling_hint_ms(v->r->header, v->now_ms) : 0;
	return server_ms > v->f->state.ttl_ms ? server_ms : v->f->state.ttl_ms;
}

static void set_next(struct visit *v)
{
	struct crawl_fetch *f = v->f;
	const struct source *s = f->source;
	f->state.fetched_ms = v->now_ms;
	boost_found(v->c->boost, f->at, v->found, v->nfound);
	boost_mark(v->c->boost, f->at, &f->state);
	f->state.hint_ms = hint_of(v);
	if (f->state.failures == 0 || !paging_insists(&f->state)) {
		f->state.page = v->next;
		f->state.pages = v->next.n > 0 ? f->state.pages + 1 : 0;
	}
	const bool at_once = (v->next.n > 0 || v->has_more) && f->state.failures == 0 && !paging_pauses(s, f->state.pages);
	f->state.next_ms = fetch_next_ms(s, &f->state, asked_wait_ms(v), v->now_ms);
	if (at_once) {
		f->state.next_ms = v->now_ms + f->delay_ms;
		f->state.why = str_of(polling_why_names[POLLING_PAGES]);
	}
}

int64_t cursor_leave_host(struct crawl_fetch *f, const struct http_response *r, int64_t wait_ms, int64_t now_ms)
{
	uint32_t dice = 0;
	crypto_random(&dice, sizeof dice);
	if (!f->is_sent)
		return now_ms;
	const int64_t before = f->has_permit ? 0 : f->host_failures; /* of another host nothing is known */
	const int64_t failures = polite_is_failure(r->outcome, r->status) ? before + 1 : 0;
	if (!f->has_permit)
		f->host_failures = failures;
	const struct polite pause = { .delay_ms = f->source->how->delay_ms,
		.duration_ms = r->duration_ms,
		.crawl_delay_ms = f->delay_ms,
		.retry_after_ms = wait_ms,
		.failures = failures };
	return now_ms + polite_pause_ms(&pause, dice);
}

/* Before its posts are learned from. Without trust everything looks new, and further pages hold what is old. */
static void tell_websub(const struct visit *v, bool is_fine)
{
	struct crawl_fetch *f = v->f;
	const struct websub_poll poll = { v->now_ms, f->state.fetched_ms, v->posted_ms, v->nnew };
	websub_keep_visited(v->c->websub, f->source, &f->state, &poll, is_fine && !f->unconditional && f->state.pages == 0);
}

/* Led to another host, or put off by it: the same visit goes on there, and nothing is said of the source yet. */
static bool goes_on(const struct visit *v)
{
	return v->f->put_off_ms > 0 || (v->is_hop && v->outcome == OK);
}

void cursor_step(struct visit *v)
{
	struct crawl_fetch *f = v->f;
	struct err e = { 0 };
	if (goes_on(v))
		return;
	const bool is_other = step_standing(v, v->outcome == OK);
	tell_websub(v, v->outcome == OK);
	if (v->outcome == OK) {
		learn(v);
		note_success(v->c, f, v);
	} else {
		note_failure(v->c, f, &v->why, is_other);
	}
	away_forget(f);
	v->is_lost = health_visit(v, &e) != OK;
	if (v->is_lost)
		log_event(LOG_WARN, EV_source_failed, "source=%.*s why=%s", STR_FMT(f->source->id), log_quote(str_of(e.text)));
}

static void count_request(const struct visit *v)
{
	struct crawl_fetch *f = v->f;
	if (!f->is_sent)
		return;
	f->state.traffic = traffic_add(&f->arena, f->state.traffic, v->r, v->now_ms);
	if (!f->has_permit) /* what a guest asked of another host its owner does not count */
		f->host_traffic = traffic_add(&f->arena, f->host_traffic, v->r, v->now_ms);
}

void cursor_commit(struct visit *v)
{
	struct crawl_fetch *f = v->f;
	if (goes_on(v))
		f->state.next_ms = f->put_off_ms > 0 ? f->put_off_ms : v->now_ms;
	else
		set_next(v);
	v->host_next_ms = cursor_leave_host(f, v->r, asked_wait_ms(v), v->now_ms);
	count_request(v);
	away_leave_queue(&v->shard, f, &v->host_next_ms, v->now_ms);
	const struct source_visit over = { .id = f->source->id,
		.host = f->source->host,
		.state = &f->state,
		.seen = v->seen,
		.nseen = v->nseen,
		.host_next_ms = v->host_next_ms,
		.host_failures = f->host_failures,
		.host_traffic = f->host_traffic };
	sources_commit_queue(&v->shard, &over);
	if (v->nfound > 0)
		found_note_queue(&v->shard, &(struct found){ f->source->id, v->found, v->nfound }, v->now_ms);
}

enum outcome cursor_take(struct visit *v, struct err *e)
{
	struct err unnoted = { 0 };
	const enum outcome done = sources_commit_take(v->c->redis, e);
	const enum outcome noted = v->nfound > 0 ? found_note_take(v->c->redis, &unnoted) : OK;
	if (done == OK && noted != OK)
		log_event(LOG_WARN, EV_source_failed, "source=%.*s why=%s", STR_FMT(v->f->source->id),
			log_quote(str_of(unnoted.text))); /* a hint: the visit is whole without it */
	return done;
}
