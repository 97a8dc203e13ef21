/* Fuzz target: any bytes under any media type give a feed or a refusal; every string is UTF-8, the written form is JSON. */
#include "crawler/feed.h"

#include <earshot/limits.h>

#include "common/base/json.h"
#include "common/base/tree.h"
#include "common/base/utf8.h"
#include "common/base/charset.h"
#include "crawler/feed_write.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses what HTTP says. */
static const char *const content_types[] = { "", "text/xml", "application/xml; charset=gbk", "text/xml; charset=big5",
	"application/rss+xml; charset=utf-8", "application/feed+json", "text/html; charset=shift_jis",
	"text/plain; charset=iso-8859-1" };

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void check_entry(const struct feed_entry *e)
{
	require(utf8_valid(e->title) && utf8_valid(e->title_text) && utf8_valid(e->text) && utf8_valid(e->summary));
	require(utf8_valid(e->content) && utf8_valid(e->author) && utf8_valid(e->link) && utf8_valid(e->id));
	require(e->published_ms >= -1 && e->comments >= -1 && e->nlinks <= 128 && e->ntags <= 128);
}

static void check_written(const struct feed *feed)
{
	struct buf out;
	struct err e;

	buf_init(&out, 64u << 20);
	feed_write(&out, feed);
	require(!out.overflow && utf8_valid(buf_str(&out)));
	struct json *document = json_parse(buf_str(&out), &e);
	require(document != NULL);
	json_free(document);
	buf_release(&out);
}

static void check_html(struct arena *a, struct str bytes)
{
	require(utf8_valid(tree_html_to_text(a, bytes)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct feed feed;
	struct err e;
	struct charset_text text;

	if (size < 1)
		return 0;
	const struct page page = { .bytes = { (const char *)data + 1, size - 1 },
		.url = STR("http://example.org/feed"),
		.content_type = str_of(content_types[data[0] % 8]),
		.fetched_ms = 1715153400000,
		.zone_minutes = 480 };
	arena_init(&arena, LIMIT_ARENA_BYTES);
	charset_read(&arena, page.bytes, page.content_type, &text);
	require(utf8_valid(text.utf8) && text.encoding.n > 0);
	check_html(&arena, text.utf8);
	if (feed_parse(&arena, &page, &feed, &e) == OK)
		for (size_t i = 0; i < feed.nentries; i++)
			check_entry(&feed.entries[i]);
	else
		require(e.outcome == REJECT && feed.nentries == 0);
	check_written(&feed);
	arena_release(&arena);
	return 0;
}
