/* Bench "feeds": feeds from bytes to entries with safe HTML, plain text, dates and resolved links, against bare libxml2
 * building its DOM from the same files in the same process, in turns. Real feeds from ../shared/data beside the checkout when
 * they are there, and always made-up ones in both languages. The only file beside common/base/tree*.c that sees libxml2. */
#include "cli/bench.h"

#include "common/base/clock.h"
#include "common/base/file.h"
#include "crawler/feed.h"
#include <earshot/limits.h>

#include <libxml/parser.h>
#include <stdio.h>

#define FOLDER "../shared/data/crawl/feeds-real"
#define MOST_RUNS 101
#define MOST_FEEDS 256
#define MADE_FEEDS 40
#define MADE_ITEMS 50
#define ROUNDS_BYTES 20000000 /* of feeds a run: small sets are read several times */

struct feeds_bench {
	struct arena arena, feed;
	struct page page[MOST_FEEDS];
	size_t n, bytes, entries, refused;
};

static void load_real(struct feeds_bench *b)
{
	struct str *name = NULL;
	size_t n = 0;

	if (file_list(&b->arena, FOLDER, ".xml", &name, &n, NULL) != OK)
		return;
	for (size_t i = 0; i < n && b->n < MOST_FEEDS; i++) {
		struct page *page = &b->page[b->n];
		const char *path = file_join(&b->arena, STR(FOLDER), name[i]).p;
		*page = (struct page){ .url = STR("https://feeds.example.com/all/feed.xml") };
		if (file_read(&b->arena, path, LIMIT_BODY_BYTES, &page->bytes, NULL) != OK)
			continue;
		b->bytes += page->bytes.n;
		b->n++;
	}
}

static const char *const paragraphs[] = {
	"&lt;p&gt;今天收到了订单，&lt;b&gt;屏幕&lt;/b&gt;碎了，客服让我等三周。&lt;a "
	"href=\"/thread/18\"&gt;原帖&lt;/a&gt;&lt;/p&gt;",
	"&lt;p&gt;The screen &lt;em&gt;cracked&lt;/em&gt; after two days and they refuse a refund. &lt;a "
	"href='reply.php?id=9&amp;amp;p=2' "
	"onclick='x()'&gt;more&lt;/a&gt;&lt;/p&gt;",
	"&lt;div class=\"box\" style=\"color: red; margin: 2px\"&gt;&lt;img src=\"img/1.jpg\" alt=\"photo\"/&gt;物流太慢了，"
	"下午在门店取的货&lt;br/&gt;已经投诉&lt;/div&gt;",
	"&lt;ul&gt;&lt;li&gt;worst service ever&lt;/li&gt;&lt;li&gt;they said &amp;ldquo;tomorrow&amp;rdquo; five "
	"times&lt;/li&gt;&lt;/ul&gt;",
};

static struct str made_feed(struct arena *a, unsigned seed)
{
	struct buf xml;
	struct str copy;

	buf_init(&xml, LIMIT_BODY_BYTES);
	buf_addz(&xml, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" "
		       "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
		       "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n<title>售后 after sales</title>\n"
		       "<link>https://bbs.example.com/</link>\n");
	for (unsigned i = 0; i < MADE_ITEMS; i++) {
		buf_addf(&xml, "<item>\n  <title>第%u帖 broken again</title>\n  <link>/thread/%u-%u.html</link>\n", i, seed, i);
		buf_addf(&xml, "  <guid isPermaLink=\"false\">t%u-%u</guid>\n  <dc:creator>user%u</dc:creator>\n", seed, i,
			i * seed);
		buf_addf(&xml, "  <pubDate>Tue, %02u May 2024 %02u:30:00 +0800</pubDate>\n  <category>手机</category>\n",
			1 + i % 28, i % 24);
		buf_addz(&xml, "  <description>");
		for (unsigned k = 0; k < 6; k++) {
			seed = seed * 1664525u + 1013904223u;
			buf_addz(&xml, paragraphs[(seed >> 8) % (sizeof(paragraphs) / sizeof(paragraphs[0]))]);
		}
		buf_addz(&xml, "</description>\n</item>\n");
	}
	buf_addz(&xml, "</channel>\n</rss>\n");
	copy = arena_copy(a, buf_str(&xml));
	buf_release(&xml);
	return copy;
}

static void make_up(struct feeds_bench *b)
{
	for (unsigned i = 0; i < MADE_FEEDS; i++) {
		b->page[b->n] =
			(struct page){ .url = STR("https://bbs.example.com/rss.xml"), .bytes = made_feed(&b->arena, i + 1) };
		b->bytes += b->page[b->n++].bytes.n;
	}
}

static size_t rounds_of(const struct feeds_bench *b)
{
	return b->bytes < ROUNDS_BYTES ? ROUNDS_BYTES / b->bytes : 1;
}

static int64_t feeds_us(struct feeds_bench *b)
{
	const size_t rounds = rounds_of(b);
	const int64_t from = clock_cpu_us();

	b->entries = b->refused = 0;
	for (size_t i = 0; i < rounds * b->n; i++) {
		struct feed feed;
		struct err e;
		arena_reset(&b->feed);
		b->refused += feed_parse(&b->feed, &b->page[i % b->n], &feed, &e) != OK;
		b->entries += feed.nentries;
	}
	return clock_cpu_us() - from;
}

static int64_t baseline_us(struct feeds_bench *b)
{
	const int options = XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_NOCDATA;
	const size_t rounds = rounds_of(b);
	const int64_t from = clock_cpu_us();

	for (size_t i = 0; i < rounds * b->n; i++) {
		const struct str bytes = b->page[i % b->n].bytes;
		xmlFreeDoc(xmlReadMemory(bytes.p, (int)bytes.n, NULL, NULL, options));
	}
	return clock_cpu_us() - from;
}

static void measure(struct feeds_bench *b, const struct bench_run *run, const char *name)
{
	double mine[MOST_RUNS], theirs[MOST_RUNS];
	const int runs = run->runs < MOST_RUNS ? run->runs : MOST_RUNS;
	const double bytes = (double)b->bytes * (double)rounds_of(b);

	(void)feeds_us(b); /* once to warm up */
	for (int i = 0; i < runs; i++) {
		mine[i] = bytes / (double)feeds_us(b);
		theirs[i] = bytes / (double)baseline_us(b);
	}
	const double value = bench_median(mine, (size_t)runs), baseline = bench_median(theirs, (size_t)runs);
	bench_print(run, &(struct bench_measure){ "feeds", name, "MB/s", value, baseline, value / baseline, runs });
	if (!run->json)
		printf("%22zu feeds, %.1f MB, %zu entries, %zu refused\n", b->n, (double)b->bytes / 1e6,
			b->entries / rounds_of(b), b->refused);
}

static void ignore_error(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

enum outcome bench_feeds(const struct bench_run *run, struct err *e)
{
	static struct feeds_bench b; /* too large for the stack */

	(void)e;
	xmlSetStructuredErrorFunc(NULL, ignore_error);
	arena_init(&b.arena, 4 * LIMIT_ARENA_BYTES);
	arena_init(&b.feed, LIMIT_ARENA_BYTES);
	load_real(&b);
	if (b.n > 0)
		measure(&b, run, "real");
	b.n = b.bytes = 0;
	make_up(&b);
	measure(&b, run, "made");
	arena_release(&b.feed);
	arena_release(&b.arena);
	return OK;
}
