/* A round: visits that end together share their round trips to Redis, three for all of them (what is known; posts; cursors). The
 * last of them is left open, so that crawl.c may ask what is next in the same trip. Whatever fails for one visit is that visit's
 * trouble: the others go on. */
#ifndef EARSHOT_CRAWLER_ROUND_H
#define EARSHOT_CRAWLER_ROUND_H

#include "common/base/http.h"
#include "crawler/crawl.h"
#include "crawler/robots_turn.h"
#include "crawler/visit.h"

struct round {
	struct crawl *c;
	struct arena *a; /* of everything that was parsed */
	int64_t now_ms;
	struct visit *visit;
	struct http_response *response; /* one a visit; released by round_settle */
	size_t n, room;
	struct robots_visit *robots; /* answers of robots.txt: the same trips */
	size_t nrobots;
	size_t bytes; /* in use when the round began */
};

void round_init(struct round *r, struct crawl *c, struct arena *a, size_t room, int64_t now_ms);
bool round_is_full(const struct round *r);
/* Reads an answer, be it of robots.txt; it and its fetch (response->owner) belong to the round from now on. */
void round_add(struct round *r, const struct http_response *response);
/* Posts into their streams. */
enum outcome round_append(struct round *r, struct err *e) MUST_CHECK;
/* Queues the cursors. */
void round_commit(struct round *r);
/* Takes what became of them, and lets go of the visits: MUST be called for every round, also for one that went wrong. */
enum outcome round_settle(struct round *r, struct err *e) MUST_CHECK;

#endif
