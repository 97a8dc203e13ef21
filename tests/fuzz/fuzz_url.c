/* Fuzzes web addresses: any bytes are parsed or refused, what was parsed is stable when parsed again, and what may be fetched
 * has a host that the parser agrees on. Input: the base, a NUL, the address. */
#include "common/base/url.h"

#include "common/base/http.h"

#include <earshot/limits.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_stable(struct arena *a, const struct url *u)
{
	struct url again;
	struct err e;
	if (url_parse(a, u->href, STR(""), &again, &e) == OK && !str_eq(again.href, u->href))
		abort();
	const struct str canonical = url_canonical(a, u);
	if (url_parse(a, canonical, STR(""), &again, &e) == OK && !str_eq(url_canonical(a, &again), canonical))
		abort();
	if (url_shard(u->host) >= EARSHOT_SHARDS)
		abort();
	(void)url_registrable_domain(a, u->host);
	(void)url_is_local_name(u->host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str base, input = { (const char *)data, size };
	struct arena a;
	struct url u;
	struct err e;
	struct http_cidr cidr;
	if (!str_split(&input, '\0', &base))
		return 0;
	arena_init(&a, (size_t)16 << 20);
	(void)url_resolve(&a, input, base);
	if (url_parse(&a, input, base, &u, &e) == OK)
		check_stable(&a, &u);
	if (url_check_fetchable(input, &e) == OK && url_parse(&a, input, STR(""), &u, &e) != OK)
		abort();
	(void)http_cidr_parse(input, &cidr, &e);
	(void)http_header(input, "location");
	(void)http_retry_after_ms(input, 0);
	arena_release(&a);
	return 0;
}
