/* Classes of a trained model: from foreign bytes to the scores of a text. */
#include "common/text/classes.h"

#include "common/base/clones.h"

#include "common/text/packed.h"
#include <earshot/verdict.h>

#include <math.h>

#define HEAD_BYTES 16u
#define GROUP_BYTES (CLASSES_GROUP_NAME + 4u)
#define COLUMN_BYTES (CLASSES_NAME + 8u)
#define BLOCK_BUCKETS 64u
#define BLOCK_BYTES 12u
#define BLOCKS (CLASSES_BUCKETS / BLOCK_BUCKETS)
#define MOST 1e4f /* of scale and offset: real ones are below 100 */
#define WIDTH_STEP 16u

const char *const classes_known_group[CLASSES_KNOWN__N] = {
	[CLASSES_NATURE] = "nature",
	[CLASSES_CATEGORY] = "category",
	[CLASSES_URGENCY] = "urgency",
	[CLASSES_LABEL] = "label",
};

const char *const *classes_known_names(enum classes_known group, size_t *n)
{
	switch (group) {
	case CLASSES_NATURE:
		*n = NAT__N;
		return nature_names;
	case CLASSES_CATEGORY:
		*n = CAT__N - 1;
		return category_names + 1;
	case CLASSES_URGENCY:
		*n = URG__N;
		return urgency_names;
	default:
		*n = LABEL__N;
		return label_names;
	}
}

/* ---- bytes ---- */

/* Printable, then NULs to the end, of which there is at least one. */
static bool name_at(const char *p, size_t room, char *out)
{
	size_t n = 0;
	while (n < room && (unsigned char)p[n] >= ' ' && p[n] != 0x7F)
		n++;
	for (size_t i = n; i < room; i++)
		if (p[i] != '\0')
			return false;
	memcpy(out, p, room);
	return n > 0 && n < room;
}

size_t classes_width(const struct classes *c)
{
	return (c->ncolumns + WIDTH_STEP) / WIDTH_STEP * WIDTH_STEP;
}

static size_t bytes_of(const struct classes *c)
{
	return HEAD_BYTES + c->ngroups * GROUP_BYTES + c->ncolumns * COLUMN_BYTES + BLOCKS * BLOCK_BYTES +
	       c->nrows * classes_width(c);
}

/* In registers: without it the compiler calls a function for machines that may lack the instruction. */
static inline size_t count_bits(uint64_t x)
{
	x -= x >> 1 & 0x5555555555555555ull;
	x = (x & 0x3333333333333333ull) + (x >> 2 & 0x3333333333333333ull);
	x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Full;
	return (size_t)(x * 0x0101010101010101ull >> 56);
}

static bool parse_groups(const char *p, struct classes *out)
{
	uint32_t first = 0;
	for (size_t i = 0; i < out->ngroups; i++, p += GROUP_BYTES) {
		struct classes_group *g = &out->group[i];
		if (!name_at(p, CLASSES_GROUP_NAME, g->name))
			return false;
		g->first = first;
		g->n = packed_u32(p + CLASSES_GROUP_NAME);
		if (g->n < 2 || g->n > out->ncolumns - first)
			return false;
		first += g->n;
	}
	return first == out->ncolumns;
}

static bool parse_columns(const char *p, struct classes *out)
{
	for (size_t i = 0; i < out->ncolumns; i++, p += COLUMN_BYTES) {
		struct classes_column *k = &out->column[i];
		k->scale = packed_float(p + CLASSES_NAME);
		k->offset = packed_float(p + CLASSES_NAME + 4);
		if (!name_at(p, CLASSES_NAME, k->name) || !isfinite(k->scale) || !isfinite(k->offset) || fabsf(k->scale) > MOST ||
			fabsf(k->offset) > MOST)
			return false;
	}
	return true;
}

/* A count that is wrong would lead to rows outside the file. */
static bool are_blocks_sound(const struct classes *c)
{
	size_t rows = 0;
	for (size_t i = 0; i < BLOCKS; i++) {
		if (packed_u32(c->block + i * BLOCK_BYTES + 8) != rows)
			return false;
		rows += count_bits(packed_u64(c->block + i * BLOCK_BYTES));
	}
	return rows == c->nrows;
}

enum outcome classes_settle(struct classes *c, const char *path, struct err *e)
{
	for (int k = 0; k < CLASSES_KNOWN__N; k++) {
		size_t n;
		const char *const *names = classes_known_names((enum classes_known)k, &n);
		c->known[k] = 0;
		for (size_t i = 0; i < c->ngroups; i++) {
			const struct classes_group *g = &c->group[i];
			if (strcmp(g->name, classes_known_group[k]) != 0)
				continue;
			bool is_same = g->n == n;
			for (size_t j = 0; is_same && j < n; j++)
				is_same = strcmp(c->column[g->first + j].name, names[j]) == 0;
			if (!is_same)
				return err_set(e, REJECT,
					"%s: the classes of %s are not those of this version; train the model again", path,
					g->name);
			c->known[k] = (uint8_t)(i + 1);
		}
	}
	return OK;
}

