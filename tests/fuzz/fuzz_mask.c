/* Any bytes through the masker: spans in order and inside the text, every place kept, nothing left to mask. */
#include "common/base/utf8.h"
#include "common/text/mask.h"

#include <earshot/limits.h>
#include <stdlib.h>

#define SPANS 64

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct mask_span span[SPANS];
	struct str text = { (const char *)data, size };
	size_t nmasked = 0, again = 0;
	if (size > LIMIT_TEXT_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA_BYTES);
	size_t n = mask_find(text, span, SPANS), count = utf8_count(text);
	for (size_t i = 0; i < n; i++)
		check(span[i].from < span[i].to && span[i].to <= count && (i == 0 || span[i - 1].to <= span[i].from));
	struct str masked = mask_text(&a, text, &nmasked);
	check(utf8_count(masked) == count);
	check(n == SPANS || nmasked == n);
	(void)mask_text(&a, masked, &again);
	check(again == 0);
	arena_release(&a);
	return 0;
}
