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

/* ---- what admission asks ---- */

static void ask_keys(bool *is_asked, const struct query_node *node)
{
	if (node->kind == QUERY_TERM || node->kind == QUERY_GROUP)
		is_asked[node->as.term.key] = true;
	for (size_t i = 0; node->kind == QUERY_REGEX && i < node->as.regex.nneeds; i++)
		for (size_t j = 0; j < node->as.regex.need[i].n; j++)
			is_asked[node->as.regex.need[i].key[j]] = true;
	for (size_t i = 0; i < node->n; i++)
		ask_keys(is_asked, node->child[i]);
}

/* Does a query of admission ask for a list that says what a post says, as @complaint? */
static bool asks_other_lists(const struct rulebook *book, const bool *is_asked)
{
	const struct queries *q = book->queries;
	for (size_t i = 0; q != NULL && q->groups != NULL && i < q->first_leaf; i++)
		for (uint32_t g = 0; g < q->groups[i].n; g++)
			if (is_asked[q->group[q->groups[i].first + g]] && !query_is_of_admission(book->rule[i].list))
				return true;
	return false;
}

static bool says_brand(const struct rulebook *book, const bool *is_asked, size_t number)
{
	const struct queries *q = book->queries;
	const struct rule *rule = &book->rule[number];
	if (q != NULL && q->n > 0 && number >= q->first_leaf)
		return is_asked[q->key_of_leaf[number - q->first_leaf]];
	if (rule->list == LIST_EXCLUDE)
		return rule->brand >= 0; /* one for all brands takes away complaints and the like */
	return query_is_of_admission(rule->list);
}

struct scan *first_look_admission(const struct rulebook *book, const struct str *folded_terms, size_t n)
{
	const struct queries *q = book->queries;
	struct arena scratch;
	arena_init(&scratch, (size_t)1 << 30);
	struct scan *scan = NULL;
	struct str *folded = arena_list(&scratch, struct str, n + 1);
	bool *is_asked = arena_list(&scratch, bool, q ? q->nkeys + 1 : 1);
	for (size_t i = 0; q != NULL && i < q->n; i++)
		if (query_is_of_admission(q->query[i].rule->list))
			ask_keys(is_asked, q->query[i].root);
	for (size_t i = 0; i < n; i++)
		if (says_brand(book, is_asked, i))
			folded[i] = folded_terms[i];
	if (!asks_other_lists(book, is_asked))
		scan = scan_new(book->rule, folded, n, NULL);
	arena_release(&scratch);
	return scan;
}

/* ---- asking ---- */

bool first_look_may_admit(struct arena *a, const struct rulebook *book, const struct post *post)
{
	return book->first == NULL || scan_touches(a, book->first, post->title) || scan_touches(a, book->first, post->text);
}
