/* The address rule of everything that leaves this machine: which IPv4 and IPv6 addresses a fetch may connect to. */
#include "common/base/http_address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Everything the registries call not globally reachable, multicast and the reserved top included. */
static const struct http_address_block blocks_v4[] = {
	{ { { 0 }, 8, false }, "0.0.0.0/8", "an address of \"this network\"" },
	{ { { 10 }, 8, false }, "10.0.0.0/8", "a private address" },
	{ { { 100, 64 }, 10, false }, "100.64.0.0/10", "a carrier-internal (shared) address" },
	{ { { 127 }, 8, false }, "127.0.0.0/8", "a loopback address" },
	{ { { 169, 254 }, 16, false }, "169.254.0.0/16", "a link-local address (cloud metadata lives there)" },
	{ { { 172, 16 }, 12, false }, "172.16.0.0/12", "a private address" },
	{ { { 192, 0, 0 }, 24, false }, "192.0.0.0/24", "an address for protocol assignments" },
	{ { { 192, 0, 2 }, 24, false }, "192.0.2.0/24", "a documentation address" },
	{ { { 192, 88, 99 }, 24, false }, "192.88.99.0/24", "a 6to4 relay address" },
	{ { { 192, 168 }, 16, false }, "192.168.0.0/16", "a private address" },
	{ { { 198, 18 }, 15, false }, "198.18.0.0/15", "a benchmarking address" },
	{ { { 198, 51, 100 }, 24, false }, "198.51.100.0/24", "a documentation address" },
	{ { { 203, 0, 113 }, 24, false }, "203.0.113.0/24", "a documentation address" },
	{ { { 224 }, 4, false }, "224.0.0.0/4", "a multicast address" },
	{ { { 240 }, 4, false }, "240.0.0.0/4", "a reserved address" },
	/* Public by its range, but it is the control server of every Azure machine, reachable only from inside. */
	{ { { 168, 63, 129, 16 }, 32, false }, "168.63.129.16/32", "a cloud control address" },
};

/* The inverse of "2000::/3 only", so that a refusal can name its block; the last row takes whatever is left. */
static const struct http_address_block blocks_v6[] = {
	{ { { 0 }, 128, true }, "::/128", "the unspecified address" },
	{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, 128, true }, "::1/128", "a loopback address" },
	{ { { 0, 0x64, 0xff, 0x9b }, 32, true }, "64:ff9b::/32", "an address translated to IPv4 (NAT64)" },
	{ { { 0xfc }, 7, true }, "fc00::/7", "a private (unique local) address" },
	{ { { 0xfe, 0x80 }, 10, true }, "fe80::/10", "a link-local address" },
	{ { { 0xff }, 8, true }, "ff00::/8", "a multicast address" },
	{ { { 0x20, 0x01 }, 23, true }, "2001::/23", "an address for protocol assignments (Teredo among them)" },
	{ { { 0x20, 0x01, 0x0d, 0xb8 }, 32, true }, "2001:db8::/32", "a documentation address" },
	{ { { 0x20, 0x02 }, 16, true }, "2002::/16", "an address translated to IPv4 (6to4)" },
	{ { { 0x3f, 0xff }, 20, true }, "3fff::/20", "a documentation address" },
};
static const struct http_address_block block_not_unicast = { { { 0 }, 0, true }, "::/0", "not a public unicast address" };
static const struct http_address_block block_no_family = { { { 0 }, 0, false }, "0.0.0.0/0", "not an internet address" };
static const struct http_cidr public_v6 = { { 0x20 }, 3, true };
static const unsigned char mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool cidr_holds(const struct http_cidr *c, const unsigned char *address)
{
	const size_t whole = (size_t)c->bits / 8;
	if (memcmp(c->net, address, whole) != 0)
		return false;
	const int rest = c->bits % 8;
	if (rest == 0)
		return true;
	const unsigned mask = 0xffu << (8 - rest) & 0xffu;
	return (c->net[whole] & mask) == (address[whole] & mask);
}

