/* The canonical form of a web address, for identity only: two addresses of one page should give one string. Post ids hang on
 * it, so a released rule here never changes. */
#include "common/base/url.h"

#include "common/base/buf.h"
#include "common/base/url_split.h"

#include <earshot/limits.h>
#include <string.h>

#define PARAMETERS 256 /* of one query; a longer one is kept as it is */

/* Parameters that say where a reader came from, never what the page is. A name that ends in '*' is a prefix. */
static const char *const trackers[] = { "utm_*", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid",
	"twclid", "ttclid", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "vero_id", "oly_anon_id",
	"oly_enc_id", "wickedid", "_openstat", "ref_src", "ref_url", "spm", "spm_id_from", "scm", "vd_source", "share_token",
	"share_source", "share_medium", "share_plat", "share_session_id", "share_tag", "share_from", "shareuid", "xsec_token",
	"xsec_source", "xhsshare", "apptime", "appuid", "nsukey", "isappinstalled", "hmsr", "hmpl", "hmcu", "hmkw", "hmci",
	"bd_vid", "tdsourcetag", "weixin_share*", "phpsessid", "jsessionid", "aspsessionid*", "cfid", "cftoken" };

/* `from` means many things; these values of it are the share buttons of Chinese apps. */
static const char *const shared_from[] = { "timeline", "singlemessage", "groupmessage", "message", "qq", "qzone", "weibo",
	"wechat", "weixin", "moments", "share" };

#define SESSION_DIGITS 26 /* PHP's shortest; forums write theirs as 32 */

struct parameter {
	struct str name, whole;
};

static bool is_tracker(struct str name)
{
	for (size_t i = 0; i < sizeof(trackers) / sizeof(trackers[0]); i++) {
		const struct str t = str_of(trackers[i]);
		if (t.p[t.n - 1] == '*' ? str_istarts(name, str_first(t, t.n - 1)) : str_ieq(name, t))
			return true;
	}
	return false;
}

static bool is_share_mark(struct str name, struct str value)
{
	if (!str_eqc(name, "from"))
		return false;
	for (size_t i = 0; i < sizeof(shared_from) / sizeof(shared_from[0]); i++)
		if (str_ieq(value, str_of(shared_from[i])))
			return true;
	return false;
}

/* `sid` and the like, when its value can be nothing but the number of a visit: long, letters and digits, some of both. */
static bool is_session(struct str name, struct str value)
{
	size_t digits = 0, letters = 0;
	if (!str_ieq(name, STR("sid")) && !str_ieq(name, STR("s")) && !str_ieq(name, STR("sessionid")) &&
		!str_ieq(name, STR("session_id")))
		return false;
	for (size_t i = 0; i < value.n; i++) {
		digits += value.p[i] >= '0' && value.p[i] <= '9';
		letters += (value.p[i] | 32) >= 'a' && (value.p[i] | 32) <= 'z';
	}
	return digits > 0 && letters > 0 && digits + letters == value.n && value.n >= SESSION_DIGITS;
}

static bool is_unreserved(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != 0 && c < 0x80 && strchr("-._~", c));
}

static void add_escape(struct buf *out, int c)
{
	static const char hex[] = "0123456789ABCDEF";
	buf_addc(out, '%');
	buf_addc(out, hex[c >> 4 & 15]);
	buf_addc(out, hex[c & 15]);
}

/* One spelling of percent-encoding: %66 becomes f, %c3 becomes %C3, a percent sign that escapes nothing becomes %25. */
static void add_normal(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const int c = (unsigned char)s.p[i];
		if (c == '%' && i + 2 < s.n && url_hex(s.p[i + 1]) >= 0 && url_hex(s.p[i + 2]) >= 0) {
			const int byte = url_hex(s.p[i + 1]) << 4 | url_hex(s.p[i + 2]);
			if (is_unreserved(byte))
				buf_addc(out, (char)byte);
			else
				add_escape(out, byte);
			i += 2;
		} else if (is_unreserved(c) || (c != 0 && strchr("!$&'()*+,;=:@/?", c))) {
			buf_addc(out, (char)c);
		} else {
			add_escape(out, c);
		}
	}
}

