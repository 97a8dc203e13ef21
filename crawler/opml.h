/* Subscription lists (OPML 1 and 2), as feed readers export them: read, and written. Pure. Ill-formed files are recovered as
 * far as they go; names of attributes are taken in any case; an outline without the address of a feed (a folder, a note, a link) is
 * passed over, and so is `include`: nothing is fetched. Folders in folders are remembered as a path.
 * Strings live in the arena. */
#ifndef EARSHOT_CRAWLER_OPML_H
#define EARSHOT_CRAWLER_OPML_H

#include "common/base/arena.h"
#include "common/base/buf.h"

struct opml_feed {
	struct str url; /* as parsed: ASCII, absolute */
	struct str title; /* "" = none */
	struct str family; /* of the innermost folder (or category) that is called like one, in English or Chinese; "" = none */
	struct str folder; /* "News / 科技"; "" = none */
};
struct opml {
	struct opml_feed *feed; /* in the order of the file, each address (canonical form) once */
	size_t n;
	size_t repeated; /* addresses that came again */
	size_t refused; /* addresses that cannot be fetched: no http, a password inside … */
	size_t dropped; /* beyond LIMIT_OPML_FEEDS */
	struct str refused_first; /* the first of them */
	const char *why; /* what was ill-formed, a constant; NULL = nothing */
};

/* REJECT when there is no outline in it. */
enum outcome opml_read(struct arena *a, struct str bytes, struct opml *out, struct err *e) MUST_CHECK;
/* OPML 2.0, feeds of one family under an outline of its name; feeds must stand in the order of families. */
void opml_write(struct buf *out, const struct opml_feed *feed, size_t n);

#endif
