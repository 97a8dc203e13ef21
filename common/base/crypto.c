/* Hashes, MACs, random bytes and base64: the only file that includes libcrypto. */
#include "common/base/crypto.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static _Noreturn void crypto_broken(const char *what)
{
	(void)fprintf(stderr, "earshot: %s does not work on this machine; nothing safe can be done without it\n", what);
	abort();
}

/* Fetched once: OpenSSL 3 looks an algorithm up by name otherwise, each time, which costs more than hashing a post id. Lives as
 * long as the process. */
static const EVP_MD *sha256_method(void)
{
	static EVP_MD *method;
	if (!method)
		method = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!method)
		crypto_broken("SHA-256 of libcrypto");
	return method;
}

/* One context for all digests, as one process does one thing at a time; lives as long as the process. */
static EVP_MD_CTX *digest_begin(void)
{
	static EVP_MD_CTX *context;
	if (!context)
		context = EVP_MD_CTX_new();
	if (!context || EVP_DigestInit_ex(context, sha256_method(), NULL) != 1)
		crypto_broken("SHA-256 of libcrypto");
	return context;
}

static void digest_add(EVP_MD_CTX *context, struct str data)
{
	if (data.n > 0 && EVP_DigestUpdate(context, data.p, data.n) != 1)
		crypto_broken("SHA-256 of libcrypto");
}

static struct sha256 digest_end(EVP_MD_CTX *context)
{
	struct sha256 hash;
	if (EVP_DigestFinal_ex(context, hash.byte, NULL) != 1)
		crypto_broken("SHA-256 of libcrypto");
	return hash;
}

struct sha256 crypto_sha256(struct str data)
{
	EVP_MD_CTX *context = digest_begin();
	digest_add(context, data);
	return digest_end(context);
}

static void digest_part(EVP_MD_CTX *context, struct str part)
{
	unsigned char length[8];
	uint64_t n = part.n;
	for (int i = 7; i >= 0; i--) { /* big-endian on every machine: ids travel */
		length[i] = (unsigned char)(n & 0xFF);
		n >>= 8;
	}
	digest_add(context, (struct str){ (const char *)length, sizeof(length) });
	digest_add(context, part);
}

struct sha256 crypto_sha256_parts(const struct str *part, size_t n)
{
	EVP_MD_CTX *context = digest_begin();
	for (size_t i = 0; i < n; i++)
		digest_part(context, part[i]);
	return digest_end(context);
}

/* One context a hash, made once: what costs is looking the algorithms up, more than the MAC of a pseudonym. */
#define KEPT_KEY 64 /* bytes; longer keys are not remembered */

struct mac {
	const char *name, *digest;
	EVP_MAC_CTX *context;
	size_t nkey; /* of the key the context holds, hashed; 0 = none that is remembered */
	unsigned char key[KEPT_KEY];
};
static struct mac macs[] = { { "sha256", "SHA256", NULL, 0, { 0 } }, { "sha1", "SHA1", NULL, 0, { 0 } },
	{ "sha384", "SHA384", NULL, 0, { 0 } }, { "sha512", "SHA512", NULL, 0, { 0 } } };

static EVP_MAC_CTX *mac_context(struct mac *m)
{
	char digest[16];
	if (m->context != NULL)
		return m->context;
	EVP_MAC *method = EVP_MAC_fetch(NULL, "HMAC", NULL);
	m->context = method != NULL ? EVP_MAC_CTX_new(method) : NULL;
	EVP_MAC_free(method); /* the context holds it */
	(void)snprintf(digest, sizeof digest, "%s", m->digest);
	const OSSL_PARAM terms[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end() };
	if (m->context == NULL || EVP_MAC_CTX_set_params(m->context, terms) != 1)
		crypto_broken("HMAC of libcrypto");
	return m->context;
}

/* Pseudonyms all have one key: the context begins again with it, which spares half of their work. */
static bool mac_begin(struct mac *m, struct str key)
{
	static const unsigned char nothing[1];
	EVP_MAC_CTX *context = mac_context(m);
	if (key.n > 0 && key.n == m->nkey && memcmp(key.p, m->key, key.n) == 0)
		return EVP_MAC_init(context, NULL, 0, NULL) == 1;
	m->nkey = key.n <= KEPT_KEY ? key.n : 0;
	if (m->nkey > 0)
		memcpy(m->key, key.p, m->nkey);
	return EVP_MAC_init(context, key.n > 0 ? (const unsigned char *)key.p : nothing, key.n, NULL) == 1;
}

