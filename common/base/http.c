/* The HTTP client: requests started, followed over their hops, and taken when they are over. Its parts: http_client.h. */
#include "common/base/http_client.h"

#include "common/base/clock.h"
#include "common/base/http_talk.h"

#include <earshot/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *http_memory(size_t n)
{
	void *p = calloc(1, n);
	if (!p) {
		(void)fprintf(stderr, "earshot: out of memory: %zu bytes for the HTTP client\n", n);
		abort();
	}
	return p;
}

static struct str copy_str(struct str s)
{
	char *p = http_memory(s.n + 1);
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

/* ---- lists: under way, and over ---- */

static void list_add(struct transfer **list, struct transfer *t)
{
	t->before = NULL;
	t->next = *list;
	if (t->next != NULL)
		t->next->before = t;
	*list = t;
}

#define SPARES LIMIT_MULTI_TRANSFERS /* transfers kept for other requests: each has 7 KB of libcurl's */

static void list_remove(struct transfer **list, struct transfer *t)
{
	if (t->before != NULL)
		t->before->next = t->next;
	else
		*list = t->next;
	if (t->next != NULL)
		t->next->before = t->before;
}

static void finished_add(struct http *h, struct transfer *t)
{
	t->next = NULL;
	*h->finished_end = t;
	h->finished_end = &t->next;
}

/* Takes one transfer out of the finished queue, wherever it stands. */
static void finished_remove(struct http *h, struct transfer *t)
{
	struct transfer **at = &h->finished;
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	if (!*at)
		h->finished_end = at;
}

static struct transfer *transfer_take(struct http *h)
{
	struct transfer *t = h->spare;
	if (t == NULL)
		return http_transfer_new(h);
	h->spare = t->next;
	h->nspare--;
	return t;
}

static void transfer_give_back(struct transfer *t)
{
	struct http *h = t->http;
	if (h->nspare >= SPARES) {
		http_transfer_free(t);
		return;
	}
	http_transfer_clear(t);
	t->next = h->spare;
	h->spare = t;
	h->nspare++;
}

/* ---- the end of a hop ---- */

static struct str give_away(struct buf *b)
{
	const struct str s = { b->p, b->n };
	const size_t max = b->max;
	buf_init(b, max);
	return s;
}

static void finish(struct transfer *t, enum outcome o, int status)
{
	struct http *h = t->http;
	struct http_response *r = http_transfer_result(t);
	r->outcome = o;
	r->status = o == OK ? status : 0;
	r->url = copy_str(t->url.href);
	r->leads_to = t->leads_to.n > 0 ? copy_str(t->leads_to) : STR("");
	r->duration_ms = clock_monotonic_ms() - t->started_ms;
	r->retry_after_ms = -1;
	r->owner = t->owner;
	r->hops = t->hops;
	r->permanent_redirect = t->hops + (t->leads_to.n > 0) > 0 && t->permanent_hops == t->hops + (t->leads_to.n > 0);
	r->is_answered = t->hops > 0 || t->raw.n > 0;
	if (o == OK) {
		r->header = give_away(&t->raw);
		r->body = give_away(&t->received);
		r->retry_after_ms = http_retry_after_ms(http_header(r->header, "retry-after"), clock_now_ms());
	}
	list_remove(t->is_talking ? &h->talking : &h->running, t);
	h->nrunning--;
	t->is_done = true;
	finished_add(h, t);
}

static void start_talking(struct transfer *t)
{
	struct http *h = t->http;
	list_remove(&h->running, t);
	list_add(&h->talking, t);
	t->is_talking = true; /* it stays in its shard: taken out, its connection would be closed */
	t->talk_fd = http_talk_socket(t->easy);
	if (t->talk_fd >= 0)
		http_loop_watch_talk(t);
}

void http_end_hop(struct transfer *t, int code)
{
	if (t->talk != NULL && code == 0) {
		start_talking(t);
		return;
	}
	http_loop_remove(t);
	if (t->is_resolving && t->pinned[0] != '\0') {
		http_transfer_set_hop(t);
		http_loop_add(t);
		return;
	}
	const int status = http_transfer_status(t);
	enum outcome o = OK;
	if (code != 0) {
		o = http_transfer_trouble(t, code, &http_transfer_result(t)->err);
	} else {
		o = http_redirect_step(t, status, &http_transfer_result(t)->err);
		if (o == OK) {
			t->pinned[0] = '\0';
			http_transfer_set_hop(t);
			http_loop_add(t);
			return;
		}
		o = o == SKIP ? http_transfer_check_whole(t, &http_transfer_result(t)->err) : o;
	}
	finish(t, o, status);
}

static enum outcome name_trouble(const struct transfer *t, enum outcome o, struct err *e)
{
	const struct err why = *e;
	return o == OK ? OK : err_set(e, o, "%.*s:%d: %s", STR_FMT(t->url.host), t->url.port, why.text);
}

/* One turn of a conversation; it ends when it is over, broken, or too slow. */
void http_turn_talk(struct transfer *t)
{
	struct err e = { 0 };
	struct http_talk_out out = { .say = &t->say, .header = &t->raw, .body = &t->received, .status = t->talk_status };
	enum outcome o = http_talk_turn(t->easy, t->talk, &out, &e);
	t->talk_status = out.status;
	if (o == SKIP && clock_monotonic_ms() - t->started_ms < t->timeout_ms) {
		if (t->talk_fd >= 0)
			http_loop_watch_talk(t);
		return;
	}
	if (o == SKIP)
		o = err_set(&e, RETRY, "no end after %lld s", (long long)(t->timeout_ms / MS_PER_SECOND));
	http_transfer_result(t)->err = e;
	(void)name_trouble(t, o, &http_transfer_result(t)->err);
	if (t->talk_fd >= 0)
		http_loop_forget_talk(t);
	http_loop_remove(t);
	finish(t, o, t->talk_status);
}

/* ---- life cycle ---- */

struct http *http_new(const char *user_agent, int max_transfers)
{
	http_library_init();
	struct http *h = http_memory(sizeof(*h));
	h->user_agent = (char *)(uintptr_t)copy_str(str_of(user_agent)).p;
	h->finished_end = &h->finished;
	http_loop_init(h, max_transfers > 0 ? max_transfers : 1);
	return h;
}

void http_response_release(struct http_response *r)
{
	free((void *)(uintptr_t)r->body.p);
	free((void *)(uintptr_t)r->header.p);
	free((void *)(uintptr_t)r->url.p);
	if (r->leads_to.n > 0)
		free((void *)(uintptr_t)r->leads_to.p);
	*r = (struct http_response){ 0 };
}

static void free_running(struct transfer *t)
{
	while (t != NULL) {
		struct transfer *next = t->next;
		http_loop_remove(t);
		http_transfer_free(t);
		t = next;
	}
}

void http_free(struct http *h)
{
	if (!h)
		return;
	struct http_response left;
	while (http_take(h, &left))
		http_response_release(&left);
	free_running(h->running);
	free_running(h->talking);
	while (h->spare != NULL) {
		struct transfer *t = h->spare;
		h->spare = t->next;
		http_transfer_free(t);
	}
	http_loop_release(h);
	free(h->user_agent);
	free(h);
}

static enum outcome copy_request(struct transfer *t, const struct http_request *r, struct err *e)
{
	t->method = arena_copy(&t->arena, r->method);
	t->body = r->body;
	t->header = arena_list(&t->arena, struct str, r->nheaders);
	for (size_t i = 0; i < r->nheaders; i++) {
		if (!http_transfer_is_line(r->header[i]))
			return err_set(e, REJECT, "header line %zu is not \"Name: value\" on one line", i + 1);
		t->header[i] = arena_copy(&t->arena, r->header[i]);
	}
	t->nheaders = r->nheaders;
	t->if_none_match = arena_copy(&t->arena, r->if_none_match);
	t->if_modified_since = arena_copy(&t->arena, r->if_modified_since);
	t->allow = arena_list(&t->arena, struct http_cidr, r->nallow);
	if (r->nallow > 0)
		memcpy(t->allow, r->allow, r->nallow * sizeof(*r->allow));
	t->nallow = r->nallow;
	t->max_body = r->max_body > 0 ? r->max_body : LIMIT_BODY_BYTES;
	t->timeout_ms = r->timeout_ms > 0 ? r->timeout_ms : LIMIT_FETCH_MS;
	t->follow = r->follow;
	t->closes = r->closes;
	t->may_follow = r->may_follow;
	t->talk = r->talk;
	t->proxy = r->proxy;
	t->ca_file = r->ca_file;
	t->owner = r->owner;
	buf_init(&t->received, t->max_body);
	return OK;
}

static enum outcome transfer_start(struct http *h, const struct http_request *r, struct transfer **out, struct err *e)
{
	struct transfer *t = transfer_take(h);
	t->started_ms = clock_monotonic_ms();
	enum outcome o = copy_request(t, r, e);
	if (o == OK)
		o = http_check_hop(t, r->url, e);
	if (o != OK) {
		transfer_give_back(t);
		return o;
	}
	http_transfer_set_hop(t);
	http_loop_add(t);
	list_add(&h->running, t);
	h->nrunning++;
	*out = t;
	return OK;
}

enum outcome http_start(struct http *h, const struct http_request *r, struct err *e)
{
	struct transfer *t;
	if (h->nrunning >= h->max)
		return err_set(e, RETRY, "%d transfers are in flight already; take finished ones first", h->max);
	return transfer_start(h, r, &t, e);
}

int http_in_flight(const struct http *h)
{
	return h->nrunning;
}

int http_room(const struct http *h)
{
	return h->max > h->nrunning ? h->max - h->nrunning : 0;
}

static void take_result(struct http *h, struct transfer *t, struct http_response *out)
{
	finished_remove(h, t);
	*out = *http_transfer_result(t);
	transfer_give_back(t);
}

bool http_take(struct http *h, struct http_response *out)
{
	if (!h->finished)
		return false;
	take_result(h, h->finished, out);
	return true;
}

void http_fetch(struct http *h, const struct http_request *r, struct http_response *out)
{
	struct transfer *t = NULL;
	struct err e = { 0 };
	const enum outcome o = transfer_start(h, r, &t, &e);
	if (o != OK) {
		*out = (struct http_response){
			.outcome = o, .err = e, .url = copy_str(r->url), .retry_after_ms = -1, .owner = r->owner
		};
		return;
	}
	while (!t->is_done)
		http_wait(h, 1000, -1);
	take_result(h, t, out);
}
