/* robots.txt in the crawler's turn: asked before a source's own request, at the same pace, with the same checks. */
#ifndef EARSHOT_CRAWLER_ROBOTS_TURN_H
#define EARSHOT_CRAWLER_ROBOTS_TURN_H

#include "crawler/fetch.h"
#include "crawler/robots_keep.h"
#include "crawler/visit.h"

/* Before the host is claimed. A source that is refused fails with the sentence, and its next look is set. REJECT: the shard went
 * to another worker. */
enum outcome robots_turn_ask(const struct visit *v, const struct source *s, enum robots_word *word, struct err *e) MUST_CHECK;
/* The request that a visit begins with: the source's, or the one for robots.txt (f->asks_robots). When nothing can leave:
 * false, and `refused` is the answer. */
bool robots_turn_start(struct crawl *c, struct crawl_fetch *f, struct http_response *refused);
/* Handles an answer of robots.txt: after the pause of the host the source is still due. What is no answer of the host's is the
 * source's. */
enum outcome robots_turn_finish(const struct visit *v, struct err *e) MUST_CHECK;

#endif
