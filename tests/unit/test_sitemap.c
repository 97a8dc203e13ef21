/* Unit tests of sitemaps on the files of crawler-commons, which lie beside the checkout: how many addresses each has, and the first. */
#include "crawler/feed.h"

#include <earshot/limits.h>

#include "common/base/file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define FOLDER "../shared/data/crawl/crawler-commons/"

struct sitemap_case {
	const char *file, *version;
	size_t nentries;
	const char *first;
};

/* Counted by hand: <url>, <sitemap> and <item> elements, and lines. */
static const struct sitemap_case cases[] = {
	{ "sitemaps/xmlSitemap.gz", "sitemap", 5, "http://www.example.com/" },
	{ "sitemaps/sitemap.txt.gz", "sitemap", 5, "http://www.example.com/" },
	{ "sitemaps/sitemap.txt", "sitemap", 2, "http://www.domain.com/page1.html" },
	{ "sitemaps/sitemap-with-bom.txt", "sitemap", 2, "http://www.domain.com/page1.html" },
	{ "sitemaps/do-not-visit.txt", "sitemap", 1, "http://www.example.com/do-not-visit-here" },
	{ "sitemaps/sitemap.index.xml", "sitemapindex", 15, "https://example.com/sitemap.jss?portalCode=10260&lang=en" },
	{ "sitemaps/sitemap.ns.xml", "sitemap", 2, "http://www.example.com/1" },
	{ "sitemaps/sitemap.badns.xml", "sitemap", 2, "http://www.example.com/1" },
	{ "sitemaps/atom.xml", "atom10", 1, "http://example.org/2003/12/13/atom03" },
	{ "sitemaps/extension/sitemap-images.xml", "sitemap", 1, "http://www.example.com/images/some_image_landing_page.html" },
	{ "sitemaps/extension/sitemap-links.xml", "sitemap", 3, "http://www.example.com/english/" },
	{ "sitemaps/extension/sitemap-mobile.xml", "sitemap", 3, "http://www.example.com/mobile-friendly-1/" },
	{ "sitemaps/extension/sitemap-news.xml", "sitemap", 2, "http://www.example.org/business/article55.html" },
	{ "sitemaps/extension/sitemap-videos.xml", "sitemap", 3, "http://www.example.com/videos/some_video_landing_page.html" },
	{ "sitemaps/extension/sitemap-videos-tvshow.xml", "sitemap", 1, "https://example.org/my-tv-show/23/13/" },
	{ "sitemaps/extension/shinpaideshou-news-sitemap.xml", "sitemap", 3,
		"https://shinpaideshou.wordpress.com/2017/04/25/job-opening-reischauer-policy-research-fellow/" },
	{ "rss/feed.rss", "rss20", 4, "https://www.example.com/blog/post/1" },
	{ "rss/xmlRss_pubDate.xml", "rss20", 7, "http://www.example.com/article_1" },
};

static void expect_case(struct arena *a, const struct sitemap_case *c)
{
	struct page page = { .url = STR("http://www.example.com/sitemap.xml") };
	struct feed feed;
	struct err e;

	assert_int_equal(file_read(a, file_join(a, STR(FOLDER), str_of(c->file)).p, LIMIT_BODY_BYTES, &page.bytes, &e), OK);
	if (feed_parse(a, &page, &feed, &e) != OK)
		fail_msg("%s: %s", c->file, e.text);
	if (feed.nentries != c->nentries || !str_eqc(feed.version, c->version) || !str_eqc(feed.entries[0].link, c->first))
		fail_msg("%s: %.*s with %zu entries, the first %.*s", c->file, STR_FMT(feed.version), feed.nentries,
			STR_FMT(feed.nentries > 0 ? feed.entries[0].link : STR("missing")));
}

static void sitemaps_of_others_are_read_whole(void **state)
{
	struct arena arena;
	struct str *names = NULL;
	size_t n = 0;

	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (file_list(&arena, FOLDER "sitemaps", ".gz", &names, &n, NULL) != OK || n == 0) {
		arena_release(&arena);
		print_message("skipped: %s is not beside this checkout\n", FOLDER);
		skip();
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arena_reset(&arena);
		expect_case(&arena, &cases[i]);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sitemaps_of_others_are_read_whole) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
