/* What the web server of bench "crawl" serves: made-up threads of a forum in HTML (about 5 kB each, ten posts) and the same as RSS
 * (about 6 kB, ten items), in turns, half Chinese and half English. One post in eight names a brand of bench_pages_brands, every
 * second of these in Chinese; another one in eight holds a word that only looks like one. */
#ifndef EARSHOT_CLI_BENCH_CRAWL_PAGES_H
#define EARSHOT_CLI_BENCH_CRAWL_PAGES_H

#include "common/base/arena.h"

#define BENCH_POSTS 10 /* on a page */

struct bench_page {
	struct str bytes;
	const char *type; /* Content-Type */
	size_t mentions; /* of brands: what a reader has to find */
};

extern const char bench_pages_brands[]; /* a brands.conf */

/* Even ones are threads, odd ones feeds. */
struct bench_page bench_page_make(struct arena *a, size_t number);
static inline bool bench_page_is_feed(size_t number)
{
	return number % 2 == 1;
}

#endif