static const struct http_address_block *find(const struct http_address_block *list, size_t n, const unsigned char *address)
{
	for (size_t i = 0; i < n; i++)
		if (cidr_holds(&list[i].cidr, address))
			return &list[i];
	return NULL;
}

/* Takes ::ffff:a.b.c.d for what a connection makes of it: a.b.c.d. */
static void unmap(int *family, const unsigned char **address)
{
	if (*family != AF_INET6 || memcmp(*address, mapped_prefix, sizeof(mapped_prefix)) != 0)
		return;
	*family = AF_INET;
	*address += sizeof(mapped_prefix);
}

const struct http_address_block *http_address_block(int family, const unsigned char *address)
{
	unmap(&family, &address);
	if (family == AF_INET)
		return find(blocks_v4, sizeof(blocks_v4) / sizeof(blocks_v4[0]), address);
	if (family != AF_INET6)
		return &block_no_family;
	const struct http_address_block *b = find(blocks_v6, sizeof(blocks_v6) / sizeof(blocks_v6[0]), address);
	if (b || cidr_holds(&public_v6, address))
		return b;
	return &block_not_unicast;
}

bool http_address_allowed(int family, const unsigned char *address, const struct http_cidr *allow, size_t n)
{
	if (!http_address_block(family, address))
		return true;
	unmap(&family, &address);
	if (family != AF_INET && family != AF_INET6)
		return false;
	for (size_t i = 0; i < n; i++)
		if (allow[i].is_v6 == (family == AF_INET6) && cidr_holds(&allow[i], address))
			return true;
	return false;
}

int http_address_parse(struct str text, unsigned char out[16])
{
	char z[64];
	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = (struct str){ text.p + 1, text.n - 2 };
	if (text.n == 0 || text.n >= sizeof(z) || memchr(text.p, 0, text.n))
		return 0;
	memcpy(z, text.p, text.n);
	z[text.n] = 0;
	if (inet_pton(AF_INET, z, out) == 1)
		return AF_INET;
	return inet_pton(AF_INET6, z, out) == 1 ? AF_INET6 : 0;
}

/* Bits behind the prefix must be zero: 10.1.2.3/8 is more often a slip than a wish. */
static bool host_bits_zero(const struct http_cidr *c)
{
	struct http_cidr all = *c;
	const int total = c->is_v6 ? 128 : 32;
	for (int bit = c->bits; bit < total; bit++)
		all.net[bit / 8] &= (unsigned char)~(0x80u >> (bit % 8));
	return memcmp(all.net, c->net, sizeof(all.net)) == 0;
}

enum outcome http_cidr_parse(struct str text, struct http_cidr *out, struct err *e)
{
	const struct str all = str_trim(text);
	const ptrdiff_t slash = str_findc(all, '/');
	struct http_cidr c = { .bits = -1 };
	const int family = http_address_parse(slash < 0 ? all : str_first(all, (size_t)slash), c.net);
	if (family == 0)
		return err_set(
			e, REJECT, "\"%.*s\" is not an address range; write it like 127.0.0.0/8 or fd00::/8", STR_FMT(all));
	const int total = family == AF_INET6 ? 128 : 32;
	int64_t bits = total;
	if (slash >= 0 && (!str_to_i64(str_from(all, (size_t)slash + 1), &bits) || bits < 0 || bits > total))
		return err_set(e, REJECT, "\"%.*s\": the number behind the slash must be 0 to %d", STR_FMT(all), total);
	c.bits = (int)bits;
	c.is_v6 = family == AF_INET6;
	if (!host_bits_zero(&c))
		return err_set(e, REJECT, "\"%.*s\" has bits set behind its first %d; write the first address of the range",
			STR_FMT(all), c.bits);
	*out = c;
	return OK;
}
