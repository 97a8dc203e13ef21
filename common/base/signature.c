/* Signatures of webhooks: made for the notifier's, checked on those that are sent to us. */
#include "common/base/signature.h"

#include "common/base/crypto.h"

#define SECRET_PREFIX "whsec_"
#define SECRET_BYTES_LEAST 16
#define KEY_BYTES 256

/* The next of several secrets; "" at the end. */
static struct str secret_next(struct str *rest)
{
	*rest = str_trim(*rest);
	size_t n = 0;
	while (n < rest->n && (unsigned char)rest->p[n] > ' ')
		n++;
	struct str secret = str_first(*rest, n);
	*rest = str_from(*rest, n);
	return secret;
}

/* The key bytes of one secret into `key`. */
static bool secret_key(struct str secret, struct buf *key)
{
	buf_clear(key);
	if (!str_starts(secret, STR(SECRET_PREFIX)))
		return false;
	return crypto_unbase64(key, str_from(secret, sizeof(SECRET_PREFIX) - 1)) && !key->overflow &&
	       key->n >= SECRET_BYTES_LEAST;
}

bool signature_usable(struct str secrets)
{
	struct buf key;
	buf_init(&key, KEY_BYTES);
	bool usable = true;
	int n = 0;
	for (struct str s = secret_next(&secrets); s.n > 0; s = secret_next(&secrets))
		usable = usable && ++n <= SIGNATURE_SECRETS && secret_key(s, &key);
	buf_release(&key);
	return usable;
}

static void add_base64(struct buf *out, const struct sha256 *mac)
{
	crypto_base64(out, (struct str){ (const char *)mac->byte, sizeof(mac->byte) });
}

struct str signature_make(struct arena *a, struct str secrets, struct str id, int64_t seconds, struct str body)
{
	struct str content = arena_printf(a, "%.*s.%lld.%.*s", STR_FMT(id), (long long)seconds, STR_FMT(body));
	struct buf key, line;
	buf_init(&key, KEY_BYTES);
	buf_init(&line, (size_t)SIGNATURE_SECRETS * 64);
	for (struct str s = secret_next(&secrets); s.n > 0; s = secret_next(&secrets)) {
		if (!secret_key(s, &key))
			continue; /* refused when the target was loaded */
		struct sha256 mac = crypto_hmac_sha256(buf_str(&key), content);
		buf_addz(&line, line.n > 0 ? " v1," : "v1,");
		add_base64(&line, &mac);
	}
	struct str out = arena_copy(a, buf_str(&line));
	buf_release(&key);
	buf_release(&line);
	return out;
}

/* ---- checking ---- */

static bool any_key(struct str secret, struct buf *key)
{
	if (str_starts(secret, STR(SECRET_PREFIX)))
		return secret_key(secret, key);
	buf_clear(key);
	buf_adds(key, secret);
	return !key->overflow && key->n >= SECRET_BYTES_LEAST;
}

bool signature_can_check(struct str secrets)
{
	struct buf key;
	int n = 0;
	bool usable = true;
	buf_init(&key, KEY_BYTES);
	for (struct str s = secret_next(&secrets); s.n > 0; s = secret_next(&secrets))
		usable = usable && ++n <= SIGNATURE_SECRETS && any_key(s, &key);
	buf_release(&key);
	return usable && n > 0;
}

/* One of the signatures of a header: `given` says which spelling, the comparison takes the same time wherever they differ. */
static bool is_this(struct str given, const struct sha256 *mac)
{
	char hex[65];
	struct buf base64;
	if (str_istarts(given, STR("sha256="))) {
		crypto_hex(mac->byte, sizeof mac->byte, hex);
		return crypto_equal(str_from(given, 7), (struct str){ hex, 64 });
	}
	if (!str_starts(given, STR("v1,")))
		return false;
	buf_init(&base64, 64);
	add_base64(&base64, mac);
	const bool same = crypto_equal(str_from(given, 3), buf_str(&base64));
	buf_release(&base64);
	return same;
}

static bool is_one_of(struct str signatures, const struct sha256 *mac)
{
	int n = 0;
	bool found = false;
	for (struct str s = secret_next(&signatures); s.n > 0 && n < SIGNATURE_SECRETS; s = secret_next(&signatures), n++)
		found = is_this(s, mac) || found;
	return found;
}

bool signature_holds(struct str secrets, const struct signed_request *r)
{
	struct buf key, content;
	bool found = false;
	buf_init(&key, KEY_BYTES);
	buf_init(&content, r->id.n + r->seconds.n + r->body.n + 3);
	buf_adds(&content, r->id);
	buf_addc(&content, '.');
	buf_adds(&content, r->seconds);
	buf_addc(&content, '.');
	buf_adds(&content, r->body);
	for (struct str s = secret_next(&secrets); s.n > 0; s = secret_next(&secrets)) {
		if (!any_key(s, &key))
			continue;
		const struct sha256 mac = crypto_hmac_sha256(buf_str(&key), buf_str(&content));
		found = is_one_of(r->signature, &mac) || found;
	}
	buf_release(&key);
	buf_release(&content);
	return found;
}
