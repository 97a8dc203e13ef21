/* Requests of hubs. */
#include "crawler/websub_serve.h"

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/metrics.h"
#include "common/base/url.h"
#include "crawler/answer.h"
#include "crawler/road.h"
#include "crawler/websub_message.h"

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

void websub_serve_question(struct websub_keep *k, const struct request *r, struct response *response)
{
	struct websub_address address;
	struct websub_question q;
	const int64_t now_ms = clock_now_ms();
	arena_reset(&k->question);
	if (!websub_callback_read(k->key, r->path, &address)) {
		response_error(response, 404, "there is no such callback");
		return;
	}
	struct websub_kept *kept = kept_of(k, &address);
	websub_question_read(&k->question, r->query, &q);
	if (str_eqc(q.mode, "denied") && kept != NULL && str_eq(q.topic, kept->s.topic)) {
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
	const struct page page = { .bytes = r->body,
		.url = topic,
		.content_type = request_value(r, "Content-Type"),
		.content_language = request_value(r, "Content-Language"),
		.fetched_ms = now_ms,
		.zone_minutes = (int)s->how->zone_minutes };
	const struct admit_terms terms = { .book = p->book,
		.source = s,
		.pseudonym_key = p->pseudonym_key,
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

static void ignore(struct websub_keep *k, struct websub_kept *kept, const char *why)
{
	metrics_add(M_websub_ignored_total, 1);
	kept->s.ignored++;
	kept->is_stale = true;
	log_complain(&k->trouble, EV_websub_ignored, "source=%.*s why=\"%s\"", STR_FMT(kept->s.id), why);
}

static void take(
	struct websub_keep *k, struct push *p, struct websub_kept *kept, const struct request *r, struct response *response)
{
	struct answer in;
	struct err e = { 0 };
	const int64_t now_ms = clock_now_ms();
	enum outcome done = read_push(p, kept->source, kept->s.topic, r, &in, &e);
	if (done == OK)
		done = put(p, kept->source, r, &in, &e);
	if (done == RETRY) {
		log_complain(&p->trouble, EV_push_failed, "why=%s", log_quote(str_of(e.text)));
		response_error(response, 503, "it cannot be kept on disk now; send it again later");
		response->retry_after_s = COME_BACK_S;
		return;
	}
	websub_note_push(&kept->s, now_ms);
	kept->is_stale = true;
	if (kept->s.pushes == 1)
		websub_keep_mark(k, kept);
	if (done != OK)
		poll_soon(k, kept, now_ms);
	metrics_add(M_websub_pushes_total, 1);
}

/* What is not signed by our secret is answered like the rest, so that nobody learns by trying, and passed over, as the Recommendation
 * has it. */
void websub_serve_push(struct websub_keep *k, struct push *p, const struct request *r, struct response *response)
{
	struct websub_address address;
	const bool is_ours = websub_callback_read(k->key, r->path, &address);
	struct websub_kept *kept = is_ours ? kept_of(k, &address) : NULL;
	if (kept == NULL) {
		response_error(response, is_ours ? 410 : 404, "nothing is subscribed here any more");
		return;
	}
	if (p->book == NULL || p->inbox.nwaiting > LIMIT_PUSH_WAITING) {
		response_error(response, 503, "it cannot be taken now; send it again later");
		response->retry_after_s = COME_BACK_S;
		return;
	}
	response->status = 202;
	if (!websub_is_signed(kept->s.secret, request_value(r, "X-Hub-Signature"), r->body))
		ignore(k, kept, "it is not signed with the secret of the subscription");
	else if (is_other_topic(&p->arena, r, kept->s.topic))
		ignore(k, kept, "it is of another topic");
	else
		take(k, p, kept, r, response);
}
