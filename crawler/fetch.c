/* One source on its way. */
#include "crawler/fetch.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/url.h"
#include "crawler/away.h"
#include "crawler/health.h"
#include "crawler/imap.h"
#include "crawler/paging.h"
#include "crawler/polling.h"
#include "crawler/standing.h"

#include <stdlib.h>

struct crawl_fetch *fetch_new(const struct source *source, size_t at)
{
	struct crawl_fetch *f = calloc(1, sizeof *f);
	if (f == NULL)
		abort();
	f->source = f->target = source;
	f->at = at;
	arena_init(&f->arena, 1u << 20);
	return f;
}

void fetch_free(struct crawl_fetch *f)
{
	if (f == NULL)
		return;
	imap_free(f->mailbox);
	arena_release(&f->arena);
	free(f);
}

void fetch_remember(struct crawl_fetch *f, const struct source_take *t)
{
	const struct source_state *state = &t->state;
	f->state = *state;
	f->host_failures = t->host_failures;
	f->host_traffic = arena_copy(&f->arena, t->host_traffic);
	f->state.traffic = arena_copy(&f->arena, state->traffic);
	f->state.etag = arena_copy(&f->arena, state->etag);
	f->state.last_modified = arena_copy(&f->arena, state->last_modified);
	f->state.error = arena_copy(&f->arena, state->error);
	f->state.page = arena_copy(&f->arena, state->page);
	f->state.last = arena_copy(&f->arena, state->last);
	f->state.thread = arena_copy(&f->arena, state->thread);
	f->state.standing = arena_copy(&f->arena, state->standing);
	f->state.moved = arena_copy(&f->arena, state->moved);
	f->state.hop = arena_copy(&f->arena, state->hop);
	f->state.why = arena_copy(&f->arena, state->why);
	f->state.boost = arena_copy(&f->arena, state->boost);
	f->state.health.state = arena_copy(&f->arena, state->health.state);
	f->state.health.why = arena_copy(&f->arena, state->health.why);
	f->state.health.memory = arena_copy(&f->arena, state->health.memory);
	paging_check(f->source, &f->state);
}

/* What is known of a mailbox stands where a feed has its ETag. Without trust in it, what came since the last looks is read again. */
static enum outcome start_mailbox(struct http *http, struct crawl_fetch *f, int64_t keep_ms, struct err *e)
{
	const struct source *s = f->source;
	const int64_t now_ms = clock_now_ms();
	const struct imap_terms terms = { .user = s->how->mailbox->user,
		.password = s->how->mailbox->password,
		.folder = s->how->mailbox->folder,
		.known = f->unconditional ? STR("") : f->state.etag,
		.since_ms = f->unconditional && f->state.etag.n > 0 ? now_ms - 2 * MS_PER_DAY : now_ms - keep_ms };
	f->mailbox = imap_new(&terms);
	f->talk = (struct http_talk){ .take = imap_take, .owner = f->mailbox };
	const struct http_request request = { .url = s->how->mailbox->server,
		.allow = s->how->allow,
		.nallow = s->how->nallow,
		.timeout_ms = LIMIT_IMAP_TALK_MS,
		.talk = &f->talk,
		.ca_file = s->how->mailbox->ca_file.n > 0 ? arena_cstr(&f->arena, s->how->mailbox->ca_file) : NULL,
		.owner = f };
	return http_start(http, &request, e);
}

/* Credentials go where they were meant to go, also when the source's address leads elsewhere for good. */
static bool is_same_origin(struct arena *a, struct str one, struct str other)
{
	struct url x, y;
	struct err e = { 0 };
	if (url_parse(a, one, STR(""), &x, &e) != OK || url_parse(a, other, STR(""), &y, &e) != OK)
		return false;
	return str_eq(x.scheme, y.scheme) && str_eq(x.host, y.host) && x.port == y.port;
}

/* Where, and whether with validators: a further page was never asked for before. */
static struct str decide(struct crawl_fetch *f, int64_t now_ms)
{
	const struct str address = paging_address(f->source, &f->state);
	const bool is_known = f->state.etag.n > 0 || f->state.last_modified.n > 0;
	const bool may_ask = is_known && !f->unconditional && !paging_is_further(&f->state);
	f->is_own = !paging_is_deep(&f->state);
	f->is_learned = f->is_own && !str_eq(address, f->source->url);
	f->is_probe = may_ask && standing_wants_whole(&f->state, now_ms);
	f->is_conditional = may_ask && !f->is_probe;
	return address;
}

enum outcome fetch_start(struct http *http, struct crawl_fetch *f, int64_t keep_ms, struct err *e)
{
	const struct source *s = f->source;
	if (s->how->kind == SOURCE_IMAP)
		return start_mailbox(http, f, keep_ms, e);
	const struct str own = decide(f, clock_now_ms()), address = f->target != s ? f->target->url : own;
	const bool is_elsewhere = f->is_learned || f->target != s;
	const bool has_header = !is_elsewhere || is_same_origin(&f->arena, address, s->url);
	const struct http_request request = {
		.url = address,
		.header = s->how->header.item,
		.nheaders = has_header ? s->how->header.n : 0,
		.if_none_match = f->is_conditional ? f->state.etag : STR(""),
		.if_modified_since = f->is_conditional ? f->state.last_modified : STR(""),
		.allow = s->how->allow,
		.nallow = s->how->nallow,
		.follow = true,
		.closes = f->closes,
		.proxy = s->how->proxy,
		.may_follow = away_rule,
		.owner = f,
	};
	return http_start(http, &request, e);
}

static uint32_t any_number(void)
{
	uint32_t r = 0;
	crypto_random(&r, sizeof r);
	return r;
}

static int64_t jitter(int64_t ms)
{
	return ms + (int64_t)((double)ms * 0.1 * ((double)any_number() / 4294967296.0));
}

/* Failures and what a server asked for are slow enough. */
static void slow_down(struct polling_plan *plan, const struct source_state *state)
{
	const int64_t wait_ms = health_wait_ms(&state->health, plan->wait_ms);
	if (plan->why == POLLING_FAILURES || plan->why == POLLING_TOLD || wait_ms <= plan->wait_ms)
		return;
	plan->wait_ms = wait_ms;
	plan->why = POLLING_HEALTH;
}

int64_t fetch_next_ms(const struct source *s, struct source_state *state, int64_t retry_after_ms, int64_t now_ms)
{
	const struct polling_terms terms = {
		.every_ms = s->how->every_ms,
		.min_ms = s->how->every_min_ms > s->how->delay_ms ? s->how->every_min_ms : s->how->delay_ms,
		.max_ms = s->how->every_max_ms,
		.hint_ms = state->hint_ms,
		.retry_after_ms = retry_after_ms,
		.failures = state->failures,
		.push_until_ms = state->push_ms,
		.safety_ms = s->how->safety_ms,
		.boosted = state->boost.n > 0 && !health_is_sick(health_of(state->health.state)),
	};
	struct polling_plan plan = polling_plan(&state->arrivals, &terms, now_ms);
	slow_down(&plan, state);
	const int64_t rest_ms = standing_wait_ms(state, plan.wish_ms, retry_after_ms, any_number());
	state->wish_ms = plan.wish_ms;
	state->interval_ms = rest_ms > 0 ? rest_ms : plan.wait_ms;
	state->why = str_of(polling_why_names[rest_ms > 0 ? POLLING_STANDING : plan.why]);
	if (rest_ms > 0)
		return now_ms + rest_ms;
	return now_ms + (plan.why == POLLING_TOLD ? plan.wait_ms : jitter(plan.wait_ms));
}
