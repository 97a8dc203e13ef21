/* The checks of the HTTP client that need no libcurl: where a hop may lead, and which address may be connected to. */
#include "common/base/http_client.h"

#include "common/base/http_address.h"

static enum outcome refuse_address(const struct url *u, struct str address, const struct http_address_block *block, struct err *e)
{
	if (str_eq(u->host, address))
		return err_set(e, REJECT, "%.*s:%d: this is %s (%s); allow it with allow_cidr = %s in the source",
			STR_FMT(u->host), u->port, block->about, block->text, block->text);
	return err_set(e, REJECT, "%.*s:%d: its address %.*s is %s (%s); allow it with allow_cidr = %s in the source",
		STR_FMT(u->host), u->port, STR_FMT(address), block->about, block->text, block->text);
}

/* Syntax, ports, literal addresses, names of internal networks. */
enum outcome http_check_hop(struct transfer *t, struct str input, struct err *e)
{
	unsigned char byte[16];
	const enum outcome o = t->talk != NULL ? url_parse(&t->arena, input, STR(""), &t->url, e) /* 993 is no port of the web */
					       : url_parse_fetchable(&t->arena, input, &t->url, e);
	if (o != OK)
		return o;
	const int family = http_address_parse(t->url.host, byte);
	if (family != 0 && !http_address_allowed(family, byte, t->allow, t->nallow))
		return refuse_address(&t->url, t->url.host, http_address_block(family, byte), e);
	if (family == 0 && t->nallow == 0 && url_is_local_name(t->url.host))
		return err_set(e, REJECT,
			"%.*s: this name is known only inside a network; allow its addresses with allow_cidr in the source",
			STR_FMT(t->url.host));
	return OK;
}

struct err *http_check_room(struct transfer *t, struct err **which)
{
	if (*which == NULL)
		*which = arena_new(&t->arena, struct err);
	return *which;
}

/* Whose address is about to be connected to: the target's, or that of the proxy on the way there. */
static bool is_allowed(struct transfer *t, int family, const unsigned char *byte, const char *text, struct err **which)
{
	const struct http_address_block *block = http_address_block(family, byte);
	if (t->proxy == NULL || t->is_resolving) {
		if (http_address_allowed(family, byte, t->allow, t->nallow))
			return true;
		(void)refuse_address(&t->url, str_of(text), block, http_check_room(t, which));
		return false;
	}
	if (http_address_allowed(family, byte, t->proxy->allow, t->proxy->nallow))
		return true;
	(void)err_set(http_check_room(t, which), REJECT,
		"%.*s: the address %s of its proxy is %s (%s); allow it with proxy_allow_cidr = %s in the source",
		STR_FMT(t->url.host), text, block->about, block->text, block->text);
	return false;
}

bool http_check_address(struct transfer *t, int family, const unsigned char *byte, const char *text)
{
	t->addresses_tried++;
	if (is_allowed(t, family, byte, text, &t->address_refusal))
		return true;
	t->addresses_refused++;
	return false;
}

bool http_check_connected(struct transfer *t, const char *address)
{
	unsigned char byte[16];
	const int family = http_address_parse(str_of(address), byte);
	return is_allowed(t, family, byte, address, &t->refusal);
}
