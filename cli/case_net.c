/* Case adapters for web addresses: may it be fetched, what is its domain, its serialised and its canonical form. */
#include "cli/case_net.h"

#include "common/base/http.h"
#include "common/base/http_address.h"
#include "common/base/url.h"

#include <string.h>

static bool address_passes(struct str text, bool *is_address)
{
	unsigned char byte[16];
	const int family = http_address_parse(text, byte);
	*is_address = family != 0;
	return family != 0 && http_address_allowed(family, byte, NULL, 0);
}

/* One answer of a name server, as the cases write it: an address, "then:" an address of the next answer, "CNAME" a name. */
static bool answer_passes(struct str answer)
{
	bool is_address;
	if (str_istarts(answer, STR("then:")))
		answer = str_from(answer, 5);
	if (address_passes(str_trim(answer), &is_address))
		return true;
	if (is_address || !str_istarts(answer, STR("CNAME ")))
		return false;
	return !url_is_local_name(str_trim(str_from(answer, 6)));
}

/* The questions of common/base/http_check.c in their order: syntax and port, a literal address, a name that only a local network
 * knows, then each address that would be connected to. */
static bool may_fetch(struct arena *a, struct str input, const struct json *answers)
{
	struct url u;
	struct err e;
	bool is_address;
	if (url_check_fetchable(input, &e) != OK || url_parse(a, input, STR(""), &u, &e) != OK)
		return false;
	if (address_passes(u.host, &is_address))
		return true;
	if (is_address)
		return false;
	if (json_size(answers) == 0)
		return !url_is_local_name(u.host);
	for (const struct json *v = json_first(answers); v; v = json_next(v))
		if (!answer_passes(json_str(v)))
			return false;
	return true;
}

bool case_ssrf(struct arena *a, const struct json *line, struct buf *out)
{
	buf_addc(out, '{');
	buf_json_bool(out, "allow", may_fetch(a, json_str_of(line, "url"), json_get(line, "resolve")));
	buf_addc(out, '}');
	return true;
}

bool case_psl(struct arena *a, const struct json *line, struct buf *out)
{
	struct str domain;
	buf_addc(out, '{');
	if (url_find_registrable_domain(a, json_str_of(line, "host"), &domain)) {
		buf_json_str(out, "domain", domain);
	} else {
		buf_json_key(out, "domain");
		buf_addz(out, "null");
	}
	buf_addc(out, '}');
	return true;
}

static void answer(struct buf *out, bool is_ok, struct str href)
{
	buf_addc(out, '{');
	if (is_ok)
		buf_json_str(out, "href", href);
	else
		buf_json_bool(out, "failure", true);
	buf_addc(out, '}');
}

bool case_url(struct arena *a, const struct json *line, struct buf *out)
{
	struct url u = { 0 };
	struct err e;
	const bool is_ok = url_parse(a, json_str_of(line, "input"), json_str_of(line, "base"), &u, &e) == OK;
	answer(out, is_ok, u.href);
	return true;
}

bool case_normalize(struct arena *a, const struct json *line, struct buf *out)
{
	struct str href = { 0 };
	const bool is_ok = url_normal(a, json_str_of(line, "input"), &href);
	answer(out, is_ok, href);
	return true;
}
