/* Hosts that are numbers: every spelling of an IPv4 address that some program would connect to, and IPv6 as it is written. */
#include "common/base/url_host.h"

#include "common/base/buf.h"
#include "common/base/url_split.h"

/* One part of a number-like host: decimal, 0octal or 0xhex. false when it is none of them. */
static bool ipv4_part(struct str part, uint64_t *out)
{
	unsigned base = 10;
	if (part.n >= 2 && part.p[0] == '0') {
		base = part.p[1] == 'x' || part.p[1] == 'X' ? 16 : 8;
		part = str_from(part, base == 16 ? 2 : 1);
	}
	*out = 0;
	for (size_t i = 0; i < part.n; i++) {
		const int digit = url_hex(part.p[i]);
		if (digit < 0 || (unsigned)digit >= base)
			return false;
		*out = *out * base + (unsigned)digit;
		if (*out > UINT32_MAX)
			*out = (uint64_t)UINT32_MAX + 1; /* too big stays too big */
	}
	return true;
}

bool url_host_is_number(struct str host)
{
	uint64_t ignored;
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	struct str last = host;
	for (size_t i = host.n; i > 0; i--)
		if (host.p[i - 1] == '.') {
			last = str_from(host, i);
			break;
		}
	return str_is_digits(last) || (str_istarts(last, STR("0x")) && ipv4_part(last, &ignored));
}

bool url_host_ipv4(struct str host, uint32_t *out)
{
	uint64_t part[4], value = 0;
	size_t n = 0;
	struct str word;
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	while (str_split(&host, '.', &word)) {
		if (n == 4 || word.n == 0 || !ipv4_part(word, &part[n]))
			return false;
		n++;
	}
	for (size_t i = 0; i + 1 < n; i++) {
		if (part[i] > 255)
			return false;
		value |= part[i] << (24 - 8 * i);
	}
	if (n == 0 || part[n - 1] >= (uint64_t)1 << (8 * (5 - n)))
		return false;
	*out = (uint32_t)(value | part[n - 1]);
	return true;
}

/* The longest run of at least two zero groups, which is written "::". */
static int longest_zeros(const unsigned char *byte, int *length)
{
	int best = -1;
	*length = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;
		while (i + n < 8 && byte[2 * (i + n)] == 0 && byte[2 * (i + n) + 1] == 0)
			n++;
		if (n > *length) {
			best = i;
			*length = n;
		}
		i += n;
	}
	return best;
}

struct str url_host_ipv6(struct arena *a, const unsigned char *byte)
{
	int length;
	const int zeros = longest_zeros(byte, &length);
	struct buf b;
	buf_init(&b, 48);
	buf_addc(&b, '[');
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			buf_addz(&b, i == 0 ? "::" : ":");
			i += length - 1;
			continue;
		}
		buf_addf(&b, "%x%s", (unsigned)(byte[2 * i] << 8 | byte[2 * i + 1]), i < 7 ? ":" : "");
	}
	buf_addc(&b, ']');
	const struct str s = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return s;
}
