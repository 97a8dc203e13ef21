/* Which ids and addresses sources have. */
#include "crawler/source_known.h"

#include "common/base/url.h"

static size_t slot_of(const struct source_known_set *set, struct str key)
{
	size_t at = str_hash(key) & (set->nslots - 1);
	while (set->row[at].key.p != NULL && !str_eq(set->row[at].key, key))
		at = (at + 1) & (set->nslots - 1);
	return at;
}

static void put(struct source_known_set *set, struct str key, const struct source *source)
{
	const size_t at = slot_of(set, key);
	if (key.n == 0 || set->row[at].key.p != NULL || 2 * set->n >= set->nslots)
		return;
	set->row[at] = (struct source_known_row){ key, source };
	set->n++;
}

static void set_init(struct arena *a, struct source_known_set *set, size_t room)
{
	*set = (struct source_known_set){ .nslots = 16 };
	while (set->nslots < 2 * room + 2)
		set->nslots *= 2;
	set->row = arena_list(a, struct source_known_row, set->nslots);
}

static void put_all(struct arena *a, struct source_known *out, const struct source *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put(&out->id, list[i].id, &list[i]);
		put(&out->address, source_known_address(a, list[i].url), &list[i]);
	}
}

void source_known_init(struct arena *a, const struct source_list *l, size_t more, struct source_known *out)
{
	const size_t room = l->n + l->npushed + l->noff + more;
	set_init(a, &out->id, room);
	set_init(a, &out->address, room);
	put_all(a, out, l->source, l->n);
	put_all(a, out, l->pushed, l->npushed);
	put_all(a, out, l->off, l->noff);
}

const struct source_known_row *source_known_find(const struct source_known_set *set, struct str key)
{
	const struct source_known_row *row = &set->row[slot_of(set, key)];
	return row->key.p != NULL ? row : NULL;
}

void source_known_add(struct source_known_set *set, struct str key)
{
	put(set, key, NULL);
}

struct str source_known_address(struct arena *a, struct str address)
{
	struct url url;
	return url_parse(a, address, STR(""), &url, NULL) == OK ? url_canonical(a, &url) : STR("");
}
