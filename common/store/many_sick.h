/* What crawlers have told the operators of many sources that are ill at once (crawler/ward.h): one word a crawler, for whoever comes after it. Its
 * owner says it again at every look, so a word that grows old has lost its crawler. */
#ifndef EARSHOT_STORE_MANY_SICK_H
#define EARSHOT_STORE_MANY_SICK_H

#include "common/store/redis.h"

#define MANY_SICK_KEPT_MS (7ll * 24 * 3600 * 1000) /* behind the last word of all */

struct many_sick {
	struct str crawler;
	int64_t began_ms; /* since when many are ill */
	int64_t told_ms, told; /* the last notice of it, how many there were; > 0 */
	int64_t at_ms; /* when this was said */
};
/* All words; texts live in the arena. Queue, flush, take. */
void many_sick_queue(struct redis *r, struct arena *a);
enum outcome many_sick_take(struct redis *r, struct arena *a, struct many_sick **out, size_t *n, struct err *e) MUST_CHECK;
enum outcome many_sick_write(struct redis *r, struct arena *a, const struct many_sick *m, struct err *e) MUST_CHECK;
/* *was_there: this call took it away; of several crawlers that want a word one has it. */
enum outcome many_sick_remove(struct redis *r, struct arena *a, struct str crawler, bool *was_there, struct err *e) MUST_CHECK;

#endif
