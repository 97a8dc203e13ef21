/* Hashes, MACs, random bytes and base64: the only file that includes libcrypto. */
#ifndef EARSHOT_BASE_CRYPTO_H
#define EARSHOT_BASE_CRYPTO_H

#include "common/base/arena.h"
#include "common/base/buf.h"

struct sha256 {
	unsigned char byte[32];
};

struct sha256 crypto_sha256(struct str data);
/* SHA-256 over parts with their lengths in front, so that ("ab","c") and ("a","bc") differ. */
struct sha256 crypto_sha256_parts(const struct str *part, size_t n);
struct sha256 crypto_hmac_sha256(struct str key, struct str data);
/* HMAC by the name of its hash: "sha1", "sha256", "sha384", "sha512". Bytes of it in `out`, 0 for any other name. For checking what
 * others sign; what we sign is SHA-256. */
#define CRYPTO_HMAC_MOST 64
size_t crypto_hmac(struct str hash, struct str key, struct str data, unsigned char out[CRYPTO_HMAC_MOST]);
void crypto_random(void *out, size_t n); /* getrandom(2); aborts when the kernel has none */
/* Lower-case hex of the first `n` bytes of the hash: n = 16 gives the 128-bit ids of posts. `out` holds 2n+1. */
void crypto_hex(const unsigned char *bytes, size_t n, char *out);
void crypto_base64(struct buf *out, struct str data);
bool crypto_unbase64(struct buf *out, struct str text); /* false when it is not base64 */
bool crypto_equal(struct str a, struct str b); /* constant time */

#endif
