/* Is a query true of a post? Three answers: no, cannot tell, yes. */
#include "common/text/query_work.h"

#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

/* ---- one node ---- */

static enum truth truth_of(bool holds)
{
	return holds ? TRUTH_YES : TRUTH_NO;
}

static enum truth eval_spots(struct query_work *w, const struct query_node *node, struct query_view view)
{
	const struct query_spots spots = work_spots(w, node);
	if (spots_in(spots, view, NULL))
		return TRUTH_YES;
	return spots.is_unsure ? TRUTH_UNSURE : TRUTH_NO;
}

/* Is it plain that this cannot be true? Told without looking at places: most terms of a long OR stand nowhere. */
static bool is_absent(const struct query_work *w, const struct query_node *node)
{
	if (node->kind == QUERY_TERM || node->kind == QUERY_GROUP)
		return !work_is_touched(w, node->as.term.key);
	return node->kind == QUERY_REGEX && !work_may_match(w, node);
}

static enum truth eval_all(struct query_work *w, const struct query_node *node, struct query_view view)
{
	enum truth least = TRUTH_YES;
	for (size_t i = 0; i < node->n; i++)
		if (is_absent(w, node->child[i]))
			return TRUTH_NO;
	for (size_t i = 0; i < node->n && least > TRUTH_NO; i++) {
		const enum truth one = work_eval(w, node->child[i], view);
		least = one < least ? one : least;
	}
	return least;
}

static enum truth eval_any(struct query_work *w, const struct query_node *node, struct query_view view)
{
	enum truth most = TRUTH_NO;
	for (size_t i = 0; i < node->n && most < TRUTH_YES; i++) {
		if (is_absent(w, node->child[i]))
			continue;
		const enum truth one = work_eval(w, node->child[i], view);
		most = one > most ? one : most;
	}
	return most;
}

static enum truth eval_min(struct query_work *w, const struct query_node *node, struct query_view view)
{
	size_t sure = 0, possible = 0;
	for (size_t i = 0; i < node->n; i++) {
		const enum truth one = work_eval(w, node->child[i], view);
		sure += one == TRUTH_YES;
		possible += one != TRUTH_NO;
	}
	return sure >= node->as.least ? TRUTH_YES : possible >= node->as.least ? TRUTH_UNSURE : TRUTH_NO;
}

static enum truth eval_near(struct query_work *w, const struct query_node *node, struct query_view view)
{
	const struct match *a, *b;
	if (is_absent(w, node->child[0]) || is_absent(w, node->child[1]))
		return TRUTH_NO;
	if (work_near(w, node, view, &a, &b))
		return TRUTH_YES;
	return work_spots(w, node->child[0]).is_unsure || work_spots(w, node->child[1]).is_unsure ? TRUTH_UNSURE : TRUTH_NO;
}

static enum truth eval_slop(struct query_work *w, const struct query_node *node, struct query_view view)
{
	const struct match *first;
	return truth_of(work_slop(w, node, view, &first));
}

static enum truth eval_scope(struct query_work *w, const struct query_node *node, struct query_view view)
{
	struct query_view unit;
	enum truth truth;
	(void)work_scope(w, node, view, &unit, &truth); /* truth says it too */
	return truth;
}

enum truth work_eval(struct query_work *w, const struct query_node *node, struct query_view view)
{
	switch (node->kind) {
	case QUERY_TERM:
	case QUERY_GROUP:
	case QUERY_REGEX:
		return eval_spots(w, node, view);
	case QUERY_SLOP:
		return eval_slop(w, node, view);
	case QUERY_NEAR:
		return eval_near(w, node, view);
	case QUERY_TEXT:
		return query_text_holds(w->a, node->as.field.field, node->as.field.pattern, w->post);
	case QUERY_NUMBER:
		return query_number_holds(node->as.field.field, &node->as.field.range, w->post);
	case QUERY_AND:
		return eval_all(w, node, view);
	case QUERY_OR:
		return eval_any(w, node, view);
	case QUERY_NOT:
		return TRUTH_YES - work_eval(w, node->child[0], view);
	case QUERY_MIN:
		return eval_min(w, node, view);
	case QUERY_SCOPE:
		return eval_scope(w, node, view);
	case QUERY_IN:
		view.fields &= 1u << node->as.in;
		return work_eval(w, node->child[0], view);
	}
	return TRUTH_NO;
}

/* ---- what is true goes to the matches ---- */

struct found {
	struct match *at;
	size_t n, cap;
};

static void found_add(struct query_work *w, struct found *f, struct match m)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 16;
		struct match *bigger = arena_list(w->a, struct match, f->cap);
		if (f->n)
			memcpy(bigger, f->at, f->n * sizeof(*bigger));
		f->at = bigger;
	}
	f->at[f->n++] = m;
}

/* The words of these lists add up, so a query counts once. */
static bool counts_once(enum rule_list list)
{
	return list == LIST_COMPLAINT || list == LIST_URGENCY || list == LIST_NATURE;
}

