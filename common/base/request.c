/* Request targets, the Host check, and the one shape of an error answer. */
#include "common/base/request.h"

#include "common/base/str.h"

#include <stdarg.h>
#include <stdio.h>

void response_init(struct response *r)
{
	*r = (struct response){ .status = 200, .type = "application/json; charset=utf-8" };
	buf_init(&r->body, RESPONSE_BODY_BYTES);
}

void response_release(struct response *r)
{
	buf_release(&r->body);
}

void response_error(struct response *r, int status, const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	r->status = status;
	r->type = "application/json; charset=utf-8";
	r->asset = (struct str){ 0 };
	r->etag = NULL;
	buf_clear(&r->body);
	buf_addc(&r->body, '{');
	buf_json_str(&r->body, "error", str_of(text));
	buf_addz(&r->body, "}\n");
}

struct str request_value(const struct request *r, const char *name)
{
	struct str value = { 0 };
	size_t seen = 0;
	for (size_t i = 0; i < r->nheaders; i++) {
		if (!str_ieq(r->header[i].name, str_of(name)))
			continue;
		value = r->header[i].value;
		seen++;
	}
	return seen == 1 ? value : (struct str){ 0 };
}

void request_split(struct request *r, struct str target)
{
	const ptrdiff_t mark = str_findc(target, '?');
	r->path = mark < 0 ? target : str_first(target, (size_t)mark);
	r->query = mark < 0 ? (struct str){ 0 } : str_from(target, (size_t)mark + 1);
}

static bool is_port(struct str s)
{
	if (s.n == 0)
		return true;
	int64_t port = 0;
	return s.p[0] == ':' && s.n <= 6 && s.n > 1 && s.p[1] != '+' && s.p[1] != '-' && str_to_i64(str_from(s, 1), &port) &&
	       port <= 65535;
}

bool request_host_is_loopback(struct str host)
{
	static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct str name = str_of(names[i]);
		if (str_istarts(host, name) && is_port(str_from(host, name.n)))
			return true;
	}
	return false;
}
