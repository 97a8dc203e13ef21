/* An answer -> posts in streams: one visit of one source, up to its cursor (cursor.c). */
#include "crawler/visit.h"

#include <earshot/limits.h>

#include "common/base/fuel.h"
#include "common/base/http.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/store/posts.h"
#include "common/store/redis.h"
#include "crawler/admit.h"
#include "crawler/answer.h"
#include "crawler/away.h"
#include "crawler/challenge.h"
#include "crawler/fetch.h"
#include "crawler/imap.h"
#include "crawler/keep.h"
#include "crawler/paging.h"
#include "crawler/standing.h"
#include "crawler/trap_told.h"
#include "crawler/websub_keep.h"

#define TEXT_A_UNIT 1024 /* bytes that are looked through for a unit of fuel */

/* ---- what came ---- */

static int64_t hash_of_body(struct str body)
{
	return (int64_t)(str_hash(body) >> 1) | 1;
}

static struct str validator(const struct http_response *r, const char *name)
{
	const struct str value = http_header(r->header, name);
	return value.n <= LIMIT_VALIDATOR_BYTES ? value : STR("");
}

/* Only of a body whose posts are in their streams: else the next 304 would pass over what could not be read. */
static void keep_validators(struct crawl_fetch *f, const struct http_response *r)
{
	f->state.etag = arena_copy(&f->arena, validator(r, "ETag"));
	f->state.last_modified = arena_copy(&f->arena, validator(r, "Last-Modified"));
}

/* Of a whole page that was read. It is a lie when its server says that it is the one we know, and posts are new on it. */
static void note_whole(const struct visit *v)
{
	struct crawl_fetch *f = v->f;
	const bool same_names = str_eq(f->state.etag, validator(v->r, "ETag")) &&
				str_eq(f->state.last_modified, validator(v->r, "Last-Modified"));
	if (!paging_is_further(&f->state))
		standing_step_whole(&f->state, f->is_probe && same_names && v->nnew > 0, v->now_ms);
}

/* Behind the last page is nothing, and that is no trouble: what is one shows on the first page, too. */
static enum outcome nothing_there(struct crawl_fetch *f, enum outcome outcome)
{
	if (!paging_is_deep(&f->state))
		return outcome;
	if (!paging_is_further(&f->state))
		paging_restart(&f->state); /* the page where visits began is gone */
	return OK;
}

static enum outcome refuse_challenge(const struct visit *v, struct err *e)
{
	return err_set(e, REJECT, "%.*s answered %d with a challenge page (%s)", STR_FMT(v->f->source->host), v->r->status,
		v->challenge);
}

static bool has_challenge(struct visit *v, bool is_full)
{
	if (v->f->source->how->kind != SOURCE_IMAP)
		v->challenge = challenge_find(v->r->status, v->r->header, v->r->body, is_full);
	return v->challenge != NULL;
}

/* Of 200: `e` says why nothing could be read. */
static enum outcome handle_unread(struct visit *v, enum outcome parsed, struct err *e)
{
	v->in.n = 0;
	if (has_challenge(v, false))
		return refuse_challenge(v, e);
	return v->wait_ms == 0 ? nothing_there(v->f, parsed) : parsed;
}

static enum outcome parse_body(struct visit *v, struct err *e)
{
	struct crawl_fetch *f = v->f;
	const struct http_response *r = v->r;
	struct fuel fuel;
	fuel_init(&fuel, 0, LIMIT_PARSE_CPU_MS);
	const struct page page = {
		.fuel = &fuel,
		.bytes = r->body,
		.url = r->url,
		.content_type = http_header(r->header, "Content-Type"),
		.content_language = http_header(r->header, "Content-Language"),
		.content_location = http_header(r->header, "Content-Location"),
		.fetched_ms = v->now_ms,
		.zone_minutes = (int)f->source->how->zone_minutes,
	};
	v->terms = (struct admit_terms){
		.book = v->c->book,
		.source = f->source,
		.pseudonym_key = v->c->pseudonym_key,
		.erased = v->c->erased,
		.now_ms = v->now_ms,
		.keep_ms = v->c->settings->keep_mentions_ms,
		.is_further = paging_is_deep(&f->state),
		.thread = f->state.thread,
		.first_sight = f->state.polls == 0 || (f->state.polls == 1 && f->state.pages > 0),
	};
	const enum outcome parsed = answer_read(v->a, &v->terms, &page, &v->in, e);
	v->wait_ms = v->in.wait_ms;
	return parsed;
}

