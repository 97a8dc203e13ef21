/* What came back for GET /robots.txt, and what it means for a host (RFC 9309 2.3, 2.4). Pure.
 *
 * 2xx: its rules hold. 4xx (but 429), and more redirects than we follow: there is none, everything is allowed. 429, 5xx and no answer:
 * nothing is allowed, unless an answer of the last LIMIT_ROBOTS_GOOD_MS is known: then that one holds. It is asked for again
 * after what Cache-Control says, within LIMIT_ROBOTS_YOUNG_MS and LIMIT_ROBOTS_AGE_MS; after a failure with growing pauses. */
#ifndef EARSHOT_CRAWLER_ROBOTS_LOOK_H
#define EARSHOT_CRAWLER_ROBOTS_LOOK_H

#include "common/store/robots_copy.h"
#include <earshot/source.h>

/* The request, with the same checks and allowed networks as those of the source. Its url lives in `a`. */
struct http_request robots_look_request(struct arena *a, const struct source *s);
/* False: no request was made, because a check of ours refused the address: that says nothing about the host. */
bool robots_look_is_answer(const struct http_response *r);
/* Of one that is: `copy` holds what was known; then, what is known now. Texts are borrowed from `r` and `a`. */
void robots_look_read(struct arena *a, const struct http_response *r, int64_t now_ms, struct robots_copy *copy);
/* How long the answer may be kept by its Cache-Control header; LIMIT_ROBOTS_AGE_MS when it says nothing. */
int64_t robots_look_age_ms(struct str cache_control);
/* What holds now: the last good answer, when it is not too old. */
enum robots_holds robots_look_holds(const struct robots_copy *copy, int64_t now_ms);

#endif
