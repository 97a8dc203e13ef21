/* Unit tests of hashes, MACs and base64, against published vectors. */
#include "common/base/crypto.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void assert_hash(struct sha256 hash, const char *expected)
{
	char hex[65];
	crypto_hex(hash.byte, 32, hex);
	assert_string_equal(hex, expected);
}

/* FIPS 180-4 examples. */
static void sha_256_gives_the_published_values(void **state)
{
	(void)state;
	assert_hash(crypto_sha256((struct str){ NULL, 0 }), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_hash(crypto_sha256(STR("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* RFC 4231, cases 1, 2 and 6. */
static void hmac_gives_the_published_values(void **state)
{
	(void)state;
	char long_key[131];
	memset(long_key, 0xaa, sizeof(long_key));
	for (int i = 0; i < 4; i++) { /* a key that is used again, and others between */
		assert_hash(crypto_hmac_sha256(
				    STR("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
				    STR("Hi There")),
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
		(void)crypto_hmac_sha256(STR("Jefe"), STR("something else"));
		assert_hash(crypto_hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?")),
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
		assert_hash(crypto_hmac_sha256((struct str){ long_key, sizeof(long_key) },
				    STR("Test Using Larger Than Block-Size Key - Hash Key First")),
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
		assert_hash(
			crypto_hmac_sha256(STR(""), STR("")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	}
}

static void parts_are_kept_apart(void **state)
{
	(void)state;
	const struct str one[] = { STR("ab"), STR("c") }, other[] = { STR("a"), STR("bc") },
			 empty[] = { STR("abc"), { NULL, 0 } };
	struct sha256 a = crypto_sha256_parts(one, 2), b = crypto_sha256_parts(other, 2), c = crypto_sha256_parts(empty, 2);
	assert_memory_not_equal(a.byte, b.byte, 32);
	assert_memory_not_equal(a.byte, c.byte, 32);
	/* Ids of posts are made with it: this value never changes. */
	assert_hash(a, "601d5476e2ccfe2c87a2bba7a322659734a05749d5b5aa781f513e4912db0d5f");
}

static void random_bytes_differ(void **state)
{
	(void)state;
	unsigned char a[32], b[32];
	crypto_random(a, sizeof(a));
	crypto_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	crypto_random(a, 0);
}

/* RFC 4648 section 10, and bytes of every value. */
static void base64_goes_both_ways(void **state)
{
	(void)state;
	static const char *const cases[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "退款", "6YCA5qy+" } };
	struct buf b;
	buf_init(&b, 10000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		crypto_base64(&b, str_of(cases[i][0]));
		assert_true(str_eqc(buf_str(&b), cases[i][1]));
		buf_clear(&b);
		assert_true(crypto_unbase64(&b, str_of(cases[i][1])));
		assert_true(str_eqc(buf_str(&b), cases[i][0]));
	}
	char all[256];
	for (size_t i = 0; i < 256; i++)
		all[i] = (char)i;
	struct buf text;
	buf_init(&text, 1000);
	buf_clear(&b);
	crypto_base64(&text, (struct str){ all, 256 });
	assert_true(crypto_unbase64(&b, buf_str(&text)));
	assert_memory_equal(b.p, all, 256);
	buf_release(&text);
	buf_release(&b);
}

static void what_is_not_base64_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "Z", "Zg", "Zg=", "Zg==Zg==", "=g==", "====", "Zg=a", "Zh==", "Zm9=", "Zm9v\n",
		"Zm 9", "Zm-_", "Zg==x" };
	struct buf b;
	buf_init(&b, 100);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (crypto_unbase64(&b, str_of(wrong[i])))
			fail_msg("\"%s\" was taken for base64", wrong[i]);
	assert_false(crypto_unbase64(&b, STR("Zg\0=")));
	buf_release(&b);
}

static void equality_looks_at_length_and_bytes(void **state)
{
	(void)state;
	assert_true(crypto_equal(STR("token"), STR("token")));
	assert_false(crypto_equal(STR("token"), STR("tokem")));
	assert_false(crypto_equal(STR("token"), STR("toke")));
	assert_true(crypto_equal((struct str){ NULL, 0 }, STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha_256_gives_the_published_values),
		cmocka_unit_test(hmac_gives_the_published_values),
		cmocka_unit_test(parts_are_kept_apart),
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(what_is_not_base64_is_refused),
		cmocka_unit_test(equality_looks_at_length_and_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
