/* What a post can touch: the distinct terms and groups of all queries, in one table. */
#include "common/text/query_node.h"

#include <string.h>

#define FIRST_SLOTS 1024u

static bool keys_equal(const struct query_key *a, const struct query_key *b)
{
	if (a->is_group != b->is_group)
		return false;
	if (a->is_group)
		return a->list == b->list && a->third == b->third && a->brand == b->brand;
	return str_eq(a->folded, b->folded) && a->folds == b->folds && a->case_exact == b->case_exact &&
	       a->open_end == b->open_end && (!a->case_exact || str_eq(a->term, b->term));
}

static uint64_t key_hash(const struct query_key *k)
{
	const uint64_t flags = (uint64_t)k->folds << 8 | (uint64_t)k->is_group << 2 | (uint64_t)k->case_exact << 1 | k->open_end;
	const uint64_t group =
		k->is_group ? (uint64_t)k->list << 48 ^ (uint64_t)(k->third + 1) << 40 ^ (uint64_t)(k->brand + 1) : 0;
	return (str_hash(k->folded) ^ flags ^ group) * 0x9E3779B97F4A7C15ull;
}

static uint32_t *slot_of(struct draft_queries *q, const struct query_key *key)
{
	uint32_t at = (uint32_t)(key_hash(key) >> 32) & (q->nslots - 1);
	while (q->slot[at] && !keys_equal(&q->key[q->slot[at] - 1], key))
		at = (at + 1) & (q->nslots - 1);
	return &q->slot[at];
}

static void grow_slots(struct draft_queries *q)
{
	q->nslots = q->nslots ? q->nslots * 2 : FIRST_SLOTS;
	q->slot = arena_list(q->a, uint32_t, q->nslots);
	for (uint32_t i = 0; i < q->nkeys; i++)
		*slot_of(q, &q->key[i]) = i + 1;
}

uint32_t query_key_add(struct draft_queries *q, struct query_key key)
{
	if (q->nkeys * 2 >= q->nslots)
		grow_slots(q);
	uint32_t *slot = slot_of(q, &key);
	if (*slot)
		return *slot - 1;
	if (q->nkeys == q->keys_cap) {
		q->keys_cap = q->keys_cap ? q->keys_cap * 2 : 256;
		struct query_key *bigger = arena_list(q->a, struct query_key, q->keys_cap);
		if (q->nkeys)
			memcpy(bigger, q->key, q->nkeys * sizeof(*bigger));
		q->key = bigger;
	}
	q->key[q->nkeys] = key;
	*slot = ++q->nkeys;
	return q->nkeys - 1;
}

void query_regex_keep(struct draft_queries *q, struct regex *re)
{
	if (q->nregexes == q->regexes_cap) {
		q->regexes_cap = q->regexes_cap ? q->regexes_cap * 2 : 16;
		struct regex **bigger = arena_list(q->a, struct regex *, q->regexes_cap);
		if (q->nregexes)
			memcpy(bigger, q->regex, q->nregexes * sizeof(*bigger));
		q->regex = bigger;
	}
	q->regex[q->nregexes++] = re;
}
