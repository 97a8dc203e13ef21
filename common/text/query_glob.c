/* Wildcards: * and ? inside or at the end of a word. */
#include "common/text/query_node.h"

#include "common/base/utf8.h"

bool query_is_word_character(uint32_t cp)
{
	if (utf8_is_word(cp) || utf8_is_han(cp))
		return true;
	return (cp >= 0x0E01 && cp <= 0x0EFF) || (cp >= 0x3041 && cp <= 0x312F) || (cp >= 0xAC00 && cp <= 0xD7A3);
}

static bool ends_well(struct str text, size_t end, bool ends_word)
{
	if (end >= text.n)
		return true;
	size_t at = end, last = end;
	const uint32_t next = utf8_next(text, &at);
	if (ends_word)
		return !query_is_word_character(next) && next != '_';
	while (last > 0 && ((unsigned char)text.p[--last] & 0xC0) == 0x80)
		continue;
	return last == end || !utf8_is_word(utf8_next(text, &last)) || !utf8_is_word(next);
}

/* Each * tries at most QUERY_ANY_MOST lengths, the shortest first, and a term has at most QUERY_STARS of them. */
struct glob {
	struct str text, pattern;
	bool ends_word;
};

static ptrdiff_t glob_from(const struct glob *g, size_t at, size_t p, int depth);

static ptrdiff_t glob_star(const struct glob *g, size_t at, size_t p, int depth)
{
	for (int taken = 0;; taken++) {
		const ptrdiff_t end = glob_from(g, at, p, depth + 1);
		if (end >= 0 || taken == QUERY_ANY_MOST || at >= g->text.n)
			return end;
		if (!query_is_word_character(utf8_next(g->text, &at)))
			return -1;
	}
}

static ptrdiff_t glob_from(const struct glob *g, size_t at, size_t p, int depth)
{
	while (p < g->pattern.n) {
		const char want = g->pattern.p[p];
		if (want == QUERY_ANY)
			return depth < QUERY_STARS ? glob_star(g, at, p + 1, depth) : -1;
		if (at >= g->text.n)
			return -1;
		if (want == QUERY_ONE) {
			if (!query_is_word_character(utf8_next(g->text, &at)))
				return -1;
		} else if (g->text.p[at++] != want) {
			return -1;
		}
		p++;
	}
	return ends_well(g->text, at, g->ends_word) ? (ptrdiff_t)at : -1;
}

ptrdiff_t query_glob(struct str text, size_t at, struct str pattern, bool ends_word)
{
	const struct glob g = { text, pattern, ends_word };
	return glob_from(&g, at, 0, 0);
}

/* The usual way with one place to come back to: here a * has no limit, so a later one makes earlier ones settled. */
bool query_glob_whole(struct str text, struct str pattern)
{
	size_t at = 0, p = 0, star = SIZE_MAX, back = 0;
	while (at < text.n) {
		if (p < pattern.n && pattern.p[p] == QUERY_ANY) {
			star = ++p;
			back = at;
		} else if (p < pattern.n && pattern.p[p] == QUERY_ONE) {
			(void)utf8_next(text, &at);
			p++;
		} else if (p < pattern.n && pattern.p[p] == text.p[at]) {
			at++;
			p++;
		} else if (star != SIZE_MAX) {
			p = star;
			at = back;
			(void)utf8_next(text, &at);
			back = at;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == QUERY_ANY)
		p++;
	return p == pattern.n;
}
