/* Unit tests of feeds: every format, both languages, and what broken and hostile documents come to. */
#include "crawler/feed.h"

#include <earshot/limits.h>

#include "common/base/json.h"
#include "common/base/utf8.h"
#include "crawler/feed_write.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena arena;
static struct feed feed;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static enum outcome parse(struct str bytes)
{
	const struct page page = {
		.bytes = bytes, .url = STR("http://example.org/dir/feed.xml"), .fetched_ms = 1715153400000, .zone_minutes = 480
	};
	struct err e;

	arena_reset(&arena);
	return feed_parse(&arena, &page, &feed, &e);
}

static void expect_feed(const char *text, const char *version, size_t nentries)
{
	assert_int_equal(parse(str_of(text)), OK);
	if (!str_eqc(feed.version, version) || feed.nentries != nentries)
		fail_msg("expected %s with %zu entries, got %.*s with %zu", version, nentries, STR_FMT(feed.version),
			feed.nentries);
}

static void expect_str(struct str got, const char *want)
{
	if (!str_eqc(got, want))
		fail_msg("expected \"%s\", got \"%.*s\"", want, STR_FMT(got));
}

static void rss_gives_its_entries(void **state)
{
	(void)state;
	expect_feed(
		"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
		"xmlns:slash='http://purl.org/rss/1.0/modules/slash/'"
		" xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>投诉</title><link>/forum</"
		"link><ttl>30</ttl>"
		"<language>zh-cn</language><item><guid isPermaLink='false'>t-1</guid><title>客服 &amp;amp; "
		"退款</title><link>thread/1</link>"
		"<description>&lt;p&gt;三周了&lt;br&gt;还没到账&lt;/p&gt;</description><dc:creator>小明</dc:creator>"
		"<pubDate>Wed, 08 May 2024 15:00:00 +0800</pubDate><category>退款</category><slash:comments>12</slash:comments>"
		"<enclosure url='/a.jpg' type='image/jpeg' "
		"length='9'/></item><item><title>two</title><guid>http://example.org/2</guid>"
		"</item></channel></rss>",
		"rss20", 2);
	const struct feed_entry *e = &feed.entries[0];
	assert_false(feed.bozo);
	expect_str(feed.title, "投诉");
	expect_str(feed.link, "http://example.org/forum");
	expect_str(feed.language, "zh-cn");
	assert_int_equal(feed.ttl_ms, 30 * 60000);
	expect_str(e->id, "t-1");
	expect_str(e->title_text, "客服 & 退款");
	expect_str(e->link, "http://example.org/dir/thread/1");
	expect_str(e->text, "三周了\n还没到账");
	expect_str(e->author, "小明");
	expect_str(e->tag[0].term, "退款");
	assert_int_equal(e->published_ms, 1715151600000);
	assert_false(e->date_only);
	assert_int_equal(e->comments, 12);
	assert_int_equal(e->nlinks, 2);
	expect_str(e->links[1].rel, "enclosure");
	expect_str(e->links[1].href, "http://example.org/a.jpg");
	expect_str(feed.entries[1].link, "http://example.org/2");
	assert_int_equal(feed.entries[1].comments, -1);
	assert_int_equal(feed.entries[1].published_ms, -1);
}

static void atom_gives_its_entries(void **state)
{
	(void)state;
	expect_feed(
		"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://example.com/a/' xml:lang='en'><title>T</title><entry>"
		"<id>tag:1</id><title type='html'>Late &amp;lt;again&amp;gt;</title><link rel='self' href='s'/><link href='p/1'/>"
		"<author><name>Ann</name><email>ann@example.com</email></author><published>2024-05-08</published>"
		"<updated>2024-05-08T07:30:00Z</updated><summary>short</summary>"
		"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Never <b>again</b></p></div></content>"
		"<category term='delay' label='Delay'/></entry></feed>",
		"atom10", 1);
	const struct feed_entry *e = &feed.entries[0];
	expect_str(e->title_text, "Late <again>");
	expect_str(e->link, "http://example.com/a/p/1");
	expect_str(e->author, "Ann (ann@example.com)");
	expect_str(e->summary, "short");
	expect_str(e->content, "<p>Never <b>again</b></p>");
	expect_str(e->text, "Never again");
	expect_str(e->language, "en");
	assert_true(e->date_only);
	assert_int_equal(e->updated_ms, 1715153400000);
	expect_str(e->tag[0].label, "Delay");
}

