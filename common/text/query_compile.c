/* From trees to an index: every distinct term becomes a leaf rule, and each query hangs on the cheapest set of keys of which
 * one must be seen before it can be true. */
#include "common/text/query_node.h"

#include "common/text/regex.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

/* ---- reading everything ---- */

static void read_macros(struct draft_queries *q)
{
	for (size_t i = 0; i < q->macros.n; i++)
		(void)query_parse_macro(q, &q->macros.at[i], q->macros.at[i].place);
}

static void read_queries(struct draft_queries *q)
{
	for (size_t i = 0; i < q->queries.n; i++) {
		struct query_text *text = &q->queries.at[i];
		text->root = query_parse(q, text);
		if (text->root)
			query_check(text->root, q->p);
	}
}

/* ---- covers ---- */

struct cover {
	uint32_t *key;
	size_t n;
	double cost;
	bool exists;
};

struct coverer {
	const struct draft_queries *q;
	struct arena *a;
};

/* Rare terms are better gates. How rare is not known here; a term that many queries share, or a short one, will be seen more often. */
static double key_cost(const struct draft_queries *q, uint32_t key)
{
	const struct query_key *k = &q->key[key];
	if (k->is_group)
		return 50 + k->uses;
	const double length = k->folded.n < 3 ? 3 : (double)k->folded.n;
	return k->uses + 12 / length;
}

static struct cover cover_of_keys(const struct coverer *c, const uint32_t *key, size_t n)
{
	struct cover cover = { arena_list(c->a, uint32_t, n), n, 0, n > 0 };
	for (size_t i = 0; i < n; i++) {
		cover.key[i] = key[i];
		cover.cost += key_cost(c->q, key[i]);
	}
	return cover;
}

static struct cover covers_joined(const struct coverer *c, const struct cover *part, size_t n)
{
	size_t total = 0;
	struct cover all = { .exists = n > 0 };
	for (size_t i = 0; i < n; i++) {
		all.exists = all.exists && part[i].exists;
		total += part[i].n;
	}
	if (!all.exists)
		return all;
	all.key = arena_list(c->a, uint32_t, total);
	for (size_t i = 0; i < n; i++) {
		memcpy(all.key + all.n, part[i].key, part[i].n * sizeof(uint32_t));
		all.n += part[i].n;
		all.cost += part[i].cost;
	}
	return all;
}

static int cover_cmp(const void *a, const void *b)
{
	const struct cover *x = a, *y = b;
	if (x->exists != y->exists)
		return x->exists ? -1 : 1;
	return (x->cost > y->cost) - (x->cost < y->cost);
}

/* Of n children `least` must be true, so any n - least + 1 of them hold one that is. AND is least = n, OR is least = 1. */
static struct cover cover_of(const struct coverer *c, const struct query_node *node);

static struct cover cover_of_children(const struct coverer *c, const struct query_node *node, size_t least)
{
	struct cover *part = arena_list(c->a, struct cover, node->n);
	for (size_t i = 0; i < node->n; i++)
		part[i] = cover_of(c, node->child[i]);
	qsort(part, node->n, sizeof(*part), cover_cmp);
	return covers_joined(c, part, node->n - least + 1);
}

static struct cover cover_of(const struct coverer *c, const struct query_node *node)
{
	switch (node->kind) {
	case QUERY_TERM:
	case QUERY_GROUP:
		return cover_of_keys(c, &node->as.term.key, 1);
	case QUERY_REGEX:
		return cover_of_keys(c, node->as.regex.need[0].key, node->as.regex.need[0].n);
	case QUERY_AND:
	case QUERY_NEAR:
	case QUERY_SLOP:
		return cover_of_children(c, node, node->n);
	case QUERY_OR:
		return cover_of_children(c, node, 1);
	case QUERY_MIN:
		return cover_of_children(c, node, node->as.least);
	case QUERY_SCOPE:
	case QUERY_IN:
		return cover_of(c, node->child[0]);
	default:
		return (struct cover){ 0 };
	}
}

/* ---- how often keys are used ---- */

