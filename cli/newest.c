/* The newest N of many, in a heap with the oldest on top. */
#include "cli/newest.h"

#include <stdlib.h>

void newest_init(struct newest *k, size_t most, size_t line_bytes)
{
	*k = (struct newest){ .most = most, .line_bytes = line_bytes };
	k->line = calloc(most, sizeof *k->line);
	if (k->line == NULL)
		abort();
}

void newest_release(struct newest *k)
{
	for (size_t i = 0; i < k->n; i++)
		buf_release(&k->line[i].text);
	free(k->line);
	*k = (struct newest){ 0 };
}

static bool is_older(const struct newest_line *a, const struct newest_line *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->number < b->number;
}

static void swap(struct newest_line *a, struct newest_line *b)
{
	const struct newest_line c = *a;
	*a = *b;
	*b = c;
}

static void sift_down(struct newest *k)
{
	for (size_t at = 0;;) {
		size_t oldest = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < k->n; child++)
			if (is_older(&k->line[child], &k->line[oldest]))
				oldest = child;
		if (oldest == at)
			return;
		swap(&k->line[at], &k->line[oldest]);
		at = oldest;
	}
}

static void sift_up(struct newest *k)
{
	for (size_t at = k->n - 1; at > 0 && is_older(&k->line[at], &k->line[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&k->line[at], &k->line[(at - 1) / 2]);
}

/* While there is room the new line is the last of the heap, afterwards it takes the place of the oldest. */
struct buf *newest_place(struct newest *k, int64_t at_ms)
{
	const struct newest_line line = { .at_ms = at_ms, .number = k->seen++ };
	const bool has_room = k->n < k->most;
	if (!has_room && is_older(&line, &k->line[0]))
		return NULL;
	struct newest_line *place = has_room ? &k->line[k->n++] : &k->line[0];
	place->at_ms = line.at_ms;
	place->number = line.number;
	if (has_room)
		buf_init(&place->text, k->line_bytes);
	buf_clear(&place->text);
	return &place->text;
}

void newest_settle(struct newest *k)
{
	if (k->seen <= k->most)
		sift_up(k);
	else
		sift_down(k);
}

static int newer_first(const void *a, const void *b)
{
	return is_older(a, b) ? 1 : -1;
}

void newest_sort(struct newest *k)
{
	qsort(k->line, k->n, sizeof *k->line, newer_first);
}
