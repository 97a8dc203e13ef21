/* A brand's stream of admitted posts, and the mentions they became: append, read, trim, expire, find. */
#include "common/store/posts.h"

#include "common/store/functions.h"
#include "common/store/groups.h"
#include "common/store/keys.h"

/* ---- writer side ---- */

void posts_append(const struct partition *p, struct str entry_json)
{
	struct command c = command_new(p->arena, 5);
	command_addz(&c, "XADD");
	command_add(&c, keys_brand(p->arena, KEY_posts, p->brand));
	command_addz(&c, "*");
	command_addz(&c, "post");
	command_add(&c, entry_json);
	redis_queue(p->redis, &c);
}

enum outcome posts_append_settle(struct redis *r, size_t n, struct err *e)
{
	return groups_settle(r, n, e);
}

/* ---- reader side ---- */

enum outcome posts_group(const struct partition *p, struct err *e)
{
	return groups_make(p->redis, p->arena, keys_brand(p->arena, KEY_posts, p->brand), GROUP_DETECTOR, e);
}

void posts_read(const struct partition *p, bool pending, int max)
{
	groups_read(p->redis, p->arena, keys_brand(p->arena, KEY_posts, p->brand), GROUP_DETECTOR, pending, max);
}

enum outcome posts_read_take(struct redis *r, struct arena *a, struct posts_entry **entries, size_t *n, struct err *e)
{
	const struct reply *list = NULL;
	*entries = NULL;
	*n = 0;
	enum outcome o = groups_read_take(r, &list, e);
	if (o != OK)
		return o;
	size_t size = reply_size(list);
	*entries = arena_list(a, struct posts_entry, size);
	*n = size;
	for (size_t i = 0; i < size; i++) {
		const struct reply *entry = reply_at(list, i);
		(*entries)[i].entry_id = reply_str(reply_at(entry, 0));
		(*entries)[i].body = reply_str(reply_field(reply_at(entry, 1), "post"));
	}
	return OK;
}

/* Both lists are in stream order, but the pending one may hold more. */
static void match_deliveries(const struct reply *rows, const struct posts_entry *entries, size_t n, int64_t *deliveries)
{
	size_t row = 0, nrows = reply_size(rows);
	for (size_t i = 0; i < n; i++) {
		deliveries[i] = 0;
		for (size_t at = row; at < nrows; at++) {
			if (!str_eq(reply_str(reply_at(reply_at(rows, at), 0)), entries[i].entry_id))
				continue;
			deliveries[i] = reply_int(reply_at(reply_at(rows, at), 3));
			row = at + 1;
			break;
		}
	}
}

enum outcome posts_deliveries(
	const struct partition *p, const struct posts_entry *entries, size_t n, int64_t *deliveries, struct err *e)
{
	if (n == 0)
		return OK;
	struct command c = command_new(p->arena, 6);
	command_addz(&c, "XPENDING");
	command_add(&c, keys_brand(p->arena, KEY_posts, p->brand));
	command_addz(&c, GROUP_DETECTOR);
	command_add(&c, entries[0].entry_id);
	command_add(&c, entries[n - 1].entry_id);
	command_int(&c, (int64_t)n);
	const struct reply *rows = NULL;
	enum outcome o = redis_ask(p->redis, &c, &rows, e);
	if (o == OK)
		match_deliveries(rows, entries, n, deliveries);
	return o;
}

enum outcome posts_bury(const struct partition *p, const struct posts_entry *entry, struct str error, struct err *e)
{
	struct command c = functions_owned(p->arena, "bury", p->lease, 2, 6);
	command_add(&c, keys_brand(p->arena, KEY_posts, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_posts_dead, p->brand));
	functions_token(&c, p->lease);
	command_add(&c, entry->entry_id);
	command_add(&c, entry->body);
	command_add(&c, error);
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}

enum outcome posts_trim(const struct partition *p, int64_t *left, struct err *e)
{
	struct command c = functions_owned(p->arena, "trim", p->lease, 1, 2);
	command_add(&c, keys_brand(p->arena, KEY_posts, p->brand));
	functions_token(&c, p->lease);
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(p->redis, &c, &reply, e);
	if (o == OK)
		*left = reply_int(reply);
	return o;
}

