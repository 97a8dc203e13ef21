/* The names and addresses that sources have already, to find a twin or a free name among many. Ids and addresses are looked up
 * by hash; everything is borrowed from the source list and the arena. */
#ifndef EARSHOT_CRAWLER_SOURCE_KNOWN_H
#define EARSHOT_CRAWLER_SOURCE_KNOWN_H

#include "crawler/sources.h"

struct source_known_row {
	struct str key; /* p == NULL: free */
	const struct source *source; /* NULL: of one that is to be */
};
struct source_known_set {
	struct source_known_row *row;
	size_t n, nslots; /* a power of two; at most half of them are used */
};
struct source_known {
	struct source_known_set id, address; /* addresses in canonical form */
};

/* All of a list, and room for `more`. Sources that are switched off are known, too. */
void source_known_init(struct arena *a, const struct source_list *l, size_t more, struct source_known *out);
const struct source_known_row *source_known_find(const struct source_known_set *set, struct str key); /* NULL: free */
/* One that is to be; a key that is there already stays. No more than were told to source_known_init(). */
void source_known_add(struct source_known_set *set, struct str key);
/* Canonical form of an address; "" when it is none of the web. */
struct str source_known_address(struct arena *a, struct str url);

#endif
