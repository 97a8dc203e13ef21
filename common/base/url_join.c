/* The quick way to an absolute address: a relative one in plain ASCII beside a base in normal form is put behind it as it stands. Nearly
 * all links of feeds and pages are of that kind; url_parse() would say the same. */
#include "common/base/url_split.h"

#include <earshot/limits.h>
#include <string.h>

/* A segment that begins so may be a dot, perhaps written %2e. */
static bool may_be_dots(struct str path, size_t at)
{
	return at < path.n && (path.p[at] == '.' || path.p[at] == '%');
}

/* Bytes of the path at the start of `s`, all of which stand as they are; false at a backslash, at dots, and at what is encoded. */
static bool plain_path(struct str s, size_t *n)
{
	size_t at = 0;

	if (may_be_dots(s, 0))
		return false;
	for (; at < s.n && s.p[at] != '?' && s.p[at] != '#'; at++) {
		if (!url_keeps((unsigned char)s.p[at], URL_SET_PATH) || s.p[at] == '\\')
			return false;
		if (s.p[at] == '/' && may_be_dots(s, at + 1))
			return false;
	}
	*n = at;
	return true;
}

static bool is_plain_tail(struct str s)
{
	size_t at = 0;

	if (s.n > 0 && s.p[0] == '?')
		for (at = 1; at < s.n && s.p[at] != '#'; at++)
			if (!url_keeps((unsigned char)s.p[at], URL_SET_QUERY))
				return false;
	for (; at < s.n; at++)
		if (!url_keeps((unsigned char)s.p[at], URL_SET_FRAGMENT))
			return false;
	return true;
}

/* Bytes up to the path of a base with a plain host name, lower case, and no port; 0 for any other. */
static size_t origin_bytes(struct str base)
{
	const size_t start = str_starts(base, STR("https://")) ? 8 : str_starts(base, STR("http://")) ? 7 : 0;
	size_t at = start, label = start;

	for (; start > 0 && at < base.n && base.p[at] != '/'; at++) {
		const char c = base.p[at];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
			return 0;
		label = c == '.' ? at + 1 : label;
	}
	/* A last label that begins with a letter makes it a name, not a number. */
	if (at == start || at == base.n || at - start > 250 || base.p[label] < 'a' || base.p[label] > 'z')
		return 0;
	return at;
}

/* Without a ':' in its first segment there is no scheme. */
static bool has_no_scheme(struct str reference)
{
	for (size_t i = 0; i < reference.n && reference.p[i] != '/' && reference.p[i] != '?' && reference.p[i] != '#'; i++)
		if (reference.p[i] == ':')
			return false;
	return true;
}

static struct str joined(struct arena *a, struct str front, struct str back)
{
	char *out = arena_raw(a, front.n + back.n + 1);

	memcpy(out, front.p, front.n);
	memcpy(out + front.n, back.p, back.n);
	out[front.n + back.n] = '\0';
	return (struct str){ out, front.n + back.n };
}

/* "#place": the base without its own, and with that. */
static bool join_fragment(struct arena *a, struct str reference, struct str base, size_t front, struct str *out)
{
	const ptrdiff_t own = str_findc(base, '#');
	const struct str page = own < 0 ? base : str_first(base, (size_t)own);
	size_t path = 0;

	if (!plain_path(str_from(page, front), &path) || !is_plain_tail(str_from(page, front + path)) ||
		!is_plain_tail(reference))
		return false;
	*out = joined(a, page, reference);
	return true;
}

bool url_join(struct arena *a, struct str reference, struct str base, struct str *out)
{
	const bool is_rooted = reference.n > 0 && reference.p[0] == '/';
	size_t front = origin_bytes(base), path = 0, n = 0;

	if (front == 0 || reference.n == 0 || reference.n > LIMIT_URL_BYTES || base.n > LIMIT_URL_BYTES)
		return false;
	if (reference.p[0] == '#')
		return join_fragment(a, reference, base, front, out);
	if (reference.p[0] == '?' || (is_rooted && reference.n > 1 && reference.p[1] == '/'))
		return false;
	if (!has_no_scheme(reference) || !plain_path(reference, &n) || !is_plain_tail(str_from(reference, n)))
		return false;
	if (!is_rooted) {
		if (!plain_path(str_from(base, front), &path))
			return false;
		while (path > 0 && base.p[front + path - 1] != '/')
			path--;
		front += path;
	}
	*out = joined(a, str_first(base, front), reference);
	return true;
}