const struct classes_group *classes_known(const struct classes *c, enum classes_known group)
{
	return c->known[group] > 0 ? &c->group[c->known[group] - 1] : NULL;
}

enum outcome classes_parse(struct str bytes, const char *path, struct classes *out, struct err *e)
{
	*out = (struct classes){ 0 };
	if (bytes.n < HEAD_BYTES)
		return err_set(e, REJECT, "%s: its class part is cut; copy it again", path);
	out->ngroups = packed_u32(bytes.p);
	out->ncolumns = packed_u32(bytes.p + 4);
	out->nrows = packed_u32(bytes.p + 8);
	if (out->ngroups > CLASSES_GROUPS || out->ncolumns > CLASSES_MOST || out->nrows > CLASSES_ROWS_MOST ||
		packed_u32(bytes.p + 12) != 0 || bytes.n != bytes_of(out))
		return err_set(e, REJECT,
			"%s: its class part has %zu bytes for %zu classes and %zu rows: it was mixed up; copy it again", path,
			bytes.n, out->ncolumns, out->nrows);
	const char *columns = bytes.p + HEAD_BYTES + out->ngroups * GROUP_BYTES;
	out->block = columns + out->ncolumns * COLUMN_BYTES;
	out->row = (const int8_t *)(out->block + BLOCKS * BLOCK_BYTES);
	if (!parse_groups(bytes.p + HEAD_BYTES, out) || !parse_columns(columns, out) || !are_blocks_sound(out))
		return err_set(e, REJECT, "%s: a name or number of its class part is none; train the model again", path);
	return classes_settle(out, path, e);
}

struct str classes_render(struct arena *a, const struct classes *c)
{
	const size_t n = bytes_of(c);
	char *bytes = arena_take(a, n), *p = bytes + HEAD_BYTES;
	packed_put_u32(bytes, (uint32_t)c->ngroups);
	packed_put_u32(bytes + 4, (uint32_t)c->ncolumns);
	packed_put_u32(bytes + 8, (uint32_t)c->nrows);
	for (size_t i = 0; i < c->ngroups; i++, p += GROUP_BYTES) {
		memcpy(p, c->group[i].name, CLASSES_GROUP_NAME);
		packed_put_u32(p + CLASSES_GROUP_NAME, c->group[i].n);
	}
	for (size_t i = 0; i < c->ncolumns; i++, p += COLUMN_BYTES) {
		memcpy(p, c->column[i].name, CLASSES_NAME);
		packed_put_float(p + CLASSES_NAME, c->column[i].scale);
		packed_put_float(p + CLASSES_NAME + 4, c->column[i].offset);
	}
	memcpy(p, c->block, BLOCKS * BLOCK_BYTES);
	memcpy(p + BLOCKS * BLOCK_BYTES, c->row, c->nrows * classes_width(c));
	return (struct str){ bytes, n };
}

void classes_blocks(struct arena *a, const bool *has, struct classes *c)
{
	char *block = arena_take(a, BLOCKS * BLOCK_BYTES);
	c->nrows = 0;
	for (size_t i = 0; i < BLOCKS; i++) {
		uint64_t bits = 0;
		for (size_t k = 0; k < BLOCK_BUCKETS; k++)
			bits |= (uint64_t)has[i * BLOCK_BUCKETS + k] << k;
		packed_put_u64(block + i * BLOCK_BYTES, bits);
		packed_put_u32(block + i * BLOCK_BYTES + 8, (uint32_t)c->nrows);
		c->nrows += count_bits(bits);
	}
	c->block = block;
}

static const int8_t *rows_without(struct arena *a, const struct classes *c, const struct classes_group *gone, size_t left)
{
	const size_t width = classes_width(c), behind = gone->first + gone->n;
	int8_t *row = arena_take(a, c->nrows * left);
	for (size_t i = 0; i < c->nrows; i++) {
		const int8_t *from = c->row + i * width;
		memcpy(row + i * left, from, gone->first);
		memcpy(row + i * left + gone->first, from + behind, c->ncolumns - behind);
		row[i * left + left - 1] = from[width - 1]; /* the rarity */
	}
	return row;
}

void classes_without(struct arena *a, const struct classes *c, enum classes_known group, struct classes *out)
{
	const struct classes_group *gone = classes_known(c, group);
	*out = *c;
	if (!gone)
		return;
	const size_t behind = gone->first + gone->n, at = (size_t)(gone - c->group);
	out->ncolumns -= gone->n;
	out->ngroups--;
	memmove(out->column + gone->first, c->column + behind, (c->ncolumns - behind) * sizeof *c->column);
	memmove(out->group + at, c->group + at + 1, (c->ngroups - at - 1) * sizeof *c->group);
	for (size_t i = at; i < out->ngroups; i++)
		out->group[i].first -= gone->n;
	for (int k = 0; k < CLASSES_KNOWN__N; k++)
		out->known[k] = (uint8_t)(c->known[k] == at + 1 ? 0 : c->known[k] - (c->known[k] > at + 1));
	out->row = rows_without(a, c, gone, classes_width(out));
}

