/* robots.txt in the crawler's turn: asked before a source's own request, at the same pace, with the same checks. */
#ifndef EARSHOT_CRAWLER_ROBOTS_TURN_H
#define EARSHOT_CRAWLER_ROBOTS_TURN_H

#include "crawler/fetch.h"
#include "crawler/robots_keep.h"

/* Asks Redis for what the waiting sources (crawl.waiting) need; then takes it, and gives them back to the frontier. */
void robots_turn_queue(struct crawl *c, struct arena *a);
enum outcome robots_turn_take(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;
/* The request that a visit begins with: the source's, or the one for robots.txt (f->asks_robots). When none may leave: false, and
 * `refused` is the answer; a source that robots.txt refuses fails with its sentence, and f->not_before_ms says until when. */
bool robots_turn_start(struct crawl *c, struct crawl_fetch *f, int64_t now_ms, struct http_response *refused);
/* Handles and releases an answer of robots.txt: after the pause of the host the source is still due. SKIP: it is no answer of the
 * host's, but the source's own failure. */
enum outcome robots_turn_finish(
	struct crawl *c, struct arena *a, struct http_response *r, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