static void rdf_items_stand_beside_their_channel(void **state)
{
	(void)state;
	expect_feed("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
		    " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel "
		    "rdf:about='c'><title>C</title><items><rdf:Seq/></items></channel>"
		    "<item "
		    "rdf:about='http://example.org/1'><title>一</title><link>http://example.org/1</"
		    "link><dc:date>2024-05-08T07:30:00Z</dc:date>"
		    "</item><item rdf:about='http://example.org/2'><title>二</title></item></rdf:RDF>",
		"rss10", 2);
	expect_str(feed.title, "C");
	expect_str(feed.entries[0].id, "http://example.org/1");
	assert_int_equal(feed.entries[0].updated_ms, 1715153400000);
}

static void json_feed_gives_its_entries(void **state)
{
	(void)state;
	expect_feed("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\",\"home_page_url\":\"/"
		    "\",\"language\":\"zh\",\"items\":["
		    "{\"id\":7,\"url\":\"/p/7\",\"title\":\"退款\",\"content_html\":\"<p>不&amp;好</"
		    "p>\",\"content_text\":\"t\",\"tags\":[\"a\",3],"
		    "\"authors\":[{\"name\":\"小明\"}],\"date_published\":\"2024-05-08T15:30:00+08:00\",\"attachments\":[{"
		    "\"url\":\"/x.mp3\","
		    "\"mime_type\":\"audio/mpeg\",\"size_in_bytes\":12}]},{\"id\":\"8\",\"content_text\":\"plain "
		    "<b>\"},\"junk\",null]}",
		"json11", 2);
	expect_str(feed.entries[0].id, "7");
	expect_str(feed.entries[0].link, "http://example.org/p/7");
	expect_str(feed.entries[0].text, "不&好");
	expect_str(feed.entries[0].author, "小明");
	assert_int_equal(feed.entries[0].ntags, 1);
	assert_int_equal(feed.entries[0].published_ms, 1715153400000);
	expect_str(feed.entries[0].links[1].length, "12");
	expect_str(feed.entries[1].text, "plain <b>");
}

static void relative_dates_count_from_the_fetch(void **state)
{
	(void)state;
	expect_feed("<rss><channel><item><title>x</title><pubDate>3分钟前</pubDate></item></channel></rss>", "rss", 1);
	assert_int_equal(feed.entries[0].published_ms, 1715153400000 - 180000);
}

static void broken_feeds_keep_every_entry(void **state)
{
	(void)state;
	expect_feed(
		"\n<rss "
		"version='2.0'><channel><item><title>a&nbsp;b</title><description>x<br>y</description><item><title>AT&T</title>"
		"</item><item><title>c</titel></item></channel>",
		"rss20", 3);
	assert_true(feed.bozo);
	expect_str(feed.entries[0].title_text, "a b");
	expect_str(feed.entries[1].title, "AT&T");
	expect_feed("<rss><channel><item><title>x</title><media:title>y</media:title></item></channel></rss><p>advert", "rss", 1);
	expect_feed("<rss version='2.0' xmlns='urn:own'><channel><item><title>x</title></item></channel></rss>", "rss20", 1);
	expect_str(feed.entries[0].title, "x");
}

static void an_encoding_is_repaired_on_the_way(void **state)
{
	(void)state;
	expect_feed("<?xml version='1.0' "
		    "encoding='utf-8'?><rss><channel><item><title>\277\315\267\376\322\273\326\261\262\273\300\355\310\313"
		    "</title></item></channel></rss>",
		"rss", 1);
	expect_str(feed.encoding, "gb18030");
	expect_str(feed.entries[0].title, "客服一直不理人");
	assert_true(feed.bozo);
}

