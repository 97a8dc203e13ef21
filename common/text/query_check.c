/* What is wrong with a query that can be read: always true, never true, branches that decide nothing. */
#include "common/text/query_node.h"

#include "common/text/regex.h"

/* ---- pure negation ---- */

/* Does it need anything to be there before it can be true? */
static bool is_positive(const struct query_node *node)
{
	size_t n = 0;
	switch (node->kind) {
	case QUERY_NOT:
		return false;
	case QUERY_AND:
		for (size_t i = 0; i < node->n; i++)
			if (is_positive(node->child[i]))
				return true;
		return false;
	case QUERY_OR:
		for (size_t i = 0; i < node->n; i++)
			if (!is_positive(node->child[i]))
				return false;
		return true;
	case QUERY_MIN: /* more must hold than there are negations */
		for (size_t i = 0; i < node->n; i++)
			n += !is_positive(node->child[i]);
		return node->as.least > n;
	case QUERY_SCOPE:
	case QUERY_IN:
		return is_positive(node->child[0]);
	default:
		return true;
	}
}

static bool is_all_negative(const struct query_node *node)
{
	if (node->kind == QUERY_NOT)
		return true;
	if (node->kind != QUERY_AND && node->kind != QUERY_OR)
		return false;
	for (size_t i = 0; i < node->n; i++)
		if (!is_all_negative(node->child[i]))
			return false;
	return true;
}

/* The branch to blame, for the place in the message. */
static const struct query_node *negative_branch(const struct query_node *node)
{
	for (size_t i = 0; i < node->n; i++)
		if (!is_positive(node->child[i]))
			return node->kind == QUERY_OR || node->kind == QUERY_MIN ? node->child[i]
										 : negative_branch(node->child[i]);
	return node;
}

static void check_positive(const struct query_node *root, struct problems *p)
{
	if (is_positive(root))
		return;
	if (is_all_negative(root))
		query_tell(p, QUERY_Q006, root->place,
			"this only says what must not be there, so it is true of nearly every post; add a term that must be "
			"there");
	else
		query_tell(p, QUERY_Q007, negative_branch(root)->place,
			"this branch only says what must not be there, so the whole is true of nearly every post; use AND NOT "
			"instead of OR "
			"NOT");
}

static void check_scope(const struct query_node *node, struct problems *p)
{
	if (node->kind == QUERY_SCOPE && !is_positive(node->child[0]))
		query_tell(p, QUERY_Q007, node->place,
			"nearly every post has a sentence without these terms; add one that must stand in it");
	for (size_t i = 0; i < node->n; i++)
		check_scope(node->child[i], p);
}

/* ---- never true ---- */

static bool excludes(const struct query_node *a, const struct query_node *b)
{
	if (a->kind == QUERY_NOT && a->child[0]->hash == b->hash)
		return true;
	if (a->kind != QUERY_NUMBER || b->kind != QUERY_NUMBER || a->as.field.field != b->as.field.field)
		return false;
	const struct query_range *x = &a->as.field.range, *y = &b->as.field.range;
	const bool are_plain = x->from <= x->to && y->from <= y->to && x->zone_minutes == y->zone_minutes;
	return are_plain && (x->to < y->from || y->to < x->from);
}

static bool is_negation_of(const struct query_node *a, const struct query_node *b)
{
	return excludes(a, b) || excludes(b, a);
}

/* ---- branches that decide nothing ---- */

static bool has_child(const struct query_node *node, uint64_t hash)
{
	for (size_t i = 0; i < node->n; i++)
		if (node->child[i]->hash == hash)
			return true;
	return false;
}

/* In `x OR (x AND y)` and in `x AND (x OR y)` the second operand decides nothing. */
static bool absorbs(const struct query_node *parent, const struct query_node *a, const struct query_node *b)
{
	const enum query_kind other = parent->kind == QUERY_OR ? QUERY_AND : QUERY_OR;
	return b->kind == other && has_child(b, a->hash);
}

static void check_pair(const struct query_node *node, const struct query_node *a, const struct query_node *b, struct problems *p)
{
	if (node->kind != QUERY_OR && node->kind != QUERY_AND)
		return;
	if (a->hash == b->hash)
		query_tell(p, QUERY_W103, b->place, "this branch stands at %d:%d already; remove one of the two", a->place.line,
			a->place.column);
	else if (node->kind == QUERY_AND && is_negation_of(a, b))
		query_tell(p, QUERY_Q008, b->place, "together with %d:%d this can never be true; remove one of the two",
			a->place.line, a->place.column);
	else if (absorbs(node, a, b))
		query_tell(p, QUERY_W104, b->place, "the branch at %d:%d makes this one superfluous; remove it", a->place.line,
			a->place.column);
	else if (absorbs(node, b, a))
		query_tell(p, QUERY_W104, a->place, "the branch at %d:%d makes this one superfluous; remove it", b->place.line,
			b->place.column);
}

#define PAIRS_AT_MOST 128 /* children of one level that are compared with each other */

static void check_branches(const struct query_node *node, struct problems *p)
{
	const size_t n = node->n < PAIRS_AT_MOST ? node->n : PAIRS_AT_MOST;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			check_pair(node, node->child[i], node->child[j], p);
	for (size_t i = 0; i < node->n; i++)
		check_branches(node->child[i], p);
}

void query_check(const struct query_node *root, struct problems *p)
{
	check_positive(root, p);
	check_scope(root, p);
	check_branches(root, p);
}
