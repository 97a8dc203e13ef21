/* A source shard's memory: due list, cursor and validators, seen entries, politeness of hosts. */
#include "common/store/sources.h"

#include "common/store/functions.h"
#include "common/store/groups.h"
#include "common/store/keys.h"
#include <earshot/limits.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- which sources there are ---- */

#define MOST_SYNCED 10000 /* sources in one call */

static enum outcome ask_due(const struct partition *p, bool with_times, const struct reply **list, struct err *e)
{
	struct command c = command_new(p->arena, 5);
	command_addz(&c, "ZRANGE");
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_int(&c, 0);
	command_int(&c, -1);
	if (with_times)
		command_addz(&c, "WITHSCORES");
	return redis_ask(p->redis, &c, list, e);
}

enum outcome sources_list(const struct partition *p, struct str **id, size_t *n, struct err *e)
{
	const struct reply *ids = NULL;
	const enum outcome o = ask_due(p, false, &ids, e);
	*n = reply_size(ids);
	*id = arena_list(p->arena, struct str, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*id)[i] = arena_copy(p->arena, reply_str(reply_at(ids, i)));
	return o;
}

/* What is to be changed on a due list. */
struct sync {
	struct str *new, *gone;
	size_t nnew, ngone;
};

static int compare_ids(const void *x, const void *y)
{
	const struct source_due *const *a = x, *const *b = y;
	return str_cmp((*a)->id, (*b)->id);
}

/* Compares what is wanted with what Redis has; due_ms -1 marks what it does not have. */
static void compare(struct arena *a, struct source_due *source, size_t n, const struct reply *known, struct sync *out)
{
	struct source_due **sorted = arena_list(a, struct source_due *, n + 1);
	out->gone = arena_list(a, struct str, reply_size(known) / 2 + 1);
	out->new = arena_list(a, struct str, n + 1);
	for (size_t i = 0; i < n; i++) {
		source[i].due_ms = -1;
		sorted[i] = &source[i];
	}
	qsort(sorted, n, sizeof(struct source_due *), compare_ids);
	for (size_t i = 0; i + 1 < reply_size(known); i += 2) {
		const struct source_due key = { .id = reply_str(reply_at(known, i)) }, *wanted = &key;
		struct source_due **at = bsearch(&wanted, sorted, n, sizeof(struct source_due *), compare_ids);
		if (at != NULL)
			(*at)->due_ms = reply_int(reply_at(known, i + 1));
		else
			out->gone[out->ngone++] = arena_copy(a, key.id);
	}
	for (size_t i = 0; i < n; i++)
		if (source[i].due_ms < 0)
			out->new[out->nnew++] = source[i].id;
}

static void sync_queue(const struct partition *p, const struct sync *s, int64_t now_ms)
{
	struct command c = functions_owned(p->arena, "source_sync", p->lease, 1 + 2 * s->ngone, 4 + s->nnew + 3 * s->ngone);
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	for (size_t i = 0; i < s->ngone; i++) {
		command_add(&c, keys_shard(p->arena, KEY_source, p->shard, s->gone[i]));
		command_add(&c, keys_shard(p->arena, KEY_seen, p->shard, s->gone[i]));
	}
	functions_token(&c, p->lease);
	command_int(&c, now_ms);
	command_int(&c, (int64_t)s->nnew);
	for (size_t i = 0; i < s->nnew; i++)
		command_add(&c, s->new[i]);
	for (size_t i = 0; i < s->ngone; i++)
		command_add(&c, s->gone[i]);
	redis_queue(p->redis, &c);
}

static struct sync slice(const struct sync *s, size_t from)
{
	const size_t nnew = s->nnew > from ? s->nnew - from : 0, ngone = s->ngone > from ? s->ngone - from : 0;
	return (struct sync){ nnew > 0 ? s->new + from : NULL, ngone > 0 ? s->gone + from : NULL,
		nnew < MOST_SYNCED ? nnew : MOST_SYNCED, ngone < MOST_SYNCED ? ngone : MOST_SYNCED };
}

