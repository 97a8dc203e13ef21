/* The deliveries in flight. */
#include "notifier/desk.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/store/notices.h"
#include "notifier/append.h"
#include "notifier/deliver.h"
#include "notifier/pace.h"

#include <stdio.h>
#include <stdlib.h>

#define SLOT_BYTES ((size_t)8 << 20) /* of one delivery: the alert and what it is rendered to */
#define GRACE_MS 5000 /* from the end of the transfer to the settlement */

enum slot_state {
	SLOT_FREE,
	SLOT_READY, /* the next request waits for its turn at the target */
	SLOT_SENDING, /* a request is out */
	SLOT_SETTLING, /* the result waits for Redis */
};

/* What is remembered of a target, over reloads. */
struct lane {
	struct str name; /* points into `text` */
	char text[64];
	struct pace pace;
	struct complaint_log complaint;
	bool busy;
	int64_t used_ms;
};

struct slot {
	enum slot_state state;
	struct arena arena;
	struct book *book;
	const struct target *target;
	struct lane *lane;
	const struct lease *lease;
	struct delivery delivery; /* attempts: this one included */
	struct rendering rendering;
	size_t part;
	struct settlement settlement;
};

struct desk {
	struct http *http;
	struct str data_folder;
	struct slot slot[LIMIT_DELIVERIES];
	struct lane lane[LIMIT_TARGETS];
};

struct desk *desk_new(struct http *http, struct str data_folder)
{
	struct desk *d = calloc(1, sizeof(*d));
	if (!d) {
		(void)fputs("earshot: out of memory: the delivery desk\n", stderr);
		abort();
	}
	d->http = http;
	d->data_folder = data_folder;
	for (int i = 0; i < LIMIT_DELIVERIES; i++)
		arena_init(&d->slot[i].arena, SLOT_BYTES);
	return d;
}

static void slot_free(struct slot *s)
{
	if (s->lane && (s->state == SLOT_READY || s->state == SLOT_SENDING))
		s->lane->busy = false;
	book_drop(s->book);
	arena_release(&s->arena);
	struct arena arena = s->arena;
	*s = (struct slot){ .state = SLOT_FREE, .arena = arena };
}

void desk_free(struct desk *d)
{
	for (int i = 0; i < LIMIT_DELIVERIES; i++)
		slot_free(&d->slot[i]);
	free(d);
}

int desk_in_flight(const struct desk *d)
{
	int n = 0;
	for (int i = 0; i < LIMIT_DELIVERIES; i++)
		n += d->slot[i].state != SLOT_FREE;
	return n;
}

/* ---- lanes ---- */

/* The lane of a target; a new name takes an unused lane or the one that rested longest. NULL while all are busy. */
static struct lane *lane_of(struct desk *d, struct str name)
{
	struct lane *rested = NULL;
	for (int i = 0; i < LIMIT_TARGETS; i++) {
		struct lane *l = &d->lane[i];
		if (str_eq(l->name, name))
			return l;
		if (!l->busy && (!rested || l->used_ms < rested->used_ms))
			rested = l;
	}
	if (!rested || name.n >= sizeof(rested->text))
		return NULL;
	*rested = (struct lane){ 0 };
	(void)snprintf(rested->text, sizeof(rested->text), "%.*s", STR_FMT(name));
	rested->name = str_of(rested->text);
	return rested;
}

/* ---- the end of an attempt ---- */

static void slot_finish(struct slot *s, enum outcome outcome, int64_t retry_after_ms, struct err *why)
{
	struct attempt a = { .attempts = s->delivery.attempts, .outcome = outcome, .retry_after_ms = retry_after_ms };
	a.now_ms = clock_now_ms();
	crypto_random(&a.random, sizeof(a.random));
	if (outcome != OK && s->target)
		deliver_hide(s->target, why);
	s->settlement = deliver_settle(&a, why);
	if (s->lane) {
		s->lane->busy = false;
		if (outcome == RETRY && retry_after_ms > 0)
			pace_hold(&s->lane->pace, clock_monotonic_ms() + (s->settlement.at_ms - a.now_ms));
	}
	s->state = SLOT_SETTLING;
}

/* Said once it is written down. */
static void slot_report(struct slot *s)
{
	const struct delivery *d = &s->delivery;
	const struct settlement *done = &s->settlement;
	if (done->how == SETTLE_SENT) {
		metrics_add(M_deliveries_total, 1);
		if (s->lane)
			log_relieved(&s->lane->complaint, EV_alert_sent, "target=%.*s note=recovered", STR_FMT(d->target));
		log_event(LOG_INFO, EV_alert_sent, "delivery=%.*s target=%.*s attempt=%lld", STR_FMT(d->id), STR_FMT(d->target),
			(long long)d->attempts);
		return;
	}
	const char *why = log_quote(str_of(done->why.text));
	metrics_add(M_delivery_errors_total, 1);
	if (done->how == SETTLE_DEAD) {
		metrics_add(M_dead_letters_total, 1);
		log_event(LOG_ERROR, EV_alert_dead, "delivery=%.*s target=%.*s attempt=%lld why=%s", STR_FMT(d->id),
			STR_FMT(d->target), (long long)d->attempts, why);
	} else if (s->lane) {
		log_complain(&s->lane->complaint, EV_alert_failed, "delivery=%.*s target=%.*s attempt=%lld why=%s",
			STR_FMT(d->id), STR_FMT(d->target), (long long)d->attempts, why);
	}
}

