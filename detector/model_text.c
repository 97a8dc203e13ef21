/* Models as text: one line of numbers that Redis keeps. Stored bytes are read with suspicion: a wrong number starts afresh. */
#include "detector/model.h"

#include <math.h>

#define VERSION "earshot-model-1"

/* The float fields, in the order they are written; the one list that writing and reading share. */
struct span {
	float *first;
	size_t n;
	float least, most;
};
#define SPANS 5

static void spans_of(struct model *m, struct span span[SPANS])
{
	span[0] = (struct span){ m->root, EVIDENCE_WINDOWS, 0, 1e12F };
	span[1] = (struct span){ m->variance, EVIDENCE_WINDOWS, 0, 1e24F };
	span[2] = (struct span){ m->tail, EVIDENCE_WINDOWS, 0.1F, 1e12F };
	span[3] = (struct span){ m->slot, MODEL_SLOTS, 0, 1e3F };
	span[4] = (struct span){ m->lagged, MODEL_LAGGED, 0, 1e24F };
}

/* " shifts N AT FACTOR … DOUBT SINCE STEP", only while there are any: a model that nobody re-based reads as it always did. */
static void write_shifts(struct buf *out, const struct model *m)
{
	if (m->nshifts == 0 && !(m->doubt > 0))
		return;
	buf_addf(out, " shifts %d", (int)m->nshifts);
	for (int i = 0; i < m->nshifts; i++)
		buf_addf(out, " %lld %.9g", (long long)m->shift[i].at_ms, (double)m->shift[i].factor);
	buf_addf(out, " %.9g %lld %d", (double)m->doubt, (long long)m->doubt_ms, (int)m->doubt_step);
}

void model_write(struct buf *out, const struct model *m)
{
	struct model copy = *m;
	struct span span[SPANS];
	spans_of(&copy, span);
	buf_addf(out, VERSION " %lld %lld %lld %lld %d", (long long)m->step_ms, (long long)m->first_ms, (long long)m->learned_ms,
		(long long)m->stepped_ms, (int)m->steps);
	for (int i = 0; i < SPANS; i++)
		for (size_t k = 0; k < span[i].n; k++)
			buf_addf(out, " %.9g", (double)span[i].first[k]); /* nine digits bring a float back bit by bit */
	write_shifts(out, m);
}

static bool read_time(struct str *rest, int64_t *out)
{
	struct str word;
	return str_split(rest, ' ', &word) && str_to_i64(word, out) && *out >= 0 && *out < INT64_MAX / 4;
}

static bool read_span(struct str *rest, const struct span *span)
{
	for (size_t k = 0; k < span->n; k++) {
		struct str word;
		double v;
		if (!str_split(rest, ' ', &word) || !str_to_double(word, &v))
			return false;
		if (!(v >= (double)span->least && v <= (double)span->most))
			return false;
		span->first[k] = (float)v;
	}
	return true;
}

static bool read_number(struct str *rest, float least, float most, float *out)
{
	return read_span(rest, &(struct span){ out, 1, least, most });
}

static bool read_shifts(struct model *m, struct str *rest)
{
	struct str word;
	int64_t n = 0, step = 0;
	if (rest->n == 0)
		return true;
	if (!str_split(rest, ' ', &word) || !str_eqc(word, "shifts") || !read_time(rest, &n) || n > MODEL_SHIFTS)
		return false;
	m->nshifts = (int32_t)n;
	for (int i = 0; i < m->nshifts; i++)
		if (!read_time(rest, &m->shift[i].at_ms) || !read_number(rest, 1e-6F, 1e6F, &m->shift[i].factor))
			return false;
	if (!read_number(rest, 0, 1e3F, &m->doubt) || !read_time(rest, &m->doubt_ms) || !read_time(rest, &step) ||
		step > INT32_MAX / 2)
		return false;
	m->doubt_step = (int32_t)step;
	return true;
}

static bool read_all(struct model *m, struct str rest)
{
	struct str version;
	int64_t steps;
	struct span span[SPANS];
	if (!str_split(&rest, ' ', &version) || !str_eqc(version, VERSION))
		return false;
	if (!read_time(&rest, &m->step_ms) || !read_time(&rest, &m->first_ms) || !read_time(&rest, &m->learned_ms) ||
		!read_time(&rest, &m->stepped_ms) || !read_time(&rest, &steps) || steps > INT32_MAX / 2)
		return false;
	m->steps = (int32_t)steps;
	spans_of(m, span);
	for (int i = 0; i < SPANS; i++)
		if (!read_span(&rest, &span[i]))
			return false;
	return read_shifts(m, &rest) && rest.n == 0 && m->first_ms <= m->stepped_ms && m->stepped_ms <= m->learned_ms;
}

bool model_read(struct model *m, struct str text)
{
	struct model read;
	model_init(&read, m->step_ms);
	if (read_all(&read, text) && read.step_ms == m->step_ms) {
		*m = read;
		return true;
	}
	model_init(m, m->step_ms);
	return false;
}
