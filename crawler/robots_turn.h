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

/* An answer of robots.txt in a round (round.h). It goes in steps that share the round's trips, each queue followed by its take:
 *     robots_turn_ask, robots_turn_read         what Redis knew of it, and what is known now
 *     robots_turn_commit, robots_turn_settle    kept; the host's pause begins, and the source is still due
 * One that is lost on the way is not kept: the source is as before, and asks again. */
struct robots_visit {
	struct http_response r; /* owner: its fetch. Both are released by robots_turn_settle() */
	struct partition shard;
	struct robots_copy copy;
	int64_t host_next_ms;
	bool is_lost; /* no commit for it, but robots_turn_settle() all the same */
};
void robots_turn_ask(const struct robots_visit *v);
enum outcome robots_turn_read(struct crawl *c, struct robots_visit *v, int64_t now_ms, struct err *e) MUST_CHECK;
void robots_turn_commit(struct crawl *c, struct robots_visit *v, int64_t now_ms);
enum outcome robots_turn_settle(struct crawl *c, struct robots_visit *v, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