static struct partition partition_of(const struct slot *s, const struct desk_store *store)
{
	return (struct partition){
		.redis = store->redis, .arena = store->arena, .brand = s->lease->partition, .lease = s->lease
	};
}

enum outcome desk_settle(struct desk *d, const struct desk_store *store, struct err *e)
{
	for (int i = 0; i < LIMIT_DELIVERIES; i++) {
		struct slot *s = &d->slot[i];
		if (s->state != SLOT_SETTLING)
			continue;
		if (!s->lease->held) {
			slot_free(s); /* the new owner tries it again, under the same id */
			continue;
		}
		const struct settlement *done = &s->settlement;
		const struct partition p = partition_of(s, store);
		enum outcome o = outbox_settle(&p, &s->delivery, done->how, done->at_ms, str_of(done->why.text), e);
		if (o == RETRY || o == STOP)
			return o;
		if (o == OK)
			slot_report(s);
		else
			log_event(
				LOG_WARN, EV_fenced, "delivery=%.*s why=%s", STR_FMT(s->delivery.id), log_quote(str_of(e->text)));
		slot_free(s);
	}
	return OK;
}

/* ---- the beginning ---- */

static struct slot *slot_find(struct desk *d, struct str delivery_id)
{
	for (int i = 0; i < LIMIT_DELIVERIES; i++)
		if (d->slot[i].state != SLOT_FREE && str_eq(d->slot[i].delivery.id, delivery_id))
			return &d->slot[i];
	return NULL;
}

static struct slot *slot_unused(struct desk *d)
{
	for (int i = 0; i < LIMIT_DELIVERIES; i++)
		if (d->slot[i].state == SLOT_FREE)
			return &d->slot[i];
	return NULL;
}

static void slot_occupy(struct slot *s, struct book *book, const struct lease *lease, const struct delivery *delivery)
{
	s->book = book_hold(book);
	s->lease = lease;
	s->delivery = (struct delivery){
		.id = arena_copy(&s->arena, delivery->id),
		.target = arena_copy(&s->arena, delivery->target),
		.alert_json = arena_copy(&s->arena, delivery->alert_json),
		.attempts = delivery->attempts,
	};
	s->target = routes_target(&book->routes, s->delivery.target);
}

/* What goes out: a notice to the operators of a delivery in their partition, else an alert. */
static enum outcome slot_parse(struct slot *s, struct message *m, struct err *e)
{
	struct alert *alert = arena_new(&s->arena, struct alert);
	struct notice *notice = arena_new(&s->arena, struct notice);
	const bool is_notice = str_eqc(s->lease->partition, NOTICE_PARTITION);
	const enum outcome o = is_notice ? notice_parse(&s->arena, s->delivery.alert_json, notice, e)
					 : alert_parse(&s->arena, s->delivery.alert_json, alert, e);
	if (o != OK)
		return err_set(e, REJECT, "the %s cannot be read: %s", is_notice ? "notice" : "alert", e->text);
	*m = (struct message){ .target = s->target,
		.alert = is_notice ? NULL : alert,
		.notice = is_notice ? notice : NULL,
		.delivery_id = s->delivery.id,
		.now_ms = clock_now_ms() };
	return OK;
}

/* Message → requests; REJECT when it never can be. Routes may have changed since it was planned: operators' targets hear of no
 * incident, and nobody else of earshot's own troubles. */
static enum outcome slot_render(struct slot *s, struct err *e)
{
	struct message m;
	enum outcome o = slot_parse(s, &m, e);
	if (o != OK)
		return o;
	if (s->target->operators != (m.notice != NULL))
		return err_set(e, REJECT, "target %.*s %s in routes.conf now", STR_FMT(s->target->name),
			s->target->operators ? "is for operators alone" : "is not for operators");
	o = s->target->channel->render(&s->arena, &m, &s->rendering, e);
	if (o == OK && s->rendering.n == 0)
		return err_set(e, REJECT, "channel %s rendered nothing", s->target->channel->name);
	return o;
}

