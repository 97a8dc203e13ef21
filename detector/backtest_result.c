/* What follows from a backtest: ratios, incidents side by side, totals, prices, overlaps. */
#include "detector/backtest.h"

#include <stdlib.h>

bool backtest_ratio(const struct backtest *b, struct str brand, struct str dimension, struct backtest_ratio *out)
{
	struct arena a;
	*out = (struct backtest_ratio){ 0 };
	arena_init(&a, 1u << 20);
	for (size_t i = 0; i < b->nbrands; i++) {
		const struct backtest_brand *br = &b->brand[i];
		if (!str_eq((br->pair.old != NULL ? br->pair.old : br->pair.new)->id, brand))
			continue;
		for (int d = 0; d < BACKTEST_DIMENSION__N; d++) {
			if (!str_eq(backtest_dimension_name(&a, d), dimension))
				continue;
			out->old = br->count[BOOK_OLD][d];
			out->new = br->count[BOOK_NEW][d];
		}
	}
	arena_release(&a);
	if (out->old == 0 || out->new == 0)
		return false;
	out->ratio = (double)out->new / (double)out->old;
	return true;
}

/* ---- incidents ---- */

static int64_t end_of(const struct backtest *b, const struct incident *i)
{
	return i->closed_ms > 0 ? i->closed_ms : b->to_ms;
}

static bool do_overlap(const struct backtest *b, const struct incident *x, const struct incident *y)
{
	return x->onset_ms <= end_of(b, y) && y->onset_ms <= end_of(b, x);
}

static int incident_cmp(const void *a, const void *b)
{
	const struct backtest_incident *x = a, *y = b;
	const struct incident *i = &x->incident[x->incident[BOOK_NEW] != NULL ? BOOK_NEW : BOOK_OLD]->incident;
	const struct incident *k = &y->incident[y->incident[BOOK_NEW] != NULL ? BOOK_NEW : BOOK_OLD]->incident;
	if (i->onset_ms != k->onset_ms)
		return i->onset_ms < k->onset_ms ? -1 : 1;
	return x->brand - y->brand;
}

static struct backtest_incident *partner_of(
	const struct backtest *b, struct backtest_incident *list, size_t n, int brand, const struct trial_incident *t)
{
	for (size_t i = 0; i < n; i++) {
		const struct trial_incident *old = list[i].incident[BOOK_OLD];
		if (list[i].brand == brand && old != NULL && list[i].incident[BOOK_NEW] == NULL &&
			do_overlap(b, &old->incident, &t->incident))
			return &list[i];
	}
	return NULL;
}

size_t backtest_incidents(const struct backtest *b, struct arena *a, struct backtest_incident **out)
{
	const struct trial *old = &b->trial[BOOK_OLD], *new = &b->trial[BOOK_NEW];
	size_t n = 0;
	*out = arena_list(a, struct backtest_incident, old->n + new->n + 1);
	for (size_t i = 0; i < old->n; i++)
		(*out)[n++] = (struct backtest_incident){ (int)b->brand_of[BOOK_OLD][old->incident[i].brand],
			{ &old->incident[i], NULL } };
	for (size_t i = 0; i < new->n; i++) {
		const int brand = (int)b->brand_of[BOOK_NEW][new->incident[i].brand];
		struct backtest_incident *partner = partner_of(b, *out, old->n, brand, &new->incident[i]);
		if (partner != NULL)
			partner->incident[BOOK_NEW] = &new->incident[i];
		else
			(*out)[n++] = (struct backtest_incident){ brand, { NULL, &new->incident[i] } };
	}
	qsort(*out, n, sizeof **out, incident_cmp);
	return n;
}

/* ---- totals ---- */

struct backtest_totals backtest_totals(const struct backtest *b)
{
	struct backtest_totals t = { 0 };
	struct arena a;
	struct backtest_incident *incident = NULL;
	arena_init(&a, 64u << 20);
	for (size_t i = 0; i < b->nbrands; i++) {
		t.kept += b->brand[i].kept;
		t.gained += b->brand[i].gained;
		t.lost += b->brand[i].lost;
	}
	for (size_t i = 0; i < b->nrules; i++) {
		const bool is_touched = b->rule[i].pair.new != NULL && b->rule[i].pair.changes != 0;
		t.touched_rules += is_touched;
		t.never += is_touched && b->rule[i].hits[BOOK_NEW] == 0;
	}
	const size_t n = backtest_incidents(b, &a, &incident);
	for (size_t i = 0; i < n; i++) {
		const bool in_old = incident[i].incident[BOOK_OLD] != NULL, in_new = incident[i].incident[BOOK_NEW] != NULL;
		t.incidents[BOOK_OLD] += in_old;
		t.incidents[BOOK_NEW] += in_new;
		t.incidents_gained += in_new && !in_old;
		t.incidents_lost += in_old && !in_new;
	}
	arena_release(&a);
	return t;
}

/* ---- cost ---- */

double backtest_ns_per_post(const struct backtest *b, enum backtest_side side)
{
	const struct backtest_cost *c = &b->cost[side];
	return c->posts > 0 ? (double)(c->scan_ns + c->judge_ns) / (double)c->posts : 0;
}

/* y of time = x bytes + y places, by least squares; never below zero. */
static double price_of_place(const struct backtest_cost *c)
{
	const double det = c->bytes_bytes * c->places_places - c->bytes_places * c->bytes_places;
	if (det < 1e-9 * c->bytes_bytes * c->places_places || c->places_places < 1)
		return 0;
	const double y = (c->bytes_bytes * c->places_ns - c->bytes_places * c->bytes_ns) / det;
	return y > 0 ? y : 0;
}

double backtest_rule_ns(const struct backtest *b, const struct backtest_rule *rule, enum backtest_side side)
{
	const struct backtest_cost *c = &b->cost[side];
	return c->posts > 0 ? price_of_place(c) * (double)rule->places[side] / (double)c->posts : 0;
}

/* ---- overlaps ---- */

static int overlap_cmp(const void *a, const void *b)
{
	const struct backtest_overlap *x = a, *y = b;
	if (x->jaccard < y->jaccard || x->jaccard > y->jaccard)
		return x->jaccard > y->jaccard ? -1 : 1;
	if (x->both != y->both)
		return x->both > y->both ? -1 : 1;
	return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

static struct backtest_overlap overlap_of(const struct backtest *b, uint64_t key, int64_t both)
{
	const struct backtest_rule *x = &b->rule[key >> 32], *y = &b->rule[key & UINT32_MAX];
	const bool x_first = x->hits[BOOK_NEW] >= y->hits[BOOK_NEW];
	const double either = (double)(x->hits[BOOK_NEW] + y->hits[BOOK_NEW] - both);
	return (struct backtest_overlap){ x_first ? x : y, x_first ? y : x, both, either > 0 ? (double)both / either : 0 };
}

size_t backtest_overlaps(const struct backtest *b, struct arena *a, double least, struct backtest_overlap **out)
{
	size_t n = 0;
	for (int fills = 0; fills < 2; fills++) {
		n = 0;
		for (size_t i = 0; i < b->together.cap; i++) {
			if (b->together.key[i] == 0)
				continue;
			const struct backtest_overlap o = overlap_of(b, b->together.key[i], b->together.count[i]);
			if (o.jaccard < least)
				continue;
			if (fills)
				(*out)[n] = o;
			n++;
		}
		if (!fills)
			*out = arena_list(a, struct backtest_overlap, n + 1);
	}
	qsort(*out, n, sizeof **out, overlap_cmp);
	return n;
}
