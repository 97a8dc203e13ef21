/* Weights of the model for two brands: from a file of foreign bytes to log odds. */
#include "detector/stance_model.h"

#include <math.h>

#define MAGIC "EARSHOTS"
#define SCALE_MOST 100.0f

const struct stance_shape stance_shapes[STANCE_TABLE__N] = {
	[STANCE_SIDE] = { STANCE_SIDE_BITS, LABEL__N },
	[STANCE_PAIR] = { STANCE_PAIR_BITS, STANCE_PAIRS },
	[STANCE_NAME] = { STANCE_NAME_BITS, 1 },
};

/* ---- bytes ---- */

static uint32_t u32_at(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void u32_put(char *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (char)(unsigned char)(value >> (8 * i));
}

static float float_at(const char *p)
{
	const uint32_t bits = u32_at(p);
	float value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

static void float_put(char *p, float value)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	u32_put(p, bits);
}

/* ---- a file ---- */

static bool is_scale(float x)
{
	return isfinite(x) && x > 0 && x <= SCALE_MOST;
}

static size_t table_bytes(int table)
{
	return STANCE_TABLE_BYTES(stance_shapes[table].bits, (size_t)stance_shapes[table].n);
}

static enum outcome check_kind(struct str bytes, const char *path, struct err *e)
{
	if (bytes.n < STANCE_HEADER_BYTES || memcmp(bytes.p, MAGIC, 8) != 0)
		return err_set(e, REJECT, "%s is no stance model: it does not begin with %s; make train makes one", path, MAGIC);
	const uint32_t format = u32_at(bytes.p + 8), version = u32_at(bytes.p + 12);
	if (format != STANCE_FORMAT || version != STANCE_VERSION)
		return err_set(e, REJECT, "%s: format %u, features %u; this version reads %u, %u: train the model again", path,
			format, version, STANCE_FORMAT, STANCE_VERSION);
	if (bytes.n != STANCE_FILE_BYTES)
		return err_set(e, REJECT, "%s has %zu bytes, not %zu: it was cut or mixed up; copy it again", path, bytes.n,
			STANCE_FILE_BYTES);
	return OK;
}

/* ---- a net ---- */

#define NET_FLOATS_BYTES (4 * (1 + STANCE_NET_CORE))
#define NET_BYTES (NET_FLOATS_BYTES + STANCE_NET_BYTES)

static bool net_parse(const char *bytes, struct stance_net *out)
{
	float *core = (float *)&out->core;
	out->scale = float_at(bytes);
	out->word = (const int8_t *)bytes + NET_FLOATS_BYTES;
	for (size_t i = 0; i < STANCE_NET_CORE; i++) {
		core[i] = float_at(bytes + 4 * (1 + i));
		if (!isfinite(core[i]) || fabsf(core[i]) > SCALE_MOST)
			return false;
	}
	return is_scale(out->scale);
}

static void net_render(const struct stance_net *net, char *out)
{
	const float *core = (const float *)&net->core;
	float_put(out, net->scale);
	for (size_t i = 0; i < STANCE_NET_CORE; i++)
		float_put(out + 4 * (1 + i), core[i]);
	memcpy(out + NET_FLOATS_BYTES, net->word, STANCE_NET_BYTES);
}

/* ---- all of it ---- */

enum outcome stance_model_parse(struct str bytes, const char *path, struct stance_model *out, struct err *e)
{
	*out = (struct stance_model){ 0 };
	const enum outcome done = check_kind(bytes, path, e);
	if (done != OK)
		return done;
	struct stance_model m = { 0 };
	const char *p = bytes.p + 16;
	const int8_t *rows = (const int8_t *)bytes.p + STANCE_HEADER_BYTES;
	for (int t = 0; t < STANCE_TABLE__N; rows += table_bytes(t), t++, p += 8) {
		m.scale[t] = float_at(p + 4);
		m.rows[t] = rows;
		if (u32_at(p) != (uint32_t)stance_shapes[t].bits || !is_scale(m.scale[t]))
			return err_set(e, REJECT,
				"%s: table %d has %u bits, not %d, or a scale that is no number above 0 and within %.0f; train "
				"the "
				"model again",
				path, t, u32_at(p), stance_shapes[t].bits, (double)SCALE_MOST);
	}
	const char *nets = (const char *)rows;
	for (int i = 0; i < STANCE_LANGUAGE__N; i++, nets += NET_BYTES)
		if (!net_parse(nets, &m.net[i]))
			return err_set(e, REJECT, "%s: a number of net %d is none, or beyond %.0f; train the model again", path,
				i, (double)SCALE_MOST);
	*out = m;
	return OK;
}

struct str stance_model_render(struct arena *a, const struct stance_model *m)
{
	char *bytes = arena_take(a, STANCE_FILE_BYTES), *p = bytes + 16, *rows = bytes + STANCE_HEADER_BYTES;
	memcpy(bytes, MAGIC, 8);
	u32_put(bytes + 8, STANCE_FORMAT);
	u32_put(bytes + 12, STANCE_VERSION);
	for (int t = 0; t < STANCE_TABLE__N; rows += table_bytes(t), t++, p += 8) {
		u32_put(p, (uint32_t)stance_shapes[t].bits);
		float_put(p + 4, m->scale[t]);
		memcpy(rows, m->rows[t], table_bytes(t));
	}
	for (int i = 0; i < STANCE_LANGUAGE__N; i++, rows += NET_BYTES)
		net_render(&m->net[i], rows);
	return (struct str){ bytes, STANCE_FILE_BYTES };
}

/* ---- scores ---- */

/* NULL: the row is another feature's. */
static const int8_t *row_of(const struct stance_model *m, enum stance_table table, uint32_t hash)
{
	const size_t row = stance_row_of(hash, stance_shapes[table].bits), width = 1 + (size_t)stance_shapes[table].n;
	const int8_t *at = m->rows[table] + row * width;
	return at[0] == stance_mark_of(hash) ? at + 1 : NULL;
}

void stance_model_score(
	const struct stance_model *m, enum stance_table table, const struct stance_features *f, double out[STANCE_PAIRS])
{
	const int n = stance_shapes[table].n;
	float sum[STANCE_PAIRS] = { 0 };
	for (size_t i = 0; i < f->n; i++) {
		const int8_t *row = row_of(m, table, f->feature[i].hash);
		for (int k = 0; row && k < n; k++)
			sum[k] += f->feature[i].value * (float)row[k];
	}
	for (int k = 0; k < n; k++)
		out[k] = (double)(sum[k] * m->scale[table]);
}

void stance_model_effects(const struct stance_model *m, enum stance_table table, const struct stance_features *f,
	enum label label, enum label other, float *out)
{
	for (size_t i = 0; i < f->n; i++) {
		const int8_t *row = row_of(m, table, f->feature[i].hash);
		out[i] = row ? f->feature[i].value * (float)(row[label] - row[other]) * m->scale[table] : 0;
	}
}