static void what_is_no_feed_is_refused(void **state)
{
	static const char *const none[] = { "", "hello", "<html><body><p>404</p></body></html>", "{\"a\":1}",
		"{\"version\":", "[]", "<opml/>" };
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		const struct page page = { .bytes = str_of(none[i]) };
		arena_reset(&arena);
		assert_int_equal(feed_parse(&arena, &page, &feed, &e), REJECT);
		assert_int_equal(e.outcome, REJECT);
		assert_int_equal(feed.nentries, 0);
		assert_true(feed.bozo);
	}
}

static void entries_beyond_the_cap_are_counted(void **state)
{
	struct buf many;

	(void)state;
	buf_init(&many, 8u << 20);
	buf_addz(&many, "<rss><channel>");
	for (int i = 0; i < LIMIT_FEED_ENTRIES + 7; i++)
		buf_addz(&many, "<item><title>帖子</title></item>");
	buf_addz(&many, "</channel></rss>");
	assert_int_equal(parse(buf_str(&many)), OK);
	assert_int_equal(feed.nentries, LIMIT_FEED_ENTRIES);
	assert_int_equal(feed.dropped, 7);
	buf_release(&many);
}

/* Relative links under a base of 4 KB are what a document can make most of the arena with. */
static void a_greedy_feed_does_not_exhaust_the_arena(void **state)
{
	struct buf greedy;

	(void)state;
	buf_init(&greedy, 8u << 20);
	buf_addz(&greedy, "<rss xml:base='http://example.org/");
	for (int i = 0; i < 4000; i++)
		buf_addc(&greedy, 'a');
	buf_addz(&greedy, "/'><channel>");
	for (int i = 0; i < 12000; i++)
		buf_addz(&greedy, "<docs>d</docs>");
	for (int i = 0; i < 160; i++) {
		buf_addz(&greedy, "<item>");
		for (int j = 0; j < 150; j++)
			buf_addz(&greedy, "<link href='b'/>");
		buf_addz(&greedy, "</item>");
	}
	buf_addz(&greedy, "</channel></rss>");
	assert_int_equal(parse(buf_str(&greedy)), OK);
	assert_int_equal(feed.nentries + feed.dropped, 160);
	assert_true(feed.nentries > 0);
	buf_release(&greedy);
}

static void the_written_form_is_json(void **state)
{
	struct buf out;
	struct err e;

	(void)state;
	expect_feed("<rss version='2.0'><channel><title>\"中\\</title><item><title>x</title><author>a@b.com (Ann)</author>"
		    "<pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate></item></channel></rss>",
		"rss20", 1);
	buf_init(&out, 1u << 20);
	feed_write(&out, &feed);
	struct json *doc = json_parse(buf_str(&out), &e);
	assert_non_null(doc);
	const struct json *entry = json_at(json_get(doc, "entries"), 0);
	expect_str(json_str_of(json_get(doc, "feed"), "title"), "\"中\\");
	expect_str(json_str_of(json_get(entry, "author_detail"), "email"), "a@b.com");
	expect_str(json_str_of(json_get(entry, "author_detail"), "name"), "Ann");
	assert_int_equal(json_size(json_get(entry, "published_parsed")), 9);
	json_free(doc);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rss_gives_its_entries),
		cmocka_unit_test(atom_gives_its_entries),
		cmocka_unit_test(rdf_items_stand_beside_their_channel),
		cmocka_unit_test(json_feed_gives_its_entries),
		cmocka_unit_test(relative_dates_count_from_the_fetch),
		cmocka_unit_test(broken_feeds_keep_every_entry),
		cmocka_unit_test(an_encoding_is_repaired_on_the_way),
		cmocka_unit_test(what_is_no_feed_is_refused),
		cmocka_unit_test(entries_beyond_the_cap_are_counted),
		cmocka_unit_test(a_greedy_feed_does_not_exhaust_the_arena),
		cmocka_unit_test(the_written_form_is_json),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
