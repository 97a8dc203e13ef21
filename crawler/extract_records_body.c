/* Which part of a record is its body: the node that stands once in most records and holds what differs between them. */
#include "crawler/extract_records.h"

#include <stdlib.h>
#include <string.h>

#define PART_LEAST 0.5 /* of the records a body has to stand in */
#define SEVERAL_MOST 0.2 /* of them in which it may stand more than once */
#define DAY_MS 86400000
#define SMALL 40 /* nodes of a name or a moment */
#define ASIDE 15 /* what each name or moment in it makes a body worse */
#define SAME 0.02 /* values so near to each other are equal: the inner node wins */

/* Text that differs between records (good) and text of the template, names and dates (bad), as sums over nodes. */
struct worth {
	int32_t *sum;
};

/* What is known of one signature over all records. */
struct part {
	uint64_t signature;
	uint32_t record; /* last one it stood in, from 1 */
	uint32_t end; /* of its last node there: nodes inside are not counted */
	uint32_t depth;
	uint32_t records, several; /* records with it, with more than one of it */
	int64_t value;
};

struct parts {
	struct part *slot;
	size_t mask;
};

static bool is_template(const struct records_marks *m, const struct records_set *s, uint32_t i)
{
	const uint32_t often = s->n / 2 > 2 ? (uint32_t)s->n / 2 : 2;

	return m->string[i] && m->repeats[i] >= often;
}

/* Names, moments, signatures and tools, as far as they are small: a record, too, may carry a moment in an attribute. */
static bool is_aside(const struct records_marks *m, uint32_t i)
{
	if (m->flag[i] & (RECORDS_SIGNATURE | RECORDS_TOOL))
		return true;
	return m->flag[i] & (RECORDS_USER | RECORDS_DATE) && m->d->node[i].end - i <= SMALL;
}

static struct worth worth_make(const struct records_marks *m, const struct records_set *s)
{
	struct worth w = { arena_list(m->x->a, int32_t, (size_t)m->d->n + 1) };
	uint32_t aside_end = 0;

	for (uint32_t i = 0; i < m->d->n; i++) {
		int32_t v = (int32_t)(m->plain[i + 1] - m->plain[i] + m->linked[i + 1] - m->linked[i]);

		if (is_aside(m, i)) {
			aside_end = m->d->node[i].end > aside_end ? m->d->node[i].end : aside_end;
			w.sum[i + 1] = w.sum[i] - ASIDE;
			continue;
		}
		if (v && (i < aside_end || is_template(m, s, i)))
			v = -v;
		else if (m->flag[i] & RECORDS_LINK)
			v = 0;
		w.sum[i + 1] = w.sum[i] + v;
	}
	return w;
}

static int32_t worth_of(const struct worth *w, const struct records_marks *m, uint32_t node)
{
	return w->sum[m->d->node[node].end] - w->sum[node];
}

static struct part *part_of(struct parts *p, uint64_t signature)
{
	size_t i = (size_t)(signature >> 7) & p->mask;

	while (p->slot[i].signature && p->slot[i].signature != signature)
		i = (i + 1) & p->mask;
	p->slot[i].signature = signature;
	return &p->slot[i];
}

static void part_count(struct part *part, const struct dom_node *e, uint32_t record, uint32_t node, int32_t value)
{
	if (part->record == record && node < part->end)
		return;
	if (part->record != record) {
		part->records++;
		part->value += value;
	} else {
		part->several++;
	}
	if (!part->depth)
		part->depth = e->depth;
	part->record = record;
	part->end = e->end;
}

static struct parts parts_count(const struct records_marks *m, const struct records_set *s, const struct worth *w)
{
	struct parts p = { .mask = 1023 };
	size_t nodes = 0;

