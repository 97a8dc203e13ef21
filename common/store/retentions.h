/* How long the posts of single sources are kept, where that is shorter than [retention] says (`retention` of a source). The crawlers
 * know the sources and write the list; the detector, who holds the mentions, reads it. */
#ifndef EARSHOT_STORE_RETENTIONS_H
#define EARSHOT_STORE_RETENTIONS_H

#include "common/store/redis.h"

struct retention_row {
	struct str source;
	int64_t keep_ms; /* from the time a post counts to (post_count_ms) */
};
struct retentions {
	struct retention_row *row; /* by source */
	size_t n;
};

/* Puts the list in place of what is there. `list` MUST be in order: retentions_sort(). */
enum outcome retentions_write(struct redis *r, struct arena *a, const struct retentions *list, struct err *e) MUST_CHECK;
/* In order, in `a`. */
enum outcome retentions_read(struct redis *r, struct arena *a, struct retentions *out, struct err *e) MUST_CHECK;

void retentions_sort(struct retentions *list);
/* Is the time of a post that counts to `count_ms` over? A source that is not on the list keeps no time of its own. */
bool retentions_is_over(const struct retentions *list, struct str source, int64_t count_ms, int64_t now_ms);
/* The shortest of the list; INT64_MAX when it is empty. */
int64_t retentions_least(const struct retentions *list);

#endif
