/* Webhooks: from a signed request to the disk, from the disk to the streams. */
#include "crawler/push.h"

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/file.h"
#include "common/base/json.h"
#include "common/base/metrics.h"
#include "common/store/redis.h"
#include "crawler/road.h"
#include "crawler/webhook.h"
#include "crawler/websub_serve.h"

#include <earshot/limits.h>
#include <stdio.h>
#include <unistd.h>

#define DRAIN_FILES 16 /* a turn */
#define LISTEN_AGAIN_MS 10000
#define EXPIRE_EVERY_MS MS_PER_MINUTE
#define COME_BACK_S 10
#define ARENA_BYTES ((size_t)4 * LIMIT_ARENA_BYTES) /* a body as a tree, and its posts */
#define SPOOL_BYTES ((size_t)LIMIT_PUSH_BYTES * 16)

void push_init(struct push *p, const struct settings *s, struct str pseudonym_key, struct keep *keep)
{
	*p = (struct push){ .settings = s, .pseudonym_key = pseudonym_key, .keep = keep };
	arena_init(&p->process, 1u << 20);
	arena_init(&p->arena, ARENA_BYTES);
	const struct str folder = arena_copy(&p->process, file_join(&p->arena, s->data, STR("intake")));
	inbox_init(&p->inbox, &p->arena, folder, clock_now_ms());
}

static const char *url_path(struct push *p)
{
	return arena_cstr(&p->arena, file_join(&p->arena, p->settings->data, STR("intake.url")));
}

static void close_server(struct push *p)
{
	if (p->server == NULL)
		return;
	http_server_free(p->server);
	p->server = NULL;
	(void)unlink(url_path(p));
}

void push_release(struct push *p)
{
	close_server(p);
	inbox_release(&p->inbox);
	arena_release(&p->arena);
	arena_release(&p->process);
}

int push_fd(const struct push *p)
{
	return p->server != NULL ? http_server_fd(p->server) : -1;
}

static struct road road_of(const struct push *p, struct redis *redis, int64_t now_ms)
{
	return (struct road){ .redis = redis,
		.book = p->book,
		.keep = p->keep,
		.pseudonym_key = p->pseudonym_key,
		.erased = p->erased,
		.now_ms = now_ms,
		.keep_ms = p->settings->keep_mentions_ms };
}

/* ---- one request ---- */

/* The name of a request on disk: of the same source with the same key it is the same. */
static void name_of(const struct source *s, struct str key, char *name)
{
	const struct str part[] = { s->id, key };
	const struct sha256 hash = crypto_sha256_parts(part, 2);
	crypto_hex(hash.byte, INBOX_NAME / 2, name);
}

static void body_digits(struct str body, char *hex)
{
	const struct sha256 hash = crypto_sha256(body);
	crypto_hex(hash.byte, sizeof hash.byte, hex);
}

/* Known already: the same answer when it is the same body, else the sender has lost count. */
static void answer_again(struct push *p, const struct inbox_file *f, const struct request *r, struct response *response)
{
	char hex[65];
	struct str bytes = { 0 }, head;
	struct err e = { 0 };
	body_digits(r->body, hex);
	if (inbox_read(&p->inbox, &p->arena, f, &bytes, &e) != OK || !str_split(&bytes, '\n', &head)) {
		response_error(response, 503, "the request is known, but cannot be read now; send it again later");
		response->retry_after_s = COME_BACK_S;
		return;
	}
	const struct json *doc = json_parse_in(&p->arena, head, &e);
	if (!str_eqc(json_str_of(doc, "body"), hex)) {
		response_error(response, 409, "this id was used for another body; a new request needs a new id");
		return;
	}
	buf_addc(&response->body, '{');
	buf_json_int(&response->body, "accepted", json_i64_of(doc, "accepted", 0));
	buf_json_int(&response->body, "refused", json_i64_of(doc, "refused", 0));
	buf_json_bool(&response->body, "repeated", true);
	buf_addc(&response->body, '}');
	response->status = 202;
}

static void write_spool(struct buf *out, const struct source *s, const struct request *r, const struct webhook_answer *answer)
{
	char hex[65];
	body_digits(r->body, hex);
	buf_addc(out, '{');
	buf_json_str(out, "source", s->id);
	buf_json_str(out, "body", str_of(hex));
	buf_json_int(out, "accepted", (int64_t)answer->npost);
	buf_json_int(out, "refused", (int64_t)answer->nrefused);
	buf_addz(out, "}\n");
	for (size_t i = 0; i < answer->npost; i++)
		road_write(out, &answer->post[i]);
}

static enum outcome put(struct push *p, const char *name, const struct source *s, const struct request *r,
	const struct webhook_answer *answer, struct err *e)
{
	struct buf spool;
	if (answer->npost == 0)
		return OK;
	buf_init(&spool, SPOOL_BYTES);
	write_spool(&spool, s, r, answer);
	const enum outcome done = spool.overflow ? err_set(e, RETRY, "the request grows beyond %zu bytes", SPOOL_BYTES)
						 : inbox_put(&p->inbox, &p->arena, name, buf_str(&spool), e);
	buf_release(&spool);
	return done;
}

