/* Posts that are brought: what a signed request has to look like, and how its body becomes posts. Pure; the server and the disk
 * are crawler/push.c's.
 *
 *   POST /ingest/SOURCE
 *   webhook-id: ID                 or Idempotency-Key: the same ID is never taken twice
 *   webhook-timestamp: SECONDS     or X-Earshot-Timestamp
 *   webhook-signature: v1,BASE64   or X-Earshot-Signature: sha256=HEX
 *
 * The signature is HMAC-SHA256 over ID "." SECONDS "." BODY (Standard Webhooks). The body is a JSON object, an array of them, or
 * one a line (NDJSON); the parts of a post are found as in tables (crawler/mapping.h). */
#ifndef EARSHOT_CRAWLER_WEBHOOK_H
#define EARSHOT_CRAWLER_WEBHOOK_H

#include "common/base/request.h"
#include "crawler/road.h"

/* What a source says of its bodies, compiled at load. */
struct webhook;
enum outcome webhook_compile(
	struct arena *a, struct str items, const struct conf_list *map, const struct webhook **out, struct err *e) MUST_CHECK;

#define WEBHOOK_ERRORS 20 /* refused items that an answer names */
struct webhook_answer {
	int status; /* 202, or what is wrong: 400 401 413 415 422 */
	struct str key; /* the request's id */
	struct road_post *post;
	size_t npost, nrefused;
	size_t item[WEBHOOK_ERRORS]; /* from 1 */
	struct str why[WEBHOOK_ERRORS];
	struct str error; /* the sentence of a status other than 202 */
};
/* Is it from somebody who knows the source's secret, and now? false with status and error. */
bool webhook_check(struct arena *a, const struct source *s, const struct request *r, int64_t now_ms, struct webhook_answer *out);
/* The posts of a checked request behind the door. */
void webhook_read(
	struct arena *a, const struct road *road, const struct source *s, const struct request *r, struct webhook_answer *out);
/* {"accepted":2,"refused":1,"errors":[{"item":3,"error":"…"}]} */
void webhook_write_answer(struct buf *out, const struct webhook_answer *answer);

#endif
