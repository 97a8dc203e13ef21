/* From one hop to the next: redirects are followed here and not by libcurl, so that each is checked like the first. */
#include "common/base/http_client.h"

#include <earshot/limits.h>

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool is_same_origin(const struct url *a, const struct url *b)
{
	return str_eq(a->scheme, b->scheme) && str_eq(a->host, b->host) && a->port == b->port;
}

/* 303 always, 301 and 302 for POST: what every browser does. */
static void change_method(struct transfer *t, int status)
{
	const bool is_post = str_eqc(t->method, "POST");
	if ((status == 303 && !str_eqc(t->method, "HEAD")) || (is_post && (status == 301 || status == 302))) {
		t->method = STR("GET");
		t->body = STR("");
	}
}

static enum outcome check_location(struct transfer *t, struct str location, struct err *e)
{
	struct url next = { 0 };
	const struct url from = t->url;
	if (t->hops >= LIMIT_REDIRECTS)
		return err_set(e, REJECT, "%.*s: more than %d redirects; give the final address as the url", STR_FMT(from.host),
			LIMIT_REDIRECTS);
	if (str_findc(location, '\\') >= 0)
		return err_set(e, REJECT, "%.*s: redirects to an address with a backslash", STR_FMT(from.host));
	enum outcome o = url_parse(&t->arena, location, from.href, &next, e);
	if (o == OK)
		o = http_check_hop(t, next.href, e);
	if (o != OK) {
		const struct err why = *e;
		t->url = from;
		return err_set(e, o, "%.*s: redirect refused: %s", STR_FMT(from.host), why.text);
	}
	return OK;
}

/* Whoever made the request may have a word, too. */
static enum outcome ask_leave(struct transfer *t, const struct url *from, struct err *e)
{
	const enum http_follow word = t->may_follow != NULL ? t->may_follow(t->owner, from, &t->url) : HTTP_FOLLOW;
	const struct url to = t->url;
	if (word == HTTP_FOLLOW)
		return OK;
	t->url = *from;
	if (word == HTTP_STAY)
		t->leads_to = to.href;
	return word == HTTP_STAY ? SKIP
				 : err_set(e, REJECT, "%.*s: redirect refused: robots.txt disallows %.*s", STR_FMT(from->host),
					   STR_FMT(str_first(to.path, 120)));
}

enum outcome http_redirect_step(struct transfer *t, int status, struct err *e)
{
	if (!t->follow || !is_redirect(status))
		return SKIP;
	const struct str location = http_header(buf_str(&t->raw), "location");
	if (location.n == 0)
		return SKIP;
	const struct url from = t->url;
	const enum outcome o = check_location(t, arena_copy(&t->arena, location), e);
	if (o != OK)
		return o;
	t->permanent_hops += status == 301 || status == 308;
	const enum outcome go = ask_leave(t, &from, e);
	if (go != OK)
		return go;
	t->hops++;
	change_method(t, status);
	if (!is_same_origin(&from, &t->url))
		t->nheaders = 0; /* for good: a second hop back does not bring them back */
	return OK;
}
