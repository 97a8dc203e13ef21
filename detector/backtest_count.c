/* A backtest's counts: the dimensions of a mention, its hour, and the mentions that the trials are made of. */
#include "detector/backtest_count.h"

#include "common/base/clock.h"
#include "common/base/names.h"
#include "detector/count.h"
#include "detector/judge.h"

#include <stdlib.h>

int64_t backtest_arrival(const struct post *p)
{
	return p->fetched_ms >= 0 ? p->fetched_ms : p->posted_ms;
}

struct str backtest_dimension_name(struct arena *a, int dimension)
{
	static const char *const name[] = { "all", "negative", "neutral", "positive", "complaint", "own" };
	if (dimension < BACKTEST_CATEGORY)
		return str_of(name[dimension]);
	return arena_printf(a, "category:%s", category_names[dimension - BACKTEST_CATEGORY]);
}

/* ---- counting ---- */

static void note_mention(struct backtest_mentions *m, struct backtest_mention mention)
{
	if (m->n == BACKTEST_MENTIONS) {
		m->untried++;
		return;
	}
	if (m->n == m->cap) {
		m->cap = m->cap > 0 ? m->cap * 2 : 4096;
		m->item = realloc(m->item, m->cap * sizeof *m->item);
		if (m->item == NULL)
			abort();
	}
	m->is_unsorted |= m->n > 0 && m->item[m->n - 1].arrival > mention.arrival;
	m->item[m->n++] = mention;
}

static void count_hour(struct backtest *b, uint32_t **hour, int64_t count_ms)
{
	const int64_t at = count_ms / MS_PER_HOUR - b->first_hour;
	if (at < 0 || at >= BACKTEST_HOURS)
		return;
	if (*hour == NULL)
		*hour = calloc(BACKTEST_HOURS, sizeof **hour); /* pages that are never touched cost nothing */
	if (*hour == NULL)
		abort();
	(*hour)[at]++;
	if ((size_t)at >= b->nhours)
		b->nhours = (size_t)at + 1;
}

static int dimension_of(struct str name)
{
	static const char *const names[] = { "all", "negative", "neutral", "positive", "complaint", "own" };
	static const struct str prefix = { "category:", 9 };
	if (str_starts(name, prefix))
		return BACKTEST_CATEGORY + names_index(category_names, CAT__N, str_from(name, prefix.n));
	return names_index(names, BACKTEST_CATEGORY, name);
}

/* The dimensions of the live path (count.c), counted here by their names. */
void backtest_count(struct backtest *b, struct arena *a, const struct backtest_counted *c)
{
	static const int watched[WATCH__N] = { BACKTEST_ALL, BACKTEST_NEGATIVE, BACKTEST_COMPLAINT };
	struct backtest_brand *brand = &b->brand[c->brand];
	const struct brand *of_book = c->side == BOOK_OLD ? brand->pair.old : brand->pair.new;
	const int index = (int)(of_book - b->book[c->side]->brand);
	const char *name[DIMENSIONS_OF_MENTION];
	bool counts[BACKTEST_DIMENSION__N] = { false };
	struct verdict verdict;
	const int64_t count_ms = post_count_ms(&c->post->post);
	struct backtest_mention mention = {
		.arrival = (uint32_t)(backtest_arrival(&c->post->post) / MS_PER_MINUTE),
		.counts = (uint32_t)(count_ms / MS_PER_MINUTE),
		.brand = (uint16_t)index,
	};
	judge(a, b->book[c->side], index, &c->post->post, c->scanned, &verdict);
	verdict.own = verdict.own || conf_list_has(&c->post->own, of_book->id);
	const size_t n = count_dimensions(a, &c->post->post, &verdict, name);
	for (size_t i = 0; i < n; i++) {
		const int dimension = dimension_of(str_of(name[i]));
		if (dimension < 0)
			continue;
		counts[dimension] = true;
		brand->count[c->side][dimension]++;
		if (dimension >= BACKTEST_CATEGORY)
			mention.category = (uint8_t)(dimension - BACKTEST_CATEGORY);
	}
	for (int w = 0; w < WATCH__N; w++) {
		if (!counts[watched[w]])
			continue;
		mention.watched |= (uint8_t)(1u << w);
		count_hour(b, &brand->hour[c->side][w], count_ms);
	}
	if (b->trial[c->side].book != NULL && counts[BACKTEST_ALL])
		note_mention(&b->mentions[c->side], mention);
}

/* ---- trying ---- */

static int mention_cmp(const void *a, const void *b)
{
	const struct backtest_mention *x = a, *y = b;
	if (x->arrival != y->arrival)
		return x->arrival < y->arrival ? -1 : 1;
	return (x->counts > y->counts) - (x->counts < y->counts); /* within a minute the order changes nothing */
}

/* The clock goes on to the last post even when it is a mention in the other book only: both are tried over the same time. */
void backtest_try(struct backtest *b, enum backtest_side side)
{
	struct backtest_mentions *m = &b->mentions[side];
	struct trial *t = &b->trial[side];
	if (m->is_unsorted)
		qsort(m->item, m->n, sizeof *m->item, mention_cmp);
	for (size_t i = 0; i < m->n; i++) {
		const struct backtest_mention *x = &m->item[i];
		struct trial_mention mention = { .count_ms = x->counts * MS_PER_MINUTE, .category = (enum category)x->category };
		for (unsigned w = 0; w < WATCH__N; w++)
			mention.watched[w] = (x->watched >> w & 1u) != 0;
		trial_advance(t, x->arrival * MS_PER_MINUTE);
		trial_count(t, x->brand, &mention);
	}
	if (m->n > 0)
		trial_advance(t, b->to_ms);
	trial_finish(t);
}
