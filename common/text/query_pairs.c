/* Terms near each other: NEAR/n, NEAR/nf and "a b"~n. Distances count the tokens between two places. */
#include "common/text/query_work.h"

/* The first spot of `spots` that lies in the view and begins at or behind `from`. */
static const struct match *spot_behind(struct query_spots spots, struct query_view view, enum post_field field, uint32_t from)
{
	if (!(view.fields >> field & 1) || from > view.to)
		return NULL;
	view.fields = 1u << field;
	view.from = from > view.from ? from : view.from;
	return spots_in(spots, view, NULL);
}

static const struct match *follower(
	struct query_work *w, const struct match *a, struct query_spots b, struct query_view view, uint32_t distance)
{
	const uint32_t limit = work_tokens_until(w, a->field, a->to) + distance;
	const struct match *next = spot_behind(b, view, a->field, a->to);
	return next && work_tokens_before(w, a->field, next->from) <= limit ? next : NULL;
}

static bool pair_find(struct query_work *w, struct query_spots left, struct query_spots right, struct query_view view,
	uint32_t distance, const struct match *out[2])
{
	for (const struct match *a = spots_in(left, view, NULL); a; a = spots_in(left, view, a)) {
		const struct match *b = follower(w, a, right, view, distance);
		if (!b)
			continue;
		out[0] = a;
		out[1] = b;
		return true;
	}
	return false;
}

bool work_near(struct query_work *w, const struct query_node *node, struct query_view view, const struct match **a,
	const struct match **b)
{
	const struct query_spots left = work_spots(w, node->child[0]), right = work_spots(w, node->child[1]);
	const struct match *pair[2];
	if (left.n == 0 || right.n == 0)
		return false;
	if (!pair_find(w, left, right, view, node->as.near.distance, pair) &&
		(node->as.near.is_forward || !pair_find(w, right, left, view, node->as.near.distance, pair)))
		return false;
	*a = pair[0];
	*b = pair[1];
	return true;
}

/* ---- "a b"~n ---- */

static uint32_t tokens_in(struct query_work *w, enum post_field field, uint32_t from, uint32_t to)
{
	return work_tokens_until(w, field, to) - work_tokens_before(w, field, from);
}

/* Do all words fit behind `first`, the leftmost of them, with at most n foreign tokens between? */
static bool slop_fits(
	struct query_work *w, const struct query_node *node, struct query_view view, size_t own, const struct match *first)
{
	uint32_t to = first->to, tokens = tokens_in(w, first->field, first->from, first->to);
	for (size_t i = 0; i < node->n; i++) {
		if (i == own)
			continue;
		const struct match *m = spot_behind(work_spots(w, node->child[i]), view, first->field, first->from);
		if (!m)
			return false;
		to = m->to > to ? m->to : to;
		tokens += tokens_in(w, m->field, m->from, m->to);
	}
	return tokens_in(w, first->field, first->from, to) <= tokens + node->as.near.distance;
}

bool work_slop(struct query_work *w, const struct query_node *node, struct query_view view, const struct match **first)
{
	for (size_t i = 0; i < node->n; i++)
		if (work_spots(w, node->child[i]).n == 0)
			return false;
	for (size_t i = 0; i < node->n; i++) {
		const struct query_spots spots = work_spots(w, node->child[i]);
		for (const struct match *m = spots_in(spots, view, NULL); m; m = spots_in(spots, view, m))
			if (slop_fits(w, node, view, i, m)) {
				*first = m;
				return true;
			}
	}
	return false;
}
