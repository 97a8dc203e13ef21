/* Fuzz target: engine files and their selectors; what is taken is used on a page. */
#include "crawler/extract_engine.h"

#include <earshot/limits.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char html[] =
	"<body id=b class='a b'><div class=post id=p1 data-f='{\"a\":{\"b\":\"c\"}}'><a class=author href=/u>小王</a><p "
	"class=text>充电 <b>x</b></p><time datetime=2024-05-01></time></div><div class=post id=p2><p class=text>y</p></div>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err e;
	struct dom d;
	struct problems p;
	struct engine_book book = { 0 };
	struct extraction out = { .published_ms = -1 };
	const struct page page = { .url = { "http://a.example/", 17 }, .fetched_ms = 1715169600000 };
	if (size > 8192)
		return 0;
	arena_init(&a, 256u << 20);
	problems_init(&p);
	book.n = engine_parse(&a, (struct str){ (const char *)data, size }, "x.engine", &book.engine, &p);
	if (!problems_any_error(&p)) {
		engine_index(&a, &book);
		if (dom_read(&a, STR(html), DOM_BUILDER_AUTO, &d, &e) != OK)
			abort();
		const struct extract x = { .a = &a, .page = &page, .base = page.url, .dom = &d, .charset = "utf-8" };
		const float sure = engine_read(&x, &book, &out);
		if (sure < 0 || sure > 1 || out.nposts > d.n)
			abort();
	}
	problems_release(&p);
	arena_release(&a);
	return 0;
}
