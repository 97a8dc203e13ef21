/* Requests of hubs. */
#include "crawler/websub_serve.h"

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/fuel.h"
#include "common/base/metrics.h"
#include "common/base/url.h"
#include "crawler/answer.h"
#include "crawler/road.h"
#include "crawler/websub_message.h"
#include "crawler/websub_other.h"

#include <earshot/limits.h>

#define COME_BACK_S 10
#define SPOOL_BYTES ((size_t)LIMIT_PUSH_BYTES * 16)

bool websub_serve_is_for(const struct websub_keep *k, struct str path)
{
	return k != NULL && str_starts(path, STR(WEBSUB_PATH));
}

size_t websub_serve_room(const struct websub_keep *k, struct str path)
{
	struct websub_address address;
	return websub_callback_read(k->key, path, &address) ? LIMIT_BODY_BYTES : 0;
}

/* The subscription that an address was made for; NULL: none that is wanted any more. */
static struct websub_kept *kept_of(const struct websub_keep *k, const struct websub_address *address)
{
	struct websub_kept *kept = websub_keep_find(k, address->id);
	return kept != NULL && !kept->is_unwanted && crypto_equal(kept->s.salt, address->salt) ? kept : NULL;
}

/* ---- questions ---- */

static void say_yes(struct response *response, struct str challenge)
{
	response->status = 200;
	response->type = "text/plain";
	buf_adds(&response->body, challenge);
}

static int64_t granted(const struct websub_keep *k, const struct websub_question *q)
{
	return q->lease_ms > 0 ? q->lease_ms : k->settings->websub_lease_ms;
}

/* Yes to what was asked for. A hub that asks once more about what is live may be told so; its word on the lease is not taken then. */
static bool confirms(struct websub_keep *k, struct websub_kept *kept, const struct websub_question *q, int64_t now_ms)
{
	if (str_eqc(q->mode, "unsubscribe"))
		return kept == NULL;
	if (!str_eqc(q->mode, "subscribe") || kept == NULL || !str_eq(q->topic, kept->s.topic))
		return false;
	if (websub_is_pending(&kept->s)) {
		websub_keep_happen(k, kept, WEBSUB_VERIFIED, granted(k, q), now_ms);
		return true;
	}
	return websub_has_lease(&kept->s, now_ms);
}

static uint32_t any_number(void)
{
	uint32_t r = 0;
	crypto_random(&r, sizeof r);
	return r;
}

/* The same of a subscription that another crawler has. OK: yes; SKIP: no; RETRY: nobody can tell now. */
static enum outcome confirms_other(
	struct websub_keep *k, const struct websub_address *address, const struct websub_question *q, int64_t now_ms)
{
	struct subscription s;
	const bool is_denied = str_eqc(q->mode, "denied");
	struct websub_happening h = { is_denied ? WEBSUB_REFUSED : WEBSUB_VERIFIED, now_ms, granted(k, q), any_number() };
	const enum outcome done = websub_other_read(k, &k->question, address, &s, NULL);
	if (done == RETRY)
		return RETRY;
	if (str_eqc(q->mode, "unsubscribe"))
		return done == SKIP ? OK : SKIP;
	if (done == SKIP || !str_eq(q->topic, s.topic) || !(is_denied || str_eqc(q->mode, "subscribe")))
		return SKIP;
	if (is_denied || websub_is_pending(&s))
		return websub_other_tell(k, &k->question, &s, &h, NULL);
	return websub_has_lease(&s, now_ms) ? OK : SKIP;
}

static void come_later(struct response *response, const char *why)
{
	response_error(response, 503, "%s; send it again later", why);
	response->retry_after_s = COME_BACK_S;
}

static void answer_other(struct websub_keep *k, bool is_busy, const struct websub_address *address,
	const struct websub_question *q, struct response *response)
{
	const bool is_question = str_eqc(q->mode, "denied") || q->challenge.n > 0;
	const enum outcome done = !is_question ? SKIP : is_busy ? RETRY : confirms_other(k, address, q, clock_now_ms());
	if (done == OK)
		say_yes(response, q->challenge);
	else if (done == RETRY)
		come_later(response, "another crawler knows, and cannot be asked now");
	else
		response_error(response, 404, "this was not asked for");
}

