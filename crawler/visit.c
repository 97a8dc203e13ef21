/* An answer -> posts in streams -> cursor: one visit of one source, in the order that loses nothing. */
#include "crawler/visit.h"

#include <earshot/limits.h>

#include "common/base/http.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/store/posts.h"
#include "crawler/admit.h"
#include "crawler/answer.h"
#include "crawler/challenge.h"
#include "crawler/fetch.h"
#include "crawler/imap.h"
#include "crawler/keep.h"
#include "crawler/paging.h"
#include "crawler/polling.h"
#include "crawler/standing.h"

/* Fingerprints of the last sight; without trust, of none: what Redis forgot is appended again, and counted once. */
static enum outcome known_posts(const struct visit *v, const struct admitted *post, size_t n, uint64_t *known, struct err *e)
{
	if (v->f->unconditional || n == 0)
		return OK;
	struct str *id = arena_list(v->a, struct str, n);
	for (size_t i = 0; i < n; i++)
		id[i] = post[i].post.id;
	return sources_seen(&v->shard, v->f->source->id, id, n, known, e);
}

static size_t append_entries(
	struct crawl *c, struct arena *a, const struct admit_terms *t, const struct admitted *post, uint64_t known)
{
	struct admit_entry *entry = NULL;
	const size_t n = admit_entries(a, t, post, known, &entry);
	for (size_t i = 0; i < n; i++) {
		const struct partition brand = { .redis = c->redis, .arena = a, .brand = entry[i].brand_id };
		posts_append(&brand, entry[i].json);
	}
	return n;
}

struct harvest {
	struct source_seen *seen;
	size_t nseen, nnew;
	int64_t *posted_ms; /* of the new ones */
	int64_t appended;
	struct str next; /* address of the page to read next; "" = none, the visit is over */
	bool has_more; /* of a mailbox: the next look follows at once */
	int64_t wait_ms; /* asked for by the page itself */
	bool is_same; /* nothing new could be in it */
	const char *challenge; /* who wants to see a person instead; NULL = nobody */
};

