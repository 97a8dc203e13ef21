/* Files that are gzip themselves, whatever the headers said: sitemaps are kept so. What curl unpacks on its way never comes here. */
#ifndef EARSHOT_BASE_GZIP_H
#define EARSHOT_BASE_GZIP_H

#include "common/base/arena.h"

bool gzip_is(struct str bytes); /* begins as a gzip file */
/* The bytes inside, all members one after the other, in the arena. REJECT, with the reason, when they are more than LIMIT_BODY_BYTES or
 * grow beyond LIMIT_BODY_RATIO, and when nothing can be read. A damaged or cut end is no error: *is_cut, and *out is what stood in
 * front of it. */
enum outcome gzip_open(struct arena *a, struct str bytes, struct str *out, bool *is_cut, struct err *e) MUST_CHECK;

#endif
