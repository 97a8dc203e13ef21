/* Fuzz target: any bytes as a page give an article, posts, or a refusal; every string is UTF-8 and no post is without place. */
#include "crawler/extract.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses what HTTP says. */
static const char *const content_types[] = { "", "text/html; charset=utf-8", "text/html; charset=gbk",
	"text/html; charset=big5" };

static struct arena arena;

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void check(const struct extraction *x)
{
	require(x->level > EXTRACT_NONE ? x->confidence > 0 && x->confidence <= 1 : x->nposts == 0);
	require(utf8_valid(x->title) && utf8_valid(x->author) && utf8_valid(x->text) && utf8_valid(x->language));
	require(utf8_valid(x->published) && utf8_valid(x->next) && x->published_ms >= -1);
	for (size_t i = 0; i < x->nposts; i++) {
		const struct extract_post *p = &x->posts[i];
		require(utf8_valid(p->text) && utf8_valid(p->author) && utf8_valid(p->url) && utf8_valid(p->published));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct extraction x;
	struct err e;

	if (size < 1)
		return 0;
	const struct page page = { .bytes = { (const char *)data + 1, size - 1 },
		.url = STR("http://example.org/forum/thread-1-1-1.html"),
		.content_type = str_of(content_types[data[0] % 4]),
		.fetched_ms = 1715153400000,
		.zone_minutes = 480 };
	if (!arena.first)
		arena_init(&arena, (size_t)LIMIT_ARENA_BYTES * 4);
	if (extract_page(&arena, &page, &x, &e) == OK)
		check(&x);
	arena_reset(&arena);
	return 0;
}
