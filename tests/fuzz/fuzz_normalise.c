/* Any bytes through the normaliser: well-formed output and true places. */
#include "common/base/utf8.h"
#include "common/text/lang.h"
#include "common/text/normalise.h"

#include <earshot/limits.h>
#include <stdlib.h>

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct norm n;
	struct str original = { (const char *)data, size };
	if (size > LIMIT_TEXT_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA_BYTES);
	normalise(&a, original, &n);
	check(utf8_valid(n.text));
	size_t count = utf8_count(original);
	check(n.origin[n.text.n] == count);
	unsigned all = 0;
	for (size_t i = 0; i < n.text.n; i++) {
		check(n.origin[i] < n.origin_end[i] && n.origin_end[i] <= count && n.origin[i] <= n.origin[i + 1]);
		check(i == 0 || !(n.text.p[i] == ' ' && n.text.p[i - 1] == ' '));
		all |= n.folds[i];
	}
	check((all & ~n.any_folds) == 0);
	check(lang_guess(original, original) != NULL);
	arena_release(&a);
	return 0;
}
