/* Trained weights: from a file of foreign bytes to scores of a text. */
#include "common/text/weights.h"

#include "common/text/packed.h"

#include <math.h>

#define MAGIC "EARSHOTW"
#define SUM_AT 24
#define SUM_FACTOR 0x9E3779B97F4A7C15ull
#define MOST 1e4f /* of slope and offset: real ones are below 100 */

const char *const weights_head_names[WEIGHTS_HEAD__N] = {
	[WEIGHTS_ZH_POSITIVE] = "zh.positive",
	[WEIGHTS_ZH_NEUTRAL] = "zh.neutral",
	[WEIGHTS_EN_NEGATIVE] = "en.negative",
	[WEIGHTS_EN_NEUTRAL] = "en.neutral",
	[WEIGHTS_EN_POSITIVE] = "en.positive",
	[WEIGHTS_EN_POLAR] = "en.polar",
	[WEIGHTS_EN_SERVICE] = "en.service",
};

/* ---- bytes ---- */

/* Each step is one to one in the word that is added, so that no change of one word, however small, comes to the same sum. */
uint64_t weights_sum(struct str bytes)
{
	uint64_t sum = bytes.n;
	size_t at = WEIGHTS_SUMMED_FROM;
	for (; at + 8 <= bytes.n; at += 8)
		sum = ((sum << 29 | sum >> 35) ^ packed_u64(bytes.p + at)) * SUM_FACTOR;
	for (; at < bytes.n; at++)
		sum = ((sum << 29 | sum >> 35) ^ (unsigned char)bytes.p[at]) * SUM_FACTOR;
	return sum;
}

/* a-z, 0-9, "." and "-", then NULs to the end, of which there is at least one. */
static bool name_at(const char *p, char out[WEIGHTS_NAME_BYTES])
{
	size_t n = 0;
	while (n < WEIGHTS_NAME_BYTES &&
		((p[n] >= 'a' && p[n] <= 'z') || (p[n] >= '0' && p[n] <= '9') || p[n] == '.' || p[n] == '-'))
		n++;
	for (size_t i = n; i < WEIGHTS_NAME_BYTES; i++)
		if (p[i] != '\0')
			return false;
	memcpy(out, p, WEIGHTS_NAME_BYTES);
	return n < WEIGHTS_NAME_BYTES;
}

/* ---- a file ---- */

static enum outcome parse_head(const char *p, size_t i, size_t n, const char *path, struct weights *out, struct err *e)
{
	struct weights_column *h = &out->head[i];
	if (!name_at(p, h->name))
		return err_set(e, REJECT, "%s: head %zu: its name is no name; train the model again", path, i);
	h->slope = packed_float(p + WEIGHTS_NAME_BYTES);
	h->offset = packed_float(p + WEIGHTS_NAME_BYTES + 4);
	const bool is_sound = isfinite(h->slope) && isfinite(h->offset) && fabsf(h->slope) <= MOST && fabsf(h->offset) <= MOST;
	const char *wanted = i < WEIGHTS_HEAD__N && i < n ? weights_head_names[i] : "";
	if (!is_sound)
		return err_set(e, REJECT, "%s: head %zu: slope or offset is no number within %.0f; train the model again", path,
			i, (double)MOST);
	if (strcmp(h->name, wanted) != 0 && (i >= n || h->name[0] != '\0'))
		return err_set(e, REJECT, "%s: head %zu is \"%s\", not \"%s\"; train the model again with this version", path, i,
			h->name, wanted);
	if (h->name[0] == '\0' && (h->slope != 0 || h->offset != 0))
		return err_set(e, REJECT, "%s: head %zu has no name but numbers; train the model again", path, i);
	return OK;
}

static enum outcome check_kind(struct str bytes, const char *path, struct err *e)
{
	if (bytes.n < WEIGHTS_HEADER_BYTES || memcmp(bytes.p, MAGIC, 8) != 0)
		return err_set(
			e, REJECT, "%s is no model of earshot: it does not begin with %s; earshot train makes one", path, MAGIC);
	const uint32_t format = packed_u32(bytes.p + 8), features = packed_u32(bytes.p + 12), bits = packed_u32(bytes.p + 16);
	if (format != WEIGHTS_FORMAT || features != FEATURES_VERSION || bits != FEATURES_BITS)
		return err_set(e, REJECT,
			"%s: format %u, features %u, %u bits; this version reads %u, %u, %d: train the model again", path, format,
			features, bits, WEIGHTS_FORMAT, FEATURES_VERSION, FEATURES_BITS);
	if (bytes.n < WEIGHTS_LEAST_BYTES || packed_u64(bytes.p + SUM_AT) != weights_sum(bytes))
		return err_set(e, REJECT,
			"%s has %zu bytes that are not as they were written: it was cut or mixed up; copy it again", path,
			bytes.n);
	return OK;
}

