/* Redirects to other hosts: remembered, and asked in the turn of the host they lead to. */
#include "crawler/away.h"

#include <earshot/limits.h>

#include "common/base/url.h"
#include "common/store/host_permit.h"
#include "common/store/robots_copy.h"
#include "crawler/robots.h"
#include "crawler/robots_keep.h"
#include "crawler/robots_turn.h"
#include "crawler/round.h"

#define LOOK_AGAIN_MS 1000 /* at a host that is being asked */

/* ---- pure ---- */

static bool is_same_host(const struct url *one, const struct url *other)
{
	return str_eq(one->host, other->host);
}

enum http_follow away_rule(void *owner, const struct url *from, const struct url *to)
{
	const struct crawl_fetch *f = owner;
	if (!is_same_host(from, to))
		return HTTP_STAY;
	return f->robots == NULL || robots_keep_allows(f->robots, f->target, to->href) ? HTTP_FOLLOW : HTTP_REFUSE;
}

enum outcome away_guest(struct arena *a, const struct source *s, struct str address, struct source *out, struct err *e)
{
	struct url url;
	const enum outcome done = url_parse_fetchable(a, address, &url, e);
	if (done != OK)
		return done;
	const struct str path = robots_path(a, url.href);
	*out = *s;
	out->url = url.href;
	out->host = url.host;
	out->origin = str_first(url.href, (size_t)(path.p - url.href.p));
	out->robots_path = robots_escape(a, path);
	return OK;
}

enum outcome away_note(struct crawl_fetch *f, const struct http_response *r, struct err *e)
{
	struct source_state *s = &f->state;
	if (s->hops + r->hops >= LIMIT_REDIRECTS)
		return err_set(e, REJECT, "%.*s: more than %d redirects; give the final address as the url",
			STR_FMT(f->source->host), LIMIT_REDIRECTS);
	s->hops_permanent = away_is_permanent(f, r);
	s->hop = arena_copy(&f->arena, r->leads_to);
	s->hops += r->hops + 1;
	return OK;
}

bool away_is_permanent(const struct crawl_fetch *f, const struct http_response *r)
{
	const bool has_hop = r->hops > 0 || r->leads_to.n > 0;
	if (f->state.hops == 0)
		return r->permanent_redirect;
	return f->state.hops_permanent != 0 && (!has_hop || r->permanent_redirect);
}

void away_forget(struct crawl_fetch *f)
{
	f->state.hop = STR("");
	f->state.hops = f->state.hops_permanent = 0;
}

/* ---- in the crawler's turn ---- */

static struct partition shard_of_guest(const struct partition *p, const struct crawl_fetch *f)
{
	return (struct partition){ .redis = p->redis, .arena = p->arena, .shard = url_shard(f->guest.host) };
}

/* Rules of the other host from Redis, when they are not in memory: some crawler may know them. */
static enum outcome look_up_robots(
	struct crawl *c, const struct partition *p, struct crawl_fetch *f, int64_t now_ms, struct err *e)
{
	if (robots_keep_knows(c->robots, f->target, now_ms))
		return OK;
	robots_copy_queue(p, f->target->origin);
	return robots_keep_take(c->robots, p, f->target, now_ms, e);
}

static enum outcome ask_permit(const struct partition *p, struct crawl_fetch *f, int64_t now_ms, struct err *e)
{
	struct host_permit permit = { .host = f->guest.host, .hold_ms = LIMIT_FETCH_MS + f->delay_ms };
	if (str_eq(f->guest.host, f->source->host))
		return OK; /* and back again: it is held already */
	const struct partition host = shard_of_guest(p, f);
	const enum outcome done = host_permit_ask(&host, &permit, now_ms, e);
	f->has_permit = done == OK && permit.again_ms <= now_ms;
	if (done == OK && !f->has_permit) {
		const int64_t soon_ms = now_ms + LOOK_AGAIN_MS;
		f->put_off_ms = permit.is_asked && permit.again_ms > soon_ms ? soon_ms : permit.again_ms;
	}
	return done;
}

