/* Any bytes through the masker: spans in order and inside the text, every place kept, marks where a span is and the original
 * everywhere else. (What is left may form a value of its own once its neighbours are gone: that is not checked.) */
#include "common/base/utf8.h"
#include "common/text/mask.h"

#include <earshot/limits.h>
#include <stdlib.h>

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_places(struct str text, struct str masked, const struct mask_span *span, size_t n)
{
	size_t at = 0, at_masked = 0, next = 0;
	for (uint32_t index = 0; n > 0 && at < text.n; index++) {
		const uint32_t before = utf8_next(text, &at), after = utf8_next(masked, &at_masked);
		next += next < n && span[next].to <= index;
		const bool is_inside = next < n && span[next].from <= index;
		check(after == (is_inside ? MASK_MARK : before));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct str text = { (const char *)data, size };
	size_t nmasked = 0;
	if (size > LIMIT_TEXT_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA_BYTES);
	struct mask_span *span = arena_list(&a, struct mask_span, size + 1);
	size_t n = mask_find(text, span, size + 1), count = utf8_count(text);
	for (size_t i = 0; i < n; i++)
		check(span[i].from < span[i].to && span[i].to <= count && (i == 0 || span[i - 1].to <= span[i].from));
	struct str masked = mask_text(&a, text, &nmasked);
	check(utf8_count(masked) == count);
	check(nmasked == n);
	check_places(text, masked, span, n);
	arena_release(&a);
	return 0;
}
