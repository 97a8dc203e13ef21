/* Finds the records of a page: groups of alike nodes as bodies, their records by climbing, the best set of records by its dates,
 * users and share of the page's text. */
#include "crawler/extract_records.h"

#include "common/base/fuel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SHARE_LEAST 0.05f

struct member {
	uint64_t signature;
	uint32_t node;
};

struct group {
	const struct member *member;
	size_t n;
	uint32_t weight;
};

static int member_cmp(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->signature != y->signature)
		return x->signature < y->signature ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static int group_cmp(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return x->weight > y->weight ? -1 : x->weight < y->weight;
}

static size_t members_list(const struct records_marks *m, struct member *out)
{
	size_t n = 0;

	for (uint32_t i = 1; i < m->d->n; i++) {
		if (!m->full[i] || !records_between(m->plain, i, m->d->node[i].end) || (m->flag[i] & RECORDS_LINK))
			continue;
		out[n++] = (struct member){ m->full[i], i };
		if (m->lead[i] != m->full[i])
			out[n++] = (struct member){ m->lead[i], i };
	}
	qsort(out, n, sizeof(*out), member_cmp);
	return n;
}

/* One group from a run of equal signatures, the outermost nodes only. The run is overwritten. */
static struct group run_group(const struct records_marks *m, struct member *run, size_t n)
{
	struct group g = { .member = run };

	for (size_t i = 0; i < n; i++) {
		if (g.n && run[i].node < m->d->node[run[g.n - 1].node].end)
			continue;
		run[g.n++] = run[i];
		g.weight += records_between(m->plain, run[i].node, m->d->node[run[i].node].end);
	}
	return g;
}

static size_t groups_list(const struct records_marks *m, struct group **out)
{
	struct member *member = arena_list(m->x->a, struct member, 2 * (size_t)m->d->n + 1);
	const size_t nmembers = members_list(m, member);
	struct group *group = arena_list(m->x->a, struct group, nmembers / 2 + 1);
	size_t n = 0;

	for (size_t i = 0, next; i < nmembers; i = next) {
		for (next = i + 1; next < nmembers && member[next].signature == member[i].signature;)
			next++;
		if (next - i < 2)
			continue;
		group[n] = run_group(m, member + i, next - i);
		n += group[n].n >= 2 && group[n].n <= LIMIT_RECORDS_MEMBERS;
	}
	qsort(group, n, sizeof(*group), group_cmp);
	*out = group;
	return n < LIMIT_RECORDS_GROUPS ? n : LIMIT_RECORDS_GROUPS;
}

/* ---- from bodies to records ---- */

/* The largest subtree around member i that holds no other member. */
static uint32_t climb(const struct records_marks *m, const struct group *g, size_t i)
{
	uint32_t node = g->member[i].node;
	const uint32_t before = i ? g->member[i - 1].node : 0;
	const uint32_t behind = i + 1 < g->n ? g->member[i + 1].node : m->d->n;

	for (;;) {
		const uint32_t parent = m->d->node[node].parent;

		if (!parent || parent <= before || m->d->node[parent].end > behind || m->d->node[parent].tag == TAG_BODY)
			return node;
		node = parent;
	}
}

static uint32_t common_ancestor(const struct dom *d, uint32_t first, uint32_t last)
{
	uint32_t node = first;

	while (node && d->node[node].end <= last)
		node = d->node[node].parent;
	return node;
}

static void set_of(const struct records_marks *m, const struct group *g, struct records_set *out)
{
	out->n = g->n;
	out->record = arena_list(m->x->a, struct records_range, g->n);
	for (size_t i = 0; i < g->n; i++) {
		const uint32_t root = climb(m, g, i);

		out->record[i] = (struct records_range){
			.start = root, .end = m->d->node[root].end, .root = root, .body = g->member[i].node
		};
	}
}

