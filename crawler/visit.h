/* What an answer means for its source: posts go into their brands' streams first, then, and only then, the cursor moves. A crash
 * between the two repeats work and loses nothing (design, invariant 2). */
#ifndef EARSHOT_CRAWLER_VISIT_H
#define EARSHOT_CRAWLER_VISIT_H

#include "common/store/partition.h"
#include "crawler/crawl.h"

struct http_response;

/* One answer and what it takes to handle it. */
struct visit {
	struct crawl *c;
	struct arena *a;
	struct crawl_fetch *f;
	const struct http_response *r;
	int64_t now_ms;
	struct partition shard; /* of the source */
};

/* Whatever came, the source is due again at some time: a failure is one of its states. RETRY: Redis went away, and nothing was
 * decided. REJECT: the shard went to another worker. */
enum outcome visit_handle(const struct visit *v, struct err *e) MUST_CHECK;

#endif