enum outcome posts_expire(const struct partition *p, int64_t cutoff_ms, int max, int64_t *n, struct err *e)
{
	struct command c = functions_owned(p->arena, "expire", p->lease, 5, 8);
	command_add(&c, keys_brand(p->arena, KEY_mentions, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_times, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_observations, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_stories, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_corrections, p->brand));
	functions_token(&c, p->lease);
	command_int(&c, cutoff_ms);
	command_int(&c, max);
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(p->redis, &c, &reply, e);
	*n = o == OK ? reply_int(reply) : 0;
	return o;
}

/* ---- reading back ---- */

/* Ids by time, newest first, each followed by its time. */
static struct command find_question(struct arena *a, struct str times, struct posts_span span)
{
	struct command c = command_new(a, 8);
	command_addz(&c, "ZREVRANGEBYSCORE");
	command_add(&c, times);
	command_add(&c, arena_printf(a, "(%lld", (long long)span.to_ms));
	command_int(&c, span.from_ms);
	command_addz(&c, "WITHSCORES");
	command_addz(&c, "LIMIT");
	command_int(&c, 0);
	command_int(&c, span.max > INT32_MAX ? INT32_MAX : (int64_t)span.max);
	return c;
}

static void queue_values(struct redis *r, struct arena *a, struct str key, const struct posts_found *found, size_t n)
{
	struct command c = command_new(a, n + 2);
	command_addz(&c, "HMGET");
	command_add(&c, key);
	for (size_t i = 0; i < n; i++)
		command_add(&c, found[i].post_id);
	redis_queue(r, &c);
}

static enum outcome read_records(const struct partition *p, struct posts_found *found, size_t *n, struct err *e)
{
	const struct reply *records = NULL, *observations = NULL;
	queue_values(p->redis, p->arena, keys_brand(p->arena, KEY_mentions, p->brand), found, *n);
	queue_values(p->redis, p->arena, keys_brand(p->arena, KEY_observations, p->brand), found, *n);
	enum outcome o = redis_result(p->redis, &records, e);
	if (o == OK)
		o = redis_result(p->redis, &observations, e);
	if (o != OK)
		return o;
	size_t kept = 0; /* a record may expire between the two questions */
	for (size_t i = 0; i < *n; i++) {
		if (reply_kind(reply_at(records, i)) != REPLY_STRING)
			continue;
		found[kept] = found[i];
		found[kept].record = arena_copy(p->arena, reply_str(reply_at(records, i)));
		found[kept].observation = arena_copy(p->arena, reply_str(reply_at(observations, i)));
		kept++;
	}
	*n = kept;
	return OK;
}

/* Ids and times; *n = 0: nothing is there. */
static enum outcome read_ids(
	const struct partition *p, const struct command *ask, struct posts_found **found, size_t *n, struct err *e)
{
	const struct reply *ids = NULL;
	const enum outcome o = redis_ask(p->redis, ask, &ids, e);
	*n = o == OK ? reply_size(ids) / 2 : 0;
	*found = arena_list(p->arena, struct posts_found, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		(*found)[i].post_id = arena_copy(p->arena, reply_str(reply_at(ids, 2 * i)));
		(*found)[i].count_ms = reply_int(reply_at(ids, 2 * i + 1));
	}
	return o;
}

enum outcome posts_find(const struct partition *p, struct posts_span span, struct posts_found **found, size_t *n, struct err *e)
{
	const struct command ask = find_question(p->arena, keys_brand(p->arena, KEY_times, p->brand), span);
	const enum outcome o = read_ids(p, &ask, found, n, e);
	return o == OK && *n > 0 ? read_records(p, *found, n, e) : o;
}

static struct command next_question(const struct partition *p, const struct posts_walk *w)
{
	struct command c = command_new(p->arena, 8);
	command_addz(&c, "ZRANGEBYSCORE");
	command_add(&c, keys_brand(p->arena, KEY_times, p->brand));
	command_int(&c, w->from_ms);
	command_add(&c, arena_printf(p->arena, "(%lld", (long long)w->to_ms));
	command_addz(&c, "WITHSCORES");
	command_addz(&c, "LIMIT");
	command_int(&c, (int64_t)w->passed);
	command_int(&c, (int64_t)w->max);
	return c;
}

