/* Handlers of the console, one row each in routes.def. A handler reads Redis and writes its answer's body; what it returns
 * becomes the status: OK 200, REJECT 400 (the request is wrong), SKIP 404 (there is no such thing), RETRY 503 (Redis is
 * away), STOP 500. On anything but OK the body is replaced by the sentence in `e`.
 *
 * What goes out is chosen field by field, never copied whole: a record may hold more than a page should show. */
#ifndef EARSHOT_CONSOLE_API_H
#define EARSHOT_CONSOLE_API_H

#include "common/store/partition.h"
#include "common/store/procs.h"
#include "common/base/request.h"

struct api {
	struct redis *redis;
	bool ready; /* Redis answered at the last turn */
	struct arena *arena; /* of this request */
	int64_t now_ms;
	const struct request *request;
};

#define ROUTE(method, path, handler, type, help) enum outcome handler(struct api *api, struct buf *out, struct err *e) MUST_CHECK;
#include "console/routes.def"
#undef ROUTE

/* Shared by handlers. */
/* RETRY with a sentence while Redis is away. */
enum outcome api_need_redis(const struct api *api, struct err *e) MUST_CHECK;
/* What the store said, as an answer to somebody who did nothing wrong: a command that Redis refuses is our fault (500). */
enum outcome api_stored(enum outcome outcome);
/* Where the store keeps a brand, for reading. */
struct partition api_partition(const struct api *api, struct str brand);
/* The published brands; RETRY when Redis is away. */
enum outcome api_brands(const struct api *api, struct brand_row **brands, size_t *n, struct err *e) MUST_CHECK;
/* The brand of the `brand` parameter; SKIP when nobody published it. */
enum outcome api_one_brand(const struct api *api, struct brand_row *brand, struct err *e) MUST_CHECK;

#endif
