/* Fuzzes robots.txt: any bytes are read, a rule that decides is one of those that were read and fits by the plain definition of
 * `*`, and nothing longer does. Input: an address, a NUL, the file. */
#include "crawler/robots.h"

#include <earshot/limits.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The slow way: every place of the path a pattern can stand at, byte by byte. */
static bool fits(struct arena *a, struct str pattern, struct str path)
{
	bool *at = arena_list(a, bool, path.n + 1);
	at[0] = true;
	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '$' && i + 1 == pattern.n)
			return at[path.n];
		if (pattern.p[i] == '*') {
			for (size_t k = 1; k <= path.n; k++)
				at[k] = at[k] || at[k - 1];
			continue;
		}
		for (size_t k = path.n; k > 0; k--)
			at[k] = at[k - 1] && path.p[k - 1] == pattern.p[i];
		at[0] = false;
	}
	for (size_t k = 0; k <= path.n; k++)
		if (at[k])
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str url, text = { (const char *)data, size };
	struct arena a;
	struct robots robots;
	const struct robots_rule *by = NULL;
	if (!str_split(&text, '\0', &url) || size > 4096)
		return 0;
	arena_init(&a, (size_t)64 << 20);
	robots_parse(&a, text, STR("earshot"), &robots);
	const struct str path = robots_path(&a, url);
	const bool allowed = robots_allows(&robots, path, &by);
	if (path.n == 0 || path.p[0] != '/' || allowed != (by == NULL || by->allow))
		abort();
	for (size_t i = 0; i < robots.nrules; i++) {
		const struct robots_rule *rule = &robots.rule[i];
		const bool wins = fits(&a, rule->pattern, path);
		if (rule == by ? !wins : wins && (by == NULL || rule->pattern.n > by->pattern.n))
			abort();
	}
	const struct str escaped = robots_escape(&a, path);
	if (!str_eq(robots_escape(&a, escaped), escaped))
		abort();
	arena_release(&a);
	return 0;
}