static enum outcome append_posts(const struct visit *v, const struct admit_terms *t, const struct answer *in, struct harvest *out)
{
	struct arena *a = v->a;
	struct err e = { 0 };
	const struct admitted *post = in->post;
	uint64_t *known = arena_list(a, uint64_t, in->n + 1);
	out->seen = arena_list(a, struct source_seen, in->n + 1);
	out->posted_ms = arena_list(a, int64_t, in->n + 1);
	enum outcome done = known_posts(v, post, in->n, known, &e);
	size_t queued = 0;
	for (size_t i = 0; i < in->n && done == OK; i++) {
		if (post[i].refused != NULL)
			continue;
		out->seen[out->nseen++] = (struct source_seen){ post[i].post.id, post[i].fingerprint };
		if (known[i] == 0)
			out->posted_ms[out->nnew++] = post[i].post.posted_ms >= 0 ? post[i].post.posted_ms : v->now_ms;
		const size_t n = known[i] == post[i].fingerprint ? 0 : append_entries(v->c, a, t, &post[i], known[i]);
		metrics_add(n > 0 ? M_posts_appended_total : M_posts_skipped_total, n > 0 ? (int64_t)n : 1);
		queued += n;
	}
	if (done == OK && queued > 0)
		done = redis_flush(v->c->redis, &e);
	if (done == OK)
		done = posts_append_settle(v->c->redis, queued, &e);
	for (size_t i = 0; i < in->n && done == OK; i++)
		if (post[i].refused == NULL)
			keep_post(v->c->keep, a, t, &post[i], known[i]);
	out->appended = (int64_t)queued;
	if (done != OK)
		log_event(LOG_WARN, EV_source_failed, "source=%.*s why=%s", STR_FMT(v->f->source->id), log_quote(str_of(e.text)));
	return done;
}

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
static void note_whole(const struct visit *v, const struct harvest *h)
{
	struct crawl_fetch *f = v->f;
	const bool same_names = str_eq(f->state.etag, validator(v->r, "ETag")) &&
				str_eq(f->state.last_modified, validator(v->r, "Last-Modified"));
	if (!paging_is_further(&f->state))
		standing_step_whole(&f->state, f->is_probe && same_names && h->nnew > 0, v->now_ms);
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

static enum outcome refuse_challenge(const struct visit *v, const struct harvest *h, struct err *e)
{
	return err_set(e, REJECT, "%.*s answered %d with a challenge page (%s)", STR_FMT(v->f->source->host), v->r->status,
		h->challenge);
}

/* Of 200: `e` says why nothing could be read. */
static enum outcome handle_unread(const struct visit *v, struct harvest *out, enum outcome parsed, struct err *e)
{
	out->challenge = v->f->source->kind == SOURCE_IMAP ? NULL : challenge_find(v->r->status, v->r->header, v->r->body, false);
	if (out->challenge != NULL)
		return refuse_challenge(v, out, e);
	return out->wait_ms == 0 ? nothing_there(v->f, parsed) : parsed;
}

/* 200 with a body: the only answer that brings posts. */
static enum outcome handle_body(const struct visit *v, struct harvest *out, struct err *e)
{
	struct crawl_fetch *f = v->f;
	const struct http_response *r = v->r;
	const int64_t hash = hash_of_body(r->body);
	out->has_more = f->source->kind == SOURCE_IMAP && imap_has_more(r->header);
	if (hash == f->state.body_hash && !f->unconditional && f->source->kind != SOURCE_IMAP) {
		out->is_same = true;
		note_whole(v, out);
		keep_validators(f, r);
		return OK;
	}
	out->challenge = f->source->kind == SOURCE_IMAP ? NULL : challenge_find(r->status, r->header, r->body, true);
	if (out->challenge != NULL)
		return refuse_challenge(v, out, e);
	struct answer in;
	const struct page page = {
		.bytes = r->body,
		.url = r->url,
		.content_type = http_header(r->header, "Content-Type"),
		.content_language = http_header(r->header, "Content-Language"),
		.content_location = http_header(r->header, "Content-Location"),
		.fetched_ms = v->now_ms,
		.zone_minutes = (int)f->source->zone_minutes,
	};
	const struct admit_terms terms = {
		.book = v->c->book,
		.source = f->source,
		.pseudonym_key = v->c->pseudonym_key,
		.now_ms = v->now_ms,
		.keep_ms = v->c->settings->keep_mentions_ms,
		.is_further = paging_is_deep(&f->state),
		.thread = f->state.thread,
		.first_sight = f->state.polls == 0 || (f->state.polls == 1 && f->state.pages > 0),
	};
	const enum outcome parsed = answer_read(v->a, &terms, &page, &in, e);
	out->wait_ms = in.wait_ms;
	if (parsed != OK)
		return handle_unread(v, out, parsed, e);
	f->state.entries = (int64_t)in.n;
	f->state.ttl_ms = in.ttl_ms;
	const enum outcome done = append_posts(v, &terms, &in, out);
	if (done != OK)
		return RETRY;
	note_whole(v, out);
	bool begins_here = false;
	const struct paging_sight sight = { &in, out->nseen, out->nnew };
	out->next = paging_turn(&f->arena, f->source, &f->state, &sight, &begins_here);
	if (!begins_here)
		return OK;
	f->state.body_hash = hash;
	keep_validators(f, r);
	return OK;
}

static enum outcome refuse_status(const struct visit *v, struct harvest *out, struct err *e)
{
	struct crawl_fetch *f = v->f;
	const struct source *s = f->source;
	if (f->is_conditional && standing_dislikes_validators(v->r->status))
		f->state.etag = f->state.last_modified = STR("");
	out->challenge = challenge_find(v->r->status, v->r->header, v->r->body, false);
	if (out->challenge != NULL)
		return refuse_challenge(v, out, e);
	const struct str reason = s->recipe != NULL ? recipe_status_reason(s->recipe, v->r->status) : STR("");
	return err_set(
		e, REJECT, "%.*s answered %d%s%.*s", STR_FMT(s->host), v->r->status, reason.n > 0 ? ": " : "", STR_FMT(reason));
}

/* 304. To a request that named what it knew, or knows it all the same; else there is something that was never seen. */
static enum outcome handle_unchanged(const struct visit *v, struct harvest *out, struct err *e)
{
	struct crawl_fetch *f = v->f;
	metrics_add(M_fetch_not_modified_total, 1);
	const bool is_named = f->is_conditional || f->is_probe || f->source->kind == SOURCE_IMAP; /* a mailbox has no versions */
	if (!is_named)
		return err_set(e, REJECT, "%.*s answered 304 (not modified) to a request that named no version",
			STR_FMT(f->source->host));
	if (f->is_probe)
		standing_step_whole(
			&f->state, false, v->now_ms); /* it cannot be asked for: nothing is won by asking at once again */
	out->is_same = true;
	return OK;
}

/* What the answer means for the source: OK with or without posts, or a failure with its sentence. */
static enum outcome handle_answer(const struct visit *v, struct harvest *out, struct err *e)
{
	const struct http_response *r = v->r;
	metrics_add(M_fetches_total, 1);
	metrics_add(M_fetch_bytes_total, (int64_t)r->body.n);
	v->f->state.status = r->status;
	if (r->outcome != OK)
		return err_set(e, REJECT, "%s", r->err.text);
	if (r->status == 304)
		return handle_unchanged(v, out, e);
	if (r->status != 200)
		return r->status == 404 || r->status == 410 ? nothing_there(v->f, refuse_status(v, out, e))
							    : refuse_status(v, out, e);
	return handle_body(v, out, e);
}

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

/* Further pages of the first visit hold what was there before, and without trust everything looks new. */
static void learn(const struct visit *v, const struct harvest *h)
{
	struct source_state *s = &v->f->state;
	const struct polling_sight sight = { v->now_ms, h->posted_ms, h->nnew };
	if (!v->f->unconditional && !(s->polls == 1 && s->pages > 0))
		polling_learn(&s->arrivals, &sight);
}

static int64_t hint_of(const struct visit *v)
{
	const int64_t server_ms = v->r->outcome == OK ? polling_hint_ms(v->r->header, v->now_ms) : 0;
	return server_ms > v->f->state.ttl_ms ? server_ms : v->f->state.ttl_ms;
}

static void note_success(struct crawl *c, struct crawl_fetch *f, const struct harvest *h)
{
	if (c->warned[f->at] || h->appended > 0)
		log_event(LOG_INFO, EV_source_fetched, "source=%.*s status=%lld entries=%lld mentions=%lld",
			STR_FMT(f->source->id), (long long)f->state.status, (long long)f->state.entries, (long long)h->appended);
	c->warned[f->at] = false;
	c->distrust[f->at] = h->next.n > 0 && c->distrust[f->at] != TRUSTED ? DISTRUSTED_FURTHER : TRUSTED;
	f->state.failures = 0;
	f->state.error = STR("");
	f->state.posts += h->appended;
	f->state.polls += f->state.pages == 0; /* a visit of several pages is one poll */
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
	if (!f->is_own || f->source->kind == SOURCE_IMAP)
		return;
	const struct standing_hop hop = { .url = f->source->url,
		.host = f->source->host,
		.final = arena_copy(&f->arena, v->r->url),
		.is_permanent = v->r->permanent_redirect,
		.is_learned = f->is_learned };
	if (is_fine) {
		move = standing_step_address(&f->state, &hop);
	} else if (f->is_learned && now != STANDING_LIMITED && now != STANDING_CHALLENGED) {
		standing_forget_address(&f->state);
		move = MOVE_FORGOTTEN;
	}
	tell_address(f, move);
}

/* What came, as the policy wants to know it. */
static bool step_standing(const struct visit *v, const struct harvest *h, bool is_fine)
{
	struct crawl_fetch *f = v->f;
	const struct standing_sight sight = {
		.status = (int)f->state.status,
		.is_fine = is_fine,
		.is_same = h->is_same,
		.is_learned = f->is_learned,
		.challenge = h->challenge,
		.wait_ms = h->wait_ms > v->r->retry_after_ms ? h->wait_ms : v->r->retry_after_ms,
		.now_ms = v->now_ms,
	};
	const bool is_other = standing_step(&f->state, &sight);
	step_address(v, is_fine);
	return is_other;
}

/* Posts are in their streams: now, and only now, the cursor moves. */
static enum outcome move_cursor(const struct visit *v, const struct harvest *h, struct err *e)
{
	struct crawl_fetch *f = v->f;
	const struct source *s = f->source;
	const int64_t retry_after_ms = h->wait_ms > v->r->retry_after_ms ? h->wait_ms : v->r->retry_after_ms;
	f->state.fetched_ms = v->now_ms;
	f->state.hint_ms = hint_of(v);
	if (f->state.failures == 0 || !paging_insists(&f->state)) {
		f->state.page = h->next;
		f->state.pages = h->next.n > 0 ? f->state.pages + 1 : 0;
	}
	const bool at_once = (h->next.n > 0 || h->has_more) && f->state.failures == 0 && !paging_pauses(s, f->state.pages);
	f->state.next_ms = fetch_next_ms(s, &f->state, retry_after_ms, v->now_ms);
	if (at_once) {
		f->state.next_ms = v->now_ms + f->delay_ms;
		f->state.why = str_of(polling_why_names[POLLING_PAGES]);
	}
	/* The host first: a crash between the two repeats a page, and never forgets how long the host wants to be left alone. */
	const int64_t polite = v->now_ms + (retry_after_ms > f->delay_ms ? retry_after_ms : f->delay_ms);
	enum outcome done = sources_host_done(&v->shard, s->host, polite, f->state.failures, e);
	if (done == OK)
		done = sources_commit(&v->shard, s->id, &f->state, h->seen, h->nseen, e);
	return done;
}

enum outcome visit_handle(const struct visit *v, struct err *e)
{
	struct harvest h = { 0 };
	struct err why = { 0 };
	const enum outcome done = handle_answer(v, &h, &why);
	if (done == RETRY)
		return err_set(e, RETRY, "%s", why.text[0] != '\0' ? why.text : "Redis went away while posts were appended");
	const bool is_other = step_standing(v, &h, done == OK);
	if (done == OK) {
		learn(v, &h);
		note_success(v->c, v->f, &h);
	} else {
		note_failure(v->c, v->f, &why, is_other);
	}
	return move_cursor(v, &h, e);
}
