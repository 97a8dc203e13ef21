/* robots.txt: an address against rules. */
#include "crawler/robots.h"

/* ---- what is compared ---- */

/* First of "/?;" from `at` on, or n. */
static size_t find_path(struct str url, size_t at)
{
	while (at < url.n && url.p[at] != '/' && url.p[at] != '?' && url.p[at] != ';')
		at++;
	return at;
}

/* Behind "scheme://", or behind a leading "//"; 0 when the address begins with its host or path. */
static size_t behind_scheme(struct str url)
{
	const size_t start = str_starts(url, STR("//")) ? 2 : 0;
	const ptrdiff_t sign = str_find(str_from(url, start), STR("://"));
	if (sign < 0 || find_path(url, start) < start + (size_t)sign)
		return start;
	return start + (size_t)sign + 3;
}

struct str robots_path(struct arena *a, struct str url)
{
	const ptrdiff_t hash = str_findc(url, '#');
	const struct str whole = hash < 0 ? url : str_first(url, (size_t)hash);
	const struct str path = str_from(whole, find_path(whole, behind_scheme(whole)));
	if (path.n == 0)
		return STR("/");
	return path.p[0] == '/' ? path : arena_printf(a, "/%.*s", STR_FMT(path));
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static char capital(char c)
{
	return c >= 'a' && c <= 'f' ? (char)(c - 'a' + 'A') : c;
}

static bool is_escape(struct str s, size_t at)
{
	return s.p[at] == '%' && at + 2 < s.n && is_hex(s.p[at + 1]) && is_hex(s.p[at + 2]);
}

static bool needs_escape(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80 || s.p[i] == '%')
			return true;
	return false;
}

struct str robots_escape(struct arena *a, struct str text)
{
	static const char digits[] = "0123456789ABCDEF";
	if (!needs_escape(text))
		return text;
	char *out = arena_take(a, 3 * text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		const unsigned char c = (unsigned char)text.p[i];
		if (is_escape(text, i)) {
			out[n++] = '%';
			out[n++] = capital(text.p[++i]);
			out[n++] = capital(text.p[++i]);
		} else if (c >= 0x80) {
			out[n++] = '%';
			out[n++] = digits[c >> 4];
			out[n++] = digits[c & 15];
		} else {
			out[n++] = text.p[i];
		}
	}
	return (struct str){ out, n };
}

/* ---- rules ---- */

/* The pieces between `*` are looked for from left to right, each at its first place: for this kind of pattern that finds a
 * match when there is one, and no byte of the path is looked at twice by pieces that were found. */
static bool matches(struct str pattern, struct str path)
{
	struct str piece;
	const bool is_anchored = str_ends(pattern, STR("$"));
	if (is_anchored)
		pattern.n--;
	const bool has_star = str_findc(pattern, '*') >= 0;
	if (!has_star)
		return is_anchored ? str_eq(pattern, path) : str_starts(path, pattern);
	(void)str_split(&pattern, '*', &piece);
	if (!str_starts(path, piece))
		return false;
	path = str_from(path, piece.n);
	while (str_split(&pattern, '*', &piece)) {
		if (pattern.p == NULL && is_anchored)
			return str_ends(path, piece);
		const ptrdiff_t at = str_find(path, piece);
		if (at < 0)
			return false;
		path = str_from(path, (size_t)at + piece.n);
	}
	return true;
}

/* Would `rule` win against `best`? */
static bool outranks(const struct robots_rule *rule, const struct robots_rule *best)
{
	if (best == NULL || rule->pattern.n != best->pattern.n)
		return best == NULL || rule->pattern.n > best->pattern.n;
	return rule->allow && !best->allow;
}

bool robots_allows(const struct robots *r, struct str path, const struct robots_rule **by)
{
	const struct robots_rule *best = NULL;
	for (size_t i = 0; i < r->nrules; i++)
		if (outranks(&r->rule[i], best) && matches(r->rule[i].pattern, path))
			best = &r->rule[i];
	*by = best;
	return best == NULL || best->allow;
}
