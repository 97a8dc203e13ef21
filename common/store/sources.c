/* A source shard's memory: due list, cursor and validators, seen entries, politeness of hosts. */
#include "common/store/sources.h"

#include "common/store/functions.h"
#include "common/store/keys.h"
#include <earshot/limits.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- which sources there are ---- */

static int compare_str(const void *x, const void *y)
{
	const struct str *a = x, *b = y;
	return str_cmp(*a, *b);
}

static bool is_in(const struct str *sorted, size_t n, struct str what)
{
	return n > 0 && bsearch(&what, sorted, n, sizeof(*sorted), compare_str);
}

static struct str *sorted_copy(struct arena *a, const struct str *list, size_t n)
{
	struct str *copy = arena_list(a, struct str, n);
	if (n > 0) {
		memcpy(copy, list, n * sizeof(*copy));
		qsort(copy, n, sizeof(*copy), compare_str);
	}
	return copy;
}

static enum outcome known_ids(const struct partition *p, struct str **out, size_t *n, struct err *e)
{
	struct command c = command_new(p->arena, 4);
	command_addz(&c, "ZRANGE");
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_int(&c, 0);
	command_int(&c, -1);
	const struct reply *ids = NULL;
	enum outcome o = redis_ask(p->redis, &c, &ids, e);
	if (o != OK)
		return o;
	*n = reply_size(ids);
	*out = arena_list(p->arena, struct str, *n);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = arena_copy(p->arena, reply_str(reply_at(ids, i)));
	return OK;
}

