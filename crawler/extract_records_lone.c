/* A thread of one post, where nothing repeats: an innermost node that is called a post and holds a name, a moment and words. */
#include "crawler/extract_records.h"

#define LONE_WEIGHT 20 /* of its words */

static bool is_candidate(const struct records_marks *m, uint32_t i)
{
	const uint32_t end = m->d->node[i].end;

	return m->flag[i] & RECORDS_POST && !(m->flag[i] & RECORDS_LINK) && m->d->node[i].tag != TAG_BODY &&
	       records_between(m->users, i, end) > 0 && records_between(m->dates, i, end) > 0 &&
	       records_between(m->plain, i, end) > records_between(m->linked, i, end);
}

/* Of the candidates with no other in them, the one that says most. */
static uint32_t innermost(const struct records_marks *m)
{
	uint32_t found = 0, last = 0, best = 0;

	for (uint32_t i = 1; i <= m->d->n; i++) {
		if (last && i >= m->d->node[last].end) {
			const uint32_t weight = records_between(m->plain, last, m->d->node[last].end);

			found = weight > best ? last : found;
			best = weight > best ? weight : best;
			last = 0;
		}
		if (i < m->d->n && is_candidate(m, i))
			last = i;
	}
	return found;
}

void records_find_lone(const struct records_marks *m, struct records_set *set)
{
	const uint32_t root = innermost(m);
	struct records_range *r;

	*set = (struct records_set){ 0 };
	if (!root)
		return;
	r = arena_new(m->x->a, struct records_range);
	*r = (struct records_range){ .start = root, .end = m->d->node[root].end, .root = root };
	set->record = r;
	set->n = 1;
	r->body = records_densest(m, set, root);
	if (r->body == root || records_between(m->plain, r->body, m->d->node[r->body].end) < LONE_WEIGHT)
		set->n = 0;
}
