/* Hosts that are numbers, read the WHATWG way: 127.1, 0x7f000001, 017700000001 are all 127.0.0.1, and a name that ends in a
 * number but is no address is no host at all. */
#ifndef EARSHOT_BASE_URL_HOST_H
#define EARSHOT_BASE_URL_HOST_H

#include "common/base/arena.h"

bool url_host_is_number(struct str host); /* ends in a number: it must be an IPv4 address or it is refused */
bool url_host_ipv4(struct str host, uint32_t *out); /* host byte order */
/* "[2001:db8::1]" from 16 bytes. Hex groups only: inet_ntop would write some addresses with dots. */
struct str url_host_ipv6(struct arena *a, const unsigned char *byte);

#endif