enum outcome sources_sync(const struct partition *p, const struct str *id, size_t n, int64_t now_ms, struct err *e)
{
	struct str *known = NULL;
	size_t nknown = 0, ngone = 0;
	enum outcome o = known_ids(p, &known, &nknown, e);
	if (o != OK)
		return o;
	struct str *wanted = sorted_copy(p->arena, id, n), *gone = arena_list(p->arena, struct str, nknown);
	for (size_t i = 0; i < nknown; i++)
		if (!is_in(wanted, n, known[i]))
			gone[ngone++] = known[i];
	struct command c = functions_owned(p->arena, "source_sync", p->lease, 1 + 2 * ngone, 4 + n + 3 * ngone);
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	for (size_t i = 0; i < ngone; i++) {
		command_add(&c, keys_shard(p->arena, KEY_source, p->shard, gone[i]));
		command_add(&c, keys_shard(p->arena, KEY_seen, p->shard, gone[i]));
	}
	functions_token(&c, p->lease);
	command_int(&c, now_ms);
	command_int(&c, (int64_t)n);
	for (size_t i = 0; i < n; i++)
		command_add(&c, id[i]);
	for (size_t i = 0; i < ngone; i++)
		command_add(&c, gone[i]);
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

void sources_due_queue(const struct partition *p, int64_t now_ms, int max)
{
	struct command c = command_new(p->arena, 7);
	command_addz(&c, "ZRANGEBYSCORE");
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_addz(&c, "-inf");
	command_int(&c, now_ms);
	command_addz(&c, "LIMIT");
	command_int(&c, 0);
	command_int(&c, max);
	redis_queue(p->redis, &c);
}

enum outcome sources_due_take(struct redis *r, struct arena *a, struct str **id, size_t *n, struct err *e)
{
	const struct reply *ids = NULL;
	*n = 0;
	enum outcome o = redis_take(r, &ids, e);
	if (o == OK)
		o = redis_reply_outcome(ids, e);
	if (o != OK)
		return o;
	*id = arena_list(a, struct str, reply_size(ids));
	for (; *n < reply_size(ids); (*n)++)
		(*id)[*n] = arena_copy(a, reply_str(reply_at(ids, *n)));
	return OK;
}

/* ---- what is known of one ---- */

/* Numbers of the state, one row each: the same names in Redis as in the struct. */
static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "next_ms", offsetof(struct source_state, next_ms) },
	{ "fetched_ms", offsetof(struct source_state, fetched_ms) },
	{ "interval_ms", offsetof(struct source_state, interval_ms) },
	{ "failures", offsetof(struct source_state, failures) },
	{ "status", offsetof(struct source_state, status) },
	{ "entries", offsetof(struct source_state, entries) },
	{ "posts", offsetof(struct source_state, posts) },
	{ "polls", offsetof(struct source_state, polls) },
	{ "body_hash", offsetof(struct source_state, body_hash) },
	{ "pages", offsetof(struct source_state, pages) },
	{ "shown", offsetof(struct source_state, shown) },
	{ "standing_ms", offsetof(struct source_state, standing_ms) },
	{ "gone_ms", offsetof(struct source_state, gone_ms) },
	{ "limits", offsetof(struct source_state, limits) },
	{ "moves", offsetof(struct source_state, moves) },
	{ "unchanged", offsetof(struct source_state, unchanged) },
	{ "whole_ms", offsetof(struct source_state, whole_ms) },
	{ "lies", offsetof(struct source_state, lies) },
	{ "wish_ms", offsetof(struct source_state, wish_ms) },
	{ "ttl_ms", offsetof(struct source_state, ttl_ms) },
	{ "hint_ms", offsetof(struct source_state, hint_ms) },
	{ "arrivals_ms", offsetof(struct source_state, arrivals.seen_ms) },
	{ "arrivals", offsetof(struct source_state, arrivals.posts) },
	{ "arrivals_span_ms", offsetof(struct source_state, arrivals.span_ms) },
	{ "arrivals_lately", offsetof(struct source_state, arrivals.posts_lately) },
	{ "arrivals_lately_span_ms", offsetof(struct source_state, arrivals.span_lately_ms) },
	{ "arrivals_day_cos", offsetof(struct source_state, arrivals.day_cos) },
	{ "arrivals_day_sin", offsetof(struct source_state, arrivals.day_sin) },
	{ "arrivals_half_cos", offsetof(struct source_state, arrivals.half_cos) },
	{ "arrivals_half_sin", offsetof(struct source_state, arrivals.half_sin) },
};
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "etag", offsetof(struct source_state, etag) },
	{ "last_modified", offsetof(struct source_state, last_modified) },
	{ "error", offsetof(struct source_state, error) },
	{ "page", offsetof(struct source_state, page) },
	{ "last", offsetof(struct source_state, last) },
	{ "thread", offsetof(struct source_state, thread) },
	{ "address", offsetof(struct source_state, address) },
	{ "standing", offsetof(struct source_state, standing) },
	{ "moved", offsetof(struct source_state, moved) },
	{ "why", offsetof(struct source_state, why) },
};

#define NNUMBERS (sizeof(numbers) / sizeof(numbers[0]))
#define NTEXTS (sizeof(texts) / sizeof(texts[0]))

enum outcome sources_state(const struct partition *p, struct str id, struct source_state *out, struct err *e)
{
	struct command c = command_new(p->arena, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_shard(p->arena, KEY_source, p->shard, id));
	const struct reply *hash = NULL;
	enum outcome o = redis_ask(p->redis, &c, &hash, e);
	if (o != OK)
		return o;
	*out = (struct source_state){ 0 };
	for (size_t i = 0; i < NNUMBERS; i++) {
		int64_t v = reply_int(reply_field(hash, numbers[i].name));
		memcpy((char *)out + numbers[i].offset, &v, sizeof(v));
	}
	for (size_t i = 0; i < NTEXTS; i++) {
		struct str v = arena_copy(p->arena, reply_str(reply_field(hash, texts[i].name)));
		memcpy((char *)out + texts[i].offset, &v, sizeof(v));
	}
	return OK;
}

