/* Signed requests to posts. */
#include "crawler/webhook.h"

#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/base/signature.h"
#include "crawler/pointer.h"

#include <earshot/limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct webhook {
	struct mapping mapping;
	const struct pointer *items; /* NULL: the body itself */
};

enum outcome webhook_compile(
	struct arena *a, struct str items, const struct conf_list *map, const struct webhook **out, struct err *e)
{
	struct webhook *w = arena_new(a, struct webhook);
	struct err why = { 0 };
	*out = w;
	if (items.n > 0) {
		w->items = pointer_parse(a, items, NULL, &why);
		if (w->items == NULL)
			return err_set(e, REJECT, "items: %s", why.text);
	}
	if (mapping_parse(a, map, &w->mapping, &why) != OK)
		return err_set(e, REJECT, "map: %s", why.text);
	return OK;
}

/* ---- who sent it ---- */

static bool wrong(struct arena *a, struct webhook_answer *out, int status, const char *fmt, ...) PRINTF_LIKE(4, 5);

static bool wrong(struct arena *a, struct webhook_answer *out, int status, const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	out->status = status;
	out->error = arena_copy(a, str_of(text));
	return false;
}

/* The first header of the two spellings that is there. */
static struct str either(const struct request *r, const char *standard, const char *own)
{
	const struct str value = request_value(r, standard);
	return str_trim(value.n > 0 ? value : request_value(r, own));
}

static bool is_fresh(struct str seconds, int64_t now_ms)
{
	int64_t at = 0;
	if (!str_to_i64(seconds, &at) || at <= 0 || at > INT64_MAX / MS_PER_SECOND)
		return false;
	const int64_t age_ms = now_ms - at * MS_PER_SECOND;
	return age_ms <= LIMIT_PUSH_WINDOW_MS && age_ms >= -LIMIT_PUSH_WINDOW_MS;
}

static bool is_plain_key(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if ((unsigned char)key.p[i] <= ' ' || (unsigned char)key.p[i] >= 0x7f)
			return false;
	return key.n > 0 && key.n <= 256;
}

bool webhook_check(struct arena *a, const struct source *s, const struct request *r, int64_t now_ms, struct webhook_answer *out)
{
	const struct signed_request given = {
		.id = either(r, "webhook-id", "Idempotency-Key"),
		.seconds = either(r, "webhook-timestamp", "X-Earshot-Timestamp"),
		.signature = either(r, "webhook-signature", "X-Earshot-Signature"),
		.body = r->body,
	};
	*out = (struct webhook_answer){ .status = 202, .key = given.id };
	const struct str packed = request_value(r, "Content-Encoding");
	if (packed.n > 0 && !str_ieq(packed, STR("identity")))
		return wrong(a, out, 415, "bodies are taken as they are, without Content-Encoding");
	if (given.seconds.n == 0 || given.signature.n == 0)
		return wrong(a, out, 401,
			"the request is not signed: webhook-timestamp and webhook-signature (or X-Earshot-Timestamp and "
			"X-Earshot-Signature) are needed");
	if (!is_plain_key(given.id))
		return wrong(a, out, 400,
			"webhook-id (or Idempotency-Key) is needed: 1 to 256 characters without blanks, new for each "
			"request and the same when it is sent again");
	if (!is_fresh(given.seconds, now_ms))
		return wrong(a, out, 401, "the timestamp has to be the time of sending in seconds since 1970, at most %d s off",
			LIMIT_PUSH_WINDOW_MS / 1000);
	if (!signature_holds(s->how->pushed->secret, &given))
		return wrong(a, out, 401, "the signature is not HMAC-SHA256 of id.timestamp.body by this source's secret");
	return true;
}

/* ---- what it brings ---- */

struct reading {
	struct arena *a;
	const struct road *road;
	const struct webhook *webhook;
	struct draft_terms terms;
	struct webhook_answer *out;
	size_t items;
};

static void refuse(struct reading *r, const char *why)
{
	struct webhook_answer *out = r->out;
	if (out->nrefused < WEBHOOK_ERRORS) {
		out->item[out->nrefused] = r->items;
		out->why[out->nrefused] = arena_copy(r->a, str_of(why));
	}
	out->nrefused++;
}

