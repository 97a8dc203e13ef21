/* Which addresses are special: the IANA special-purpose registries for IPv4 and IPv6 (read 2026), plus one well-known cloud
 * control address. http.h has the rule that uses them (http_address_allowed); this adds the words for error sentences. */
#ifndef EARSHOT_BASE_HTTP_ADDRESS_H
#define EARSHOT_BASE_HTTP_ADDRESS_H

#include "common/base/http.h"

struct http_address_block {
	struct http_cidr cidr;
	const char *text; /* "127.0.0.0/8", as a person writes it in allow_cidr */
	const char *about; /* "a loopback address" */
};

/* The special block an address lies in; NULL = an ordinary public address. IPv4-mapped IPv6 is judged as IPv4. A family
 * that is neither AF_INET nor AF_INET6 lies in a block of its own. */
const struct http_address_block *http_address_block(int family, const unsigned char *address);
/* Reads an address literal as URLs and libcurl write it ("::1" or "[::1]"); 0 when it is a name, else the family. */
int http_address_parse(struct str text, unsigned char out[16]);

#endif