/* Of all sizes (of a record in bodies, in hundredths), the middle one. */
static int size_cmp(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t record_size(const struct records_marks *m, const struct records_range *r)
{
	const uint32_t body = records_between(m->plain, r->body, m->d->node[r->body].end) + 20;

	return 100 * (records_between(m->plain, r->root, m->d->node[r->root].end) / body);
}

static uint32_t depth_common(const struct records_marks *m, const struct records_set *s, uint32_t *sorted)
{
	for (size_t i = 0; i < s->n; i++)
		sorted[i] = m->d->node[s->record[i].root].depth;
	qsort(sorted, s->n, sizeof(*sorted), size_cmp);
	return sorted[s->n / 2];
}

/* The first record may climb over half the page, as nothing of its kind stands before it: one that is much larger around its
 * body than the others, and higher in the tree, is cut down to their depth. */
static void set_cut_down(const struct records_marks *m, struct records_set *s)
{
	uint32_t *sorted = arena_list(m->x->a, uint32_t, s->n);
	uint32_t depth, typical;

	if (s->n < 3)
		return;
	depth = depth_common(m, s, sorted);
	for (size_t i = 0; i < s->n; i++)
		sorted[i] = record_size(m, &s->record[i]);
	qsort(sorted, s->n, sizeof(*sorted), size_cmp);
	typical = sorted[s->n / 2];
	for (size_t i = 0; i < s->n; i++) {
		struct records_range *r = &s->record[i];
		uint32_t node = r->body;

		if (record_size(m, r) <= 3 * typical + 300 || m->d->node[r->root].depth >= depth)
			continue;
		while (m->d->node[node].depth > depth)
			node = m->d->node[node].parent;
		*r = (struct records_range){ .start = node, .end = m->d->node[node].end, .root = node, .body = r->body };
	}
}

static uint64_t set_key(const struct records_set *s)
{
	uint64_t h = s->n;

	for (size_t i = 0; i < s->n; i++)
		h = (h ^ s->record[i].root) * 0x100000001b3ull;
	return h | 1;
}

/* ---- how good is a set ---- */

/* One place at which marked nodes stand. */
struct place {
	uint64_t signature;
	size_t record; /* last one it stood in, from 1 */
	uint32_t records, nodes;
	uint16_t slot; /* in places.slot */
};

struct places {
	uint16_t slot[LIMIT_RECORDS_PLACES]; /* by signature: 1 + index into `place`, 0 = free */
	struct place place[LIMIT_RECORDS_PLACES / 2]; /* the first n of them mean something */
	size_t n;
};

static void place_count(struct places *p, uint64_t signature, size_t record)
{
	size_t i = (size_t)(signature >> 9) % LIMIT_RECORDS_PLACES;

	while (p->slot[i] && p->place[p->slot[i] - 1].signature != signature)
		i = (i + 1) % LIMIT_RECORDS_PLACES;
	if (!p->slot[i]) {
		if (p->n >= LIMIT_RECORDS_PLACES / 2)
			return;
		p->place[p->n] = (struct place){ .signature = signature, .slot = (uint16_t)i };
		p->slot[i] = (uint16_t)++p->n;
	}
	struct place *place = &p->place[p->slot[i] - 1];
	place->records += place->record != record;
	place->nodes++;
	place->record = record;
}

/* In which share of the records a marked node stands at the same place; less where the place is there several times. Of equals the
 * place whose slot comes first. */
static float place_best(const struct places *p, size_t nrecords, uint64_t *signature)
{
	const struct place *best = NULL;
	float most = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct place *place = &p->place[i];
		float share = (float)place->records / (float)nrecords;

		if (place->records < 2)
			continue;
		if (place->nodes > 2 * place->records)
			share *= 2 * (float)place->records / (float)place->nodes;
		if (share < most || (best && share <= most && place->slot > best->slot))
			continue;
		most = share;
		best = place;
	}
	*signature = best ? best->signature : 0;
	return most;
}

