/* Coverage: parts of crawlers, a value a minute. */
#include "common/store/coverage.h"

#include "common/base/clock.h"
#include "common/store/cells.h"
#include "common/store/groups.h"
#include "common/store/keys.h"

double coverage_share(const struct coverage *c)
{
	return c->weight > 0 ? c->healthy_weight / c->weight : -1;
}

static struct str minute_key(struct arena *a, int64_t at_ms)
{
	const struct utc t = clock_utc(at_ms);
	return keys_make(a, KEY_coverage, arena_printf(a, "%04d-%02d-%02d", t.year, t.month, t.day), STR(""), STR(""));
}

static struct str minute_field(struct arena *a, int64_t at_ms)
{
	char field[CELL_FIELD_BYTES];
	return arena_copy(a, cells_field(CELL_MINUTE, at_ms, field));
}

/* ---- telling ---- */

/* "at_ms healthy sources healthy_weight weight" */
static struct str part_write(struct arena *a, const struct coverage *c, int64_t now_ms)
{
	return arena_printf(a, "%lld %lld %lld %.3f %.3f", (long long)now_ms, (long long)c->healthy, (long long)c->sources,
		c->healthy_weight, c->weight);
}

static bool part_parse(struct str text, struct coverage *out, int64_t *at_ms)
{
	struct str word[5];
	for (size_t i = 0; i < 5; i++)
		if (!str_split(&text, ' ', &word[i]))
			return false;
	return str_to_i64(word[0], at_ms) && str_to_i64(word[1], &out->healthy) && str_to_i64(word[2], &out->sources) &&
	       str_to_double(word[3], &out->healthy_weight) && str_to_double(word[4], &out->weight);
}

static void queue_forget(struct redis *r, struct arena *a, struct str worker)
{
	struct command c = command_new(a, 3);
	command_addz(&c, "HDEL");
	command_add(&c, keys_plain(a, KEY_coverage_parts));
	command_add(&c, worker);
	redis_queue(r, &c);
}

/* All parts that are young; the others are taken away. */
static struct coverage sum_parts(struct redis *r, struct arena *a, const struct reply *parts, int64_t now_ms)
{
	struct coverage sum = { 0 };
	for (size_t i = 0; i + 1 < reply_size(parts); i += 2) {
		struct coverage part;
		int64_t at_ms = 0;
		if (part_parse(reply_str(reply_at(parts, i + 1)), &part, &at_ms) && now_ms - at_ms <= COVERAGE_PART_MS) {
			sum.healthy += part.healthy;
			sum.sources += part.sources;
			sum.healthy_weight += part.healthy_weight;
			sum.weight += part.weight;
			continue;
		}
		queue_forget(r, a, reply_str(reply_at(parts, i)));
	}
	return sum;
}

static void queue_minute(struct redis *r, struct arena *a, const struct coverage *sum, int64_t now_ms)
{
	const struct redis_keep keep = redis_keep(r);
	const struct str key = minute_key(a, now_ms);
	struct command set = command_new(a, 4);
	command_addz(&set, "HSET");
	command_add(&set, key);
	command_add(&set, minute_field(a, now_ms));
	command_add(
		&set, arena_printf(a, "%.4f %lld %lld", coverage_share(sum), (long long)sum->healthy, (long long)sum->sources));
	redis_queue(r, &set);
	struct command expire = command_new(a, 3);
	command_addz(&expire, "EXPIREAT");
	command_add(&expire, key);
	command_int(&expire, cells_expiry_s(&keep, CELL_MINUTE, cells_bucket_end(CELL_MINUTE, now_ms), now_ms));
	redis_queue(r, &expire);
}

enum outcome coverage_tell(
	struct redis *r, struct arena *a, struct str worker, const struct coverage *part, int64_t now_ms, struct err *e)
{
	const struct reply *reply = NULL;
	const struct str parts = keys_plain(a, KEY_coverage_parts);
	struct command tell = command_new(a, 4), ask = command_new(a, 2);
	command_addz(&tell, "HSET");
	command_add(&tell, parts);
	command_add(&tell, worker);
	command_add(&tell, part_write(a, part, now_ms));
	redis_drain(r);
	redis_queue(r, &tell);
	command_addz(&ask, "HGETALL");
	command_add(&ask, parts);
	redis_queue(r, &ask);
	enum outcome done = groups_settle(r, 1, e);
	if (done == OK)
		done = redis_take(r, &reply, e);
	if (done == OK)
		done = redis_reply_outcome(reply, e);
	if (done != OK)
		return done;
	const struct coverage sum = sum_parts(r, a, reply, now_ms);
	if (sum.weight > 0)
		queue_minute(r, a, &sum, now_ms);
	return groups_settle(r, redis_pending(r), e);
}

void coverage_leave(struct redis *r, struct arena *a, struct str worker)
{
	redis_drain(r);
	queue_forget(r, a, worker);
	redis_drain(r);
}

/* ---- reading ---- */

static enum outcome read_minute(struct redis *r, struct arena *a, int64_t at_ms, struct coverage *out, struct err *e)
{
	struct command c = command_new(a, 3);
	command_addz(&c, "HGET");
	command_add(&c, minute_key(a, at_ms));
	command_add(&c, minute_field(a, at_ms));
	const struct reply *reply = NULL;
	const enum outcome done = redis_ask(r, &c, &reply, e);
	if (done != OK)
		return done;
	struct str text = reply_str(reply), share, healthy;
	*out = (struct coverage){ .weight = 1 };
	const bool is_whole = str_split(&text, ' ', &share) && str_to_double(share, &out->healthy_weight) &&
			      str_split(&text, ' ', &healthy) && str_to_i64(healthy, &out->healthy) &&
			      str_to_i64(text, &out->sources);
	return is_whole ? OK : SKIP;
}

enum outcome coverage_read(struct redis *r, struct arena *a, int64_t at_ms, struct coverage *out, struct err *e)
{
	const enum outcome done = read_minute(r, a, at_ms, out, e);
	return done == SKIP ? read_minute(r, a, at_ms - MS_PER_MINUTE, out, e) : done;
}