/* Why there is nobody to tell: the routes changed, or the outbox held something that names no target at all. */
static void slot_explain_nobody(struct slot *s, struct err *e)
{
	struct message m;
	struct err why;
	if (slot_parse(s, &m, &why) != OK)
		(void)err_set(e, REJECT, "%s", why.text);
	else
		(void)err_set(e, REJECT, "there is no target %.*s in routes.conf (any more), or it is disabled",
			STR_FMT(s->delivery.target));
}

/* A delivery that cannot leave: dead without an attempt. */
static bool slot_is_hopeless(struct slot *s, struct err *e)
{
	if (!s->target) {
		slot_explain_nobody(s, e);
		return true;
	}
	if (s->delivery.attempts >= LIMIT_ATTEMPTS) {
		(void)err_set(e, REJECT, "%lld attempts were begun and none was finished; did the notifier die each time?",
			(long long)s->delivery.attempts);
		return true;
	}
	return false;
}

static enum outcome slot_begin(struct slot *s, const struct desk_store *store, struct err *e)
{
	int64_t retry_ms = clock_now_ms() + LIMIT_DELIVERY_MS + GRACE_MS;
	const struct partition p = partition_of(s, store);
	enum outcome o = outbox_begin(&p, &s->delivery, retry_ms, e);
	if (o != OK)
		return o;
	s->delivery.attempts++;
	s->state = SLOT_READY;
	s->lane->busy = true;
	s->lane->used_ms = clock_monotonic_ms();
	struct err why;
	if (slot_render(s, &why) != OK)
		slot_finish(s, REJECT, -1, &why);
	return OK;
}

enum outcome desk_take_on(struct desk *d, const struct desk_store *store, struct book *book, const struct lease *lease,
	const struct delivery *delivery, struct err *e)
{
	if (slot_find(d, delivery->id))
		return OK;
	struct slot *s = slot_unused(d);
	struct lane *lane = lane_of(d, delivery->target);
	if (!s || (lane && lane->busy))
		return SKIP;
	slot_occupy(s, book, lease, delivery);
	struct err why;
	if (slot_is_hopeless(s, &why)) {
		slot_finish(s, REJECT, -1, &why);
		return OK;
	}
	s->lane = lane;
	enum outcome o = SKIP;
	if (lane && pace_wait_ms(&lane->pace, s->target->channel, clock_monotonic_ms()) == 0)
		o = slot_begin(s, store, e);
	if (o != OK)
		slot_free(s);
	return o;
}

/* ---- on the way ---- */

/* A file takes its line at once. */
static void slot_append(struct slot *s, const struct request_out *r, struct str data_folder)
{
	struct err why;
	const char *path = file_join(&s->arena, data_folder, r->path).p;
	enum outcome o = file_mkdirs(file_folder(&s->arena, path).p, 0750, &why);
	if (o == OK)
		o = append_line(path, r->body, &why);
	else
		o = RETRY; /* a folder may be mounted or made later */
	slot_finish(s, o, -1, &why);
}

static void slot_post(struct slot *s, struct request_out *r, struct http *http)
{
	struct err why;
	const struct http_request request = {
		.url = r->url,
		.method = STR("POST"),
		.body = r->body,
		.header = r->header,
		.nheaders = r->nheaders,
		.allow = s->target->allow,
		.nallow = s->target->nallow,
		.max_body = LIMIT_ANSWER_BYTES,
		.timeout_ms = LIMIT_DELIVERY_MS,
		.owner = s,
	};
	enum outcome o = http_start(http, &request, &why);
	if (o == OK)
		s->state = SLOT_SENDING;
	else
		slot_finish(s, o, -1, &why);
}

static void slot_send(struct desk *d, struct slot *s)
{
	int64_t now_ms = clock_monotonic_ms();
	if (pace_wait_ms(&s->lane->pace, s->target->channel, now_ms) > 0)
		return;
	pace_take(&s->lane->pace, s->target->channel, now_ms);
	struct request_out *r = &s->rendering.request[s->part];
	if (r->path.n > 0)
		slot_append(s, r, d->data_folder);
	else
		slot_post(s, r, d->http);
}

static void slot_answered(struct slot *s, const struct http_response *response)
{
	struct err why = response->err;
	struct answer answer = { .status = response->status, .body = response->body, .retry_after_ms = response->retry_after_ms };
	enum outcome o = response->outcome;
	if (o == OK)
		o = s->target->channel->judge(&answer, &why);
	if (o == OK && ++s->part < s->rendering.n)
		s->state = SLOT_READY;
	else
		slot_finish(s, o, o == RETRY ? answer.retry_after_ms : -1, &why);
}

void desk_turn(struct desk *d)
{
	struct http_response response;
	while (http_take(d->http, &response)) {
		slot_answered(response.owner, &response);
		http_response_release(&response);
	}
	for (int i = 0; i < LIMIT_DELIVERIES; i++)
		if (d->slot[i].state == SLOT_READY)
			slot_send(d, &d->slot[i]);
}