/* "9f86d081884c7d65@1700000000000": fingerprint, and when it was shown. */
static uint64_t fingerprint_parse(struct str value)
{
	char text[17] = "";
	ptrdiff_t at = str_findc(value, '@');
	if (at < 1 || (size_t)at >= sizeof(text))
		return 0;
	memcpy(text, value.p, (size_t)at);
	return strtoull(text, NULL, 16);
}

enum outcome sources_seen(
	const struct partition *p, struct str id, const struct str *post_id, size_t n, uint64_t *fingerprint, struct err *e)
{
	if (n == 0)
		return OK;
	struct command c = command_new(p->arena, n + 2);
	command_addz(&c, "HMGET");
	command_add(&c, keys_shard(p->arena, KEY_seen, p->shard, id));
	for (size_t i = 0; i < n; i++)
		command_add(&c, post_id[i]);
	const struct reply *values = NULL;
	enum outcome o = redis_ask(p->redis, &c, &values, e);
	if (o != OK)
		return o;
	for (size_t i = 0; i < n; i++)
		fingerprint[i] = fingerprint_parse(reply_str(reply_at(values, i)));
	return OK;
}

static void add_state(struct command *c, const struct source_state *s)
{
	command_int(c, 2 * (int64_t)(NNUMBERS + NTEXTS));
	for (size_t i = 0; i < NNUMBERS; i++) {
		int64_t v = 0;
		memcpy(&v, (const char *)s + numbers[i].offset, sizeof(v));
		command_addz(c, numbers[i].name);
		command_int(c, v);
	}
	for (size_t i = 0; i < NTEXTS; i++) {
		struct str v = STR("");
		memcpy(&v, (const char *)s + texts[i].offset, sizeof(v));
		command_addz(c, texts[i].name);
		command_add(c, v);
	}
}

enum outcome sources_commit(const struct partition *p, struct str id, const struct source_state *s,
	const struct source_seen *seen, size_t nseen, struct err *e)
{
	struct command c = functions_owned(p->arena, "source_commit", p->lease, 3, 8 + 2 * (NNUMBERS + NTEXTS) + 2 * nseen);
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_add(&c, keys_shard(p->arena, KEY_source, p->shard, id));
	command_add(&c, keys_shard(p->arena, KEY_seen, p->shard, id));
	functions_token(&c, p->lease);
	command_add(&c, id);
	command_int(&c, s->next_ms);
	command_int(&c, LIMIT_SEEN_PER_SOURCE);
	add_state(&c, s);
	for (size_t i = 0; i < nseen; i++) {
		command_add(&c, seen[i].post_id);
		command_add(&c, arena_printf(p->arena, "%016" PRIx64 "@%lld", seen[i].fingerprint, (long long)s->fetched_ms));
	}
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

/* ---- politeness ---- */

enum outcome sources_host_claim(const struct partition *p, struct str host, int64_t now_ms, const struct host_hold *hold,
	int64_t *allowed_ms, struct err *e)
{
	struct command c = functions_owned(p->arena, "host_claim", p->lease, 1, 5);
	command_add(&c, keys_shard(p->arena, KEY_host, p->shard, host));
	functions_token(&c, p->lease);
	command_int(&c, now_ms);
	command_int(&c, hold->hold_ms);
	command_int(&c, hold->pause_ms);
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(p->redis, &c, &reply, e);
	if (o == OK)
		*allowed_ms = reply_int(reply);
	return o;
}

enum outcome sources_host_done(const struct partition *p, struct str host, int64_t next_ms, int64_t failures, struct err *e)
{
	struct command c = functions_owned(p->arena, "host_done", p->lease, 1, 4);
	command_add(&c, keys_shard(p->arena, KEY_host, p->shard, host));
	functions_token(&c, p->lease);
	command_int(&c, next_ms);
	command_int(&c, failures);
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

enum outcome sources_list(const struct partition *p, struct str **id, size_t *n, struct err *e)
{
	return known_ids(p, id, n, e);
}
