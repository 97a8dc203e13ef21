/* What hubs send to the intake: questions whether a subscription was asked for, refusals, and pushes. Questions are answered from
 * memory, also while Redis is waited for; a push is on disk (crawler/inbox.h) before it is answered. */
#ifndef EARSHOT_CRAWLER_WEBSUB_SERVE_H
#define EARSHOT_CRAWLER_WEBSUB_SERVE_H

#include "common/base/request.h"
#include "common/store/redis.h"
#include "crawler/inbox.h"
#include "crawler/push.h"
#include "crawler/websub_keep.h"

/* Whether a request is one of a hub's, by its path. */
bool websub_serve_is_for(const struct websub_keep *k, struct str path);
/* Bytes of a body that are read for it: none unless its address is one that we gave out. */
size_t websub_serve_room(const struct websub_keep *k, struct str path);
/* `is_busy`: Redis is waited for, what is not in memory is told to come later. */
void websub_serve_question(struct websub_keep *k, bool is_busy, const struct request *r, struct response *response);
/* `p` lends arena, inbox and rules. */
void websub_serve_push(struct websub_keep *k, struct push *p, const struct request *r, struct response *response);

struct websub_pushed {
	struct str id; /* of the source */
	struct str lines; /* the file without its head */
	bool is_again; /* it was in the streams before, and Redis may have forgotten that */
};
/* A push on disk: what its source has not shown yet goes into the streams, and its next poll knows it.
 * SKIP: the source is none of ours; any other way will do. RETRY: Redis went away. REJECT: the file is damaged. */
struct road;
enum outcome websub_drain(
	struct websub_keep *k, struct road *road, struct arena *a, const struct websub_pushed *pushed, struct err *e) MUST_CHECK;

#endif