enum outcome weights_parse(struct str bytes, const char *path, struct weights *out, struct err *e)
{
	*out = (struct weights){ 0 };
	enum outcome done = check_kind(bytes, path, e);
	if (done != OK)
		return done;
	const size_t n = packed_u32(bytes.p + 20);
	const char *p = bytes.p + WEIGHTS_SUMMED_FROM;
	if (n < 1 || n > WEIGHTS_HEAD__N || !name_at(p, out->name) || out->name[0] == '\0')
		return err_set(e, REJECT, "%s: %zu heads, or a name that is none; train the model again", path, n);
	p += WEIGHTS_NAME_BYTES;
	for (size_t i = 0; i < WEIGHTS_HEADS && done == OK; i++, p += WEIGHTS_NAME_BYTES + 8)
		done = parse_head(p, i, n, path, out, e);
	out->row = (const int8_t *)p;
	if (done == OK && bytes.n > WEIGHTS_LEAST_BYTES)
		done = classes_parse(str_from(bytes, WEIGHTS_LEAST_BYTES), path, &out->classes, e);
	return done;
}

struct str weights_render(struct arena *a, const struct weights *w)
{
	const struct str classes = w->classes.ngroups > 0 ? classes_render(a, &w->classes) : STR("");
	const size_t rows = (size_t)FEATURES_BUCKETS * WEIGHTS_HEADS, size = WEIGHTS_LEAST_BYTES + classes.n;
	char *bytes = arena_take(a, size), *p = bytes + WEIGHTS_SUMMED_FROM;
	memcpy(bytes, MAGIC, 8);
	packed_put_u32(bytes + 8, WEIGHTS_FORMAT);
	packed_put_u32(bytes + 12, FEATURES_VERSION);
	packed_put_u32(bytes + 16, FEATURES_BITS);
	packed_put_u32(bytes + 20, WEIGHTS_HEAD__N);
	memcpy(p, w->name, WEIGHTS_NAME_BYTES);
	p += WEIGHTS_NAME_BYTES;
	for (size_t i = 0; i < WEIGHTS_HEADS; i++, p += WEIGHTS_NAME_BYTES + 8) {
		memcpy(p, w->head[i].name, WEIGHTS_NAME_BYTES);
		packed_put_float(p + WEIGHTS_NAME_BYTES, w->head[i].slope);
		packed_put_float(p + WEIGHTS_NAME_BYTES + 4, w->head[i].offset);
	}
	memcpy(p, w->row, rows);
	if (classes.n > 0)
		memcpy(p + rows, classes.p, classes.n);
	packed_put_u64(bytes + SUM_AT, weights_sum((struct str){ bytes, size }));
	return (struct str){ bytes, size };
}

/* ---- scores ---- */

/* Eight numbers side by side; the compiler makes of them what the machine has. */
#define NUMBERS(type) type __attribute__((vector_size(WEIGHTS_HEADS * sizeof(type))))
#define ROWS_AT_ONCE 256 /* so many times 127 fit into 16 bits */
#define ROWS_AHEAD 32 /* a row is nearly always far away in memory */

static const int8_t *row_of(const struct weights *w, const struct features *f, size_t i)
{
	return w->row + (size_t)f->bucket[i] * WEIGHTS_HEADS;
}

static void rows_add(const struct weights *w, const struct features *f, size_t from, size_t to, int32_t sum[WEIGHTS_HEADS])
{
	NUMBERS(int16_t) all = { 0 };
	for (size_t i = from; i < to; i++) {
		NUMBERS(int8_t) row;
		if (i + ROWS_AHEAD < f->n)
			__builtin_prefetch(row_of(w, f, i + ROWS_AHEAD));
		memcpy(&row, row_of(w, f, i), WEIGHTS_HEADS);
		all += __builtin_convertvector(row, NUMBERS(int16_t));
	}
	for (int k = 0; k < WEIGHTS_HEADS; k++)
		sum[k] += all[k];
}

void weights_score(const struct weights *w, const struct features *f, float out[WEIGHTS_HEADS])
{
	int32_t sum[WEIGHTS_HEADS] = { 0 };
	for (size_t from = 0; from < f->n; from += ROWS_AT_ONCE)
		rows_add(w, f, from, from + ROWS_AT_ONCE < f->n ? from + ROWS_AT_ONCE : f->n, sum);
	const float norm = sum[WEIGHTS_RARITY] > 0 ? 1 / sqrtf((float)sum[WEIGHTS_RARITY]) : 0;
	for (int k = 0; k < WEIGHTS_HEADS; k++)
		out[k] = w->head[k].slope * (float)sum[k] * norm + w->head[k].offset;
}

int weights_rarity(const struct weights *w, struct str run)
{
	return w->row[(size_t)features_run(run) * WEIGHTS_HEADS + WEIGHTS_RARITY];
}

void weights_effects(const struct weights *w, const int8_t *const *row, size_t n, enum weights_head head, float *out)
{
	int32_t rarity = 0;
	for (size_t i = 0; i < n; i++)
		rarity += row[i][WEIGHTS_RARITY];
	const float norm = rarity > 0 ? w->head[head].slope / sqrtf((float)rarity) : 0;
	for (size_t i = 0; i < n; i++)
		out[i] = norm * (float)row[i][head];
}

const int8_t *weights_row(const struct weights *w, uint32_t bucket)
{
	return w->row + (size_t)bucket * WEIGHTS_HEADS;
}
