/* Requests by way of a proxy: the target is looked up and checked here first, and the proxy is told the address that passed. */
#include "common/base/http_client.h"

#include "common/base/http_address.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const schemes[] = { "http", "https", "socks5" };

enum outcome http_proxy_check(struct arena *a, struct str text, struct err *e)
{
	struct url url;
	struct err why = { 0 };
	const ptrdiff_t colon = str_find(text, STR("://"));
	bool is_known = false;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes && colon > 0; i++)
		is_known |= str_eqc(str_first(text, (size_t)colon), schemes[i]);
	if (!is_known)
		return err_set(e, REJECT, "a proxy is http://host:port, https://host:port or socks5://host:port");
	if (str_findc(text, '@') >= 0)
		return err_set(e, REJECT,
			"a proxy's address holds no user name; write proxy_user = NAME and proxy_password_file = PATH beside it");
	const struct str same = arena_printf(a, "http%.*s", STR_FMT(str_from(text, (size_t)colon)));
	if (url_parse(a, same, STR(""), &url, &why) != OK)
		return err_set(e, REJECT, "%s", why.text);
	if (url.path.n > 1 || url.query.n > 0 || str_findc(str_from(text, (size_t)colon + 3), ':') < 0)
		return err_set(e, REJECT, "a proxy's address ends with its port, as %.*s://%.*s:8080", (int)colon, text.p,
			STR_FMT(url.host));
	return OK;
}

static void must(CURLcode code)
{
	if (code == CURLE_OK)
		return;
	(void)fprintf(stderr, "earshot: libcurl refuses a proxy option: %s\n", curl_easy_strerror(code));
	abort();
}

/* An IPv4 address is taken if there is one: not every proxy has the other kind. */
void http_proxy_note(struct transfer *t, int family, const unsigned char *byte, const char *text)
{
	const bool is_v6 = strchr(text, ':') != NULL;
	if (!http_check_address(t, family, byte, text))
		return;
	if (t->pinned[0] == '\0' || (!is_v6 && strchr(t->pinned, ':') != NULL))
		(void)snprintf(t->pinned, sizeof t->pinned, "%s", text);
}

/* Every address is refused, so that libcurl goes through all of them and connects to none. */
static void set_resolving(struct transfer *t)
{
	t->is_resolving = true;
	must(curl_easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 1L));
	must(curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L));
}

/* A tunnel in any case: else an HTTP proxy would look the name up again, and take what it then finds. */
static void set_tunnel(struct transfer *t)
{
	const struct http_proxy *p = t->proxy;
	const bool is_v6 = strchr(t->pinned, ':') != NULL;
	struct curl_slist *to = arena_new(&t->arena, struct curl_slist);
	const struct str line =
		arena_printf(&t->arena, "::%s%s%s:%d", is_v6 ? "[" : "", t->pinned, is_v6 ? "]" : "", t->url.port);
	to->data = (char *)(uintptr_t)line.p;
	t->is_resolving = false;
	must(curl_easy_setopt(t->easy, CURLOPT_PROXY, p->url));
	must(curl_easy_setopt(t->easy, CURLOPT_NOPROXY, ""));
	must(curl_easy_setopt(t->easy, CURLOPT_CONNECT_TO, to));
	must(curl_easy_setopt(t->easy, CURLOPT_HTTPPROXYTUNNEL, 1L));
	must(curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L));
	must(curl_easy_setopt(t->easy, CURLOPT_PROXYHEADER, NULL)); /* header lines are for the target alone */
	must(curl_easy_setopt(t->easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE));
	if (p->user == NULL)
		return;
	must(curl_easy_setopt(t->easy, CURLOPT_PROXYUSERNAME, p->user));
	must(curl_easy_setopt(t->easy, CURLOPT_PROXYPASSWORD, p->password));
}

void http_proxy_set_hop(struct transfer *t)
{
	unsigned char byte[16];
	if (t->proxy == NULL)
		return;
	t->is_special = true;
	const struct str host = t->url.host;
	if (t->pinned[0] == '\0' && http_address_parse(host, byte) != 0) /* http_check_hop() let it pass */
		(void)snprintf(t->pinned, sizeof t->pinned, "%.*s", host.p[0] == '[' ? (int)host.n - 2 : (int)host.n,
			host.p[0] == '[' ? host.p + 1 : host.p);
	if (t->pinned[0] == '\0')
		set_resolving(t);
	else
		set_tunnel(t);
}
