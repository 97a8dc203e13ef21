/* Borrowed slices: compare, cut, search and read numbers, never past the end. */
#include "common/base/str.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The locale must not matter: in a Turkish one, tolower('I') is not 'i'. */
static unsigned char ascii_lower(char c)
{
	unsigned char u = (unsigned char)c;
	return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

bool str_ieq(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool str_has_word(struct str list, struct str word)
{
	for (struct str rest = list; rest.n > 0;) {
		size_t n = 0;
		while (n < rest.n && (unsigned char)rest.p[n] > ' ')
			n++;
		if (str_ieq(str_first(rest, n), word))
			return true;
		rest = str_from(rest, n + 1);
	}
	return false;
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_cut_utf8(struct str s, size_t n)
{
	if (n >= s.n)
		return s;
	size_t end = n;
	/* Four bytes are the longest sequence; more continuation bytes than three are no UTF-8 and may be cut anywhere. */
	while (end > 0 && n - end < 4 && ((unsigned char)s.p[end] & 0xC0u) == 0x80u)
		end--;
	if (((unsigned char)s.p[end] & 0xC0u) == 0x80u)
		end = n;
	s.n = end;
	return s;
}

#define SHORT_BYTES 256 /* memmem() prepares a table first, which costs more than it saves in shorter texts */

static ptrdiff_t find_in_short(struct str s, struct str needle)
{
	const char *last = s.p + (s.n - needle.n);

	for (const char *at = s.p; at <= last; at++) {
		at = memchr(at, needle.p[0], (size_t)(last - at) + 1);
		if (!at)
			break;
		if (memcmp(at, needle.p, needle.n) == 0)
			return at - s.p;
	}
	return -1;
}

ptrdiff_t str_find(struct str s, struct str needle)
{
	if (needle.n == 0)
		return 0;
	if (needle.n > s.n)
		return -1;
	if (needle.n == 1)
		return str_findc(s, needle.p[0]);
	if (s.n <= SHORT_BYTES)
		return find_in_short(s, needle);
	const char *hit = memmem(s.p, s.n, needle.p, needle.n);
	return hit ? hit - s.p : -1;
}

ptrdiff_t str_findc(struct str s, char c)
{
	if (s.n == 0)
		return -1;
	const char *hit = memchr(s.p, c, s.n);
	return hit ? hit - s.p : -1;
}

/* "a,,b" has three parts and "a," two: the rest keeps p of the place behind the separator, and p == NULL says used up. */
bool str_split(struct str *rest, char sep, struct str *part)
{
	if (!rest->p)
		return false;
	ptrdiff_t at = str_findc(*rest, sep);
	if (at < 0) {
		*part = *rest;
		*rest = (struct str){ NULL, 0 };
		return true;
	}
	*part = str_first(*rest, (size_t)at);
	rest->p += at + 1;
	rest->n -= (size_t)at + 1;
	return true;
}

bool str_is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

bool str_to_i64(struct str s, int64_t *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
	if (i == s.n)
		return false;
	/* Summed up below zero, because INT64_MIN has no positive twin. */
	int64_t sum = 0;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(sum, (int64_t)10, &sum) || __builtin_sub_overflow(sum, (int64_t)(s.p[i] - '0'), &sum))
			return false;
	}
	if (!negative && sum == INT64_MIN)
		return false;
	*out = negative ? sum : -sum;
	return true;
}

/* strtod() also takes hex, "inf", "nan" and leading white space: none of them is a number in our files. */
static bool is_decimal(struct str s)
{
	bool digit = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c >= '0' && c <= '9')
			digit = true;
		else if (!memchr("+-.eE", c, 5))
			return false;
	}
	return digit;
}

bool str_to_double(struct str s, double *out)
{
	char text[64];
	if (s.n == 0 || s.n >= sizeof(text) || !is_decimal(s))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	char *end = NULL;
	double v = strtod(text, &end);
	if (end != text + s.n || !isfinite(v))
		return false;
	*out = v;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < s.n; i++) {
		h ^= (unsigned char)s.p[i];
		h *= 0x100000001b3u;
	}
	return h;
}