/* "." or "..", in any spelling: a reader takes them for steps in the tree. */
static bool is_dots(struct str segment)
{
	size_t dots = 0;
	for (; segment.n > 0 && dots < 3; dots++) {
		if (segment.p[0] != '.' && !str_istarts(segment, STR("%2e")))
			return false;
		segment = str_from(segment, segment.p[0] == '.' ? 1 : 3);
	}
	return dots == 1 || dots == 2;
}

/* "/thread.jsp;jsessionid=1A2B" is "/thread.jsp" to every reader, and "/;jsessionid=1A2B" is "/". */
static struct str without_session(struct str segment, bool is_behind_slash)
{
	const ptrdiff_t at = str_findc(segment, ';');
	if (at < 0 || (at == 0 && !is_behind_slash) || !str_istarts(str_from(segment, (size_t)at), STR(";jsessionid=")))
		return segment;
	const struct str left = str_first(segment, (size_t)at);
	return is_dots(left) ? segment : left;
}

/* A row of slashes is one, also when it only is a row after a session went. */
void url_normal_path(struct buf *out, struct str path)
{
	const size_t from = out->n;
	for (size_t i = 0; i < path.n;) {
		size_t n = 0;
		while (i + n < path.n && path.p[i + n] != '/')
			n++;
		add_normal(out, without_session((struct str){ path.p + i, n }, i > 0));
		i += n;
		if (i < path.n && (out->n == from || out->p[out->n - 1] != '/'))
			buf_addc(out, '/');
		i++;
	}
}

/* Stable by name: the order of equal names can matter to a site. */
static void sort_parameters(struct parameter *list, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct parameter p = list[i];
		size_t at = i;
		for (; at > 0 && str_cmp(list[at - 1].name, p.name) > 0; at--)
			list[at] = list[at - 1];
		list[at] = p;
	}
}

static size_t read_parameters(struct str query, struct parameter *list, bool *too_many)
{
	size_t n = 0;
	struct str part;
	while (str_split(&query, '&', &part)) {
		const ptrdiff_t equals = str_findc(part, '=');
		const struct str name = equals < 0 ? part : str_first(part, (size_t)equals);
		const struct str value = equals < 0 ? STR("") : str_from(part, (size_t)equals + 1);
		if (name.n == 0 || is_tracker(name) || is_share_mark(name, value) || is_session(name, value))
			continue;
		if (n == PARAMETERS) {
			*too_many = true;
			return n;
		}
		list[n++] = (struct parameter){ name, value.n == 0 ? name : part };
	}
	return n;
}

/* `query` is normal already: names are compared, and trackers known, by their one spelling. */
static void add_query(struct buf *out, struct str query)
{
	struct parameter list[PARAMETERS];
	bool too_many = false;
	const size_t n = read_parameters(query, list, &too_many);
	if (too_many) {
		buf_addc(out, '?');
		buf_adds(out, query);
		return;
	}
	sort_parameters(list, n);
	for (size_t i = 0; i < n; i++) {
		buf_addc(out, i == 0 ? '?' : '&');
		buf_adds(out, list[i].whole);
	}
}

struct str url_canonical(struct arena *a, const struct url *u)
{
	struct buf b, query;
	struct str host = u->host;
	if (host.n > 1 && host.p[host.n - 1] == '.' && host.p[host.n - 2] != '.') /* "a.." is no name; cut, it might become one */
		host.n--;
	buf_init(&b, (size_t)LIMIT_URL_BYTES * 16);
	buf_addf(&b, "%.*s://%.*s", STR_FMT(u->scheme), STR_FMT(host));
	if (u->port != (str_eqc(u->scheme, "https") ? 443 : 80))
		buf_addf(&b, ":%d", u->port);
	url_normal_path(&b, u->path);
	buf_init(&query, u->query.n * 3);
	add_normal(&query, u->query);
	add_query(&b, buf_str(&query));
	buf_release(&query);
	const struct str copy = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return copy;
}