static void found_query(struct query_work *w, struct found *f, const struct query *query)
{
	struct query_places places = { .n = 0, .most = counts_once(query->rule->list) ? 1 : QUERY_PLACES };
	work_places(w, query->root, QUERY_VIEW_ALL, &places);
	if (places.n == 0)
		places.at[places.n++] = (struct match){ .field = POST_TEXT };
	for (size_t i = 0; i < places.n; i++) {
		places.at[i].rule = query->rule;
		found_add(w, f, places.at[i]);
	}
}

static void found_merge(struct query_work *w, struct found *f)
{
	struct scanned *s = w->s;
	struct match *all = arena_list(w->a, struct match, s->n + f->n);
	size_t n = 0, i = 0, j = 0;
	qsort(f->at, f->n, sizeof(*f->at), scan_match_order);
	while (i < s->n || j < f->n) {
		const bool takes_old = j == f->n || (i < s->n && scan_match_order(&s->match[i], &f->at[j]) <= 0);
		all[n++] = takes_old ? s->match[i++] : f->at[j++];
	}
	s->match = all;
	s->n = n;
}

/* ---- which queries ---- */

static const struct query_run *run_of(const struct query_work *w, uint32_t slot)
{
	const struct query_touch *t = &w->touch[slot];
	return t->n ? &w->q->touched[t->key - 1] : NULL;
}

static int number_cmp(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* The queries that this post may make true, each once, in the order of the book. */
static size_t candidates(struct query_work *w, uint32_t **out)
{
	size_t n = w->q->nalways, kept = 0;
	for (uint32_t i = 0; i < w->ntouch; i++)
		n += run_of(w, i) ? run_of(w, i)->n : 0;
	uint32_t *list = arena_list(w->a, uint32_t, n + 1);
	n = w->q->nalways;
	if (n)
		memcpy(list, w->q->always, n * sizeof(*list));
	for (uint32_t i = 0; i < w->ntouch; i++) {
		const struct query_run *run = run_of(w, i);
		for (uint32_t k = 0; run && k < run->n; k++)
			list[n++] = w->q->touch[run->first + k];
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), number_cmp);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || list[i] != list[i - 1])
			list[kept++] = list[i];
	*out = list;
	return kept;
}

/* Counts what the post touched; *wakes says whether that may make any query true. */
static size_t count_hits(const struct rulebook *book, const struct scanned *s, bool *wakes)
{
	const struct queries *q = book->queries;
	size_t n = s->nleaves;
	*wakes = q->nalways > 0;
	for (size_t i = 0; i < s->nleaves && !*wakes; i++)
		*wakes = q->touched[q->key_of_leaf[(size_t)(s->leaf[i].rule - book->rule) - q->first_leaf]].n > 0;
	for (size_t i = 0; q->groups && i < s->n; i++) {
		const size_t rule = (size_t)(s->match[i].rule - book->rule);
		const struct query_run run = rule < q->first_leaf ? q->groups[rule] : (struct query_run){ 0 };
		n += run.n;
		for (uint32_t g = 0; g < run.n && !*wakes; g++)
			*wakes = q->touched[q->group[run.first + g]].n > 0;
	}
	return n;
}

bool query_is_of_admission(enum rule_list list)
{
	return list == LIST_BRAND || list == LIST_CONTEXT || list == LIST_EXCLUDE;
}

static void eval_touched(struct query_work *w, size_t nhits)
{
	struct found found = { 0 };
	uint32_t *number;
	work_touch(w, nhits);
	const size_t n = candidates(w, &number);
	for (size_t i = 0; i < n; i++) {
		w->now = &w->q->query[number[i]];
		if (w->admits_only && !query_is_of_admission(w->now->rule->list))
			continue;
		if (work_eval(w, w->now->root, QUERY_VIEW_ALL) == TRUTH_YES)
			found_query(w, &found, w->now);
	}
	const size_t room = LIMIT_MATCHES > w->s->n ? LIMIT_MATCHES - w->s->n : 0;
	if (found.n > room) {
		w->s->dropped += found.n - room;
		found.n = room;
	}
	if (found.n)
		found_merge(w, &found);
}

void queries_eval(struct arena *a, const struct rulebook *book, const struct post *post, bool admits_only, struct scanned *s)
{
	bool wakes;
	if (!book->queries || book->queries->n == 0)
		return;
	const size_t nhits = count_hits(book, s, &wakes);
	if (!wakes)
		return;
	struct query_work w = { .a = a,
		.book = book,
		.q = book->queries,
		.post = post,
		.s = s,
		.admits_only = admits_only,
		.budget = { .left_us = LIMIT_REGEX_POST_US } };
	eval_touched(&w, nhits);
}

bool queries_trouble(const struct rulebook *book, struct query_trouble *out)
{
	struct queries *q = book->queries;
	if (!q || q->ntold == q->ntrouble)
		return false;
	*out = (struct query_trouble){ q->trouble[q->ntold++], "its regular expression took too long on several posts and is not "
							       "run any more; bound its repeats and publish the rules "
							       "again" };
	return true;
}

uint64_t queries_looks(const struct rulebook *book)
{
	return book->queries ? book->queries->nlooks : 0;
}

bool scanned_has_query(const struct scanned *s, enum rule_list list)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].rule->query && s->match[i].rule->list == list)
			return true;
	return false;
}
