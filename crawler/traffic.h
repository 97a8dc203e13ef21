/* The requests of a source, and those to a host, counted: how many, what came, how long it took. Kept with the state of the source and of the host,
 * as one text (numbers.h), written in the call that moves the cursor: it costs no trip. A host's robots.txt counts with the host alone; a
 * request that a redirect led to another host counts with the source alone. A host that is not asked for a day is forgotten, its counts with it. Pure. */
#ifndef EARSHOT_CRAWLER_TRAFFIC_H
#define EARSHOT_CRAWLER_TRAFFIC_H

#include "common/base/arena.h"
#include "common/base/buf.h"

struct http_response;

#define TRAFFIC_SPANS 6 /* answers that took up to 100 ms, 300 ms, 1 s, 3 s, 10 s, and longer */
enum traffic_class { TRAFFIC_2XX, TRAFFIC_304, TRAFFIC_3XX, TRAFFIC_4XX, TRAFFIC_5XX, TRAFFIC_NONE, TRAFFIC_CLASS__N };

struct traffic {
	int64_t since_ms; /* the first request; 0 = there was none */
	int64_t requests; /* redirects that were followed included */
	int64_t bytes; /* of bodies, unpacked */
	int64_t answers[TRAFFIC_CLASS__N]; /* of the last hop; NONE: no answer, or one that broke off or was refused by a cap */
	int64_t took; /* ms, all answers and failures together */
	int64_t spans[TRAFFIC_SPANS];
};
void traffic_parse(struct str text, struct traffic *out);
struct str traffic_write(struct arena *a, const struct traffic *t);
/* One more. */
void traffic_count(struct traffic *t, const struct http_response *r, int64_t now_ms);
/* The three in a row. */
struct str traffic_add(struct arena *a, struct str text, const struct http_response *r, int64_t now_ms);

/* "412 requests since 2026-11-20T08:00:00Z, 1.2 MB: 380 × 2xx, 30 × 304, 2 without an answer; 140 ms in the mean, median within
 * 100 ms, 95th percentile within 1 s". */
struct str traffic_describe(struct arena *a, const struct traffic *t);
/* A member `key` of an open JSON object; nothing when there was no request. */
void traffic_json(struct buf *out, const char *key, const struct traffic *t);

#endif
