/* Paused sources: what people asked for with `earshot source pause`, looked at once a second and whenever a shard becomes ours. */
#ifndef EARSHOT_CRAWLER_PAUSE_H
#define EARSHOT_CRAWLER_PAUSE_H

#include "crawler/crawl.h"

/* Reads the pauses of our shards when it is time to. MUST stand before sources are taken from the due list. */
enum outcome pause_look(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;
/* `at`: which source. What is due all the same is put off: pauses_put_off(). */
bool pause_holds(const struct crawl *c, size_t at, int64_t now_ms);

#endif
