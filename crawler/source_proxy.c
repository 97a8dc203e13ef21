/* The proxy of a source. */
#include "crawler/source_proxy.h"

static bool has_options(const struct source_how *how)
{
	return how->proxy_user.n > 0 || how->proxy_password.n > 0 || how->proxy_allow_cidr.n > 0;
}

static enum outcome check(struct arena *a, const struct source_how *how, struct err *e)
{
	struct err why = { 0 };
	if (how->kind == SOURCE_IMAP || how->kind == SOURCE_WEBHOOK)
		return err_set(e, REJECT, "a proxy is for sources that are fetched over HTTP; take proxy away");
	if (http_proxy_check(a, how->proxy_url, &why) != OK)
		return err_set(e, REJECT, "proxy: %s", why.text);
	if ((how->proxy_user.n > 0) != (how->proxy_password.n > 0))
		return err_set(e, REJECT, "proxy_user and proxy_password belong together; write both, or none");
	return OK;
}

enum outcome source_proxy_derive(struct arena *a, struct source_how *how, struct err *e)
{
	if (how->proxy_url.n == 0 && !has_options(how))
		return OK;
	if (how->proxy_url.n == 0)
		return err_set(e, REJECT,
			"proxy_user, proxy_password and proxy_allow_cidr say more about a proxy; write proxy = ADDRESS");
	const enum outcome done = check(a, how, e);
	if (done != OK)
		return done;
	struct http_proxy *proxy = arena_new(a, struct http_proxy);
	struct http_cidr *allow = arena_list(a, struct http_cidr, how->proxy_allow_cidr.n + 1);
	for (size_t i = 0; i < how->proxy_allow_cidr.n; i++) {
		struct err why = { 0 };
		if (http_cidr_parse(how->proxy_allow_cidr.item[i], &allow[i], &why) != OK)
			return err_set(e, REJECT, "proxy_allow_cidr: %s", why.text);
	}
	*proxy = (struct http_proxy){ .url = arena_cstr(a, how->proxy_url),
		.user = how->proxy_user.n > 0 ? arena_cstr(a, how->proxy_user) : NULL,
		.password = how->proxy_password.n > 0 ? arena_cstr(a, how->proxy_password) : NULL,
		.allow = allow,
		.nallow = how->proxy_allow_cidr.n };
	how->proxy = proxy;
	return OK;
}