static void count_uses(struct draft_queries *q, const struct query_node *node)
{
	if (node->kind == QUERY_TERM || node->kind == QUERY_GROUP)
		q->key[node->as.term.key].uses++;
	for (size_t i = 0; node->kind == QUERY_REGEX && i < node->as.regex.need[0].n; i++)
		q->key[node->as.regex.need[0].key[i]].uses++;
	for (size_t i = 0; i < node->n; i++)
		count_uses(q, node->child[i]);
}

/* ---- the index ---- */

static const struct query_node *find_regex(const struct query_node *node)
{
	const struct query_node *found = node->kind == QUERY_REGEX ? node : NULL;
	for (size_t i = 0; i < node->n && !found; i++)
		found = find_regex(node->child[i]);
	return found;
}

static void tell_uncovered(struct draft_queries *q, const struct query_text *text)
{
	const struct query_node *regex = find_regex(text->root);
	if (regex)
		query_tell(q->p, QUERY_Q019, regex->place,
			"this regular expression would run on every post: no text that must be there leads to it; put a fixed "
			"part of two "
			"letters or one Chinese character into it, or a term beside it with AND");
	else
		query_tell(q->p, QUERY_W102, text->place,
			"this query names no term that must be there, so it is looked at for every post; add a term if you can");
}

