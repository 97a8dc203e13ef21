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

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of a number up to `most` as it stands in normal form, without zeros in front; 0 = there is none. */
static size_t number_bytes(struct str s, size_t at, uint32_t most)
{
	uint32_t value = 0;
	size_t n = 0;

	for (; at + n < s.n && is_digit(s.p[at + n]) && value <= most; n++)
		value = value * 10 + (uint32_t)(s.p[at + n] - '0');
	return value <= most && (n < 2 || s.p[at] != '0') ? n : 0;
}

/* 192.0.2.7: four numbers, and nothing behind them. */
static bool is_address(struct str host)
{
	size_t at = 0;

	for (int part = 0; part < 4; part++) {
		const size_t n = number_bytes(host, at, 255);
		at += n + (part < 3);
		if (n == 0 || at > host.n || (part < 3 && host.p[at - 1] != '.'))
			return false;
	}
	return at == host.n;
}

/* Bytes of ":8080" in normal form at base.p[at]; 0 when none is there, or another. */
static size_t port_bytes(struct str base, size_t at)
{
	const size_t digits = number_bytes(base, at + 1, 65535);
	const struct str port = { base.p + at + 1, digits };
	const bool is_left_out = str_eqc(port, str_starts(base, STR("https:")) ? "443" : "80");

	return digits == 0 || is_left_out || *port.p == '0' ? 0 : digits + 1;
}

/* Bytes up to the path of a base with a plain host, a name in lower case or an IPv4 address; 0 for any other. */
static size_t origin_bytes(struct str base)
{
	const size_t start = str_starts(base, STR("https://")) ? 8 : str_starts(base, STR("http://")) ? 7 : 0;
	size_t at = start, label = start;

	for (; start > 0 && at < base.n && base.p[at] != '/' && base.p[at] != ':'; at++) {
		const char c = base.p[at];
		if (!((c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.'))
			return 0;
		label = c == '.' ? at + 1 : label;
	}
	if (at == start || at == base.n || at - start > 250)
		return 0;
	/* A last label that begins with a letter makes it a name, not a number. */
	if ((base.p[label] < 'a' || base.p[label] > 'z') && !is_address((struct str){ base.p + start, at - start }))
		return 0;
	at += base.p[at] == ':' ? port_bytes(base, at) : 0;
	return at < base.n && base.p[at] == '/' ? at : 0;
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
