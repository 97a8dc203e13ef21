/* Bucket cells of a batch: interning, and the names of bucket keys and fields. */
#include "common/store/cells.h"

#include "common/base/clock.h"
#include "common/store/keys.h"

#include <stdio.h>
#include <string.h>

#define LAST_MS 253402300799999LL /* end of the year 9999: what a bucket key can name */

/* ---- names ---- */

static int64_t clamp(int64_t at_ms)
{
	if (at_ms < 0)
		return 0;
	return at_ms > LAST_MS ? LAST_MS : at_ms;
}

struct str cells_key(struct arena *a, enum cell_level level, struct str brand, struct str dimension, int64_t at_ms)
{
	const struct utc t = clock_utc(clamp(at_ms));
	switch (level) {
	case CELL_MINUTE:
		return keys_make(a, KEY_minute, brand, dimension, arena_printf(a, "%04d-%02d-%02d", t.year, t.month, t.day));
	case CELL_HOUR:
		return keys_make(a, KEY_hour, brand, dimension, arena_printf(a, "%04d-%02d", t.year, t.month));
	case CELL_DAY:
	case CELL_LEVEL__N:
		break;
	}
	return keys_make(a, KEY_day, brand, dimension, arena_printf(a, "%04d", t.year));
}

static void two_digits(char *out, int v)
{
	out[0] = (char)('0' + v / 10 % 10);
	out[1] = (char)('0' + v % 10);
}

struct str cells_field(enum cell_level level, int64_t at_ms, char out[CELL_FIELD_BYTES])
{
	const struct utc t = clock_utc(clamp(at_ms));
	const int first[] = { [CELL_MINUTE] = t.hour, [CELL_HOUR] = t.day, [CELL_DAY] = t.month };
	const int second[] = { [CELL_MINUTE] = t.minute, [CELL_HOUR] = t.hour, [CELL_DAY] = t.day };
	static const char between[] = { [CELL_MINUTE] = ':', [CELL_HOUR] = 'T', [CELL_DAY] = '-' };
	two_digits(out, first[level]);
	out[2] = between[level];
	two_digits(out + 3, second[level]);
	out[5] = 0;
	return (struct str){ out, 5 };
}

int64_t cells_bucket_end(enum cell_level level, int64_t at_ms)
{
	const struct utc t = clock_utc(clamp(at_ms));
	if (level == CELL_MINUTE)
		return clock_from_utc(t.year, t.month, t.day, 0, 0, 0) + MS_PER_DAY;
	if (level == CELL_DAY)
		return clock_from_utc(t.year + 1, 1, 1, 0, 0, 0);
	return t.month == 12 ? clock_from_utc(t.year + 1, 1, 1, 0, 0, 0) : clock_from_utc(t.year, t.month + 1, 1, 0, 0, 0);
}

int64_t cells_expiry_s(const struct redis_keep *keep, enum cell_level level, int64_t ends_ms, int64_t now_ms)
{
	if (level == CELL_DAY)
		return 0;
	int64_t from_ms = ends_ms > now_ms ? ends_ms : now_ms;
	return (from_ms + (level == CELL_MINUTE ? keep->minutes_ms : keep->hours_ms)) / MS_PER_SECOND;
}

/* ---- interning ---- */

struct cell_set {
	uint64_t *name;
	uint16_t *number;
	size_t mask;
	uint16_t n;
};

static struct cell_set *set_new(struct arena *a, size_t most)
{
	size_t size = 16;
	while (size < 2 * most)
		size *= 2;
	struct cell_set *s = arena_new(a, struct cell_set);
	*s = (struct cell_set){ arena_list(a, uint64_t, size), arena_list(a, uint16_t, size), size - 1, 0 };
	return s;
}

/* Number of a name, from 1; *is_new when it was given one just now. */
static uint16_t set_number(struct cell_set *s, uint64_t name, bool *is_new)
{
	uint64_t hash = name * 0x9E3779B97F4A7C15u;
	size_t at = (size_t)(hash >> 32) & s->mask;
	while (s->number[at] != 0 && s->name[at] != name)
		at = (at + 1) & s->mask;
	*is_new = s->number[at] == 0;
	if (*is_new) {
		s->name[at] = name;
		s->number[at] = ++s->n;
	}
	return s->number[at];
}

void cells_init(struct cells *c, struct arena *a, struct str brand, size_t most)
{
	*c = (struct cells){ .a = a, .brand = brand, .cap = most, .dimension = arena_list(a, const char *, most) };
	for (int level = 0; level < CELL_LEVEL__N; level++) {
		c->cell[level] = arena_list(a, struct cell, most);
		c->set[level] = set_new(a, most);
	}
	c->bucket = arena_list(a, struct cell_bucket, CELL_LEVEL__N * most);
	c->buckets = set_new(a, CELL_LEVEL__N * most);
}

static size_t dimension_number(struct cells *c, const char *dimension)
{
	for (size_t i = 0; i < c->ndimensions; i++)
		if (c->dimension[i] == dimension)
			return i;
	for (size_t i = 0; i < c->ndimensions; i++)
		if (strcmp(c->dimension[i], dimension) == 0)
			return i;
	c->dimension[c->ndimensions] = dimension;
	return c->ndimensions++;
}

/* Dimension in the low 16 bits, period (minute, hour, day … since 1970, or its end) above. */
static uint64_t name_of(size_t dimension, int64_t period)
{
	return (uint64_t)period << 16 | dimension;
}

static uint16_t bucket_number(struct cells *c, enum cell_level level, size_t dimension, int64_t at_ms)
{
	bool is_new = false;
	int64_t ends_ms = cells_bucket_end(level, at_ms);
	int64_t period = ends_ms / MS_PER_DAY * CELL_LEVEL__N + (int64_t)level;
	uint16_t number = set_number(c->buckets, name_of(dimension, period), &is_new);
	if (is_new)
		c->bucket[c->nbuckets++] =
			(struct cell_bucket){ cells_key(c->a, level, c->brand, str_of(c->dimension[dimension]), at_ms), ends_ms,
				level };
	return number;
}

static uint16_t cell_number(struct cells *c, enum cell_level level, size_t dimension, int64_t at_ms)
{
	static const int64_t width_ms[] = { [CELL_MINUTE] = MS_PER_MINUTE, [CELL_HOUR] = MS_PER_HOUR, [CELL_DAY] = MS_PER_DAY };
	bool is_new = false;
	uint16_t number = set_number(c->set[level], name_of(dimension, at_ms / width_ms[level]), &is_new);
	if (!is_new)
		return number;
	struct cell *cell = &c->cell[level][c->ncells[level]++];
	cell->bucket = bucket_number(c, level, dimension, at_ms);
	cell->parent = level == CELL_DAY ? 0 : cell_number(c, level + 1, dimension, at_ms);
	(void)cells_field(level, at_ms, cell->field);
	return number;
}

uint16_t cells_minute(struct cells *c, const char *dimension, int64_t at_ms)
{
	return cell_number(c, CELL_MINUTE, dimension_number(c, dimension), clamp(at_ms));
}
