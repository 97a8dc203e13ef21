/* Posts from a page that is read by what it shows (source kind "page"): no feed, no recipe. Pure but for the arena. */
#ifndef EARSHOT_CRAWLER_ANSWER_PAGE_H
#define EARSHOT_CRAWLER_ANSWER_PAGE_H

#include "crawler/answer.h"
#include "crawler/extract.h"

/* One post a record, in the order of the page; the first carries the title of the page, the others of a thread are its replies. */
enum outcome answer_page(
	struct arena *a, const struct admit_terms *t, const struct page *page, struct answer *out, struct err *e) MUST_CHECK;

#endif