static int number_cmp(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void cover_unique(struct cover *c)
{
	size_t kept = 0;
	qsort(c->key, c->n, sizeof(*c->key), number_cmp);
	for (size_t i = 0; i < c->n; i++)
		if (i == 0 || c->key[i] != c->key[i - 1])
			c->key[kept++] = c->key[i];
	c->n = kept;
}

static void index_fill(struct queries *out, const struct cover *cover, struct arena *a)
{
	uint32_t total = 0;
	for (size_t i = 0; i < out->n; i++)
		for (size_t k = 0; k < cover[i].n; k++)
			out->touched[cover[i].key[k]].n++;
	for (uint32_t k = 0; k < out->nkeys; k++) {
		out->touched[k].first = total;
		total += out->touched[k].n;
		out->touched[k].n = 0;
	}
	out->touch = arena_list(a, uint32_t, total + 1);
	for (size_t i = 0; i < out->n; i++)
		for (size_t k = 0; k < cover[i].n; k++) {
			struct query_run *run = &out->touched[cover[i].key[k]];
			out->touch[run->first + run->n++] = (uint32_t)i;
		}
}

static void index_queries(struct draft_queries *q, struct queries *out)
{
	struct arena scratch;
	arena_init(&scratch, (size_t)1 << 30);
	const struct coverer c = { q, &scratch };
	struct cover *cover = arena_list(&scratch, struct cover, out->n);
	out->touched = arena_list(q->a, struct query_run, out->nkeys + 1);
	out->always = arena_list(q->a, uint32_t, out->n);
	for (size_t i = 0; i < out->n; i++) {
		cover[i] = cover_of(&c, q->queries.at[i].root);
		if (cover[i].exists) {
			cover_unique(&cover[i]);
			continue;
		}
		cover[i].n = 0;
		out->always[out->nalways++] = (uint32_t)i;
		tell_uncovered(q, &q->queries.at[i]);
	}
	index_fill(out, cover, q->a);
	arena_release(&scratch);
}

/* ---- rules of the book ---- */

static int third_of(const struct rule *r)
{
	switch (r->list) {
	case LIST_COMPLAINT:
		return (int)r->category;
	case LIST_URGENCY:
		return (int)r->urgency;
	case LIST_NATURE:
		return (int)r->nature;
	default:
		return -1;
	}
}

static bool is_of_group(const struct rule *r, const struct query_key *key)
{
	return key->is_group && r->list == key->list && (key->third < 0 || third_of(r) == key->third) &&
	       (key->brand < 0 || r->brand == key->brand);
}

/* Which groups each term of a list belongs to. */
static void groups_fill(const struct draft_queries *q, struct queries *out, const struct rulebook *book)
{
	uint32_t *groups = arena_list(q->a, uint32_t, q->nkeys + 1), ngroups = 0;
	for (uint32_t k = 0; k < q->nkeys; k++)
		if (q->key[k].is_group)
			groups[ngroups++] = k;
	if (ngroups == 0)
		return;
	uint32_t total = 0;
	for (size_t i = 0; i < out->first_leaf; i++)
		for (uint32_t g = 0; g < ngroups; g++)
			total += is_of_group(&book->rule[i], &q->key[groups[g]]);
	out->groups = arena_list(q->a, struct query_run, out->first_leaf + 1);
	out->group = arena_list(q->a, uint32_t, total + 1);
	total = 0;
	for (size_t i = 0; i < out->first_leaf; i++) {
		out->groups[i].first = total;
		for (uint32_t g = 0; g < ngroups; g++)
			if (is_of_group(&book->rule[i], &q->key[groups[g]]))
				out->group[total++] = groups[g];
		out->groups[i].n = total - out->groups[i].first;
	}
}

static void add_leaf(struct draft_queries *q, uint32_t key, struct rule *rule, struct str *folded)
{
	const struct query_key *k = &q->key[key];
	*rule = (struct rule){
		.list = LIST_LEAF,
		.term = k->term,
		.folds = k->folds,
		.file = "",
		.brand = -1,
		.case_exact = k->case_exact,
		.open_end = k->open_end,
		.is_latin = draft_is_latin(k->folded),
	};
	*folded = k->folded;
}

static void add_rules(
	struct draft_queries *q, struct queries *out, struct rulebook *book, struct arena *scratch, struct str **folded)
{
	const size_t nterms = book->nrules;
	struct rule *rule = arena_list(q->a, struct rule, nterms + q->nkeys + out->n + 1);
	struct str *terms = arena_list(scratch, struct str, nterms + q->nkeys + 1);
	if (nterms) {
		memcpy(rule, book->rule, nterms * sizeof(*rule));
		memcpy(terms, *folded, nterms * sizeof(*terms));
	}
	out->first_leaf = nterms;
	out->key_of_leaf = arena_list(q->a, uint32_t, q->nkeys + 1);
	for (uint32_t k = 0; k < q->nkeys; k++) {
		if (q->key[k].is_group)
			continue;
		out->key_of_leaf[out->nleaves] = k;
		add_leaf(q, k, &rule[nterms + out->nleaves], &terms[nterms + out->nleaves]);
		out->nleaves++;
	}
	const size_t first_query = nterms + out->nleaves;
	for (size_t i = 0; i < out->n; i++) {
		rule[first_query + i] = q->queries.at[i].rule;
		rule[first_query + i].query = &out->query[i];
		out->query[i] = (struct query){ &rule[first_query + i], q->queries.at[i].root };
	}
	book->rule = rule;
	book->nrules = first_query + out->n;
	*folded = terms;
}

size_t queries_compile(struct draft_queries *q, struct rulebook *book, struct arena *scratch, struct str **folded)
{
	struct queries *out = arena_new(q->a, struct queries);
	queries_settle_brands(q);
	read_macros(q);
	read_queries(q);
	out->regex = q->regex;
	out->nregexes = q->nregexes;
	out->trouble = arena_list(q->a, const struct rule *, q->nregexes + 1);
	out->macro = q->macros.at;
	out->nmacros = q->macros.n;
	book->queries = out; /* owns the regular expressions from here on, whatever else goes wrong */
	if (problems_any_error(q->p))
		return book->nrules;
	for (size_t i = 0; i < q->queries.n; i++)
		count_uses(q, q->queries.at[i].root);
	out->n = q->queries.n;
	out->nkeys = q->nkeys;
	out->query = arena_list(q->a, struct query, out->n + 1);
	add_rules(q, out, book, scratch, folded);
	index_queries(q, out);
	groups_fill(q, out, book);
	return book->nrules - out->n;
}

void queries_release(struct queries *q)
{
	for (size_t i = 0; q && i < q->nregexes; i++)
		regex_free(q->regex[i]);
}

bool query_says_same(const struct query *a, const struct query *b)
{
	return a->root->hash == b->root->hash;
}