static void take_request(struct push *p, const struct source *s, const struct request *r, struct response *response)
{
	struct webhook_answer answer;
	struct err e = { 0 };
	char name[INBOX_NAME + 1];
	const int64_t now_ms = clock_now_ms();
	const struct road road = road_of(p, NULL, now_ms);
	if (!webhook_check(&p->arena, s, r, now_ms, &answer)) {
		response_error(response, answer.status, "%.*s", STR_FMT(answer.error));
		return;
	}
	name_of(s, answer.key, name);
	const struct inbox_file *known = inbox_find(&p->inbox, name);
	if (known != NULL) {
		answer_again(p, known, r, response);
		return;
	}
	webhook_read(&p->arena, &road, s, r, &answer);
	if (answer.status != 202) {
		response_error(response, answer.status, "%.*s", STR_FMT(answer.error));
	} else if (put(p, name, s, r, &answer, &e) != OK) {
		log_complain(&p->trouble, EV_push_failed, "why=%s", log_quote(str_of(e.text)));
		response_error(response, 503, "the posts cannot be kept on disk now; send them again later");
		response->retry_after_s = COME_BACK_S;
	} else {
		response->status = 202;
		webhook_write_answer(&response->body, &answer);
	}
}

static const struct source *source_of_path(const struct push *p, struct str path)
{
	const struct str folder = STR("/ingest/");
	return str_starts(path, folder) ? sources_find_pushed(p->sources, str_from(path, folder.n)) : NULL;
}

static void decide_websub(struct push *p, const struct request *r, struct response *response)
{
	if (str_eqc(r->method, "POST")) {
		websub_serve_push(p->websub, p, r, response);
	} else {
		response->allow = "GET, POST";
		response_error(response, 405, "only GET and POST are answered here");
	}
}

/* How much is read of a body before anybody looks at it. */
static size_t room_of(void *owner, struct str target)
{
	const struct push *p = owner;
	const ptrdiff_t query = str_findc(target, '?');
	const struct str path = query < 0 ? target : str_first(target, (size_t)query);
	return websub_serve_is_for(p->websub, path) ? websub_serve_room(p->websub, path) : LIMIT_PUSH_BYTES;
}

static void decide(struct push *p, const struct request *r, struct response *response)
{
	const struct source *s = source_of_path(p, r->path);
	if (s == NULL) {
		response_error(response, 404, "there is no such webhook; POST to /ingest/SOURCE, a source of kind webhook");
	} else if (!str_eqc(r->method, "POST")) {
		response->allow = "POST";
		response_error(response, 405, "only POST is answered here");
	} else if (p->book == NULL || p->inbox.nwaiting > LIMIT_PUSH_WAITING) {
		response_error(response, 503, "%s; send it again later",
			p->book == NULL ? "the rules are not loaded yet" : "too many requests wait to be counted");
		response->retry_after_s = COME_BACK_S;
	} else {
		take_request(p, s, r, response);
	}
}

static void serve(void *owner, const struct request *request, struct response *response)
{
	struct push *p = owner;
	const bool is_websub = websub_serve_is_for(p->websub, request->path);
	if (is_websub && str_eqc(request->method, "GET")) { /* from memory */
		websub_serve_question(p->websub, p->is_busy, request, response);
		return;
	}
	if (p->is_busy) {
		response_error(response, 503, "the store does not answer at the moment; send it again later");
		response->retry_after_s = COME_BACK_S;
		return;
	}
	arena_reset(&p->arena);
	if (is_websub) {
		decide_websub(p, request, response);
		return;
	}
	decide(p, request, response);
	buf_addz(&response->body, response->status == 202 ? "\n" : "");
	if (response->status == 202)
		metrics_add(M_pushes_total, 1);
	else if (response->status < 500)
		metrics_add(M_pushes_refused_total, 1);
	if (response->status >= 400)
		log_complain(&p->refusals, EV_push_refused, "status=%d", response->status);
}

/* ---- listening ---- */

static void listen_now(struct push *p, int64_t now_ms)
{
	struct err e = { 0 };
	const struct http_server_options options = { .name = "intake",
		.address = arena_cstr(&p->arena, p->settings->intake_listen),
		.port = p->settings->intake_port,
		.anywhere = true,
		.body_bytes = LIMIT_PUSH_BYTES,
		.room = room_of,
		.serve = serve,
		.owner = p };
	if (now_ms < p->next_listen_ms)
		return;
	p->next_listen_ms = now_ms + LISTEN_AGAIN_MS;
	if (http_server_new(&p->server, &options, &e) != OK) {
		log_complain(&p->trouble, EV_push_failed, "why=%s", log_quote(str_of(e.text)));
		return;
	}
	log_event(LOG_INFO, EV_push_listening, "url=%s", http_server_url(p->server));
	if (p->settings->data.n > 0 && file_exists(arena_cstr(&p->arena, p->settings->data)) &&
		file_write(url_path(p), arena_printf(&p->arena, "%s\n", http_server_url(p->server)), 0644, &e) != OK)
		log_complain(&p->trouble, EV_push_failed, "why=%s", log_quote(str_of(e.text)));
}

