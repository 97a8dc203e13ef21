/* A brand's stream of admitted posts, and the mentions they became: append, read, trim, expire, find. */
#include "common/store/posts.h"

#include "common/store/functions.h"
#include "common/store/groups.h"
#include "common/store/keys.h"

/* ---- writer side ---- */

void posts_append(struct redis *r, struct arena *a, struct str brand, struct str entry_json)
{
	struct command c = command_new(a, 5);
	command_addz(&c, "XADD");
	command_add(&c, keys_brand(a, KEY_posts, brand));
	command_addz(&c, "*");
	command_addz(&c, "post");
	command_add(&c, entry_json);
	redis_queue(r, &c);
}

enum outcome posts_append_settle(struct redis *r, size_t n, struct err *e)
{
	return groups_settle(r, n, e);
}

/* ---- reader side ---- */

enum outcome posts_group(struct redis *r, struct arena *a, struct str brand, struct err *e)
{
	return groups_make(r, a, keys_brand(a, KEY_posts, brand), GROUP_DETECTOR, e);
}

void posts_read(struct redis *r, struct arena *a, struct str brand, bool pending, int max)
{
	groups_read(r, a, keys_brand(a, KEY_posts, brand), GROUP_DETECTOR, pending, max);
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

enum outcome posts_deliveries(struct redis *r, struct arena *a, struct str brand, const struct posts_entry *entries, size_t n,
	int64_t *deliveries, struct err *e)
{
	if (n == 0)
		return OK;
	struct command c = command_new(a, 6);
	command_addz(&c, "XPENDING");
	command_add(&c, keys_brand(a, KEY_posts, brand));
	command_addz(&c, GROUP_DETECTOR);
	command_add(&c, entries[0].entry_id);
	command_add(&c, entries[n - 1].entry_id);
	command_int(&c, (int64_t)n);
	const struct reply *rows = NULL;
	enum outcome o = redis_ask(r, &c, &rows, e);
	if (o == OK)
		match_deliveries(rows, entries, n, deliveries);
	return o;
}

enum outcome posts_bury(struct redis *r, struct arena *a, struct str brand, const struct lease *l,
	const struct posts_entry *entry, struct str error, struct err *e)
{
	struct command c = functions_owned(a, "bury", l, 2, 6);
	command_add(&c, keys_brand(a, KEY_posts, brand));
	command_add(&c, keys_brand(a, KEY_posts_dead, brand));
	functions_token(&c, l);
	command_add(&c, entry->entry_id);
	command_add(&c, entry->body);
	command_add(&c, error);
	const struct reply *reply = NULL;
	return redis_ask(r, &c, &reply, e);
}

enum outcome posts_trim(struct redis *r, struct arena *a, struct str brand, const struct lease *l, int64_t *left, struct err *e)
{
	struct command c = functions_owned(a, "trim", l, 1, 2);
	command_add(&c, keys_brand(a, KEY_posts, brand));
	functions_token(&c, l);
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(r, &c, &reply, e);
	if (o == OK)
		*left = reply_int(reply);
	return o;
}

enum outcome posts_expire(struct redis *r, struct arena *a, struct str brand, const struct lease *l, int64_t cutoff_ms, int max,
	int64_t *n, struct err *e)
{
	struct command c = functions_owned(a, "expire", l, 3, 6);
	command_add(&c, keys_brand(a, KEY_mentions, brand));
	command_add(&c, keys_brand(a, KEY_times, brand));
	command_add(&c, keys_brand(a, KEY_observations, brand));
	functions_token(&c, l);
	command_int(&c, cutoff_ms);
	command_int(&c, max);
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(r, &c, &reply, e);
	*n = o == OK ? reply_int(reply) : 0;
	return o;
}

/* ---- reading back ---- */

/* Ids by time, newest first, each followed by its time. */
static struct command find_question(struct arena *a, struct str times, int64_t from_ms, int64_t to_ms, size_t max)
{
	struct command c = command_new(a, 8);
	command_addz(&c, "ZREVRANGEBYSCORE");
	command_add(&c, times);
	command_add(&c, arena_printf(a, "(%lld", (long long)to_ms));
	command_int(&c, from_ms);
	command_addz(&c, "WITHSCORES");
	command_addz(&c, "LIMIT");
	command_int(&c, 0);
	command_int(&c, max > INT32_MAX ? INT32_MAX : (int64_t)max);
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

static enum outcome take_values(struct redis *r, const struct reply **out, struct err *e)
{
	enum outcome o = redis_take(r, out, e);
	return o == OK ? redis_reply_outcome(*out, e) : o;
}

static enum outcome read_records(
	struct redis *r, struct arena *a, struct str brand, struct posts_found *found, size_t *n, struct err *e)
{
	const struct reply *records = NULL, *observations = NULL;
	queue_values(r, a, keys_brand(a, KEY_mentions, brand), found, *n);
	queue_values(r, a, keys_brand(a, KEY_observations, brand), found, *n);
	enum outcome o = take_values(r, &records, e);
	if (o == OK)
		o = take_values(r, &observations, e);
	if (o != OK)
		return o;
	size_t kept = 0; /* a record may expire between the two questions */
	for (size_t i = 0; i < *n; i++) {
		if (reply_kind(reply_at(records, i)) != REPLY_STRING)
			continue;
		found[kept] = found[i];
		found[kept].record = arena_copy(a, reply_str(reply_at(records, i)));
		found[kept].observation = arena_copy(a, reply_str(reply_at(observations, i)));
		kept++;
	}
	*n = kept;
	return OK;
}

enum outcome posts_find(struct redis *r, struct arena *a, struct str brand, int64_t from_ms, int64_t to_ms, size_t max,
	struct posts_found **found, size_t *n, struct err *e)
{
	const struct reply *ids = NULL;
	*n = 0;
	struct command ask = find_question(a, keys_brand(a, KEY_times, brand), from_ms, to_ms, max);
	enum outcome o = redis_ask(r, &ask, &ids, e);
	size_t size = o == OK ? reply_size(ids) / 2 : 0;
	if (size == 0)
		return o;
	*found = arena_list(a, struct posts_found, size);
	for (size_t i = 0; i < size; i++) {
		(*found)[i].post_id = arena_copy(a, reply_str(reply_at(ids, 2 * i)));
		(*found)[i].count_ms = reply_int(reply_at(ids, 2 * i + 1));
	}
	*n = size;
	return read_records(r, a, brand, *found, n, e);
}

static void queue_size(struct redis *r, struct arena *a, const char *verb, struct str key)
{
	struct command c = command_new(a, 2);
	command_addz(&c, verb);
	command_add(&c, key);
	redis_queue(r, &c);
}

enum outcome posts_total(struct redis *r, struct arena *a, struct str brand, int64_t *mentions, int64_t *waiting, struct err *e)
{
	const struct reply *total = NULL, *left = NULL;
	redis_drain(r);
	queue_size(r, a, "HLEN", keys_brand(a, KEY_mentions, brand));
	queue_size(r, a, "XLEN", keys_brand(a, KEY_posts, brand));
	enum outcome o = take_values(r, &total, e);
	if (o == OK)
		o = take_values(r, &left, e);
	if (o != OK)
		return o;
	*mentions = reply_int(total);
	*waiting = reply_int(left);
	return OK;
}

enum outcome posts_oldest(struct redis *r, struct arena *a, struct str brand, int64_t *oldest_ms, struct err *e)
{
	const struct reply *row = NULL;
	struct command c = command_new(a, 5);
	command_addz(&c, "ZRANGE");
	command_add(&c, keys_brand(a, KEY_times, brand));
	command_int(&c, 0);
	command_int(&c, 0);
	command_addz(&c, "WITHSCORES");
	const enum outcome done = redis_ask(r, &c, &row, e);
	*oldest_ms = done == OK && reply_size(row) == 2 ? reply_int(reply_at(row, 1)) : -1;
	return done;
}

enum outcome posts_waiting(struct redis *r, struct arena *a, struct str brand, int64_t *waiting, struct err *e)
{
	const struct reply *left = NULL;
	redis_drain(r);
	queue_size(r, a, "XLEN", keys_brand(a, KEY_posts, brand));
	const enum outcome done = take_values(r, &left, e);
	if (done == OK)
		*waiting = reply_int(left);
	return done;
}
