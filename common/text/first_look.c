/* The first look at a post: may it be about a brand at all? */
#include "common/text/first_look.h"

#include "common/text/query_node.h"
#include "common/text/scan.h"

static bool is_of_brand(const struct queries *q, uint32_t number)
{
	return q->query[number].rule->list == LIST_BRAND;
}

/* Does what has this key wake a query that admits? */
static bool key_wakes(const struct queries *q, uint32_t key)
{
	const struct query_run run = q->touched[key];
	for (uint32_t i = 0; i < run.n; i++)
		if (is_of_brand(q, q->touch[run.first + i]))
			return true;
	return false;
}

static bool group_wakes(const struct queries *q, size_t rule)
{
	const struct query_run run = q->groups ? q->groups[rule] : (struct query_run){ 0 };
	for (uint32_t i = 0; i < run.n; i++)
		if (key_wakes(q, q->group[run.first + i]))
			return true;
	return false;
}

static bool may_admit(const struct rulebook *book, size_t rule)
{
	const struct queries *q = book->queries;
	if (book->rule[rule].list == LIST_BRAND)
		return true;
	if (q == NULL || q->n == 0)
		return false;
	return rule < q->first_leaf ? group_wakes(q, rule) : key_wakes(q, q->key_of_leaf[rule - q->first_leaf]);
}

static bool admits_by_fields(const struct queries *q)
{
	for (size_t i = 0; q != NULL && i < q->nalways; i++)
		if (is_of_brand(q, q->always[i]))
			return true;
	return false;
}

struct scan *first_look_new(struct rulebook *book, const struct str *folded_terms, size_t n)
{
	struct rule *rule;
	struct str *folded;
	size_t kept = 0;
	if (admits_by_fields(book->queries))
		return NULL;
	for (size_t i = 0; i < n; i++)
		kept += may_admit(book, i);
	rule = arena_list(&book->arena, struct rule, kept + 1);
	folded = arena_list(&book->arena, struct str, kept + 1);
	kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (!may_admit(book, i))
			continue;
		rule[kept] = book->rule[i];
		folded[kept++] = folded_terms[i];
	}
	return scan_new(rule, folded, kept, NULL);
}

bool first_look_may_admit(struct arena *a, const struct rulebook *book, const struct post *post)
{
	return book->first == NULL || scan_touches(a, book->first, post->title) || scan_touches(a, book->first, post->text);
}
