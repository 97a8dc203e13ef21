/* Requests to hubs, questions of hubs, signatures of hubs. */
#include "crawler/websub_message.h"

#include "common/base/crypto.h"
#include "common/base/url_split.h"

#include <earshot/limits.h>

#define FORM_BYTES ((size_t)LIMIT_URL_BYTES * 8)

/* ---- the callback's address ---- */

static void mac_of(struct str key, struct str id, struct str salt, char out[WEBSUB_MAC + 1])
{
	const struct str part[] = { id, salt };
	const struct sha256 own = crypto_hmac_sha256(key, STR("earshot websub callback"));
	const struct sha256 what = crypto_sha256_parts(part, 2);
	const struct sha256 mac = crypto_hmac_sha256((struct str){ (const char *)own.byte, sizeof own.byte },
		(struct str){ (const char *)what.byte, sizeof what.byte });
	crypto_hex(mac.byte, WEBSUB_MAC / 2, out);
}

struct str websub_callback(struct arena *a, struct str base, struct str key, struct str id, struct str salt)
{
	char mac[WEBSUB_MAC + 1];
	mac_of(key, id, salt, mac);
	while (base.n > 0 && base.p[base.n - 1] == '/')
		base.n--;
	return arena_printf(a, "%.*s" WEBSUB_PATH "%.*s/%.*s%s", STR_FMT(base), STR_FMT(id), STR_FMT(salt), mac);
}

bool websub_callback_read(struct str key, struct str path, struct websub_address *out)
{
	char mac[WEBSUB_MAC + 1];
	struct str rest = path, id;
	if (!str_starts(path, STR(WEBSUB_PATH)))
		return false;
	rest = str_from(path, sizeof WEBSUB_PATH - 1);
	if (!str_split(&rest, '/', &id) || id.n == 0 || rest.p == NULL || rest.n != WEBSUB_SALT + WEBSUB_MAC)
		return false;
	*out = (struct websub_address){ id, str_first(rest, WEBSUB_SALT) };
	mac_of(key, id, out->salt, mac);
	return crypto_equal(str_from(rest, WEBSUB_SALT), (struct str){ mac, WEBSUB_MAC });
}

/* ---- forms ---- */

static void add_encoded(struct buf *out, struct str s)
{
	static const char digit[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];
		const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
				      c == '.' || c == '_' || c == '~';
		if (is_plain) {
			buf_addc(out, (char)c);
			continue;
		}
		buf_addc(out, '%');
		buf_addc(out, digit[c >> 4]);
		buf_addc(out, digit[c & 15]);
	}
}

static void add_field(struct buf *out, const char *name, struct str value)
{
	if (value.n == 0)
		return;
	if (out->n > 0)
		buf_addc(out, '&');
	buf_addz(out, name);
	buf_addc(out, '=');
	add_encoded(out, value);
}

/* hub.verify is for hubs of PubSubHubbub 0.3, which want it; later ones pass over it. */
struct str websub_form(struct arena *a, const struct websub_request *r)
{
	struct buf out;
	buf_init(&out, FORM_BYTES);
	add_field(&out, "hub.mode", str_of(r->mode));
	add_field(&out, "hub.topic", r->topic);
	add_field(&out, "hub.callback", r->callback);
	add_field(&out, "hub.verify", STR("async"));
	add_field(&out, "hub.secret", r->secret);
	if (r->lease_ms > 0)
		add_field(&out, "hub.lease_seconds", arena_printf(a, "%lld", (long long)(r->lease_ms / 1000)));
	const struct str form = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return form;
}

static struct str decoded(struct arena *a, struct str s)
{
	char *out = arena_take(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		const int high = s.p[i] == '%' && i + 2 < s.n ? url_hex(s.p[i + 1]) : -1;
		const int low = high >= 0 ? url_hex(s.p[i + 2]) : -1;
		out[n] = s.p[i] == '+' ? ' ' : s.p[i];
		if (low >= 0)
			out[n] = (char)(unsigned char)(high << 4 | low);
		n++;
		i += low >= 0 ? 2 : 0;
	}
	return (struct str){ out, n };
}

void websub_question_read(struct arena *a, struct str query, struct websub_question *out)
{
	struct str part, name, lease = STR("");
	*out = (struct websub_question){ .lease_ms = -1 };
	const struct {
		const char *name;
		struct str *value;
	} fields[] = { { "hub.mode", &out->mode }, { "hub.topic", &out->topic }, { "hub.challenge", &out->challenge },
		{ "hub.reason", &out->reason }, { "hub.lease_seconds", &lease } };
	while (str_split(&query, '&', &part)) {
		if (!str_split(&part, '=', &name))
			continue;
		name = decoded(a, name);
		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
			if (str_eqc(name, fields[i].name) && fields[i].value->n == 0)
				*fields[i].value = decoded(a, part);
	}
	int64_t seconds = 0;
	if (!str_to_i64(lease, &seconds) || seconds < 0)
		return;
	const int64_t most = LIMIT_WEBSUB_LEASE_MS / 1000;
	out->lease_ms = (seconds < most ? seconds : most) * 1000;
}

/* ---- signatures ---- */

bool websub_is_signed(struct str secret, struct str header, struct str body)
{
	unsigned char mac[CRYPTO_HMAC_MOST];
	char hex[2 * CRYPTO_HMAC_MOST + 1], given[2 * CRYPTO_HMAC_MOST];
	struct str rest = str_trim(header), method;
	if (secret.n == 0 || !str_split(&rest, '=', &method) || rest.p == NULL || rest.n > sizeof given)
		return false;
	const size_t n = crypto_hmac(method, secret, body, mac);
	if (n == 0)
		return false;
	crypto_hex(mac, n, hex);
	for (size_t i = 0; i < rest.n; i++) {
		const bool is_upper = rest.p[i] >= 'A' && rest.p[i] <= 'F';
		given[i] = is_upper ? (char)(rest.p[i] - 'A' + 'a') : rest.p[i];
	}
	return crypto_equal((struct str){ given, rest.n }, (struct str){ hex, 2 * n });
}
