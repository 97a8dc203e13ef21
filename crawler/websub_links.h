/* Which hub a source's answer names, and under which topic: rel=hub and rel=self of Link headers (RFC 8288), of a feed, of a page's
 * head. Pure. What is named first wins, headers before the document, and a hub with TLS before one without. */
#ifndef EARSHOT_CRAWLER_WEBSUB_LINKS_H
#define EARSHOT_CRAWLER_WEBSUB_LINKS_H

#include "common/base/arena.h"

struct feed;

struct websub_links {
	struct str hub, self; /* absolute; "" = not named. Live in the arena */
};

bool websub_links_complete(const struct websub_links *l);
/* The value of one Link header, or several joined by commas; relative addresses count from `base`. */
void websub_links_header(struct arena *a, struct str value, struct str base, struct websub_links *out);
/* All Link headers of an answer: raw lines, as in http_response. */
void websub_links_answer(struct arena *a, struct str raw, struct str base, struct websub_links *out);
void websub_links_feed(struct arena *a, const struct feed *feed, struct websub_links *out);
/* <link rel> of a page's head. */
void websub_links_page(struct arena *a, struct str html, struct str base, struct websub_links *out);

#endif
