/* Where the terms stand that made a query true, and the sentence or paragraph in which a scope holds. */
#include "common/text/query_work.h"

/* ---- scopes ---- */

struct scope_walk {
	const struct query_node *scope;
	struct query_view view, *unit;
	enum truth truth;
	bool *seen[POST_FIELD__N]; /* units that were looked at */
};

static void walk_unit(struct query_work *w, struct scope_walk *walk, const struct match *m)
{
	const struct query_units *u = work_units(w, m->field, walk->scope->as.scope);
	const struct query_view unit = units_view(u, m->field, m->from);
	if (!walk->seen[m->field])
		walk->seen[m->field] = arena_list(w->a, bool, (size_t)u->at[u->n] + 2);
	if (walk->seen[m->field][unit.from])
		return;
	walk->seen[m->field][unit.from] = true;
	const enum truth truth = work_eval(w, walk->scope->child[0], unit);
	if (truth <= walk->truth)
		return;
	walk->truth = truth;
	*walk->unit = unit;
}

/* Only a unit that holds one of the terms can be it: what stands in a scope is never negative alone. */
static void walk_terms(struct query_work *w, struct scope_walk *walk, const struct query_node *node, struct query_view view)
{
	if (node->kind == QUERY_IN)
		view.fields &= 1u << node->as.in;
	if (node->n == 0) {
		const struct query_spots spots = work_spots(w, node);
		if (spots.is_unsure && walk->truth == TRUTH_NO)
			walk->truth = TRUTH_UNSURE;
		for (const struct match *m = spots_in(spots, view, NULL); m && walk->truth < TRUTH_YES;
			m = spots_in(spots, view, m))
			walk_unit(w, walk, m);
	}
	for (size_t i = 0; i < node->n && walk->truth < TRUTH_YES; i++)
		walk_terms(w, walk, node->child[i], view);
}

bool work_scope(
	struct query_work *w, const struct query_node *node, struct query_view view, struct query_view *unit, enum truth *truth)
{
	struct scope_walk walk = { .scope = node, .view = view, .unit = unit, .truth = TRUTH_NO };
	walk_terms(w, &walk, node->child[0], view);
	*truth = walk.truth;
	return walk.truth == TRUTH_YES;
}

/* ---- places ---- */

static void places_add(struct query_places *out, const struct match *m)
{
	for (size_t i = 0; i < out->n; i++)
		if (spot_cmp(&out->at[i], m) == 0)
			return;
	if (out->n < out->most)
		out->at[out->n++] = *m;
}

static void add_spots(struct query_places *out, struct query_spots spots, struct query_view view)
{
	for (const struct match *m = spots_in(spots, view, NULL); m && out->n < out->most; m = spots_in(spots, view, m))
		places_add(out, m);
}

static void add_pair(struct query_work *w, const struct query_node *node, struct query_view view, struct query_places *out)
{
	const struct match *a, *b;
	if (!work_near(w, node, view, &a, &b))
		return;
	places_add(out, a);
	places_add(out, b);
}

static void add_slop(struct query_work *w, const struct query_node *node, struct query_view view, struct query_places *out)
{
	const struct match *first;
	if (!work_slop(w, node, view, &first))
		return;
	view = (struct query_view){ 1u << first->field, first->from, view.to };
	for (size_t i = 0; i < node->n; i++) {
		const struct match *m = spots_in(work_spots(w, node->child[i]), view, NULL);
		if (m)
			places_add(out, m);
	}
}

static void add_scope(struct query_work *w, const struct query_node *node, struct query_view view, struct query_places *out)
{
	struct query_view unit;
	enum truth truth;
	if (work_scope(w, node, view, &unit, &truth))
		work_places(w, node->child[0], unit, out);
}

/* Of every child that is true, one place first, so that each shows, then the rest. */
static void add_children(struct query_work *w, const struct query_node *node, struct query_view view, struct query_places *out)
{
	const size_t most = out->most;
	const bool is_one = most == out->n + 1;
	for (size_t i = 0; i < node->n && out->n < most; i++)
		if (work_eval(w, node->child[i], view) == TRUTH_YES) {
			out->most = out->n + 1;
			work_places(w, node->child[i], view, out);
		}
	out->most = most;
	if (is_one)
		return;
	for (size_t i = 0; i < node->n && out->n < most; i++)
		if (work_eval(w, node->child[i], view) == TRUTH_YES)
			work_places(w, node->child[i], view, out);
}

void work_places(struct query_work *w, const struct query_node *node, struct query_view view, struct query_places *out)
{
	switch (node->kind) {
	case QUERY_TERM:
	case QUERY_GROUP:
	case QUERY_REGEX:
		add_spots(out, work_spots(w, node), view);
		break;
	case QUERY_NEAR:
		add_pair(w, node, view, out);
		break;
	case QUERY_SLOP:
		add_slop(w, node, view, out);
		break;
	case QUERY_SCOPE:
		add_scope(w, node, view, out);
		break;
	case QUERY_IN:
		view.fields &= 1u << node->as.in;
		work_places(w, node->child[0], view, out);
		break;
	case QUERY_AND:
	case QUERY_OR:
	case QUERY_MIN:
		add_children(w, node, view, out);
		break;
	default: /* NOT and fields have no place */
		break;
	}
}
