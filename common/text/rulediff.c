/* Two rulebooks side by side: both sorted by what makes a rule the same rule, then merged. */
#include "common/text/rulediff.h"

#include "common/text/normalise.h"
#include "common/text/query.h"

#include <stdlib.h>

struct keyed {
	const struct rule *rule;
	struct str brand, folded;
};

static int keyed_cmp(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	if (x->rule->list != y->rule->list)
		return x->rule->list < y->rule->list ? -1 : 1;
	int order = str_cmp(x->brand, y->brand);
	if (order == 0)
		order = str_cmp(x->rule->alias, y->rule->alias);
	if (order == 0)
		order = str_cmp(x->folded, y->folded);
	if (order == 0)
		order = x->rule->case_exact - y->rule->case_exact;
	return order != 0 ? order : (x->rule->query != NULL) - (y->rule->query != NULL);
}

static size_t sort_rules(struct arena *a, const struct rulebook *book, struct keyed **out)
{
	size_t n = 0;
	*out = arena_list(a, struct keyed, book != NULL ? book->nrules + 1 : 1);
	for (size_t i = 0; book != NULL && i < book->nrules; i++) {
		const struct rule *r = &book->rule[i];
		if (r->list == LIST_LEAF)
			continue;
		(*out)[n++] = (struct keyed){
			.rule = r,
			.brand = r->brand >= 0 ? book->brand[r->brand].id : STR(""),
			.folded = r->query != NULL ? r->term : str_trim(normalise_text(a, r->term)),
		};
	}
	qsort(*out, n, sizeof **out, keyed_cmp);
	return n;
}

static unsigned changes_of(const struct rule *old, const struct rule *new)
{
	unsigned changes = 0;
	changes |= old->weight < new->weight || old->weight > new->weight ? RULE_WEIGHT : 0u;
	changes |= old->category != new->category ? RULE_CATEGORY : 0u;
	changes |= old->urgency != new->urgency ? RULE_URGENCY : 0u;
	changes |= old->nature != new->nature ? RULE_NATURE : 0u;
	changes |= old->folds != new->folds ? RULE_FOLDS : 0u;
	changes |= old->is_ambiguous != new->is_ambiguous ? RULE_AMBIGUOUS : 0u;
	changes |= !str_eq(old->term, new->term) ? RULE_SPELLING : 0u;
	if (old->query != NULL && new->query != NULL && !query_says_same(old->query, new->query))
		changes |= RULE_QUERY;
	return changes;
}

static struct rule_pair pair_of(const struct keyed *old, const struct keyed *new)
{
	if (old == NULL)
		return (struct rule_pair){ NULL, new->rule, RULE_ADDED };
	if (new == NULL)
		return (struct rule_pair){ old->rule, NULL, RULE_REMOVED };
	return (struct rule_pair){ old->rule, new->rule, changes_of(old->rule, new->rule) };
}

size_t rulediff_rules(struct arena *a, const struct rulebook *old, const struct rulebook *new, struct rule_pair **out)
{
	struct keyed *x, *y;
	const size_t nx = sort_rules(a, old, &x), ny = sort_rules(a, new, &y);
	size_t n = 0, i = 0, k = 0;
	*out = arena_list(a, struct rule_pair, nx + ny + 1);
	while (i < nx || k < ny) {
		const int order = i == nx ? 1 : k == ny ? -1 : keyed_cmp(&x[i], &y[k]);
		(*out)[n++] = pair_of(order <= 0 ? &x[i] : NULL, order >= 0 ? &y[k] : NULL);
		i += order <= 0;
		k += order >= 0;
	}
	return n;
}

/* ---- brands ---- */

static int brand_pair_cmp(const void *a, const void *b)
{
	const struct brand_pair *x = a, *y = b;
	return str_cmp((x->old != NULL ? x->old : x->new)->id, (y->old != NULL ? y->old : y->new)->id);
}

static struct brand_pair *pair_with_id(struct brand_pair *list, size_t n, struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i].old->id, id))
			return &list[i];
	return NULL;
}

size_t rulediff_brands(struct arena *a, const struct rulebook *old, const struct rulebook *new, struct brand_pair **out)
{
	const size_t nold = old != NULL ? old->nbrands : 0;
	size_t n = nold;
	*out = arena_list(a, struct brand_pair, nold + new->nbrands + 1);
	for (size_t i = 0; i < nold; i++)
		(*out)[i].old = &old->brand[i];
	for (size_t i = 0; i < new->nbrands; i++) {
		struct brand_pair *known = pair_with_id(*out, nold, new->brand[i].id);
		if (known != NULL)
			known->new = &new->brand[i];
		else
			(*out)[n++].new = &new->brand[i];
	}
	qsort(*out, n, sizeof **out, brand_pair_cmp);
	return n;
}
