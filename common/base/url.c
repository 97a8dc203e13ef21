/* Web addresses: what their host means, their serialised and canonical forms, and which of them may be fetched at all. */
#include "common/base/url.h"

#include "common/base/buf.h"
#include "common/base/crypto.h"
#include "common/base/http_address.h"
#include "common/base/url_host.h"
#include "common/base/url_split.h"
#include "common/base/utf8.h"

#include <earshot/limits.h>
#include <idn2.h>
#include <libpsl.h>
#include <string.h>
#include <sys/socket.h>

#define HOST_BYTES 254 /* RFC 1035: 253 and the last dot */
#define SHOWN 200 /* bytes of a bad URL quoted in an error sentence */

/* ---- hosts ---- */

static struct str percent_decoded(struct arena *a, struct str s)
{
	char *out = arena_take(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && url_hex(s.p[i + 1]) >= 0 && url_hex(s.p[i + 2]) >= 0) {
			out[n++] = (char)(url_hex(s.p[i + 1]) << 4 | url_hex(s.p[i + 2]));
			i += 2;
			continue;
		}
		out[n++] = s.p[i];
	}
	return (struct str){ out, n };
}

static struct str lower(struct arena *a, struct str s)
{
	char *out = arena_take(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	return (struct str){ out, s.n };
}

static bool is_plain_ascii(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if ((unsigned char)host.p[i] >= 0x80)
			return false;
	return true;
}

/* Unicode to punycode, case and width folded (UTS 46). Plain ASCII skips it, as in WHATWG: libidn2 refuses "r3---sn-x.example",
 * which exists, and punycode that does not decode, which only the name server has to judge. */
static bool host_to_ascii(struct arena *a, struct str host, struct str *out)
{
	char *ascii = NULL;
	if (is_plain_ascii(host)) {
		*out = lower(a, host);
		return true;
	}
	if (memchr(host.p, 0, host.n) || !utf8_valid(host))
		return false;
	const int rc = idn2_to_ascii_8z(arena_cstr(a, host), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc == IDN2_OK)
		*out = lower(a, str_of(ascii));
	if (ascii)
		idn2_free(ascii);
	return rc == IDN2_OK;
}

/* What no host may hold (WHATWG forbidden domain code points); a percent sign that is left did not decode. */
static bool has_forbidden(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if ((unsigned char)host.p[i] <= ' ' || strchr("#/:<>?@[\\]^|%\x7f", host.p[i]))
			return true;
	return false;
}

static bool host_parse(struct arena *a, struct str text, struct str *out)
{
	unsigned char byte[16];
	uint32_t v4;
	if (text.n > 2 && text.p[0] == '[') {
		if (text.p[text.n - 1] != ']' || http_address_parse(text, byte) != AF_INET6)
			return false;
		*out = url_host_ipv6(a, byte);
		return true;
	}
	const struct str decoded = percent_decoded(a, text);
	if (!host_to_ascii(a, decoded, out) || out->n == 0 || out->n > HOST_BYTES || has_forbidden(*out))
		return false;
	if (!url_host_is_number(*out))
		return true;
	if (!url_host_ipv4(*out, &v4))
		return false;
	*out = arena_printf(a, "%u.%u.%u.%u", v4 >> 24, v4 >> 16 & 255, v4 >> 8 & 255, v4 & 255);
	return true;
}

/* ---- parsing ---- */

static bool port_parse(struct str text, bool is_https, int *out)
{
	int64_t port = is_https ? 443 : 80;
	if (text.n > 0 && (!str_is_digits(text) || !str_to_i64(text, &port) || port > 65535))
		return false;
	*out = (int)port;
	return true;
}

static bool is_default_port(struct str scheme, int port)
{
	return port == (str_eqc(scheme, "https") ? 443 : 80);
}

static void add_userinfo(struct buf *out, struct str userinfo)
{
	const ptrdiff_t colon = str_findc(userinfo, ':');
	const struct str name = colon < 0 ? userinfo : str_first(userinfo, (size_t)colon);
	const struct str word = colon < 0 ? STR("") : str_from(userinfo, (size_t)colon + 1);
	if (name.n == 0 && word.n == 0)
		return;
	url_encode(out, name, URL_SET_USERINFO);
	if (word.n > 0) {
		buf_addc(out, ':');
		url_encode(out, word, URL_SET_USERINFO);
	}
	buf_addc(out, '@');
}

static struct str encoded(struct arena *a, struct str s, enum url_set set)
{
	struct buf b;
	buf_init(&b, s.n * 3 + 1);
	url_encode(&b, s, set);
	const struct str copy = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return copy;
}

static struct str serialised(struct arena *a, const struct url *u, const struct url_parts *parts)
{
	struct buf b;
	buf_init(&b, (size_t)LIMIT_URL_BYTES * 4);
	buf_adds(&b, u->scheme);
	buf_addz(&b, "://");
	add_userinfo(&b, parts->userinfo);
	buf_adds(&b, u->host);
	if (!is_default_port(u->scheme, u->port))
		buf_addf(&b, ":%d", u->port);
	buf_adds(&b, u->path);
	if (parts->has_query) {
		buf_addc(&b, '?');
		buf_adds(&b, u->query);
	}
	if (parts->has_fragment) {
		buf_addc(&b, '#');
		url_encode(&b, parts->fragment, URL_SET_FRAGMENT);
	}
	const struct str copy = b.overflow ? STR("") : arena_copy(a, buf_str(&b));
	buf_release(&b);
	return copy;
}

enum outcome url_parse(struct arena *a, struct str input, struct str base, struct url *out, struct err *e)
{
	struct url_parts parts;
	struct url u = { 0 };
	if (input.n > LIMIT_URL_BYTES || base.n > LIMIT_URL_BYTES)
		return err_set(e, REJECT, "the URL has %zu bytes; at most %d are read", input.n > base.n ? input.n : base.n,
			LIMIT_URL_BYTES);
	const struct str clean = url_split_clean(a, input);
	if (!url_split(clean, url_split_clean(a, base), &parts))
		return err_set(
			e, REJECT, "\"%.*s\" is not an absolute http:// or https:// URL", STR_FMT(str_cut_utf8(clean, SHOWN)));
	u.scheme = lower(a, parts.scheme);
	if (!host_parse(a, parts.host, &u.host))
		return err_set(e, REJECT, "\"%.*s\" has no valid host name or address", STR_FMT(str_cut_utf8(clean, SHOWN)));
	if (!port_parse(parts.port, str_eqc(u.scheme, "https"), &u.port))
		return err_set(
			e, REJECT, "\"%.*s\" has a port that is no number from 0 to 65535", STR_FMT(str_cut_utf8(clean, SHOWN)));
	u.path = url_split_path(a, &parts);
	u.query = encoded(a, parts.query, URL_SET_QUERY);
	u.href = serialised(a, &u, &parts);
	if (u.href.n == 0)
		return err_set(e, REJECT, "the URL grows beyond %d bytes when it is encoded", LIMIT_URL_BYTES * 4);
	*out = u;
	return OK;
}

struct str url_resolve(struct arena *a, struct str input, struct str base)
{
	struct url u;
	struct err ignored;
	struct str joined;
	if (url_join(a, input, base, &joined))
		return joined;
	return url_parse(a, input, base, &u, &ignored) == OK ? u.href : input;
}

/* ---- what may be fetched ---- */

/* Ports on which something other than a web server listens: the "bad ports" of the WHATWG Fetch standard, and the common
 * databases, queues and control services (a GET line is enough to make some of them act). */
static const uint16_t closed_ports[] = { 0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95,
	101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 138, 139, 143, 161, 179, 389, 427, 445, 465, 512,
	513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 873, 989, 990, 993, 995, 1433, 1521, 1719,
	1720, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900, 6000, 6379, 6380,
	6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 10080, 11211, 16379, 26379, 27017 };

static bool is_closed_port(int port)
{
	for (size_t i = 0; i < sizeof(closed_ports) / sizeof(closed_ports[0]); i++)
		if (closed_ports[i] == port)
			return true;
	return false;
}

static bool has_blank_or_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

/* The part between "://" and the path; empty when the input does not begin with exactly http:// or https://. */
static struct str authority_of(struct str input)
{
	const size_t skip = str_istarts(input, STR("https://")) ? 8 : str_istarts(input, STR("http://")) ? 7 : input.n;
	const struct str rest = str_from(input, skip);
	size_t n = 0;
	while (n < rest.n && !strchr("/?#", rest.p[n]))
		n++;
	return str_first(rest, n);
}

static enum outcome check_spelling(struct str input, struct err *e)
{
	const struct str shown = str_cut_utf8(input, SHOWN);
	if (has_blank_or_control(input))
		return err_set(e, REJECT, "the URL holds white space or control characters; write them as %%20 and the like");
	const struct str authority = authority_of(input);
	if (authority.n == 0)
		return err_set(e, REJECT, "\"%.*s\" does not begin with http:// or https:// and a host", STR_FMT(shown));
	if (str_findc(input, '\\') >= 0)
		return err_set(e, REJECT, "\"%.*s\" holds a backslash, which programs read differently; write / or %%5C",
			STR_FMT(shown));
	if (str_findc(authority, '@') >= 0)
		return err_set(e, REJECT,
			"the URL carries a user name or password before \"@\"; remove it (secrets belong in a header)");
	return OK;
}

enum outcome url_parse_fetchable(struct arena *a, struct str input, struct url *out, struct err *e)
{
	enum outcome o = check_spelling(input, e);
	if (o == OK)
		o = url_parse(a, input, STR(""), out, e);
	if (o == OK && is_closed_port(out->port))
		return err_set(
			e, REJECT, "%.*s: port %d belongs to a service that is not a web server", STR_FMT(out->host), out->port);
	return o;
}

enum outcome url_check_fetchable(struct str input, struct err *e)
{
	struct arena a;
	struct url u = { 0 };
	arena_init(&a, (size_t)LIMIT_URL_BYTES * 64);
	const enum outcome o = url_parse_fetchable(&a, input, &u, e);
	arena_release(&a);
	return o;
}

/* ---- domains ---- */

static const psl_ctx_t *suffix_list(void)
{
	static psl_ctx_t *latest; /* for the process: the newest of the distribution's file and the list built into libpsl */
	if (!latest)
		latest = psl_latest(NULL);
	return latest ? latest : psl_builtin();
}

/* Lower-case host without its last dot, in a buffer of HOST_BYTES + 1; false when it cannot be a domain name. */
static bool domain_of(struct str host, char *out)
{
	unsigned char byte[16];
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	if (host.n == 0 || host.n > HOST_BYTES || host.p[0] == '.' || memchr(host.p, 0, host.n) || http_address_parse(host, byte))
		return false;
	for (size_t i = 0; i < host.n; i++)
		out[i] = host.p[i] >= 'A' && host.p[i] <= 'Z' ? (char)(host.p[i] + 32) : host.p[i];
	out[host.n] = 0;
	return true;
}

bool url_find_registrable_domain(struct arena *a, struct str host, struct str *out)
{
	char name[HOST_BYTES + 1];
	if (!domain_of(host, name))
		return false;
	const char *found = psl_registrable_domain(suffix_list(), name);
	if (!found)
		return false;
	*out = arena_copy(a, str_of(found));
	return true;
}

struct str url_registrable_domain(struct arena *a, struct str host)
{
	struct str found;
	return url_find_registrable_domain(a, host, &found) ? found : host;
}

/* Names that only a resolver inside a network answers: no dot, or a last label that is no public top-level domain
 * (localhost, local, internal, svc, lan …). The list knows all delegated ones; "*" rules of it do not count. */
bool url_is_local_name(struct str host)
{
	char name[HOST_BYTES + 1];
	if (!domain_of(host, name))
		return false;
	const char *dot = strrchr(name, '.');
	const char *top = dot ? dot + 1 : name;
	return strcmp(name, "localhost") == 0 || !psl_is_public_suffix2(suffix_list(), top, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

uint32_t url_shard(struct str host)
{
	char name[HOST_BYTES + 1];
	struct str domain = host;
	if (domain_of(host, name)) {
		const char *found = psl_registrable_domain(suffix_list(), name);
		domain = str_of(found ? found : name);
	}
	const struct sha256 h = crypto_sha256(domain); /* never changes: keys in Redis hang on it */
	return (uint32_t)(h.byte[0] << 8 | h.byte[1]) % EARSHOT_SHARDS;
}
