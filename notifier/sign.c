/* The signatures of the channels. */
#include "notifier/sign.h"

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

bool sign_webhook_usable(struct str secrets)
{
	struct buf key;
	buf_init(&key, KEY_BYTES);
	bool usable = true;
	int n = 0;
	for (struct str s = secret_next(&secrets); s.n > 0; s = secret_next(&secrets))
		usable = usable && ++n <= SIGN_SECRETS && secret_key(s, &key);
	buf_release(&key);
	return usable;
}

static void add_base64(struct buf *out, const struct sha256 *mac)
{
	crypto_base64(out, (struct str){ (const char *)mac->byte, sizeof(mac->byte) });
}

struct str sign_webhook(struct arena *a, struct str secrets, struct str id, int64_t seconds, struct str body)
{
	struct str content = arena_printf(a, "%.*s.%lld.%.*s", STR_FMT(id), (long long)seconds, STR_FMT(body));
	struct buf key, line;
	buf_init(&key, KEY_BYTES);
	buf_init(&line, (size_t)SIGN_SECRETS * 64);
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

void sign_url_encode(struct buf *out, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
			     c == '.';
		if (plain) {
			buf_addc(out, (char)c);
			continue;
		}
		buf_addc(out, '%');
		buf_addc(out, hex[c >> 4]);
		buf_addc(out, hex[c & 15]);
	}
}

struct str sign_dingtalk(struct arena *a, struct str secret, int64_t now_ms)
{
	struct str content = arena_printf(a, "%lld\n%.*s", (long long)now_ms, STR_FMT(secret));
	struct sha256 mac = crypto_hmac_sha256(secret, content);
	struct buf base64, encoded;
	buf_init(&base64, 64);
	buf_init(&encoded, 192);
	add_base64(&base64, &mac);
	sign_url_encode(&encoded, buf_str(&base64));
	struct str out = arena_copy(a, buf_str(&encoded));
	buf_release(&base64);
	buf_release(&encoded);
	return out;
}