enum outcome sources_sync(const struct partition *p, struct source_due *source, size_t n, int64_t now_ms, struct err *e)
{
	const struct reply *known = NULL;
	struct sync all = { 0 };
	const enum outcome o = ask_due(p, true, &known, e);
	if (o != OK)
		return o;
	compare(p->arena, source, n, known, &all);
	size_t calls = 0;
	for (size_t from = 0; from < all.nnew || from < all.ngone; from += MOST_SYNCED) {
		const struct sync part = slice(&all, from);
		sync_queue(p, &part, now_ms);
		calls++;
	}
	for (size_t i = 0; i < n; i++)
		source[i].due_ms = source[i].due_ms < 0 ? now_ms : source[i].due_ms;
	return groups_settle(p->redis, calls, e);
}

void sources_count_queue(const struct partition *p)
{
	struct command c = command_new(p->arena, 2);
	command_addz(&c, "ZCARD");
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	redis_queue(p->redis, &c);
}

enum outcome sources_count_take(struct redis *r, size_t *n, struct err *e)
{
	const struct reply *count = NULL;
	const enum outcome o = redis_result(r, &count, e);
	*n = o == OK ? (size_t)reply_int(count) : 0;
	return o;
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
	{ "hops", offsetof(struct source_state, hops) },
	{ "hops_permanent", offsetof(struct source_state, hops_permanent) },
	{ "unchanged", offsetof(struct source_state, unchanged) },
	{ "whole_ms", offsetof(struct source_state, whole_ms) },
	{ "lies", offsetof(struct source_state, lies) },
	{ "wish_ms", offsetof(struct source_state, wish_ms) },
	{ "boost_ms", offsetof(struct source_state, boost_ms) },
	{ "push_ms", offsetof(struct source_state, push_ms) },
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
	{ "health_ms", offsetof(struct source_state, health.since_ms) },
	{ "health_told_ms", offsetof(struct source_state, health.told_ms) },
	{ "health_told", offsetof(struct source_state, health.told) },
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
	{ "hop", offsetof(struct source_state, hop) },
	{ "why", offsetof(struct source_state, why) },
	{ "traffic", offsetof(struct source_state, traffic) },
	{ "boost", offsetof(struct source_state, boost) },
	{ "health", offsetof(struct source_state, health.state) },
	{ "health_why", offsetof(struct source_state, health.why) },
	{ "health_memory", offsetof(struct source_state, health.memory) },
};

#define NNUMBERS (sizeof(numbers) / sizeof(numbers[0]))
#define NTEXTS (sizeof(texts) / sizeof(texts[0]))

static void read_state(struct arena *a, const struct reply *hash, struct source_state *out)
{
	*out = (struct source_state){ 0 };
	for (size_t i = 0; i < NNUMBERS; i++) {
		int64_t v = reply_int(reply_field(hash, numbers[i].name));
		memcpy((char *)out + numbers[i].offset, &v, sizeof(v));
	}
	for (size_t i = 0; i < NTEXTS; i++) {
		struct str v = arena_copy(a, reply_str(reply_field(hash, texts[i].name)));
		memcpy((char *)out + texts[i].offset, &v, sizeof(v));
	}
}

void sources_state_queue(const struct partition *p, struct str id)
{
	struct command c = command_new(p->arena, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_shard(p->arena, KEY_source, p->shard, id));
	redis_queue(p->redis, &c);
}

enum outcome sources_state_take(struct redis *r, struct arena *a, struct source_state *out, struct err *e)
{
	const struct reply *hash = NULL;
	const enum outcome o = redis_result(r, &hash, e);
	if (o == OK)
		read_state(a, hash, out);
	return o;
}