void websub_serve_question(struct websub_keep *k, bool is_busy, const struct request *r, struct response *response)
{
	struct websub_address address;
	struct websub_question q;
	const int64_t now_ms = clock_now_ms();
	if (!websub_callback_read(k->key, r->path, &address)) {
		response_error(response, 404, "there is no such callback");
		return;
	}
	arena_reset(&k->question);
	struct websub_kept *kept = kept_of(k, &address);
	websub_question_read(&k->question, r->query, &q);
	if (websub_other_is(k, &address))
		answer_other(k, is_busy, &address, &q, response);
	else if (str_eqc(q.mode, "denied") && kept != NULL && str_eq(q.topic, kept->s.topic)) {
		websub_keep_happen(k, kept, WEBSUB_REFUSED, 0, now_ms);
		say_yes(response, STR(""));
	} else if (q.challenge.n > 0 && confirms(k, kept, &q, now_ms)) {
		say_yes(response, q.challenge);
	} else {
		response_error(response, 404, "this was not asked for");
	}
}

/* ---- pushes ---- */

/* A hub says with a Link header which topic it pushes; one that says nothing is believed. */
static bool is_other_topic(struct arena *a, const struct request *r, struct str topic)
{
	struct websub_links links = { 0 };
	struct url url;
	for (size_t i = 0; i < r->nheaders; i++)
		if (str_ieq(r->header[i].name, STR("Link")))
			websub_links_header(a, r->header[i].value, topic, &links);
	if (links.self.n == 0)
		return false;
	return url_parse(a, topic, STR(""), &url, NULL) != OK || !str_eq(links.self, url.href);
}

static enum outcome read_push(
	struct push *p, const struct source *s, struct str topic, const struct request *r, struct answer *out, struct err *e)
{
	const int64_t now_ms = clock_now_ms();
	struct fuel fuel;
	fuel_init(&fuel, 0, LIMIT_PARSE_CPU_MS);
	const struct page page = { .fuel = &fuel,
		.bytes = r->body,
		.url = topic,
		.content_type = request_value(r, "Content-Type"),
		.content_language = request_value(r, "Content-Language"),
		.fetched_ms = now_ms,
		.zone_minutes = (int)s->how->zone_minutes };
	const struct admit_terms terms = { .book = p->book,
		.source = s,
		.pseudonym_key = p->pseudonym_key,
		.erased = p->erased,
		.now_ms = now_ms,
		.keep_ms = p->settings->keep_mentions_ms };
	const struct str packed = request_value(r, "Content-Encoding");
	if (packed.n > 0 && !str_ieq(packed, STR("identity")))
		return err_set(e, REJECT, "it is packed");
	return answer_read(&p->arena, &terms, &page, out, e);
}

static struct str joined(struct arena *a, const struct conf_list *list)
{
	struct str out = STR("");
	for (size_t i = 0; i < list->n; i++)
		out = arena_printf(a, "%.*s%s%.*s", STR_FMT(out), i > 0 ? "," : "", STR_FMT(list->item[i]));
	return out;
}

/* Onto the disk, as webhooks are: masked, one line a post. SKIP: there is nothing in it, or too much. */
static enum outcome put(struct push *p, const struct source *s, const struct request *r, const struct answer *in, struct err *e)
{
	char name[65];
	struct buf spool;
	const struct str part[] = { STR("websub"), s->id, r->body }, about = joined(&p->arena, &s->how->brands);
	const struct sha256 hash = crypto_sha256_parts(part, 3);
	crypto_hex(hash.byte, INBOX_NAME / 2, name);
	if (inbox_find(&p->inbox, name) != NULL)
		return OK; /* sent twice */
	buf_init(&spool, SPOOL_BYTES);
	buf_addz(&spool, "{\"websub\":true");
	buf_json_str(&spool, "source", s->id);
	buf_addz(&spool, "}\n");
	const size_t head = spool.n;
	for (size_t i = 0; i < in->n; i++) {
		const struct road_post post = { .admitted = in->post[i], .about = about };
		if (in->post[i].refused == NULL)
			road_write(&spool, &post);
	}
	const bool is_usable = spool.n > head && !spool.overflow;
	const enum outcome done = is_usable ? inbox_put(&p->inbox, &p->arena, name, buf_str(&spool), e) : SKIP;
	buf_release(&spool);
	return done;
}

