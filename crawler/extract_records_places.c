/* Where the records of a page say a field: nodes of one signature that stand in most of them. */
#include "crawler/extract_records_fields.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_PLACES 32 /* room for so many, then for half more each time */

/* What is known of the nodes of one signature outside of the bodies. */
struct place {
	uint64_t signature;
	uint16_t slot; /* in places.slot */
	uint32_t records, last; /* records with it; the last one, from 1 */
	uint32_t several; /* records with more than one */
	uint32_t rising, falling; /* dates: against the record before */
	uint32_t different; /* values that differ from the one before */
	uint64_t value; /* hash of the last one */
	int64_t at_ms;
	uint32_t first; /* how far into the record, at the first */
	double merit; /* sum over records */
};

struct places {
	uint16_t slot[LIMIT_RECORDS_FIELD_PLACES]; /* by signature: 1 + index into `place`, 0 = free */
	struct place *place;
	size_t n, room;
};

struct places *places_new(struct arena *a)
{
	return arena_new(a, struct places);
}

/* For the next field: few of the slots are in use. */
static void places_clear(struct places *p)
{
	for (size_t i = 0; i < p->n; i++)
		p->slot[p->place[i].slot] = 0;
	p->n = 0;
}

bool places_is_in_body(const struct records_marks *m, const struct records_range *r, uint32_t node)
{
	return node >= r->body && node < m->d->node[r->body].end && r->body != r->root;
}

static struct place *place_add(struct arena *a, struct places *p, uint64_t signature, size_t slot)
{
	if (p->n >= LIMIT_RECORDS_FIELD_PLACES / 2)
		return NULL;
	if (p->n == p->room) {
		struct place *grown = arena_list(a, struct place, p->room + p->room / 2 + FIRST_PLACES);

		if (p->n)
			memcpy(grown, p->place, p->n * sizeof(*grown));
		p->place = grown;
		p->room += p->room / 2 + FIRST_PLACES;
	}
	p->place[p->n] = (struct place){ .signature = signature, .slot = (uint16_t)slot };
	p->slot[slot] = (uint16_t)++p->n;
	return &p->place[p->n - 1];
}

static struct place *place_of(struct arena *a, struct places *p, uint64_t signature)
{
	size_t i = (size_t)(signature >> 9) % LIMIT_RECORDS_FIELD_PLACES;

	while (p->slot[i] && p->place[p->slot[i] - 1].signature != signature)
		i = (i + 1) % LIMIT_RECORDS_FIELD_PLACES;
	return p->slot[i] ? &p->place[p->slot[i] - 1] : place_add(a, p, signature, i);
}

static void place_count(struct place *p, uint32_t record, uint32_t depth, const struct reading *found)
{
	if (p->last == record) {
		p->several++;
		return;
	}
	p->records++;
	p->last = record;
	p->merit += found->merit;
	p->different += p->records > 1 && found->value != p->value;
	p->rising += p->records > 1 && found->at_ms >= p->at_ms;
	p->falling += p->records > 1 && found->at_ms <= p->at_ms;
	p->value = found->value;
	p->at_ms = found->at_ms;
	if (p->records == 1)
		p->first = depth;
}

static void places_count(struct places *p, const struct readings *readings, const struct records_set *s)
{
	const struct records_marks *m = readings->m;

	for (size_t i = 0; i < s->n; i++) {
		const struct records_range *r = &s->record[i];

		for (uint32_t node = r->start; node < r->end; node++) {
			const struct reading *found;
			struct place *place;

			if (places_is_in_body(m, r, node) || (m->flag[node] & (RECORDS_HIDDEN | RECORDS_SIGNATURE)) ||
				m->d->node[node].end > r->end)
				continue;
			found = readings_of(readings, node);
			if (found->merit <= 0)
				continue;
			place = place_of(m->x->a, p, records_place(m, node));
			if (place)
				place_count(place, (uint32_t)i + 1, node - r->start, found);
		}
	}
}

static double place_worth(const struct place *p, enum field field, size_t nrecords)
{
	const double share = (double)p->records / (double)nrecords;
	double worth = p->merit / p->records * share;
	const double pairs = p->records > 1 ? p->records - 1 : 1;

	if (p->records < 2 && nrecords > 2)
		return 0;
	if (field == FIELD_AUTHOR && !p->different && nrecords > 3)
		worth *= 0.2; /* the same word in every record */
	if (field == FIELD_URL && p->different < 0.9 * pairs)
		worth = p->different < 0.5 * pairs ? 0 : 0.2 * worth;
	if (field == FIELD_TIME)
		worth *= 0.5 + 0.5 * (p->rising > p->falling ? p->rising : p->falling) / pairs;
	worth *= 1.0 - 0.3 * (p->several < p->records ? (double)p->several / p->records : 1.0);
	return worth * (1.0 - 0.1 * (p->first < 1000 ? p->first / 1000.0 : 1.0));
}

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

void places_best(struct places *p, const struct readings *readings, const struct records_set *s, uint64_t best[FIELD_BEST])
{
	double worth[FIELD_BEST] = { 0 };

	memset(best, 0, FIELD_BEST * sizeof(*best));
	places_clear(p);
	places_count(p, readings, s);
	if (p->n > 1)
		qsort(p->place, p->n, sizeof(*p->place), place_cmp);
	for (size_t i = 0; i < p->n; i++) {
		const double w = place_worth(&p->place[i], readings->field, s->n);
		size_t at = FIELD_BEST;

		while (at > 0 && w > worth[at - 1])
			at--;
		if (at == FIELD_BEST)
			continue;
		memmove(worth + at + 1, worth + at, (FIELD_BEST - at - 1) * sizeof(*worth));
		memmove(best + at + 1, best + at, (FIELD_BEST - at - 1) * sizeof(*best));
		worth[at] = w;
		best[at] = p->place[i].signature;
	}
}