enum outcome sources_state(const struct partition *p, struct str id, struct source_state *out, struct err *e)
{
	redis_drain(p->redis);
	sources_state_queue(p, id);
	return sources_state_take(p->redis, p->arena, out, e);
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

void sources_seen_queue(const struct partition *p, struct str id, const struct str *post_id, size_t n)
{
	struct command c = command_new(p->arena, n + 2);
	command_addz(&c, "HMGET");
	command_add(&c, keys_shard(p->arena, KEY_seen, p->shard, id));
	for (size_t i = 0; i < n; i++)
		command_add(&c, post_id[i]);
	redis_queue(p->redis, &c);
}

/* The next answer, when it is no error. */
static enum outcome take(struct redis *r, const struct reply **out, struct err *e)
{
	const enum outcome o = redis_take(r, out, e);
	return o == OK ? redis_reply_outcome(*out, e) : o;
}

enum outcome sources_seen_take(struct redis *r, uint64_t *fingerprint, size_t n, struct err *e)
{
	const struct reply *values = NULL;
	const enum outcome o = take(r, &values, e);
	for (size_t i = 0; i < n && o == OK; i++)
		fingerprint[i] = fingerprint_parse(reply_str(reply_at(values, i)));
	return o;
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

void sources_commit_queue(const struct partition *p, const struct source_visit *v)
{
	struct command c = functions_owned(p->arena, "source_commit", p->lease, 4, 12 + 2 * (NNUMBERS + NTEXTS) + 2 * v->nseen);
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_add(&c, keys_shard(p->arena, KEY_source, p->shard, v->id));
	command_add(&c, keys_shard(p->arena, KEY_seen, p->shard, v->id));
	command_add(&c, keys_shard(p->arena, KEY_host, p->shard, v->host));
	functions_token(&c, p->lease);
	command_add(&c, v->id);
	command_int(&c, v->state->next_ms);
	command_int(&c, LIMIT_SEEN_PER_SOURCE);
	command_int(&c, v->host_next_ms);
	command_int(&c, v->host_failures);
	command_add(&c, v->host_traffic);
	add_state(&c, v->state);
	for (size_t i = 0; i < v->nseen; i++) {
		command_add(&c, v->seen[i].post_id);
		command_add(&c,
			arena_printf(p->arena, "%016" PRIx64 "@%lld", v->seen[i].fingerprint, (long long)v->state->fetched_ms));
	}
	redis_queue(p->redis, &c);
}

enum outcome sources_commit_take(struct redis *r, struct err *e)
{
	const struct reply *reply = NULL;
	return take(r, &reply, e);
}

enum outcome sources_commit(const struct partition *p, const struct source_visit *v, struct err *e)
{
	redis_drain(p->redis);
	sources_commit_queue(p, v);
	return sources_commit_take(p->redis, e);
}

/* ---- what is asked next ---- */

void sources_take_queue(const struct partition *p, const struct source_take *t, size_t n, int64_t now_ms)
{
	struct command c = functions_owned(p->arena, "sources_take", p->lease, 2 + 2 * n, 4 + 5 * n);
	command_add(&c, keys_shard(p->arena, KEY_due, p->shard, STR("")));
	command_add(&c, keys_shard(p->arena, KEY_paused, p->shard, STR("")));
	for (size_t i = 0; i < n; i++) {
		command_add(&c, keys_shard(p->arena, KEY_host, p->shard, t[i].host));
		command_add(&c, keys_shard(p->arena, KEY_source, p->shard, t[i].id));
	}
	functions_token(&c, p->lease);
	command_int(&c, now_ms);
	for (size_t i = 0; i < n; i++) {
		command_add(&c, t[i].id);
		command_int(&c, t[i].hold_ms);
		command_int(&c, t[i].pause_ms);
	}
	redis_queue(p->redis, &c);
}

static enum source_verdict verdict_of(struct str word)
{
	static const char *const words[] = {
		[TAKE_GONE] = "gone", [TAKE_PAUSED] = "paused", [TAKE_SOURCE] = "source", [TAKE_HOST] = "host", [TAKE_GO] = "go"
	};
	for (int i = TAKE_GO; i > TAKE_GONE; i--)
		if (str_eqc(word, words[i]))
			return (enum source_verdict)i;
	return TAKE_GONE;
}

enum outcome sources_take_answer(struct redis *r, struct arena *a, struct source_take *t, size_t n, struct err *e)
{
	const struct reply *list = NULL;
	const enum outcome o = take(r, &list, e);
	for (size_t i = 0; i < n && o == OK; i++) {
		const struct reply *one = reply_at(list, i);
		t[i].verdict = verdict_of(reply_str(reply_at(one, 0)));
		t[i].again_ms = reply_int(reply_at(one, 1));
		t[i].host_failures = reply_int(reply_at(one, 2));
		if (t[i].verdict != TAKE_GO)
			continue;
		read_state(a, reply_at(one, 3), &t[i].state);
		t[i].host_traffic = arena_copy(a, reply_str(reply_at(one, 4)));
	}
	return o;
}