/* ---- scores ---- */

/* The number of the bucket's row, or of the next one that there is; `has` says which. */
static inline size_t row_number(const char *blocks, uint32_t bucket, uint64_t *has)
{
	const char *block = blocks + (size_t)(bucket / BLOCK_BUCKETS) * BLOCK_BYTES;
	const uint64_t bits = packed_u64(block), bit = (uint64_t)1 << bucket % BLOCK_BUCKETS;
	*has = bits >> bucket % BLOCK_BUCKETS & 1;
	return packed_u32(block + 8) + count_bits(bits & (bit - 1));
}

static inline const int8_t *row_of(const struct classes *c, uint32_t bucket)
{
	uint64_t has = 0;
	const size_t row = c->ngroups > 0 ? row_number(c->block, bucket, &has) : 0;
	return has ? c->row + row * classes_width(c) : NULL;
}

/* Sixteen numbers side by side; the compiler makes of them what the machine has. */
#define NUMBERS(type) type __attribute__((vector_size(WIDTH_STEP * sizeof(type))))
#define ROWS_AT_ONCE 256 /* so many times 127 fit into 16 bits; they stay in the nearest cache while columns are added */

const int8_t *classes_row(const struct classes *c, uint32_t bucket)
{
	return row_of(c, bucket);
}

CLONED static void rows_add(const int8_t *const *row, size_t n, size_t width, int32_t *sum)
{
	for (size_t from = 0; from < width; from += WIDTH_STEP) {
		NUMBERS(int16_t) all = { 0 };
		for (size_t i = 0; i < n; i++) {
			NUMBERS(int8_t) part;
			memcpy(&part, row[i] + from, sizeof part);
			all += __builtin_convertvector(part, NUMBERS(int16_t));
		}
		for (size_t k = 0; k < WIDTH_STEP; k++)
			sum[from + k] += all[k];
	}
}

CLONED static void features_add(const struct classes *c, const struct features *f, int32_t *sum)
{
	const int8_t *row[ROWS_AT_ONCE];
	const size_t width = classes_width(c);
	for (size_t i = 0; i < f->n;) {
		size_t n = 0;
		for (; i < f->n && n < ROWS_AT_ONCE; i++) { /* half of the features have a row: no branch could be foretold */
			uint64_t has;
			row[n] = c->row + row_number(c->block, f->bucket[i], &has) * width;
			__builtin_prefetch(row[n]);
			n += has;
		}
		rows_add(row, n, width, sum);
	}
}

static void cues_add(const struct classes *c, const struct classes_input *in, int32_t *sum)
{
	const int8_t *row[ROWS_AT_ONCE];
	size_t n = 0;
	for (size_t i = 0; i < in->ncues && n < ROWS_AT_ONCE; i++) {
		row[n] = row_of(c, FEATURES_BUCKETS + in->cue[i]);
		n += row[n] != NULL;
	}
	rows_add(row, n, classes_width(c), sum);
}

void classes_score(const struct classes *c, const struct classes_input *in, float out[CLASSES_MOST])
{
	int32_t text[CLASSES_MOST + 1] = { 0 }, cues[CLASSES_MOST + 1] = { 0 };
	if (c->ngroups == 0)
		return;
	features_add(c, &in->features, text);
	cues_add(c, in, cues);
	const int32_t rarity = text[classes_width(c) - 1];
	const float norm = rarity > 0 ? 1 / sqrtf((float)rarity) : 0;
	for (size_t k = 0; k < c->ncolumns; k++)
		out[k] = c->column[k].scale * ((float)text[k] * norm + (float)cues[k] / CLASSES_CUE_PART) + c->column[k].offset;
}

void classes_effects(const struct classes *c, size_t column, size_t against, const int8_t *const *row, size_t n, float *out)
{
	const size_t width = classes_width(c);
	int32_t rarity = 0;
	for (size_t i = 0; i < n; i++)
		rarity += row[i][width - 1];
	const float norm = rarity > 0 ? 1 / sqrtf((float)rarity) : 0;
	const float one = norm * c->column[column].scale, other = norm * c->column[against].scale;
	for (size_t i = 0; i < n; i++)
		out[i] = one * (float)row[i][column] - other * (float)row[i][against];
}

void classes_chances(const float *score, size_t n, float *out)
{
	float most = score[0], sum = 0;
	for (size_t i = 1; i < n; i++)
		most = fmaxf(most, score[i]);
	for (size_t i = 0; i < n; i++) {
		out[i] = expf(score[i] - most);
		sum += out[i];
	}
	for (size_t i = 0; i < n; i++)
		out[i] /= sum;
}

uint16_t classes_cue(uint32_t kind, uint32_t value)
{
	const uint64_t h = ((uint64_t)kind << 32 | value) * 0x9E3779B97F4A7C15ull;
	return (uint16_t)((h ^ h >> 29) * 0xBF58476D1CE4E5B9ull >> 52);
}
