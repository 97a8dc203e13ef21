/* What an address gives: a feed, a sitemap, or a page, and the feeds that a page names. Pure: the bytes of an answer in, a
 * finding out; who asks for more pages decides by himself. Nothing is guessed: only what a page says with rel=alternate counts. The
 * usual addresses of feeds are a table for people who ask for them.
 * Strings live in the arena or in the page's bytes. */
#ifndef EARSHOT_CRAWLER_DISCOVER_H
#define EARSHOT_CRAWLER_DISCOVER_H

#include "common/base/arena.h"
#include "crawler/page.h"
#include "crawler/recipe.h"

enum discover_kind { DISCOVER_FEED, DISCOVER_SITEMAP, DISCOVER_PAGE, DISCOVER_KIND__N };
extern const char *const discover_kind_names[DISCOVER_KIND__N];

struct discover_link {
	struct str url, title; /* absolute; the title as the page gives it, "" = none */
};
struct discovery {
	enum discover_kind kind;
	struct str version; /* of a feed: "rss20" … */
	struct str title; /* of the feed or page, plain text */
	size_t entries; /* of a feed */
	struct discover_link *feed; /* of a page: what it names, in its order, each once; LIMIT_DISCOVER_FEEDS at most */
	size_t nfeeds;
};

/* REJECT with a sentence for what is neither, as JSON that is no feed, or a picture. */
enum outcome discover_read(struct arena *a, const struct page *page, struct discovery *out, struct err *e) MUST_CHECK;
/* The first recipe whose hosts and paths name the address; NULL when none does. */
const struct recipe *discover_recipe(const struct recipe_book *book, struct str url);
/* The i-th usual address of a feed on the site of `url`; "" behind the last. */
struct str discover_usual(struct arena *a, struct str url, size_t i);

#endif
