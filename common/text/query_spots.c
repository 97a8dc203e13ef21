/* Where the terms of the touched queries stand in one post. */
#include "common/text/query_work.h"

#include "common/base/utf8.h"

#include <stdlib.h>
#include <string.h>

int spot_cmp(const void *a, const void *b)
{
	const struct match *x = a, *y = b;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

/* ---- hits by key ---- */

static struct query_touch *touch_of(const struct query_work *w, uint32_t key)
{
	uint32_t at = (key * 0x9E3779B1u) & (w->ntouch - 1);
	while (w->touch[at].key && w->touch[at].key != key + 1)
		at = (at + 1) & (w->ntouch - 1);
	return &w->touch[at];
}

static uint32_t leaf_key(const struct query_work *w, const struct match *leaf)
{
	return w->q->key_of_leaf[(size_t)(leaf->rule - w->book->rule) - w->q->first_leaf];
}

static struct query_run groups_of(const struct query_work *w, const struct match *m)
{
	const size_t rule = (size_t)(m->rule - w->book->rule);
	return w->q->groups && rule < w->q->first_leaf ? w->q->groups[rule] : (struct query_run){ 0 };
}

static void touch_count(struct query_work *w, uint32_t key)
{
	struct query_touch *t = touch_of(w, key);
	const uint32_t bit = key % QUERY_MAY_TOUCH;
	w->may_touch[bit / 64] |= 1ull << (bit % 64);
	t->key = key + 1;
	t->n++;
}

static void touch_put(struct query_work *w, uint32_t key, const struct match *m)
{
	struct query_touch *t = touch_of(w, key);
	t->is_sorted = t->n == 0 || (t->is_sorted && spot_cmp(&w->hit[t->first + t->n - 1], m) <= 0);
	w->hit[t->first + t->n++] = *m;
}

/* Calls `each` for every hit and every key it touches. */
static void for_hits(struct query_work *w, void (*each)(struct query_work *w, uint32_t key, const struct match *m))
{
	for (size_t i = 0; i < w->s->nleaves; i++)
		each(w, leaf_key(w, &w->s->leaf[i]), &w->s->leaf[i]);
	for (size_t i = 0; w->q->groups && i < w->s->n; i++) {
		const struct query_run run = groups_of(w, &w->s->match[i]);
		for (uint32_t g = 0; g < run.n; g++)
			each(w, w->q->group[run.first + g], &w->s->match[i]);
	}
}

static void each_count(struct query_work *w, uint32_t key, const struct match *m)
{
	(void)m;
	touch_count(w, key);
}

void work_touch(struct query_work *w, size_t nhits)
{
	uint32_t total = 0;
	w->ntouch = 16;
	while (w->ntouch < 2 * nhits)
		w->ntouch *= 2;
	w->touch = arena_list(w->a, struct query_touch, w->ntouch);
	w->hit = arena_list(w->a, struct match, nhits + 1);
	for_hits(w, each_count);
	for (uint32_t i = 0; i < w->ntouch; i++) {
		w->touch[i].first = total;
		total += w->touch[i].n;
		w->touch[i].n = 0;
	}
	for_hits(w, touch_put);
}

bool work_is_in_table(const struct query_work *w, uint32_t key)
{
	return touch_of(w, key)->n > 0;
}

struct query_spots work_key(struct query_work *w, uint32_t key)
{
	if (!work_is_touched(w, key))
		return (struct query_spots){ 0 };
	struct query_touch *t = touch_of(w, key);
	if (!t->is_sorted)
		qsort(w->hit + t->first, t->n, sizeof(*w->hit), spot_cmp);
	t->is_sorted = true;
	return (struct query_spots){ w->hit + t->first, t->n, false };
}

/* ---- what was worked out is kept ---- */

static struct query_memo *memo_of(struct query_work *w, const struct query_node *node)
{
	uint32_t at = (uint32_t)((uintptr_t)node >> 4) * 0x9E3779B1u & (w->memo_slots - 1);
	while (w->memo[at].node && w->memo[at].node != node)
		at = (at + 1) & (w->memo_slots - 1);
	return &w->memo[at];
}

static void memo_grow(struct query_work *w)
{
	struct query_memo *old = w->memo;
	const uint32_t n = w->memo_slots;
	w->memo_slots = n ? n * 2 : 32;
	w->memo = arena_list(w->a, struct query_memo, w->memo_slots);
	for (uint32_t i = 0; i < n; i++)
		if (old[i].node)
			*memo_of(w, old[i].node) = old[i];
}

struct query_spots spots_memo(struct query_work *w, const struct query_node *node, struct query_spots spots)
{
	if (w->nmemo * 2 >= w->memo_slots)
		memo_grow(w);
	struct query_memo *memo = memo_of(w, node);
	w->nmemo += memo->node == NULL;
	*memo = (struct query_memo){ node, spots };
	return spots;
}

/* ---- terms with more than their literal part ---- */

uint32_t norm_at(const struct norm *n, uint32_t place)
{
	size_t low = 0, high = n->text.n;
	while (low < high) {
		const size_t middle = (low + high) / 2;
		if (n->origin[middle] < place)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

static bool verify(struct query_work *w, const struct query_node *node, struct match *m)
{
	const struct norm *n = scanned_norm(w->a, w->s, m->field);
	const char mark = node->as.term.mark;
	const size_t from = norm_at(n, m->from), to = norm_at(n, m->to);
	if (mark && (from == 0 || n->text.p[from - 1] != mark))
		return false;
	const ptrdiff_t end = query_glob(n->text, to, node->as.term.rest, mark != 0);
	if (end > (ptrdiff_t)to)
		m->to = n->origin_end[end - 1];
	return end >= 0;
}

static struct query_spots verified_spots(struct query_work *w, const struct query_node *node)
{
	const struct query_spots all = work_key(w, node->as.term.key);
	struct match *kept = arena_list(w->a, struct match, all.n + 1);
	size_t n = 0;
	bool is_sorted = true;
	for (size_t i = 0; i < all.n; i++) {
		kept[n] = all.at[i];
		if (!verify(w, node, &kept[n]))
			continue;
		is_sorted = is_sorted && (n == 0 || spot_cmp(&kept[n - 1], &kept[n]) <= 0);
		n++;
	}
	if (!is_sorted)
		qsort(kept, n, sizeof(*kept), spot_cmp);
	return (struct query_spots){ kept, n, false };
}

static struct query_spots joined_spots(struct query_work *w, const struct query_node *node)
{
	struct query_spots all = { 0 };
	size_t total = 0;
	for (size_t i = 0; i < node->n; i++) {
		const struct query_spots part = work_spots(w, node->child[i]);
		total += part.n;
		all.is_unsure |= part.is_unsure;
	}
	if (total == 0)
		return all;
	struct match *at = arena_list(w->a, struct match, total);
	for (size_t i = 0; i < node->n; i++) {
		const struct query_spots part = work_spots(w, node->child[i]);
		if (part.n)
			memcpy(at + all.n, part.at, part.n * sizeof(*at));
		all.n += part.n;
	}
	if (all.n > 1)
		qsort(at, all.n, sizeof(*at), spot_cmp);
	all.at = at;
	return all;
}

struct query_spots work_spots(struct query_work *w, const struct query_node *node)
{
	const bool is_plain =
		node->kind == QUERY_GROUP || (node->kind == QUERY_TERM && node->as.term.rest.n == 0 && node->as.term.mark == 0);
	if (is_plain)
		return work_key(w, node->as.term.key);
	if (w->memo_slots && memo_of(w, node)->node == node)
		return memo_of(w, node)->spots;
	if (node->kind == QUERY_TERM)
		return spots_memo(w, node, verified_spots(w, node));
	if (node->kind == QUERY_REGEX)
		return spots_memo(w, node, work_regex(w, node));
	return spots_memo(w, node, joined_spots(w, node));
}

/* ---- views ---- */

static bool is_inside(const struct match *m, struct query_view view)
{
	return (view.fields >> m->field & 1) && m->from >= view.from && m->to <= view.to;
}

/* The first spot that can lie in the view: a stretch belongs to one field, so the lists are in its order. */
static size_t first_in(struct query_spots spots, struct query_view view)
{
	if (view.from == 0)
		return 0;
	const enum post_field field = view.fields >> POST_TEXT & 1 ? POST_TEXT : POST_TITLE;
	size_t low = 0, high = spots.n;
	while (low < high) {
		const size_t middle = (low + high) / 2;
		const struct match *m = &spots.at[middle];
		if (m->field < field || (m->field == field && m->from < view.from))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_behind(const struct match *m, struct query_view view)
{
	return m->from >= view.to && (view.fields >> m->field) <= 1;
}

const struct match *spots_in(struct query_spots spots, struct query_view view, const struct match *after)
{
	for (size_t i = after ? (size_t)(after - spots.at) + 1 : first_in(spots, view); i < spots.n; i++) {
		if (is_inside(&spots.at[i], view))
			return &spots.at[i];
		if (is_behind(&spots.at[i], view))
			return NULL;
	}
	return NULL;
}
