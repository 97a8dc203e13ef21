/* URLs: parsing, resolving, canonical form, host. Parsing follows the WHATWG URL standard for http and
 * https; names go through libidn2, domains through libpsl, and url_check_fetchable() refuses what programs read differently.
 * A released canonicalisation never changes: post ids hang on it. */
#ifndef EARSHOT_BASE_URL_H
#define EARSHOT_BASE_URL_H

#include "common/base/arena.h"

struct url {
	struct str href; /* serialised */
	struct str scheme, host, path, query; /* host lower case, punycode */
	int port; /* as connected to: 80 and 443 are filled in */
};

/* `base` may be empty. REJECT with the reason when it is not an absolute http(s) URL after resolving. */
enum outcome url_parse(struct arena *a, struct str input, struct str base, struct url *out, struct err *e) MUST_CHECK;
/* Any scheme: for links inside documents (mailto:, tag:). Resolves when it can, else gives the input back. */
struct str url_resolve(struct arena *a, struct str input, struct str base);
/* For identity: fragment, tracking parameters (utm_*, fbclid, gclid, spm, from=…), session ids and default port gone. Default
 * documents stay: /index.html need not be what / is. */
struct str url_canonical(struct arena *a, const struct url *u);
/* The canonical form of what a person or a file calls an address: quotation marks around it, a missing "http://" before a real
 * domain, and other schemes (file, ftp) are fine. false when it is no address. */
bool url_normal(struct arena *a, struct str input, struct str *out);
/* Refuses what URL parsers disagree about: backslash, userinfo, white space or control bytes, ports of non-web services. */
enum outcome url_check_fetchable(struct str input, struct err *e) MUST_CHECK;
enum outcome url_parse_fetchable(struct arena *a, struct str input, struct url *out, struct err *e) MUST_CHECK; /* both in one */
struct str url_registrable_domain(struct arena *a, struct str host); /* eTLD+1; the host itself when it has none */
bool url_find_registrable_domain(struct arena *a, struct str host, struct str *out); /* false when it has none */
/* A name that only a resolver inside a network answers: localhost, no dot, or no public top-level domain behind it. */
bool url_is_local_name(struct str host);
uint32_t url_shard(struct str host); /* 0…EARSHOT_SHARDS-1, by the registrable domain */

#endif