static void read_item(struct reading *r, const struct json *v)
{
	struct webhook_answer *out = r->out;
	struct draft draft;
	struct err e = { 0 };
	if (++r->items > LIMIT_PUSH_POSTS)
		return;
	if (json_kind(v) != JSON_OBJECT) {
		refuse(r, "it is no JSON object");
		return;
	}
	mapping_object(r->a, &r->webhook->mapping, v, &draft);
	r->terms.key = arena_printf(r->a, "%.*s#%zu", STR_FMT(out->key), r->items);
	if (road_door(r->a, r->road, &r->terms, &draft, &out->post[out->npost], &e) == OK)
		out->npost++;
	else
		refuse(r, e.text);
}

static void read_list(struct reading *r, const struct json *v)
{
	if (json_kind(v) != JSON_ARRAY) {
		read_item(r, v);
		return;
	}
	for (const struct json *item = json_first(v); item != NULL; item = json_next(item))
		read_item(r, item);
}

/* One document: where the source says, else in the envelope that says so itself (CloudEvents), else all of it. */
static void read_document(struct reading *r, const struct json *doc)
{
	const struct json *const *found = NULL;
	if (r->webhook->items == NULL) {
		const bool is_event = json_get(doc, "specversion") != NULL && json_get(doc, "data") != NULL;
		read_list(r, is_event ? json_get(doc, "data") : doc);
		return;
	}
	const size_t n = pointer_find(r->a, r->webhook->items, doc, LIMIT_PUSH_POSTS + 1, &found);
	if (n == 0)
		refuse(r, "there is nothing where the source's `items` points to");
	for (size_t i = 0; i < n; i++)
		read_list(r, found[i]);
}

/* A document, or one a line: two objects are no document, so the lines are tried when it is none. */
static bool read_body(struct reading *r, struct str body, struct err *e)
{
	const struct json *doc = json_parse_in(r->a, body, e);
	struct str rest = body, line;
	if (doc != NULL) {
		read_document(r, doc);
		return true;
	}
	if (str_findc(str_trim(body), '\n') < 0)
		return false;
	for (size_t n = 1; str_split(&rest, '\n', &line) && r->items <= LIMIT_PUSH_POSTS; n++) {
		struct err why = { 0 };
		line = str_trim(line);
		if (line.n == 0)
			continue;
		doc = json_parse_in(r->a, line, &why);
		if (doc == NULL && r->items == 0)
			return false; /* not even its first line: it is no NDJSON, and the first error says why */
		if (doc != NULL) {
			read_document(r, doc);
			continue;
		}
		r->items++;
		refuse(r, arena_printf(r->a, "line %zu: %s", n, why.text).p);
	}
	return true;
}

void webhook_read(
	struct arena *a, const struct road *road, const struct source *s, const struct request *r, struct webhook_answer *out)
{
	struct err e = { 0 };
	struct reading reading = { .a = a,
		.road = road,
		.webhook = s->how->pushed->webhook,
		.terms = { .source = s, .now_ms = road->now_ms },
		.out = out };
	out->post = arena_list(a, struct road_post, LIMIT_PUSH_POSTS + 1);
	if (!read_body(&reading, r->body, &e))
		(void)wrong(a, out, 400, "the body is no JSON: %s", e.text);
	else if (reading.items > LIMIT_PUSH_POSTS)
		(void)wrong(a, out, 413, "more than %d posts in one request; send them in pieces", LIMIT_PUSH_POSTS);
	else if (out->npost == 0 && out->nrefused > 0)
		(void)wrong(a, out, 422, "no post could be taken; the first: %.*s", STR_FMT(out->why[0]));
}

void webhook_write_answer(struct buf *out, const struct webhook_answer *answer)
{
	const size_t n = answer->nrefused < WEBHOOK_ERRORS ? answer->nrefused : WEBHOOK_ERRORS;
	buf_addc(out, '{');
	buf_json_int(out, "accepted", (int64_t)answer->npost);
	buf_json_int(out, "refused", (int64_t)answer->nrefused);
	for (size_t i = 0; i < n; i++) {
		if (i == 0) {
			buf_json_key(out, "errors");
			buf_addc(out, '[');
		}
		buf_json_comma(out);
		buf_addc(out, '{');
		buf_json_int(out, "item", (int64_t)answer->item[i]);
		buf_json_str(out, "error", answer->why[i]);
		buf_addc(out, '}');
	}
	buf_addz(out, n > 0 ? "]}" : "}");
}
