/* Fuzz target: sitemaps, their indexes, news and video in them, and lists of addresses. The first byte chooses what stands before the
 * input, so that most of it is inside a sitemap. */
#include "crawler/feed.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const heads[] = { "", "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">",
	"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
	"xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\" "
	"xmlns:video=\"http://www.google.com/schemas/sitemap-video/1.1\" "
	"xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">"
	"<url><loc>http://a.example/1</loc>",
	"<sitemapindex><sitemap><loc>/s.xml</loc>", "http://a.example/1\n", "\xEF\xBB\xBFhttps://例子.example/一\r\n" };

static void require(bool claim)
{
	if (!claim)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct feed feed;
	struct err e;
	if (size == 0)
		return 0;
	arena_init(&a, LIMIT_ARENA_BYTES);
	const struct str rest = { (const char *)data + 1, size - 1 };
	const struct page page = {
		.bytes = arena_printf(&a, "%s%.*s", heads[data[0] % (sizeof heads / sizeof *heads)], STR_FMT(rest)),
		.url = STR("http://a.example/sitemap.xml"),
		.fetched_ms = 1715153400000,
	};
	if (feed_parse(&a, &page, &feed, &e) == OK) {
		require(feed.nentries <= LIMIT_FEED_ENTRIES && utf8_valid(feed.version));
		for (size_t i = 0; i < feed.nentries; i++) {
			const struct feed_entry *entry = &feed.entries[i];
			require(utf8_valid(entry->link) && utf8_valid(entry->id) && utf8_valid(entry->title) &&
				utf8_valid(entry->text));
			require(entry->published_ms >= -1 && entry->updated_ms >= -1);
		}
	} else {
		require(e.outcome == REJECT && feed.nentries == 0);
	}
	arena_release(&a);
	return 0;
}
