/* Redis URLs: redis://[user:password@]host[:port][/db] and unix:///path[?user=U&db=N]. */
#include "common/store/redis_url.h"

#define DEFAULT_PORT 6379
#define LAST_PORT 65535
#define LAST_DB 65535

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	char lower = (char)(c | 0x20);
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* %XX decoded; a `%` that is none stays. */
static struct str percent_decode(struct arena *a, struct str s)
{
	char *p = arena_take(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		int high = i + 2 < s.n && s.p[i] == '%' ? hex_digit(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
		if (low >= 0) {
			p[n++] = (char)(high * 16 + low);
			i += 2;
		} else {
			p[n++] = s.p[i];
		}
	}
	return (struct str){ p, n };
}

static enum outcome parse_number(struct str s, int64_t last, const char *what, int *out, struct err *e)
{
	int64_t v = 0;
	if (!str_to_i64(s, &v) || v < 0 || v > last)
		return err_set(e, REJECT, "Redis URL: \"%.*s\" is not a %s between 0 and %d", STR_FMT(s), what, (int)last);
	*out = (int)v;
	return OK;
}

/* The last `@` ends the credentials: an unencoded one in a password does no harm. */
static void take_credentials(struct arena *a, struct str *rest, struct redis_url *out)
{
	size_t at = rest->n;
	for (size_t i = 0; i < rest->n; i++)
		if (rest->p[i] == '@')
			at = i;
	if (at == rest->n)
		return;
	struct str login = str_first(*rest, at);
	*rest = str_from(*rest, at + 1);
	ptrdiff_t colon = str_findc(login, ':');
	size_t nuser = colon < 0 ? login.n : (size_t)colon;
	out->user = percent_decode(a, str_first(login, nuser));
	if (colon >= 0)
		out->password = percent_decode(a, str_from(login, nuser + 1));
}

static enum outcome parse_tcp(struct arena *a, struct str rest, struct redis_url *out, struct err *e)
{
	take_credentials(a, &rest, out);
	ptrdiff_t slash = str_findc(rest, '/');
	struct str db = slash < 0 ? STR("") : str_from(rest, (size_t)slash + 1);
	struct str place = slash < 0 ? rest : str_first(rest, (size_t)slash);
	struct str host = place, port = STR("");
	ptrdiff_t bracket = str_findc(place, ']');
	if (place.n > 0 && place.p[0] == '[' && bracket > 0) {
		host = (struct str){ place.p + 1, (size_t)bracket - 1 };
		place = str_from(place, (size_t)bracket + 1);
	}
	ptrdiff_t colon = str_findc(place, ':');
	if (colon >= 0) {
		port = str_from(place, (size_t)colon + 1);
		if (bracket <= 0)
			host = str_first(place, (size_t)colon);
	}
	if (host.n == 0)
		return err_set(e, REJECT, "Redis URL without a host; write redis://HOST:PORT or unix:///PATH/TO/redis.sock");
	out->host = arena_cstr(a, host);
	out->port = DEFAULT_PORT;
	enum outcome o = port.n > 0 ? parse_number(port, LAST_PORT, "port", &out->port, e) : OK;
	if (o == OK && db.n > 0)
		o = parse_number(db, LAST_DB, "database number", &out->db, e);
	return o;
}

static enum outcome parse_unix(struct arena *a, struct str rest, struct redis_url *out, struct err *e)
{
	ptrdiff_t mark = str_findc(rest, '?');
	struct str query = mark < 0 ? STR("") : str_from(rest, (size_t)mark + 1);
	struct str path = mark < 0 ? rest : str_first(rest, (size_t)mark);
	if (path.n == 0 || path.p[0] != '/')
		return err_set(e, REJECT, "Redis URL: \"%.*s\" is not an absolute path; write unix:///PATH/TO/redis.sock",
			STR_FMT(path));
	out->path = arena_cstr(a, percent_decode(a, path));
	for (struct str part = STR(""); str_split(&query, '&', &part);) {
		enum outcome o = OK;
		if (str_starts(part, STR("user=")))
			out->user = percent_decode(a, str_from(part, 5));
		else if (str_starts(part, STR("db=")))
			o = parse_number(str_from(part, 3), LAST_DB, "database number", &out->db, e);
		else if (part.n > 0)
			o = err_set(
				e, REJECT, "Redis URL: unknown part \"%.*s\"; there are user=NAME and db=NUMBER", STR_FMT(part));
		if (o != OK)
			return o;
	}
	return OK;
}

enum outcome redis_url_parse(struct arena *a, struct str url, struct redis_url *out, struct err *e)
{
	*out = (struct redis_url){ .user = STR(""), .password = STR("") };
	if (str_starts(url, STR("redis://")))
		return parse_tcp(a, str_from(url, 8), out, e);
	if (str_starts(url, STR("unix://")))
		return parse_unix(a, str_from(url, 7), out, e);
	if (str_starts(url, STR("rediss://")))
		return err_set(e, REJECT,
			"rediss:// needs TLS, which this build's hiredis does not have; run stunnel beside earshot and "
			"give its local end as redis://127.0.0.1:PORT");
	if (str_starts(url, STR("cluster://")))
		return err_set(e, REJECT,
			"cluster:// is not spoken by this build, it talks to one server; write redis://HOST:PORT or "
			"unix:///PATH/TO/redis.sock");
	ptrdiff_t scheme = str_find(url, STR("://")); /* what stands behind may hold a password: it is not repeated */
	return err_set(e, REJECT, "\"%.*s\" is not a Redis URL; write redis://HOST:PORT or unix:///PATH/TO/redis.sock",
		scheme < 0 ? 0 : (int)scheme + 3, url.p ? url.p : "");
}
