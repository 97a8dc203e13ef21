/* Fuzz target: any page has a publication date within the range, or none; the same one twice. */
#include "crawler/extract.h"

#include "common/base/clock.h"

#include <stdlib.h>

#define ARENA_BYTES (256u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t published_of(const struct extract *x)
{
	struct str written;
	int64_t ms;
	bool day_only;

	if (!extract_published(x, &written, &ms, &day_only) && (ms != -1 || written.n > 0))
		abort();
	return ms;
}

/* The first byte says how much of the rest is the address. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t nurl = size > 1 && data[0] < size - 1 ? data[0] : 0;
	const struct str all = { (const char *)data, size };
	const struct page page = { .bytes = str_from(all, 1 + nurl),
		.url = str_first(str_from(all, 1), nurl),
		.fetched_ms = 1715153400000,
		.zone_minutes = 480 };
	struct arena a;
	struct dom dom;
	struct err e = { 0 };

	arena_init(&a, ARENA_BYTES);
	if (dom_read(&a, page.bytes, DOM_BUILDER_AUTO, &dom, &e) == OK) {
		const struct extract x = { .a = &a, .page = &page, .base = page.url, .dom = &dom, .charset = "utf-8" };
		const int64_t ms = published_of(&x);
		if (ms != published_of(&x) || ms > page.fetched_ms + MS_PER_DAY ||
			(ms >= 0 && ms < clock_from_utc(1995, 1, 1, 0, 0, 0)))
			abort();
	}
	arena_release(&a);
	return 0;
}
