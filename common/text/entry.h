/* The stream entry: what a writer (crawler, replay, import) puts into a brand's stream and the detector reads (shape in
 * common/store/posts.h). It carries brand, places and rulebook version: admission decides membership, and the detector never
 * un-admits. */
#ifndef EARSHOT_TEXT_ENTRY_H
#define EARSHOT_TEXT_ENTRY_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include <earshot/match.h>

struct entry {
	struct str brand, rulebook;
	const struct post *post;
	const struct match *const *place; /* where the brand was found; may be 0 */
	size_t nplaces;
	bool own; /* by the brand's own account */
	bool backfill; /* undated, from the first sight of its source: stored, but no news (design 4.11) */
	bool history; /* counted again by `rules publish --backfill`: in its own minute, but not seen now */
	bool edited; /* a later sight whose text differs */
};

void entry_write(struct buf *out, const struct entry *entry);
/* The same in `a`; "" when it would be larger than LIMIT_STREAM_ENTRY_BYTES. */
struct str entry_json(struct arena *a, const struct entry *entry);

#endif