/* 200 with a body: the only answer that brings posts. */
static enum outcome read_body(struct visit *v, struct err *e)
{
	struct crawl_fetch *f = v->f;
	const struct http_response *r = v->r;
	v->body_hash = hash_of_body(r->body);
	v->has_more = f->source->how->kind == SOURCE_IMAP && imap_has_more(r->header);
	if (v->body_hash == f->state.body_hash && !f->unconditional && f->source->how->kind != SOURCE_IMAP) {
		v->is_same = true;
		note_whole(v);
		keep_validators(f, r);
		return OK;
	}
	if (has_challenge(v, true))
		return refuse_challenge(v, e);
	const enum outcome parsed = parse_body(v, e);
	if (parsed != OK)
		return handle_unread(v, parsed, e);
	v->has_posts = true;
	f->state.entries = (int64_t)v->in.n;
	f->state.ttl_ms = v->in.ttl_ms;
	websub_keep_found(v->c->websub, f->source, r, &v->in.links);
	return OK;
}

static enum outcome refuse_status(struct visit *v, struct err *e)
{
	struct crawl_fetch *f = v->f;
	const struct source *s = f->source;
	if (f->is_conditional && standing_dislikes_validators(v->r->status))
		f->state.etag = f->state.last_modified = STR("");
	if (has_challenge(v, false))
		return refuse_challenge(v, e);
	const struct str reason = s->how->recipe != NULL ? recipe_status_reason(s->how->recipe, v->r->status) : STR("");
	return err_set(
		e, REJECT, "%.*s answered %d%s%.*s", STR_FMT(s->host), v->r->status, reason.n > 0 ? ": " : "", STR_FMT(reason));
}

/* 304. To a request that named what it knew, or knows it all the same; else there is something that was never seen. */
static enum outcome read_unchanged(struct visit *v, struct err *e)
{
	struct crawl_fetch *f = v->f;
	metrics_add(M_fetch_not_modified_total, 1);
	const bool is_named =
		f->is_conditional || f->is_probe || f->source->how->kind == SOURCE_IMAP; /* a mailbox has no versions */
	if (!is_named)
		return err_set(e, REJECT, "%.*s answered 304 (not modified) to a request that named no version",
			STR_FMT(f->source->host));
	if (f->is_probe)
		standing_step_whole(
			&f->state, false, v->now_ms); /* it cannot be asked for: nothing is won by asking at once again */
	v->is_same = true;
	return OK;
}

/* What the answer means for the source: OK with or without posts, or a failure with its sentence. */
static enum outcome read_answer(struct visit *v, struct err *e)
{
	const struct http_response *r = v->r;
	metrics_add(M_fetches_total, v->f->is_sent);
	metrics_add(M_fetch_bytes_total, (int64_t)r->body.n);
	v->f->state.status = r->status;
	if (r->outcome != OK)
		return err_set(e, REJECT, "%s", r->err.text);
	if (r->leads_to.n > 0) {
		v->is_hop = true;
		return away_note(v->f, r, e);
	}
	if (r->status == 304)
		return read_unchanged(v, e);
	if (r->status != 200)
		return r->status == 404 || r->status == 410 ? nothing_there(v->f, refuse_status(v, e)) : refuse_status(v, e);
	return read_body(v, e);
}

void visit_read(struct visit *v)
{
	v->outcome = v->f->put_off_ms > 0 ? OK : read_answer(v, &v->why);
}

/* ---- its posts: known or new, into their streams ---- */

/* Without trust, none is known: what Redis forgot is appended again, and counted once. */
static bool asks_for_known(const struct visit *v)
{
	return v->in.n > 0 && !v->f->unconditional;
}

void visit_ask_known(struct visit *v)
{
	v->known = arena_list(v->a, uint64_t, v->in.n + 1);
	if (!asks_for_known(v))
		return;
	struct str *id = arena_list(v->a, struct str, v->in.n);
	for (size_t i = 0; i < v->in.n; i++)
		id[i] = v->in.post[i].post.id;
	sources_seen_queue(&v->shard, v->f->source->id, id, v->in.n);
}

static enum outcome lose(struct visit *v, enum outcome outcome, const struct err *e)
{
	v->is_lost = outcome != OK;
	if (v->is_lost && outcome != RETRY) /* that Redis is in trouble is said by the role, once for all */
		log_event(
			LOG_WARN, EV_source_failed, "source=%.*s why=%s", STR_FMT(v->f->source->id), log_quote(str_of(e->text)));
	return outcome;
}