static size_t mac_of(struct mac *m, struct str key, struct str data, unsigned char out[CRYPTO_HMAC_MOST])
{
	static const unsigned char nothing[1];
	EVP_MAC_CTX *context = mac_context(m);
	size_t n = 0;
	if (!mac_begin(m, key) || EVP_MAC_update(context, data.n > 0 ? (const unsigned char *)data.p : nothing, data.n) != 1 ||
		EVP_MAC_final(context, out, &n, CRYPTO_HMAC_MOST) != 1)
		crypto_broken("HMAC of libcrypto");
	return n;
}

struct sha256 crypto_hmac_sha256(struct str key, struct str data)
{
	unsigned char out[CRYPTO_HMAC_MOST];
	struct sha256 mac;
	(void)mac_of(&macs[0], key, data, out);
	memcpy(mac.byte, out, sizeof mac.byte);
	return mac;
}

size_t crypto_hmac(struct str hash, struct str key, struct str data, unsigned char out[CRYPTO_HMAC_MOST])
{
	for (size_t i = 0; i < sizeof macs / sizeof *macs; i++)
		if (str_ieq(hash, str_of(macs[i].name)))
			return mac_of(&macs[i], key, data, out);
	return 0;
}

void crypto_random(void *out, size_t n)
{
	unsigned char *at = out;
	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			crypto_broken("getrandom(2)");
		at += got;
		n -= (size_t)got;
	}
}

void crypto_hex(const unsigned char *bytes, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[bytes[i] >> 4];
		out[2 * i + 1] = digit[bytes[i] & 15];
	}
	out[2 * n] = 0;
}

/* ---- base64 (RFC 4648 section 4, with padding) ---- */

static const char base64_digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void crypto_base64(struct buf *out, struct str data)
{
	for (size_t i = 0; i < data.n; i += 3) {
		size_t left = data.n - i;
		uint32_t bits = (uint32_t)(unsigned char)data.p[i] << 16;
		bits |= left > 1 ? (uint32_t)(unsigned char)data.p[i + 1] << 8 : 0;
		bits |= left > 2 ? (uint32_t)(unsigned char)data.p[i + 2] : 0;
		char quad[4] = { base64_digit[bits >> 18], base64_digit[bits >> 12 & 63], base64_digit[bits >> 6 & 63],
			base64_digit[bits & 63] };
		if (left < 3)
			quad[3] = '=';
		if (left < 2)
			quad[2] = '=';
		buf_add(out, quad, 4);
	}
}

static int base64_value(char c)
{
	const char *at = c ? strchr(base64_digit, c) : NULL;
	return at ? (int)(at - base64_digit) : -1;
}

/* Bytes of one group of four, or 0 when it is none. Bits that padding leaves over must be zero, so that one value has one form. */
static size_t unbase64_group(const char quad[4], bool is_last, unsigned char out[3])
{
	uint32_t bits = 0;
	size_t digits = 4;
	while (is_last && digits > 2 && quad[digits - 1] == '=')
		digits--;
	for (size_t i = 0; i < 4; i++) {
		int value = i < digits ? base64_value(quad[i]) : 0;
		if (value < 0)
			return 0;
		bits = bits << 6 | (uint32_t)value;
	}
	if ((digits == 2 && (bits & 0xFFFFu)) || (digits == 3 && (bits & 0xFFu)))
		return 0;
	out[0] = (unsigned char)(bits >> 16);
	out[1] = (unsigned char)(bits >> 8 & 0xFF);
	out[2] = (unsigned char)(bits & 0xFF);
	return digits - 1;
}

bool crypto_unbase64(struct buf *out, struct str text)
{
	if (text.n % 4 != 0)
		return false;
	for (size_t i = 0; i < text.n; i += 4) {
		unsigned char bytes[3];
		size_t n = unbase64_group(text.p + i, i + 4 == text.n, bytes);
		if (n == 0)
			return false;
		buf_add(out, bytes, n);
	}
	return true;
}

bool crypto_equal(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}