	for (size_t r = 0; r < s->n; r++)
		nodes += s->record[r].end - s->record[r].start;
	while (p.mask < 4 * nodes)
		p.mask = 2 * p.mask + 1;
	p.slot = arena_list(m->x->a, struct part, p.mask + 1);
	for (size_t r = 0; r < s->n; r++)
		for (uint32_t i = s->record[r].start; i < s->record[r].end; i++) {
			if (!m->full[i] || m->d->node[i].end > s->record[r].end)
				continue;
			part_count(part_of(&p, m->full[i]), &m->d->node[i], (uint32_t)r + 1, i, worth_of(w, m, i));
			if (m->lead[i] != m->full[i])
				part_count(part_of(&p, m->lead[i]), &m->d->node[i], (uint32_t)r + 1, i, worth_of(w, m, i));
		}
	return p;
}

static bool is_better(const struct part *a, const struct part *b)
{
	const double near = SAME * (double)(b->value > 0 ? b->value : 0);

	if (!b->signature)
		return true;
	if ((double)a->value > (double)b->value + near)
		return true;
	return (double)a->value >= (double)b->value - near && a->depth > b->depth;
}

static struct part parts_best(const struct parts *p, size_t nrecords)
{
	struct part best = { 0 };

	for (size_t i = 0; i <= p->mask; i++) {
		const struct part *part = &p->slot[i];

		if (!part->signature || part->value <= 0 || part->records < PART_LEAST * (double)nrecords ||
			part->several > SEVERAL_MOST * part->records)
			continue;
		if (is_better(part, &best))
			best = *part;
	}
	return best;
}

static uint32_t best_child(const struct records_marks *m, const struct worth *w, uint32_t node)
{
	uint32_t best = 0;

	for (uint32_t i = node + 1; i < m->d->node[node].end; i = m->d->node[i].end)
		if (m->d->node[i].tag != TAG_TEXT && (!best || worth_of(w, m, i) > worth_of(w, m, best)))
			best = i;
	return best;
}

/* Paragraphs, lists and the like: parts of a body, hardly ever the whole of one. */
bool records_is_paragraph(const struct records_marks *m, uint32_t node)
{
	const enum dom_tag tag = m->d->node[node].tag;

	return tag == TAG_P || tag == TAG_UL || tag == TAG_OL || tag == TAG_LI || tag == TAG_PRE || tag == TAG_BLOCKQUOTE;
}

static bool has_aside(const struct records_marks *m, uint32_t node)
{
	return records_between(m->users, node, m->d->node[node].end) || records_between(m->dates, node, m->d->node[node].end);
}

/* Up from a paragraph to what holds it and its like, as long as no name and no moment stand there. */
static uint32_t whole(const struct records_marks *m, uint32_t node, uint32_t root)
{
	while (node > root && records_is_paragraph(m, node) && !has_aside(m, m->d->node[node].parent))
		node = m->d->node[node].parent;
	return node;
}

/* Down from a node as long as one child keeps nearly all that is worth something. */
static uint32_t densest(const struct records_marks *m, const struct worth *w, uint32_t node)
{
	const uint32_t root = node;

	for (;;) {
		const uint32_t child = best_child(m, w, node);
		const int64_t value = child ? worth_of(w, m, child) : 0;

		if (value <= 0 || 10 * value < 9 * (int64_t)worth_of(w, m, node))
			return whole(m, node, root);
		node = child;
	}
}

static uint32_t body_in(const struct records_marks *m, const struct records_range *r, uint64_t signature)
{
	for (uint32_t i = r->start; i < r->end; i++)
		if ((m->full[i] == signature || m->lead[i] == signature) && m->d->node[i].end <= r->end)
			return i;
	return 0;
}

void records_find_bodies(const struct records_marks *m, struct records_set *set)
{
	const struct worth w = worth_make(m, set);
	const struct parts p = parts_count(m, set, &w);
	const struct part best = parts_best(&p, set->n);

	for (size_t r = 0; r < set->n; r++) {
		struct records_range *record = &set->record[r];
		const uint32_t body = best.signature ? body_in(m, record, best.signature) : 0;

		record->body = body ? body : densest(m, &w, record->root);
	}
}

/* ---- the opening post ---- */

