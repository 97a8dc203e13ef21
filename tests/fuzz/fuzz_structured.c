/* Fuzz target: pages with data inside, by the structured reader and the engine rules of the binary. */
#include "crawler/extract_structured.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"
#include "crawler/extract_engine.h"
#include "crawler/extract_jsonld.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void check(const struct extraction *out, float sure)
{
	require(sure >= 0 && sure <= 1);
	for (size_t i = 0; i < out->nposts; i++) {
		const struct extract_post *p = &out->posts[i];
		require(utf8_valid(p->text) && utf8_valid(p->author) && utf8_valid(p->quote) && utf8_valid(p->url));
		require(p->stars >= 0 && p->stars <= 5);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err e;
	struct dom d;
	struct jsonld_article article;
	struct extraction one = { .published_ms = -1 }, two = { .published_ms = -1 };
	if (size > 16384)
		return 0;
	arena_init(&a, 512u << 20);
	const struct page page = { .url = { "http://a.example/t/1", 20 }, .fetched_ms = 1715169600000 };
	const struct str html = utf8_repair(&a, (struct str){ (const char *)data, size });
	if (dom_read(&a, html, DOM_BUILDER_AUTO, &d, &e) == OK) {
		const struct extract x = { .a = &a, .page = &page, .base = page.url, .dom = &d, .charset = "utf-8" };
		check(&one, extract_structured(&x, &one));
		check(&two, extract_engine(&x, &two));
		(void)jsonld_article(&x, &article);
	}
	arena_release(&a);
	return 0;
}
