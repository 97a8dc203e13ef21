/* Sources that are configured alike share what is configured (struct source_how): a hundred thousand of them are mostly a few
 * lists. Known are the last ones of the file in hand, by what their sections say. */
#ifndef EARSHOT_CRAWLER_SOURCE_HOW_H
#define EARSHOT_CRAWLER_SOURCE_HOW_H

#include "common/base/arena.h"
#include <earshot/source.h>

#define SOURCE_HOWS 64

struct source_hows {
	struct {
		uint64_t hash;
		struct str key;
		const struct source_how *how;
	} row[SOURCE_HOWS]; /* a ring: the oldest goes first */
	size_t n; /* that came in */
};

/* What a section says but for what no two sources share; files are named in it, as paths are relative to them. */
struct str source_how_key(struct arena *scratch, const struct conf_section *at);
const struct source_how *source_how_find(const struct source_hows *known, struct str key); /* NULL = none */
/* Keeps a copy of both in `a`, and says where; without a key it is nobody else's. */
const struct source_how *source_how_keep(
	struct source_hows *known, struct arena *a, struct str key, const struct source_how *how);

#endif
