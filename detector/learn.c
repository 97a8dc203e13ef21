/* Hashed features to rows of weights: counting, AdaGrad, bytes. */
#include "detector/learn.h"

#include <math.h>
#include <stdlib.h>

#define RATE 0.1
#define DECAY 1e-4

struct counted {
	uint32_t hash, last, texts;
};
struct learn_counts {
	size_t n, room; /* features that were seen; a power of two */
	uint32_t full; /* the first text for whose features there was no room; 0 = none */
	struct counted slot[];
};

void *learn_own(void *p)
{
	if (!p)
		abort();
	return p;
}

/* ---- which features have a row ---- */

struct learn_counts *learn_counts_new(int bits)
{
	const size_t room = (size_t)1 << bits;
	struct learn_counts *c = learn_own(calloc(1, sizeof *c + room * sizeof c->slot[0]));
	c->room = room;
	return c;
}

void learn_counts_free(struct learn_counts *c)
{
	free(c);
}

/* The place of a feature: its own, or an empty one. */
static struct counted *slot_of(struct learn_counts *c, uint32_t hash)
{
	size_t at = hash & (c->room - 1);
	while (c->slot[at].texts > 0 && c->slot[at].hash != hash)
		at = (at + 1) & (c->room - 1);
	return &c->slot[at];
}

void learn_count(struct learn_counts *c, const struct stance_features *f, uint32_t text)
{
	for (size_t i = 0; i < f->n; i++) {
		struct counted *slot = slot_of(c, f->feature[i].hash);
		const bool is_new = slot->texts == 0;
		if (is_new && c->n >= c->room / 4 * 3) {
			c->full = c->full > 0 ? c->full : text;
		} else if (slot->last != text) {
			*slot = (struct counted){ f->feature[i].hash, text, slot->texts + 1 };
			c->n += is_new;
		}
	}
}

enum outcome learn_counts_check(const struct learn_counts *c, struct err *e)
{
	if (c->full == 0)
		return OK;
	return err_set(e, REJECT, "text %u: %zu different features of texts are as many as can be learnt from; give fewer texts",
		(unsigned)c->full, c->n);
}

static bool is_more(struct counted a, struct counted b)
{
	return a.texts != b.texts ? a.texts > b.texts : a.hash < b.hash;
}

uint32_t *learn_owners(const struct learn_counts *c, int bits, unsigned least)
{
	struct counted *best = learn_own(calloc((size_t)1 << bits, sizeof(*best)));
	uint32_t *hash = learn_own(calloc((size_t)1 << bits, sizeof(*hash)));
	for (size_t i = 0; i < c->room; i++) {
		const size_t at = stance_row_of(c->slot[i].hash, bits);
		if (c->slot[i].texts >= least && is_more(c->slot[i], best[at]))
			best[at] = c->slot[i];
	}
	for (size_t i = 0; i < (size_t)1 << bits; i++)
		hash[i] = best[i].hash;
	free(best);
	return hash;
}

void learn_drop(struct stance_features *f, const uint32_t *owner, int bits)
{
	size_t kept = 0;
	for (size_t i = 0; i < f->n; i++)
		if (owner[stance_row_of(f->feature[i].hash, bits)] == f->feature[i].hash)
			f->feature[kept++] = f->feature[i];
	f->n = kept;
}

/* ---- learning ---- */

uint64_t learn_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

void learn_shuffle(uint64_t *state, size_t *order, size_t n)
{
	for (size_t i = n; i-- > 1;) {
		const size_t k = learn_random(state) % (i + 1), swap = order[i];
		order[i] = order[k];
		order[k] = swap;
	}
}

struct stance_features learn_half(struct arena *a, const struct stance_features *f, uint64_t *random)
{
	struct stance_features half = { .feature = arena_raw(a, (f->n + 1) * sizeof(*half.feature)), .room = f->n };
	for (size_t i = 0; i < f->n; i++)
		if (learn_random(random) >> 63 != 0)
			half.feature[half.n++] = (struct stance_feature){ f->feature[i].hash, 2 * f->feature[i].value };
	return half;
}

void learn_init(struct learn_table *t, int bits, int n)
{
	const size_t size = (size_t)n << bits;
	*t = (struct learn_table){ learn_own(calloc(size, sizeof(float))), learn_own(calloc(size, sizeof(float))), bits, n };
}

void learn_release(struct learn_table *t)
{
	free(t->weight);
	free(t->square);
}

void learn_score(const struct learn_table *t, const struct stance_features *f, double *out)
{
	for (size_t i = 0; i < f->n; i++) {
		const float *w = t->weight + stance_row_of(f->feature[i].hash, t->bits) * (size_t)t->n;
		for (int k = 0; k < t->n; k++)
			out[k] += (double)(w[k] * f->feature[i].value);
	}
}

void learn_step(struct learn_table *t, const struct stance_features *f, const double *error)
{
	for (size_t i = 0; i < f->n; i++) {
		const size_t at = stance_row_of(f->feature[i].hash, t->bits) * (size_t)t->n;
		for (int k = 0; k < t->n; k++) {
			float *w = &t->weight[at + (size_t)k], *s = &t->square[at + (size_t)k];
			const double g = error[k] * (double)f->feature[i].value + DECAY * (double)*w;
			*s += (float)(g * g);
			*w -= (float)(RATE * g / sqrt((double)*s + 1e-6));
		}
	}
}

void learn_add(struct learn_table *t, const struct learn_table *other)
{
	for (size_t i = 0; i < (size_t)t->n << t->bits; i++)
		t->weight[i] += other->weight[i];
}

void learn_scale(struct learn_table *t, float factor)
{
	for (size_t i = 0; i < (size_t)t->n << t->bits; i++)
		t->weight[i] *= factor;
}

/* ---- bytes ---- */

float learn_store(const struct learn_table *t, const uint32_t *owner, int8_t *rows)
{
	const size_t size = (size_t)1 << t->bits;
	float most = 1e-6f;
	for (size_t i = 0; i < size * (size_t)t->n; i++)
		most = fmaxf(most, fabsf(t->weight[i]));
	for (size_t i = 0; i < size; i++) {
		int8_t *row = rows + i * (size_t)(1 + t->n);
		row[0] = stance_mark_of(owner[i]);
		for (size_t k = 0; k < (size_t)t->n; k++)
			row[1 + k] = (int8_t)lrintf(t->weight[i * (size_t)t->n + k] / most * 127);
	}
	return most / 127;
}
