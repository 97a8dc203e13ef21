/* Counts read back as series, and single cells put right. */
#include "common/store/buckets.h"

#include "common/base/clock.h"
#include "common/store/cells.h"
#include "common/store/functions.h"

#define FEW_FIELDS 90 /* up to here HMGET names the fields; above, HGETALL sends what is there, which is mostly less */

/* One bucket hash of a span: where it begins, and how many of the span's cells lie in it. */
struct stretch {
	int64_t from_ms;
	size_t n;
};

static int64_t width_of(enum cell_level level)
{
	return level == CELL_MINUTE ? MS_PER_MINUTE : MS_PER_HOUR;
}

static int64_t floor_to(int64_t at_ms, int64_t width_ms)
{
	return at_ms - ((at_ms % width_ms) + width_ms) % width_ms;
}

/* The part of [from_ms, end_ms) that lies in one bucket hash. */
static struct stretch stretch_at(enum cell_level level, int64_t from_ms, int64_t end_ms)
{
	int64_t bucket_end_ms = cells_bucket_end(level, from_ms);
	int64_t to_ms = bucket_end_ms > from_ms && bucket_end_ms < end_ms ? bucket_end_ms : end_ms;
	return (struct stretch){ from_ms, (size_t)((to_ms - from_ms) / width_of(level)) };
}

static void stretch_queue(struct redis *r, struct arena *a, enum cell_level level, struct str key, struct stretch s)
{
	bool few = s.n <= FEW_FIELDS;
	struct command c = command_new(a, few ? s.n + 2 : 2);
	command_addz(&c, few ? "HMGET" : "HGETALL");
	command_add(&c, key);
	for (size_t i = 0; few && i < s.n; i++) {
		char field[CELL_FIELD_BYTES];
		command_add(&c, arena_copy(a, cells_field(level, s.from_ms + (int64_t)i * width_of(level), field)));
	}
	redis_queue(r, &c);
}

static int two_digits(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* Moment of a field of the bucket that holds `in_bucket_ms`; -1 when it is no field of ours. */
static int64_t field_ms(enum cell_level level, struct str field, int64_t in_bucket_ms)
{
	if (field.n != 5)
		return -1;
	const struct utc t = clock_utc(in_bucket_ms);
	int first = two_digits(field.p), second = two_digits(field.p + 3);
	if (level == CELL_MINUTE)
		return clock_from_utc(t.year, t.month, t.day, first, second, 0);
	return clock_from_utc(t.year, t.month, first, second, 0, 0);
}

static void take_all(const struct reply *reply, enum cell_level level, struct stretch s, double *value)
{
	for (size_t i = 0; i + 1 < reply_size(reply); i += 2) {
		int64_t at_ms = field_ms(level, reply_str(reply_at(reply, i)), s.from_ms);
		if (at_ms < s.from_ms || at_ms >= s.from_ms + (int64_t)s.n * width_of(level))
			continue;
		value[(at_ms - s.from_ms) / width_of(level)] = (double)reply_int(reply_at(reply, i + 1));
	}
}

static enum outcome stretch_take(struct redis *r, enum cell_level level, struct stretch s, double *value, struct err *e)
{
	const struct reply *reply = NULL;
	enum outcome o = redis_result(r, &reply, e);
	if (o != OK)
		return o;
	if (s.n > FEW_FIELDS)
		take_all(reply, level, s, value);
	else
		for (size_t i = 0; i < s.n; i++)
			value[i] = (double)reply_int(reply_at(reply, i));
	return OK;
}

static void span_queue(const struct partition *p, struct str dimension, enum cell_level level, int64_t from_ms, size_t n)
{
	from_ms = floor_to(from_ms, width_of(level));
	int64_t end_ms = from_ms + (int64_t)n * width_of(level);
	while (from_ms < end_ms) {
		struct stretch s = stretch_at(level, from_ms, end_ms);
		stretch_queue(p->redis, p->arena, level, cells_key(p->arena, level, p->brand, dimension, from_ms), s);
		from_ms += (int64_t)s.n * width_of(level);
	}
}

/* Takes every reply that was queued, also behind a bad one, so that the series after it stay in step. */
static enum outcome span_take(
	struct redis *r, struct arena *a, enum cell_level level, size_t n, struct series *out, struct err *e)
{
	int64_t from_ms = floor_to(out->from_ms, width_of(level));
	int64_t end_ms = from_ms + (int64_t)n * width_of(level);
	enum outcome worst = OK;
	*out = (struct series){ from_ms, arena_list(a, double, n), n, NULL };
	for (size_t at = 0; from_ms < end_ms;) {
		struct stretch s = stretch_at(level, from_ms, end_ms);
		enum outcome o = stretch_take(r, level, s, out->value + at, worst == OK ? e : NULL);
		if (worst == OK)
			worst = o;
		at += s.n;
		from_ms += (int64_t)s.n * width_of(level);
	}
	return worst;
}

void buckets_minutes_queue(const struct partition *p, struct str dimension, int64_t from_ms, size_t n)
{
	span_queue(p, dimension, CELL_MINUTE, from_ms, n);
}

enum outcome buckets_minutes_take(struct redis *r, struct arena *a, int64_t from_ms, size_t n, struct series *out, struct err *e)
{
	out->from_ms = from_ms;
	return span_take(r, a, CELL_MINUTE, n, out, e);
}

void buckets_hours_queue(const struct partition *p, struct str dimension, int64_t from_ms, size_t n)
{
	span_queue(p, dimension, CELL_HOUR, from_ms, n);
}

enum outcome buckets_hours_take(struct redis *r, struct arena *a, int64_t from_ms, size_t n, struct series *out, struct err *e)
{
	out->from_ms = from_ms;
	return span_take(r, a, CELL_HOUR, n, out, e);
}

enum outcome buckets_repair(const struct partition *p, struct str dimension, int64_t minute_ms, int64_t value, struct err *e)
{
	struct command c = functions_call(p->arena, "repair", CELL_LEVEL__N, 9);
	for (enum cell_level level = CELL_MINUTE; level < CELL_LEVEL__N; level++)
		command_add(&c, cells_key(p->arena, level, p->brand, dimension, minute_ms));
	for (enum cell_level level = CELL_MINUTE; level < CELL_LEVEL__N; level++) {
		char field[CELL_FIELD_BYTES];
		command_add(&c, arena_copy(p->arena, cells_field(level, minute_ms, field)));
	}
	command_int(&c, value);
	const struct redis_keep keep = redis_keep(p->redis);
	for (enum cell_level level = CELL_MINUTE; level < CELL_DAY; level++)
		command_int(&c, cells_expiry_s(&keep, level, cells_bucket_end(level, minute_ms), clock_now_ms()));
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}
