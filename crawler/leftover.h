/* Shards whose last source was taken out of the configuration. No crawler would ask for their leases, so what Redis has of those sources
 * would stay for good, and a hub would push on. So whoever starts looks once what is left on due lists of shards without sources, and
 * takes these as well: opening a shard forgets what is not configured (sources_sync), and unsubscribes it (websub_keep.h). */
#ifndef EARSHOT_CRAWLER_LEFTOVER_H
#define EARSHOT_CRAWLER_LEFTOVER_H

#include "crawler/crawl.h"

/* Adds them to the shards of the crawler: c->nshards may grow. One round trip, the first time that it goes well. */
enum outcome leftover_find(struct crawl *c, struct arena *a, struct err *e) MUST_CHECK;

#endif
