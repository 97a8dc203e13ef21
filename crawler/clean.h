/* Foreign HTML made safe to show: one pass over a fragment, without a tree. Only what stands in the lists of clean_lists.c
 * comes out: elements, attributes, schemes of addresses and CSS properties, the same that readers of feeds have agreed on,
 * less what submits, restyles or loads behind the reader's back (form, background, ping, id, name …). Scripts and style
 * sheets go with what they hold; of every other unknown element only the tags go, its text stays.
 *
 * What comes out, invariants (tests/fuzz/fuzz_clean.c checks them):
 *  - valid UTF-8 when the input is; a `<` starts a listed tag and nothing else, values hold neither `<`, `>` nor `"`;
 *  - every element is closed, in order, and nested at most CLEAN_DEPTH deep;
 *  - addresses are relative or have a listed scheme, also behind references, white space and control characters;
 *  - cleaning it again changes nothing;
 *  - it is at most 64 KiB + one tag longer than the input (resolved links grow): what would come behind is cut. */
#ifndef EARSHOT_CRAWLER_CLEAN_H
#define EARSHOT_CRAWLER_CLEAN_H

#include "common/base/arena.h"

#define CLEAN_DEPTH 64

/* The safe form of `html`; `html` itself when it holds no markup at all. Relative addresses are resolved against `base`;
 * with base "" they stay relative, so whoever shows them on a page of their own gives a base. */
struct str clean_html(struct arena *a, struct str html, struct str base);
/* Is it the name of an element that text may hold, any case? */
bool clean_is_element(struct str name);

#endif
