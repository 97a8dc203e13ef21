/* Counts by 64-bit key, bounded. */
#include "common/base/tally.h"

#include <stdlib.h>

#define FIRST_CAP 1024u

uint64_t tally_mix(uint64_t x)
{
	x += 0x9E3779B97F4A7C15u;
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

static void table_init(struct tally *t, size_t cap)
{
	t->key = calloc(cap, sizeof *t->key);
	t->count = calloc(cap, sizeof *t->count);
	if (t->key == NULL || t->count == NULL)
		abort();
	t->cap = cap;
	t->n = 0;
}

void tally_init(struct tally *t, size_t max_keys)
{
	*t = (struct tally){ .max = max_keys };
	table_init(t, FIRST_CAP);
}

void tally_release(struct tally *t)
{
	free(t->key);
	free(t->count);
	*t = (struct tally){ 0 };
}

/* Where the key is, or the free place where it belongs. */
static size_t find(const struct tally *t, uint64_t key)
{
	size_t at = (size_t)tally_mix(key) & (t->cap - 1);
	while (t->key[at] != 0 && t->key[at] != key)
		at = (at + 1) & (t->cap - 1);
	return at;
}

/* Into a table of another size, without what was counted fewer than `least` times. */
static void move(struct tally *t, size_t cap, uint32_t least)
{
	const struct tally old = *t;
	table_init(t, cap);
	for (size_t i = 0; i < old.cap; i++) {
		if (old.key[i] == 0 || old.count[i] < least)
			continue;
		const size_t at = find(t, old.key[i]);
		t->key[at] = old.key[i];
		t->count[at] = old.count[i];
		t->n++;
	}
	free(old.key);
	free(old.count);
}

uint32_t tally_add(struct tally *t, uint64_t key)
{
	key = key != 0 ? key : 1;
	size_t at = find(t, key);
	if (t->key[at] == 0) {
		if (t->n == t->max) {
			t->refused++;
			return 0;
		}
		if (4 * (t->n + 1) > 3 * t->cap) {
			move(t, t->cap * 2, 0);
			at = find(t, key);
		}
		t->key[at] = key;
		t->n++;
	}
	t->count[at] += t->count[at] < UINT32_MAX;
	return t->count[at];
}

uint32_t tally_get(const struct tally *t, uint64_t key)
{
	return t->count[find(t, key != 0 ? key : 1)];
}

void tally_prune(struct tally *t, uint32_t least)
{
	move(t, t->cap, least);
}
