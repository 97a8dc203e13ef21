/* Hosts as queues: which source is asked next. */
#include "crawler/frontier.h"

#include <stdlib.h>
#include <string.h>

/* ---- a heap of numbers by a key that each has; every number knows its place, so that it can move ---- */

struct heap {
	uint32_t *item, *place;
	const int64_t *key;
	size_t n;
};

static void put(const struct heap *h, size_t at, uint32_t item)
{
	h->item[at] = item;
	h->place[item] = (uint32_t)at;
}

static bool goes_first(const struct heap *h, size_t a, size_t b)
{
	return h->key[h->item[a]] < h->key[h->item[b]];
}

static void swap(const struct heap *h, size_t a, size_t b)
{
	const uint32_t other = h->item[a];
	put(h, a, h->item[b]);
	put(h, b, other);
}

static size_t rise(const struct heap *h, size_t at)
{
	while (at > 0 && goes_first(h, at, (at - 1) / 2)) {
		swap(h, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
	return at;
}

static void sink(const struct heap *h, size_t at)
{
	for (;;) {
		size_t least = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < h->n; child++)
			if (goes_first(h, child, least))
				least = child;
		if (least == at)
			return;
		swap(h, at, least);
		at = least;
	}
}

/* The key of `item` has changed. */
static void moved(const struct heap *h, uint32_t item)
{
	sink(h, rise(h, h->place[item]));
}

static struct heap queue_of(const struct frontier *f, const struct frontier_host *host)
{
	return (struct heap){ f->queue + host->first, f->place, f->due_ms, host->n };
}

static struct heap line_of(const struct frontier *f)
{
	return (struct heap){ f->line, f->line_place, f->ready_ms, f->nhosts };
}

/* ---- made of the source list ---- */

static void *list(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);
	if (p == NULL)
		abort();
	return p;
}

struct named {
	struct str host;
	uint32_t source;
};

static int compare_hosts(const void *x, const void *y)
{
	const struct named *a = x, *b = y;
	const int order = str_cmp(a->host, b->host);
	return order != 0 ? order : a->source < b->source ? -1 : 1;
}

static void add_to_host(struct frontier *f, const struct named *s, bool is_new, uint32_t shard)
{
	if (is_new)
		f->host[f->nhosts++] = (struct frontier_host){ .first = (uint32_t)f->nsources, .shard = shard };
	struct frontier_host *host = &f->host[f->nhosts - 1];
	f->host_of[s->source] = (uint32_t)(f->nhosts - 1);
	f->place[s->source] = host->n;
	f->due_ms[s->source] = FRONTIER_NEVER;
	f->queue[f->nsources++] = s->source;
	host->n++;
}

static void make_hosts(struct frontier *f, const struct source_list *l)
{
	struct named *name = list(l->n, sizeof *name);
	for (size_t i = 0; i < l->n; i++)
		name[i] = (struct named){ l->source[i].host, (uint32_t)i };
	qsort(name, l->n, sizeof *name, compare_hosts);
	for (size_t i = 0; i < l->n; i++)
		add_to_host(f, &name[i], i == 0 || !str_eq(name[i].host, name[i - 1].host), l->source[name[i].source].shard);
	free(name);
	for (uint32_t h = 0; h < f->nhosts; h++) {
		f->line[h] = f->line_place[h] = h;
		f->ready_ms[h] = FRONTIER_NEVER;
	}
}

static void sort_by_shard(struct frontier *f, const struct source_list *l)
{
	uint32_t at[EARSHOT_SHARDS + 1] = { 0 };
	for (size_t i = 0; i < l->n; i++)
		f->shard_first[l->source[i].shard + 1]++;
	for (size_t s = 0; s < EARSHOT_SHARDS; s++)
		f->shard_first[s + 1] += f->shard_first[s];
	memcpy(at, f->shard_first, sizeof at);
	for (size_t i = 0; i < l->n; i++)
		f->by_shard[at[l->source[i].shard]++] = (uint32_t)i;
}

void frontier_init(struct frontier *f, const struct source_list *l)
{
	*f = (struct frontier){
		.due_ms = list(l->n, sizeof *f->due_ms),
		.host_of = list(l->n, sizeof *f->host_of),
		.queue = list(l->n, sizeof *f->queue),
		.place = list(l->n, sizeof *f->place),
		.host = list(l->n, sizeof *f->host),
		.ready_ms = list(l->n, sizeof *f->ready_ms),
		.line = list(l->n, sizeof *f->line),
		.line_place = list(l->n, sizeof *f->line_place),
		.by_shard = list(l->n, sizeof *f->by_shard),
	};
	make_hosts(f, l);
	sort_by_shard(f, l);
}

void frontier_release(struct frontier *f)
{
	void *all[] = { f->due_ms, f->host_of, f->queue, f->place, f->host, f->ready_ms, f->line, f->line_place, f->by_shard };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]);
	*f = (struct frontier){ 0 };
}

const uint32_t *frontier_shard(const struct frontier *f, uint32_t shard, size_t *n)
{
	*n = f->shard_first[shard + 1] - f->shard_first[shard];
	return f->by_shard + f->shard_first[shard];
}

/* ---- whose turn it is ---- */

static void update_host(struct frontier *f, uint32_t at)
{
	const struct frontier_host *host = &f->host[at];
	const int64_t due_ms = f->due_ms[f->queue[host->first]];
	const bool waits = !host->is_busy && f->is_open[host->shard] && due_ms != FRONTIER_NEVER;
	const struct heap line = line_of(f);
	f->ready_ms[at] = !waits ? FRONTIER_NEVER : due_ms > host->next_ms ? due_ms : host->next_ms;
	moved(&line, at);
}

void frontier_open(struct frontier *f, uint32_t shard, bool is_open)
{
	f->is_open[shard] = is_open;
	for (uint32_t h = 0; h < f->nhosts; h++)
		if (f->host[h].shard == shard)
			update_host(f, h);
}

void frontier_due(struct frontier *f, uint32_t source, int64_t due_ms)
{
	const uint32_t at = f->host_of[source];
	const struct heap queue = queue_of(f, &f->host[at]);
	f->due_ms[source] = due_ms;
	moved(&queue, source);
	update_host(f, at);
}

bool frontier_is_alone(const struct frontier *f, uint32_t source)
{
	return f->host[f->host_of[source]].n == 1;
}

bool frontier_next(struct frontier *f, int64_t now_ms, uint32_t *source)
{
	if (frontier_ready_ms(f) > now_ms)
		return false;
	const uint32_t at = f->line[0];
	*source = f->queue[f->host[at].first];
	f->host[at].is_busy = true;
	update_host(f, at);
	return true;
}

void frontier_back(struct frontier *f, uint32_t source, int64_t due_ms, int64_t host_ms)
{
	struct frontier_host *host = &f->host[f->host_of[source]];
	host->is_busy = false;
	host->next_ms = host_ms;
	frontier_due(f, source, due_ms);
}

int64_t frontier_ready_ms(const struct frontier *f)
{
	return f->nhosts > 0 ? f->ready_ms[f->line[0]] : FRONTIER_NEVER;
}
