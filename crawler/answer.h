/* From the bytes of an answer to posts that may be admitted: by the source's recipe, else as a feed. Pure but for the arena. */
#ifndef EARSHOT_CRAWLER_ANSWER_H
#define EARSHOT_CRAWLER_ANSWER_H

#include "crawler/admit.h"
#include "crawler/recipe.h"
#include "crawler/websub_links.h"

struct answer {
	struct admitted *post;
	size_t n;
	struct str what; /* "rss20", "recipe mastodon" … for people */
	struct str encoding, trouble; /* trouble: "" or why the document is ill-formed */
	struct str next; /* address of the next page; "" = none */
	bool is_thread; /* posts go on from page to page, the oldest first: what is new is on the last page */
	struct str first; /* of a page: id of its first post */
	struct websub_links links; /* of a feed: its hub, and its topic there */
	int64_t ttl_ms; /* of a feed: how often it wishes to be read; 0 = it does not say */
	int64_t wait_ms; /* the site asks to be left alone so long; 0 = it does not */
};

enum outcome answer_read(
	struct arena *a, const struct admit_terms *t, const struct page *page, struct answer *out, struct err *e) MUST_CHECK;

#endif