enum outcome visit_take_known(struct visit *v, struct err *e)
{
	return asks_for_known(v) ? lose(v, sources_seen_take(v->c->redis, v->known, v->in.n, e), e) : OK;
}

static void note_found(struct visit *v, struct str brand)
{
	for (size_t i = 0; i < v->nfound; i++)
		if (str_eq(v->found[i], brand))
			return;
	if (v->nfound == 0)
		v->found = arena_list(v->a, struct str, LIMIT_FOUND_BRANDS);
	if (v->nfound < LIMIT_FOUND_BRANDS)
		v->found[v->nfound++] = arena_copy(v->a, brand);
}

/* One post after the other in an arena of its own: what is found in one text may take many times its size. What is queued is a copy. */
static size_t append_entries(struct visit *v, const struct admitted *post, uint64_t known)
{
	struct arena *one = &v->c->one;
	struct admit_entry *entry = NULL;
	arena_reset(one);
	const size_t n = admit_entries(one, &v->terms, post, known, &entry);
	for (size_t i = 0; i < n; i++) {
		const struct partition brand = { .redis = v->c->redis, .arena = one, .brand = entry[i].brand_id };
		posts_append(&brand, entry[i].json);
		v->c->unsent += entry[i].json.n;
		note_found(v, entry[i].brand_id);
	}
	if (v->c->unsent < LIMIT_UNSENT_BYTES)
		return n;
	if (redis_flush(v->c->redis, NULL) == OK) /* what is wrong is said when the answers are taken */
		v->c->unsent = 0;
	return n;
}

static void append_one(struct visit *v, size_t i)
{
	const struct admitted *post = &v->in.post[i];
	v->seen[v->nseen++] = (struct source_seen){ post->post.id, post->fingerprint };
	if (v->known[i] == 0)
		v->posted_ms[v->nnew++] = post->post.posted_ms >= 0 ? post->post.posted_ms : v->now_ms;
	const size_t n = v->known[i] == post->fingerprint ? 0 : append_entries(v, post, v->known[i]);
	metrics_add(n > 0 ? M_posts_appended_total : M_posts_skipped_total, n > 0 ? (int64_t)n : 1);
	v->nappended += n;
}

bool visit_is_cut(const struct visit *v)
{
	return v->nlooked < v->in.n;
}

void visit_append(struct visit *v, struct fuel *fuel)
{
	v->seen = arena_list(v->a, struct source_seen, v->in.n + 1);
	v->posted_ms = arena_list(v->a, int64_t, v->in.n + 1);
	for (v->nlooked = 0; v->nlooked < v->in.n && !fuel->is_out; v->nlooked++) {
		const struct admitted *post = &v->in.post[v->nlooked];
		if (post->refused == NULL)
			append_one(v, v->nlooked);
		(void)fuel_spend(fuel, 1 + (int64_t)(post->post.text.n / TEXT_A_UNIT)); /* is_out says it */
	}
	if (visit_is_cut(v))
		log_event(
			LOG_WARN, EV_source_cut, "source=%.*s posts=%zu of=%zu", STR_FMT(v->f->source->id), v->nlooked, v->in.n);
}

/* What was read of its pages counts only now that the posts are in their streams. */
static void turn_page(struct visit *v)
{
	struct crawl_fetch *f = v->f;
	bool begins_here = false;
	note_whole(v);
	struct paging_sight sight = { &v->in, v->nseen, v->nnew, v->now_ms, NULL };
	v->next = paging_turn(&f->arena, f->source, &f->state, &sight, &begins_here);
	trap_told(f->source->id, sight.trap);
	if (!begins_here)
		return;
	f->state.body_hash = v->body_hash;
	keep_validators(f, v->r);
}

enum outcome visit_take_appended(struct visit *v, struct err *e)
{
	const enum outcome done = lose(v, posts_append_settle(v->c->redis, v->nappended, e), e);
	if (done != OK || !v->has_posts)
		return done;
	for (size_t i = 0; i < v->nlooked; i++)
		if (v->in.post[i].refused == NULL)
			keep_post(v->c->keep, v->a, &v->terms, &v->in.post[i], v->known[i]);
	if (!visit_is_cut(v))
		turn_page(v);
	else if (v->f->state.pages < LIMIT_RECIPE_PAGES)
		v->next = v->f->state.page; /* the same page again; its validators are not kept */
	return OK;
}