static int weight_cmp(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t median_weight(const struct records_marks *m, const struct records_set *s)
{
	uint32_t *weight = arena_list(m->x->a, uint32_t, s->n);

	for (size_t i = 0; i < s->n; i++)
		weight[i] = records_between(m->plain, s->record[i].body, m->d->node[s->record[i].body].end);
	qsort(weight, s->n, sizeof(*weight), weight_cmp);
	return weight[s->n / 2];
}

/* The earlier sibling of `node` with the best body in it, and where the first of them begins. */
static void best_before(const struct records_marks *m, const struct worth *w, uint32_t node, struct records_range *r)
{
	for (uint32_t i = m->d->node[node].previous; i; i = m->d->node[i].previous) {
		uint32_t body;

		r->start = i;
		if (m->d->node[i].tag == TAG_TEXT || m->flag[i] & RECORDS_HIDDEN)
			continue;
		body = densest(m, w, i);
		if (r->root && worth_of(w, m, body) <= worth_of(w, m, r->body))
			continue;
		r->root = i;
		r->body = body;
	}
}

/* The first moment said in a range; -1 when none is. */
static int64_t moment_in(const struct records_marks *m, const struct records_range *r)
{
	for (size_t i = 0; i < m->ndate; i++) {
		struct extract_post post = { .published_ms = -1 };

		if (m->date[i] >= r->start && m->date[i] < r->end && records_read_date(m, m->date[i], &post) &&
			post.published_ms >= 0)
			return post.published_ms;
	}
	return -1;
}

/* The first name in a range, "" = none. */
static struct str name_in(const struct records_marks *m, const struct records_range *r)
{
	for (size_t i = 0; i < m->nuser; i++)
		if (m->user[i] >= r->start && m->user[i] < r->end)
			return records_name(m, m->user[i]);
	return STR("");
}

/* The name and the moment of the first record, said before it, are the head of the thread. */
static bool is_head_of(const struct records_marks *m, const struct records_range *r, const struct records_range *record)
{
	const int64_t said = moment_in(m, r), own = moment_in(m, record);

	return str_eq(name_in(m, r), name_in(m, record)) && (said == own || said < 0 || own < 0);
}

/* Nobody answers before the question: what is newer than both ends of the list is no opening. */
static bool is_newer(const struct records_marks *m, const struct records_range *r, const struct records_set *set)
{
	const int64_t opening = moment_in(m, r), first = moment_in(m, &set->record[0]),
		      last = moment_in(m, &set->record[set->n - 1]);

	return opening >= 0 && first >= 0 && last >= 0 && opening > first + DAY_MS && opening > last + DAY_MS;
}

static bool is_opening(
	const struct records_marks *m, const struct worth *w, const struct records_set *set, const struct records_range *r)
{
	const uint32_t typical = median_weight(m, set);
	const int32_t least = typical / 4 > 20 ? (int32_t)typical / 4 : 20;
	const uint32_t linked = records_between(m->linked, r->body, m->d->node[r->body].end);

	return worth_of(w, m, r->body) >= least && records_between(m->users, r->start, r->end) &&
	       records_between(m->dates, r->start, r->end) && (int64_t)linked < worth_of(w, m, r->body);
}

uint32_t records_densest(const struct records_marks *m, const struct records_set *set, uint32_t node)
{
	const struct worth w = worth_make(m, set);

	return densest(m, &w, node);
}

void records_find_opening(const struct records_marks *m, struct records_set *set)
{
	const struct worth w = worth_make(m, set);
	uint32_t node = set->record[0].root;

	for (; node && m->d->node[node].tag != TAG_BODY; node = m->d->node[node].parent) {
		struct records_range r = { .end = set->record[0].start }, *record;

		best_before(m, &w, node, &r);
		if (!r.root || !is_opening(m, &w, set, &r))
			continue;
		if (is_newer(m, &r, set) || is_head_of(m, &r, &set->record[0]))
			return;
		record = arena_list(m->x->a, struct records_range, set->n + 1);
		memcpy(record + 1, set->record, set->n * sizeof(*record));
		record[0] = r;
		set->record = record;
		set->n++;
		set->share += (float)records_between(m->plain, r.body, m->d->node[r.body].end) / (float)(m->plain[m->d->n] + 1);
		set->has_opening = true;
		return;
	}
}