/* What cannot be taken as it is says at least that there is something new: the source is polled, as often as it may be. */
static void poll_soon(struct websub_keep *k, struct websub_kept *kept, int64_t now_ms)
{
	if (now_ms < kept->nudged_ms + kept->source->how->every_min_ms)
		return;
	kept->nudged_ms = now_ms;
	kept->due_ms = now_ms;
	websub_keep_mark(k, kept);
}

static void ignore(struct websub_keep *k, struct str id, struct websub_kept *kept, const char *why)
{
	metrics_add(M_websub_ignored_total, 1);
	if (kept != NULL) {
		kept->s.ignored++;
		kept->is_stale = true;
	}
	log_complain(&k->trouble, EV_websub_ignored, "source=%.*s why=\"%s\"", STR_FMT(id), why);
}

/* Onto the disk; REJECT or SKIP: there is nothing to be read in it. RETRY is answered. */
static enum outcome take_posts(
	struct push *p, const struct source *s, struct str topic, const struct request *r, struct response *response)
{
	struct answer in;
	struct err e = { 0 };
	enum outcome done = read_push(p, s, topic, r, &in, &e);
	if (done == OK)
		done = put(p, s, r, &in, &e);
	if (done == RETRY) {
		log_complain(&p->trouble, EV_push_failed, "why=%s", log_quote(str_of(e.text)));
		come_later(response, "it cannot be kept on disk now");
	}
	return done;
}

static void take(
	struct websub_keep *k, struct push *p, struct websub_kept *kept, const struct request *r, struct response *response)
{
	const int64_t now_ms = clock_now_ms();
	const enum outcome done = take_posts(p, kept->source, kept->s.topic, r, response);
	if (done == RETRY)
		return;
	websub_note_push(&kept->s, now_ms);
	kept->is_stale = true;
	if (kept->s.pushes == 1)
		websub_keep_mark(k, kept);
	if (done != OK)
		poll_soon(k, kept, now_ms);
	metrics_add(M_websub_pushes_total, 1);
}

/* Who has the shard of the source is not told, so its polls stay what they are; what says nothing is left to it. */
static void take_other(
	struct websub_keep *k, struct push *p, const struct subscription *s, const struct request *r, struct response *response)
{
	const enum outcome done = take_posts(p, sources_find(k->sources, s->id), s->topic, r, response);
	if (done != OK && done != RETRY)
		come_later(response, "it is for another crawler");
	metrics_add(M_websub_pushes_total, done == OK);
}

/* NULL: it is to be taken. */
static const char *fault_of(struct arena *a, const struct subscription *s, const struct request *r)
{
	if (!websub_is_signed(s->secret, request_value(r, "X-Hub-Signature"), r->body))
		return "it is not signed with the secret of the subscription";
	return is_other_topic(a, r, s->topic) ? "it is of another topic" : NULL;
}

/* What is not signed by our secret is answered like the rest, so that nobody learns by trying, and passed over, as the Recommendation
 * has it. */
void websub_serve_push(struct websub_keep *k, struct push *p, const struct request *r, struct response *response)
{
	struct websub_address address;
	struct subscription other;
	enum outcome known = SKIP;
	const bool is_ours = websub_callback_read(k->key, r->path, &address);
	struct websub_kept *kept = is_ours ? kept_of(k, &address) : NULL;
	if (is_ours && websub_other_is(k, &address))
		known = websub_other_read(k, &p->arena, &address, &other, NULL);
	if (kept == NULL && known == SKIP) {
		response_error(response, is_ours ? 410 : 404, "nothing is subscribed here any more");
		return;
	}
	if (p->book == NULL || p->inbox.nwaiting > LIMIT_PUSH_WAITING || known == RETRY) {
		come_later(response, "it cannot be taken now");
		return;
	}
	response->status = 202;
	const char *fault = fault_of(&p->arena, kept != NULL ? &kept->s : &other, r);
	if (fault != NULL)
		ignore(k, address.id, kept, fault);
	else if (kept != NULL)
		take(k, p, kept, r, response);
	else
		take_other(k, p, &other, r, response);
}
