/* Posts that were met before: a set of 64-bit hashes of their ids. */
#include "common/base/archive.h"

#include <earshot/limits.h>

#include <stdlib.h>

/* Open addressing; 0 is an empty place. 64 of the 128 bits of an id tell millions of posts apart. */
struct archive_seen {
	uint64_t *id;
	size_t n, room; /* room: a power of two */
};

struct archive_seen *archive_seen_new(void)
{
	struct archive_seen *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	return s;
}

void archive_seen_free(struct archive_seen *s)
{
	if (s == NULL)
		return;
	free(s->id);
	free(s);
}

static uint64_t id_of(struct str id)
{
	const uint64_t hash = str_hash(id);
	return hash != 0 ? hash : 1;
}

/* false when it was there. */
static bool place_in(uint64_t *table, size_t room, uint64_t id)
{
	size_t at = (size_t)((id * 0x9e3779b97f4a7c15u) >> 20) & (room - 1);
	for (; table[at] != 0; at = (at + 1) & (room - 1))
		if (table[at] == id)
			return false;
	table[at] = id;
	return true;
}

static void grow(struct archive_seen *s)
{
	const size_t room = s->room > 0 ? s->room * 2 : 1u << 16;
	uint64_t *table = calloc(room, sizeof *table);
	if (table == NULL)
		abort();
	for (size_t i = 0; i < s->room; i++)
		if (s->id[i] != 0)
			(void)place_in(table, room, s->id[i]); /* they differ */
	free(s->id);
	s->id = table;
	s->room = room;
}

bool archive_seen_first(struct archive_seen *s, struct str id)
{
	if (s->n >= LIMIT_ARCHIVE_SEEN)
		return true;
	if (s->n * 2 >= s->room)
		grow(s);
	const bool first = place_in(s->id, s->room, id_of(id));
	s->n += first;
	return first;
}