static void advance(struct posts_walk *w, const struct posts_found *found, size_t n)
{
	const int64_t last = found[n - 1].count_ms;
	size_t of_last = 0;
	while (of_last < n && found[n - 1 - of_last].count_ms == last)
		of_last++;
	w->passed = of_last + (last == w->from_ms ? w->passed : 0);
	w->from_ms = last;
}

enum outcome posts_next(const struct partition *p, struct posts_walk *w, struct posts_found **found, size_t *n, struct err *e)
{
	const struct command ask = next_question(p, w);
	const enum outcome o = read_ids(p, &ask, found, n, e);
	if (o != OK)
		return o;
	w->is_over = *n < w->max;
	if (*n == 0)
		return OK;
	advance(w, *found, *n);
	return read_records(p, *found, n, e);
}

static void queue_size(struct redis *r, struct arena *a, const char *verb, struct str key)
{
	struct command c = command_new(a, 2);
	command_addz(&c, verb);
	command_add(&c, key);
	redis_queue(r, &c);
}

enum outcome posts_total(const struct partition *p, int64_t *mentions, int64_t *waiting, struct err *e)
{
	const struct reply *total = NULL, *left = NULL;
	redis_drain(p->redis);
	queue_size(p->redis, p->arena, "HLEN", keys_brand(p->arena, KEY_mentions, p->brand));
	queue_size(p->redis, p->arena, "XLEN", keys_brand(p->arena, KEY_posts, p->brand));
	enum outcome o = redis_result(p->redis, &total, e);
	if (o == OK)
		o = redis_result(p->redis, &left, e);
	if (o != OK)
		return o;
	*mentions = reply_int(total);
	*waiting = reply_int(left);
	return OK;
}

enum outcome posts_known(const struct partition *p, const struct str *post_id, size_t n, bool *known, struct err *e)
{
	struct command c = command_new(p->arena, n + 2);
	command_addz(&c, "ZMSCORE");
	command_add(&c, keys_brand(p->arena, KEY_times, p->brand));
	for (size_t i = 0; i < n; i++)
		command_add(&c, post_id[i]);
	const struct reply *scores = NULL;
	const enum outcome done = n > 0 ? redis_ask(p->redis, &c, &scores, e) : OK;
	for (size_t i = 0; i < n && done == OK; i++)
		known[i] = reply_kind(reply_at(scores, i)) != REPLY_NIL;
	return done;
}

enum outcome posts_records(const struct partition *p, const struct str *post_id, size_t n, struct str *record, struct err *e)
{
	struct command c = command_new(p->arena, n + 2);
	command_addz(&c, "HMGET");
	command_add(&c, keys_brand(p->arena, KEY_mentions, p->brand));
	for (size_t i = 0; i < n; i++)
		command_add(&c, post_id[i]);
	const struct reply *records = NULL;
	const enum outcome done = n > 0 ? redis_ask(p->redis, &c, &records, e) : OK;
	for (size_t i = 0; i < n && done == OK; i++)
		record[i] = arena_copy(p->arena, reply_str(reply_at(records, i)));
	return done;
}

enum outcome posts_oldest(const struct partition *p, int64_t *oldest_ms, struct err *e)
{
	const struct reply *row = NULL;
	struct command c = command_new(p->arena, 5);
	command_addz(&c, "ZRANGE");
	command_add(&c, keys_brand(p->arena, KEY_times, p->brand));
	command_int(&c, 0);
	command_int(&c, 0);
	command_addz(&c, "WITHSCORES");
	const enum outcome done = redis_ask(p->redis, &c, &row, e);
	*oldest_ms = done == OK && reply_size(row) == 2 ? reply_int(reply_at(row, 1)) : -1;
	return done;
}

void posts_waiting_queue(const struct partition *p)
{
	queue_size(p->redis, p->arena, "XLEN", keys_brand(p->arena, KEY_posts, p->brand));
}

enum outcome posts_waiting_take(struct redis *r, int64_t *waiting, struct err *e)
{
	const struct reply *left = NULL;
	const enum outcome done = redis_result(r, &left, e);
	if (done == OK)
		*waiting = reply_int(left);
	return done;
}

enum outcome posts_waiting(const struct partition *p, int64_t *waiting, struct err *e)
{
	redis_drain(p->redis);
	posts_waiting_queue(p);
	return posts_waiting_take(p->redis, waiting, e);
}
