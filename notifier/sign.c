/* The signatures of the channels. */
#include "notifier/sign.h"

#include "common/base/crypto.h"

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
	crypto_base64(&base64, (struct str){ (const char *)mac.byte, sizeof(mac.byte) });
	sign_url_encode(&encoded, buf_str(&base64));
	struct str out = arena_copy(a, buf_str(&encoded));
	buf_release(&base64);
	buf_release(&encoded);
	return out;
}