/* Everything up to the request. An address that cannot be asked is an answer like any other: `answer`. */
static enum outcome start_one(struct crawl *c, struct arena *a, struct crawl_fetch *f, struct round *refused, struct err *e)
{
	const struct partition p = crawl_partition(c, a, f->source->shard);
	struct http_response answer = { .retry_after_ms = -1, .owner = f };
	answer.outcome = away_guest(&f->arena, f->source, f->state.hop, &f->guest, &answer.err);
	if (answer.outcome != OK) {
		round_add(refused, &answer);
		return OK;
	}
	f->target = &f->guest;
	enum outcome done = look_up_robots(c, &p, f, refused->now_ms, e);
	f->delay_ms = robots_keep_delay_ms(c->robots, f->target);
	if (done == OK)
		done = ask_permit(&p, f, refused->now_ms, e);
	if (done != OK)
		return done;
	f->is_sent = f->put_off_ms == 0 && robots_turn_start(c, f, refused->now_ms, &answer);
	if (!f->is_sent)
		round_add(refused, &answer);
	return OK;
}

enum outcome away_start(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	enum outcome worst = OK;
	struct round refused;
	struct err why = { 0 };
	if (c->naway == 0)
		return OK;
	round_init(&refused, c, a, c->naway, now_ms);
	for (size_t i = 0; i < c->naway; i++) {
		struct crawl_fetch *f = c->fetch[c->away[i]];
		const enum outcome done = start_one(c, a, f, &refused, &why);
		if (done == OK)
			continue;
		worst = done;
		*e = why;
		crawl_back(c, f->at, now_ms, now_ms + LOOK_AGAIN_MS); /* it is due as before */
		fetch_free(f);
	}
	c->naway = 0;
	round_commit(&refused);
	const enum outcome done = round_settle(&refused, &why);
	if (done != OK && worst == OK)
		*e = why;
	return worst != OK ? worst : done;
}

void away_leave_queue(const struct partition *p, struct crawl_fetch *f, int64_t *host_next_ms, int64_t now_ms)
{
	if (!f->has_permit)
		return;
	const struct partition host = shard_of_guest(p, f);
	host_permit_end_queue(&host, f->guest.host, *host_next_ms);
	*host_next_ms = now_ms;
}

enum outcome away_leave_take(struct redis *r, const struct crawl_fetch *f, struct err *e)
{
	return f->has_permit ? host_permit_end_take(r, e) : OK;
}

/* ---- commands ---- */

static enum http_follow stay_with_host(void *owner, const struct url *from, const struct url *to)
{
	(void)owner;
	return is_same_host(from, to) ? HTTP_FOLLOW : HTTP_STAY;
}

void away_fetch_once(struct arena *a, struct http *http, struct str user_agent, const struct source *s,
	const struct http_request *request, struct http_response *out)
{
	struct http_request next = *request;
	struct source guest = *s;
	next.may_follow = stay_with_host;
	for (int hops = 0; hops <= LIMIT_REDIRECTS; hops++) {
		*out = (struct http_response){ .retry_after_ms = -1 };
		out->outcome = robots_keep_once(a, http, user_agent, &guest, &out->err);
		if (out->outcome == OK)
			http_fetch(http, &next, out);
		if (out->outcome != OK || out->leads_to.n == 0)
			return;
		next.url = arena_copy(a, out->leads_to);
		next.nheaders = 0; /* they are meant for the source's own origin */
		http_response_release(out);
		out->outcome = away_guest(a, s, next.url, &guest, &out->err);
		if (out->outcome != OK)
			return;
	}
	out->outcome = err_set(&out->err, REJECT, "%.*s: more than %d redirects; give the final address as the url",
		STR_FMT(s->host), LIMIT_REDIRECTS);
}