void push_serve(struct push *p, int64_t now_ms)
{
	struct err e = { 0 };
	arena_reset(&p->arena);
	if (p->sources->npushed == 0 && p->websub == NULL)
		close_server(p);
	else if (p->server == NULL)
		listen_now(p, now_ms);
	p->is_serving = true;
	if (p->server != NULL && http_server_turn(p->server, 0, &e) != OK) {
		log_complain(&p->trouble, EV_push_failed, "why=%s", log_quote(str_of(e.text)));
		close_server(p);
	}
	p->is_serving = false;
}

void push_serve_busy(struct push *p)
{
	struct err e = { 0 };
	if (p->is_serving) /* it is the server that waits for Redis (websub_other.h) */
		return;
	p->is_busy = true;
	if (p->server != NULL && http_server_turn(p->server, 0, &e) != OK)
		log_complain(&p->trouble, EV_push_failed, "why=%s", log_quote(str_of(e.text)));
	p->is_busy = false;
}

/* ---- into the streams ---- */

/* A hub's push is known by its head; one of a source that is gone meanwhile goes the way of all. */
static enum outcome append_websub(struct push *p, struct road *road, struct str head, struct websub_pushed *pushed, struct err *e)
{
	const struct json *doc = json_parse_in(&p->arena, head, e);
	if (!json_bool(json_get(doc, "websub"), false))
		return doc != NULL ? SKIP : REJECT;
	pushed->id = json_str_of(doc, "source");
	return websub_drain(p->websub, road, &p->arena, pushed, e);
}

static enum outcome append_lines(struct push *p, struct road *road, struct str lines, struct err *e)
{
	struct str line;
	enum outcome done = OK;
	while (done == OK && str_split(&lines, '\n', &line)) {
		struct road_post *post = arena_new(&p->arena, struct road_post);
		if (line.n == 0)
			continue;
		done = road_read(&p->arena, line, post, e);
		if (done == OK && road_append(road, post))
			done = road_settle(road, &p->arena, e);
	}
	const enum outcome settled = done == RETRY ? done : road_settle(road, &p->arena, e);
	return done == OK ? settled : done;
}

/* REJECT: the file is damaged. */
static enum outcome append_file(struct push *p, struct road *road, const struct inbox_file *f, struct str bytes, struct err *e)
{
	struct str head;
	if (!str_split(&bytes, '\n', &head))
		return err_set(e, REJECT, "it is empty");
	struct websub_pushed pushed = { .lines = bytes, .is_again = f->is_done };
	const enum outcome done = append_websub(p, road, head, &pushed, e);
	return done == SKIP ? append_lines(p, road, bytes, e) : done;
}

static enum outcome drain_one(struct push *p, struct inbox_file *f, struct redis *redis, int64_t now_ms, struct err *e)
{
	struct str bytes = { 0 };
	struct road road = road_of(p, redis, now_ms);
	arena_reset(&p->arena);
	enum outcome done = inbox_read(&p->inbox, &p->arena, f, &bytes, e);
	if (done == OK)
		done = append_file(p, &road, f, bytes, e);
	redis_done(redis);
	if (done == OK) {
		inbox_done(&p->inbox, &p->arena, f, now_ms);
	} else if (done == REJECT) {
		log_event(LOG_ERROR, EV_push_bad, "file=%s why=%s", f->name, log_quote(str_of(e->text)));
		inbox_put_aside(&p->inbox, &p->arena, f);
		done = OK;
	}
	return done;
}

enum outcome push_drain(struct push *p, struct redis *redis, int64_t now_ms, struct err *e)
{
	enum outcome done = OK;
	for (int i = 0; i < DRAIN_FILES && done == OK; i++) {
		struct inbox_file *f = inbox_waiting(&p->inbox);
		if (f == NULL)
			break;
		done = drain_one(p, f, redis, now_ms, e);
	}
	metrics_set(M_pushes_waiting, (int64_t)p->inbox.nwaiting);
	if (now_ms < p->next_expire_ms)
		return done;
	p->next_expire_ms = now_ms + EXPIRE_EVERY_MS;
	arena_reset(&p->arena);
	inbox_expire(&p->inbox, &p->arena, now_ms - LIMIT_PUSH_KEEP_MS);
	return done;
}

void push_distrust(struct push *p, int64_t now_ms)
{
	inbox_distrust(&p->inbox, now_ms - LIMIT_PUSH_KEEP_MS);
}
