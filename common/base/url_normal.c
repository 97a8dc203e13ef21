/* The normal form of whatever people and files call an address: pasted in quotation marks, without its scheme, or of another
 * scheme than the web's. What is a web address has its canonical form. */
#include "common/base/url.h"

#include "common/base/buf.h"
#include "common/base/url_split.h"

#include <earshot/limits.h>
#include <string.h>

/* A cell of a CSV file, or a link copied with its quotation marks: "…" with "" for one inside. */
static struct str unquoted(struct arena *a, struct str s)
{
	s = str_trim(s);
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return s;
	s = (struct str){ s.p + 1, s.n - 2 };
	char *to = arena_take(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		to[n++] = s.p[i];
		i += s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"';
	}
	return (struct str){ to, n };
}

/* "foo.com/x" and "foo.com:8080" as people write them; "mailto:a" and "index.html" are none of these. */
static bool lacks_scheme_alone(struct arena *a, struct str s)
{
	size_t n = 0;
	struct str domain;
	while (n < s.n && !strchr("/?#:", s.p[n]))
		n++;
	return str_findc(str_first(s, n), '@') < 0 && url_find_registrable_domain(a, str_first(s, n), &domain) &&
	       !url_is_local_name(str_first(s, n));
}

static void lower(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_addc(out, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i]);
}

/* Of another scheme, or of the web without a host: its path in order, and no more claimed. Only file: keeps an empty host. */
static bool other_scheme(struct arena *a, struct str s, struct str *out)
{
	const size_t n = url_split_scheme(s);
	struct str rest = str_from(s, n + 1), host = { 0 };
	const bool has_host = str_starts(rest, STR("//"));
	if (n == 0 || rest.n == 0 || rest.p[0] != '/' || str_findc(rest, '?') >= 0 || str_findc(rest, '#') >= 0)
		return false;
	if (has_host) {
		rest = str_from(rest, 2);
		const ptrdiff_t slash = str_findc(rest, '/');
		host = slash < 0 ? rest : str_first(rest, (size_t)slash);
		rest = slash < 0 ? STR("/") : str_from(rest, (size_t)slash);
	}
	struct buf b;
	buf_init(&b, (size_t)LIMIT_URL_BYTES * 4);
	lower(&b, str_first(s, n));
	buf_addc(&b, ':');
	if (host.n > 0 || (has_host && str_starts(buf_str(&b), STR("file:"))))
		buf_addz(&b, "//");
	lower(&b, host);
	url_normal_path(&b, url_split_path(a, &(struct url_parts){ .path = rest }));
	*out = b.overflow ? STR("") : arena_copy(a, buf_str(&b));
	buf_release(&b);
	return out->n > 0;
}

bool url_normal(struct arena *a, struct str input, struct str *out)
{
	struct url u;
	struct err ignored;
	struct str s = unquoted(a, input);
	if (s.n == 0 || s.n > LIMIT_URL_BYTES)
		return false;
	if (!url_split_is_web(str_first(s, url_split_scheme(s))) && lacks_scheme_alone(a, s))
		s = arena_printf(a, "http://%.*s", STR_FMT(s));
	if (url_parse(a, s, STR(""), &u, &ignored) != OK)
		return other_scheme(a, s, out);
	*out = url_canonical(a, &u);
	return true;
}
