/* Splits and resolves web addresses the WHATWG way; no meaning of hosts, no libraries. */
#include "common/base/url_split.h"

#include <string.h>

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int url_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct str url_split_clean(struct arena *a, struct str input)
{
	while (input.n > 0 && (unsigned char)input.p[0] <= ' ')
		input = str_from(input, 1);
	while (input.n > 0 && (unsigned char)input.p[input.n - 1] <= ' ')
		input.n--;
	char *out = arena_take(a, input.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < input.n; i++)
		if (input.p[i] != '\t' && input.p[i] != '\n' && input.p[i] != '\r')
			out[n++] = input.p[i];
	return (struct str){ out, n };
}

size_t url_split_scheme(struct str input)
{
	if (input.n == 0 || !is_alpha(input.p[0]))
		return 0;
	for (size_t i = 1; i < input.n; i++) {
		const char c = input.p[i];
		if (c == ':')
			return i;
		if (!is_alpha(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.')
			return 0;
	}
	return 0;
}

bool url_split_is_web(struct str scheme)
{
	return str_ieq(scheme, STR("http")) || str_ieq(scheme, STR("https"));
}

/* Path, query and fragment out of what follows the authority. */
static void split_tail(struct str tail, struct url_parts *out)
{
	const ptrdiff_t hash = str_findc(tail, '#');
	if (hash >= 0) {
		out->fragment = str_from(tail, (size_t)hash + 1);
		out->has_fragment = true;
		tail = str_first(tail, (size_t)hash);
	}
	const ptrdiff_t mark = str_findc(tail, '?');
	if (mark >= 0) {
		out->query = str_from(tail, (size_t)mark + 1);
		out->has_query = true;
		tail = str_first(tail, (size_t)mark);
	}
	out->path = tail;
}

static void split_authority(struct str authority, struct url_parts *out)
{
	for (size_t i = authority.n; i > 0; i--) {
		if (authority.p[i - 1] != '@')
			continue;
		out->userinfo = str_first(authority, i - 1);
		authority = str_from(authority, i);
		break;
	}
	out->host = authority;
	bool in_brackets = false;
	for (size_t i = 0; i < authority.n; i++) {
		if (authority.p[i] == '[')
			in_brackets = true;
		else if (authority.p[i] == ']')
			in_brackets = false;
		else if (authority.p[i] == ':' && !in_brackets) {
			out->host = str_first(authority, i);
			out->port = str_from(authority, i + 1);
			return;
		}
	}
}

/* `rest` is what follows "scheme:" or a leading "//"; any number of slashes comes before the host. */
static void split_absolute(struct str rest, struct url_parts *out)
{
	while (rest.n > 0 && is_slash(rest.p[0]))
		rest = str_from(rest, 1);
	size_t n = 0;
	while (n < rest.n && !is_slash(rest.p[n]) && rest.p[n] != '?' && rest.p[n] != '#')
		n++;
	split_authority(str_first(rest, n), out);
	split_tail(str_from(rest, n), out);
}

static struct str folder_of(struct str path)
{
	size_t n = path.n;
	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return str_first(path, n);
}

static bool split_relative(struct str input, struct str base, struct url_parts *out)
{
	const size_t scheme = url_split_scheme(base);
	struct url_parts from = { 0 };
	if (scheme == 0)
		return false;
	split_absolute(str_from(base, scheme + 1), &from);
	if (input.n >= 2 && is_slash(input.p[0]) && is_slash(input.p[1])) {
		split_absolute(input, out);
		return true;
	}
	out->userinfo = from.userinfo;
	out->host = from.host;
	out->port = from.port;
	split_tail(input, out);
	if (out->path.n > 0) {
		if (!is_slash(out->path.p[0]))
			out->base_path = folder_of(from.path);
		return true;
	}
	out->path = from.path;
	if (!out->has_query) {
		out->query = from.query;
		out->has_query = from.has_query;
	}
	return true;
}

bool url_split(struct str input, struct str base, struct url_parts *out)
{
	*out = (struct url_parts){ 0 };
	const size_t n = url_split_scheme(input), base_n = url_split_scheme(base);
	const struct str scheme = str_first(input, n), base_scheme = str_first(base, base_n);
	if (n == 0) {
		out->scheme = base_scheme;
		return split_relative(input, base, out);
	}
	if (!url_split_is_web(scheme))
		return false;
	out->scheme = scheme;
	const struct str rest = str_from(input, n + 1);
	const bool has_slashes = rest.n >= 2 && is_slash(rest.p[0]) && is_slash(rest.p[1]);
	if (!has_slashes && base_n > 0 && str_ieq(scheme, base_scheme))
		return split_relative(rest, base, out); /* "http:page" beside an http base is relative: old pages write it */
	split_absolute(rest, out);
	return true;
}

/* How many dots a segment stands for, "%2e" included: 1, 2, or 0 for an ordinary one. */
static int dots_of(struct str segment)
{
	int dots = 0;
	while (segment.n > 0) {
		size_t took = 0;
		if (segment.p[0] == '.')
			took = 1;
		else if (str_istarts(segment, STR("%2e")))
			took = 3;
		if (took == 0 || ++dots > 2)
			return 0;
		segment = str_from(segment, took);
	}
	return dots;
}

/* Adds the segments of a path (without its first slash) to an empty `out`. */
static void add_segments(struct buf *out, struct str path)
{
	for (size_t at = 0; at <= path.n;) {
		size_t n = 0;
		while (at + n < path.n && !is_slash(path.p[at + n]))
			n++;
		const struct str segment = { path.p + at, n };
		const int dots = dots_of(segment);
		const bool is_last = at + n >= path.n;
		if (dots == 2)
			while (out->n > 0 && out->p[--out->n] != '/')
				;
		if (dots == 0 || is_last)
			buf_addc(out, '/');
		if (dots == 0)
			url_encode(out, segment, URL_SET_PATH);
		at += n + 1;
	}
}

static struct str joined(struct arena *a, struct str x, struct str y)
{
	char *out = arena_take(a, x.n + y.n + 1);
	if (x.n > 0)
		memcpy(out, x.p, x.n);
	if (y.n > 0)
		memcpy(out + x.n, y.p, y.n);
	return (struct str){ out, x.n + y.n };
}

struct str url_split_path(struct arena *a, const struct url_parts *parts)
{
	struct buf out;
	struct str path = joined(a, parts->base_path, parts->path);
	if (path.n > 0 && is_slash(path.p[0]))
		path = str_from(path, 1);
	buf_init(&out, path.n * 3 + 2);
	add_segments(&out, path);
	const struct str copy = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return copy;
}

#define BIT(c) (1ull << ((c)&63))
#define SIGNS (~0ull << ('!' & 63)) /* of 0 … 63: all but controls and the blank */
#define LETTERS (~BIT(0x7f)) /* of 64 … 127 */

/* A bit for each character that stands as it is: 0 … 63, 64 … 127. */
static const uint64_t kept[][2] = {
	[URL_SET_PATH] = { SIGNS & ~(BIT('"') | BIT('#') | BIT('<') | BIT('>') | BIT('?')),
		LETTERS & ~(BIT('`') | BIT('{') | BIT('}') | BIT('^')) },
	[URL_SET_QUERY] = { SIGNS & ~(BIT('"') | BIT('#') | BIT('<') | BIT('>') | BIT('\'')), LETTERS },
	[URL_SET_FRAGMENT] = { SIGNS & ~(BIT('"') | BIT('<') | BIT('>')), LETTERS & ~BIT('`') },
	[URL_SET_USERINFO] = { SIGNS & ~(BIT('"') | BIT('#') | BIT('<') | BIT('>') | BIT('?') | BIT('/') | BIT(':') | BIT(';') |
					       BIT('=')),
		LETTERS & ~(BIT('`') | BIT('{') | BIT('}') | BIT('^') | BIT('@') | BIT('[') | BIT('\\') | BIT(']') | BIT('|')) },
};

bool url_keeps(unsigned char c, enum url_set set)
{
	return c < 0x80 && (kept[set][c >> 6] >> (c & 63) & 1) != 0;
}

void url_encode(struct buf *out, struct str s, enum url_set set)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];
		if (url_keeps(c, set)) {
			buf_addc(out, s.p[i]);
			continue;
		}
		buf_addc(out, '%');
		buf_addc(out, hex[c >> 4]);
		buf_addc(out, hex[c & 15]);
	}
}