static size_t first_from(const uint32_t *list, size_t n, uint32_t node)
{
	size_t low = 0;

	while (low < n) {
		const size_t mid = low + (n - low) / 2;
		if (list[mid] < node)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

static float places_share(
	const struct records_marks *m, const struct records_set *s, const uint32_t *list, size_t n, uint64_t *signature)
{
	struct places p;

	memset(p.slot, 0, sizeof(p.slot));
	p.n = 0;
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = first_from(list, n, s->record[i].start); k < n && list[k] < s->record[i].end; k++)
			place_count(&p, records_place(m, list[k]), i + 1);
	return place_best(&p, s->n, signature);
}

/* Between a body and its record, does a class or an id say "post" or "comment"? */
static bool is_named(const struct records_marks *m, const struct records_range *r)
{
	uint32_t node = r->body;

	for (int i = 0; i < 6 && node >= r->root && node; i++, node = m->d->node[node].parent)
		if (m->flag[node] & RECORDS_POST)
			return true;
	return m->flag[r->root] & RECORDS_POST;
}

static float named_share(const struct records_marks *m, const struct records_set *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += is_named(m, &s->record[i]);
	return (float)n / (float)s->n;
}

/* The share of records whose nodes look like most of them. */
static float alike_share(const struct records_marks *m, const struct records_set *s)
{
	uint64_t most = 0;
	size_t votes = 0, n = 0;

	for (size_t i = 0; i < s->n; i++) { /* Boyer and Moore's majority vote, then a count */
		const uint64_t lead = m->lead[s->record[i].root];

		if (!votes)
			most = lead;
		votes = lead == most ? votes + 1 : votes - 1;
	}
	for (size_t i = 0; i < s->n; i++)
		n += m->lead[s->record[i].root] == most;
	return (float)n / (float)s->n;
}

static void set_measure(const struct records_marks *m, struct records_set *s)
{
	uint32_t plain = 0, linked = 0;
	const uint32_t all = m->plain[m->d->n] + 1;
	float link_share;

	for (size_t i = 0; i < s->n; i++) {
		plain += records_between(m->plain, s->record[i].start, s->record[i].end);
		linked += records_between(m->linked, s->record[i].start, s->record[i].end);
	}
	s->dated = places_share(m, s, m->date, m->ndate, &s->date_place);
	s->signed_ = places_share(m, s, m->user, m->nuser, &s->user_place);
	s->named = named_share(m, s);
	s->share = (float)plain / (float)all;
	link_share = (float)linked / (float)(plain + linked + 1);
	s->score = s->share * (0.1 + s->dated) * (0.1 + (s->signed_ > 0.4f * s->named ? s->signed_ : 0.4f * s->named)) *
		   pow(s->n < 6 ? (double)s->n : 6, 0.3) * (1.0 - 0.7 * link_share) * (0.6 + 0.4 * alike_share(m, s));
}

/* Where the header of the first record may begin: at its root when a name and a moment stand in it, else as far
 * before it as between the others, and half of that more. */
static uint32_t first_header(const struct records_marks *m, const struct records_set *s, uint32_t least)
{
	uint32_t *gap = arena_list(m->x->a, uint32_t, s->n);
	const uint32_t root = s->record[0].root;
	uint32_t far;

	if (records_between(m->dates, root, s->record[0].end) && records_between(m->users, root, s->record[0].end))
		return root;
	for (size_t i = 1; i < s->n; i++)
		gap[i - 1] = s->record[i].root - s->record[i - 1].end;
	qsort(gap, s->n - 1, sizeof(*gap), size_cmp);
	far = gap[(s->n - 1) / 2] + gap[(s->n - 1) / 2] / 2;
	return root > least + far ? root - far : least;
}

/* Dates and users may stand beside the bodies, not around them: before each (headers) or behind each (footers). */
static struct records_set set_widen(const struct records_marks *m, const struct records_set *s, bool before)
{
	struct records_set wide = *s;
	const uint32_t all = common_ancestor(m->d, s->record[0].root, s->record[s->n - 1].root);

	wide.record = arena_list(m->x->a, struct records_range, s->n);
	for (size_t i = 0; i < s->n; i++) {
		wide.record[i] = s->record[i];
		if (before)
			wide.record[i].start = i ? s->record[i - 1].end : first_header(m, s, all + 1);
		else
			wide.record[i].end = i + 1 < s->n ? s->record[i + 1].start : m->d->node[all].end;
		if (wide.record[i].root < wide.record[i].start)
			wide.record[i].start = wide.record[i].root;
	}
	set_measure(m, &wide);
	return wide;
}

static bool has_anchors(const struct records_set *s)
{
	return s->dated >= 0.6f && s->signed_ >= 0.6f;
}

static void set_try(const struct records_marks *m, struct records_set *s)
{
	set_measure(m, s);
	if (s->share < SHARE_LEAST || has_anchors(s))
		return;
	for (int before = 1; before >= 0; before--) {
		const struct records_set wide = set_widen(m, s, before);

		if (wide.score > 1.05 * s->score && wide.dated + wide.signed_ > s->dated + s->signed_ + 0.3f)
			*s = wide;
	}
}

static bool has_place(
	const struct records_marks *m, const struct records_range *r, const uint32_t *list, size_t n, uint64_t place)
{
	for (size_t k = first_from(list, n, r->start); k < n && list[k] < r->end; k++)
		if (records_place(m, list[k]) == place)
			return true;
	return false;
}

/* The parent under which most records stand, 0 when they stand here and there. */
static uint32_t common_parent(const struct records_marks *m, const struct records_set *s)
{
	uint32_t parent = 0;
	size_t votes = 0, n = 0;

	for (size_t i = 0; i < s->n; i++) { /* Boyer and Moore's majority vote, then a count */
		const uint32_t p = m->d->node[s->record[i].root].parent;

		if (!votes)
			parent = p;
		votes = p == parent ? votes + 1 : votes - 1;
	}
	for (size_t i = 0; i < s->n; i++)
		n += m->d->node[s->record[i].root].parent == parent;
	return 10 * n >= 7 * s->n ? parent : 0;
}

/* A record without date and user where nearly all others have theirs is something else that looks alike; one that stands
 * elsewhere needs both. */
static void set_drop_strays(const struct records_marks *m, struct records_set *s)
{
	const uint32_t parent = common_parent(m, s);
	size_t n = 0;

	if (s->n < 3)
		return;
	for (size_t i = 0; i < s->n; i++) {
		const struct records_range *r = &s->record[i];
		const bool dated = has_place(m, r, m->date, m->ndate, s->date_place) || s->dated < 0.7f;
		const bool signed_ = has_place(m, r, m->user, m->nuser, s->user_place) || s->signed_ < 0.7f;
		const bool is_elsewhere = parent && m->d->node[r->root].parent != parent;

		if (is_elsewhere ? dated && signed_ : dated || signed_)
			s->record[n++] = *r;
	}
	s->n = n;
}

static bool is_overlapping(const struct records_set *a, const struct records_set *b)
{
	return a->record[0].start < b->record[b->n - 1].end && b->record[0].start < a->record[a->n - 1].end;
}

/* Keeps a set in the list, best first, unless a better one stands at the same part of the page; worse ones there go. */
static size_t sets_keep(struct records_set *sets, size_t n, const struct records_set *s)
{
	size_t at = 0, kept;

	while (at < n && sets[at].score >= s->score)
		if (is_overlapping(&sets[at++], s))
			return n;
	kept = at;
	for (size_t i = at; i < n; i++)
		if (!is_overlapping(&sets[i], s))
			sets[kept++] = sets[i];
	n = kept < LIMIT_RECORDS_SETS ? kept : LIMIT_RECORDS_SETS - 1;
	if (at > n)
		return n;
	memmove(sets + at + 1, sets + at, (n - at) * sizeof(*sets));
	sets[at] = *s;
	return n + 1;
}

size_t records_find(const struct records_marks *m, struct records_set out[LIMIT_RECORDS_SETS])
{
	struct group *group;
	const size_t n = groups_list(m, &group);
	uint64_t seen[LIMIT_RECORDS_GROUPS];
	size_t nseen = 0, nout = 0;

	for (size_t i = 0; i < n && fuel_spend(m->x->page->fuel, FUEL_LOOK); i++) {
		struct records_set s = { 0 };
		size_t k = 0;

		set_of(m, &group[i], &s);
		seen[nseen] = set_key(&s);
		while (seen[k] != seen[nseen])
			k++;
		if (k < nseen)
			continue;
		nseen++;
		set_cut_down(m, &s);
		set_try(m, &s);
		if (s.score > 0)
			nout = sets_keep(out, nout, &s);
	}
	for (size_t i = 0; i < nout; i++)
		set_drop_strays(m, &out[i]);
	return nout;
}
