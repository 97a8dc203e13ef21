/* Unit tests of the signatures: the first vector is the one published with Standard Webhooks, the others were made with
 * `openssl dgst -sha256 -mac HMAC`. */
#include "common/base/signature.h"
#include "notifier/sign.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define PUBLISHED "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OTHER "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

static int arena_up(void **state)
{
	static struct arena a;
	arena_init(&a, 1u << 20);
	*state = &a;
	return 0;
}

static int arena_down(void **state)
{
	arena_release(*state);
	return 0;
}

#define assert_str(s, expected) assert_string_equal(arena_cstr(*state, s), expected)

static void a_webhook_is_signed_as_standard_webhooks_does(void **state)
{
	struct str body = STR("{\"test\": 2432232314}");
	assert_str(signature_make(*state, STR(PUBLISHED), STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330, body),
		"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void a_body_with_chinese_is_signed_as_bytes(void **state)
{
	assert_str(signature_make(*state, STR(OTHER), STR("abc:3:desk"), 1763780400, STR("{\"a\":\"云雀\"}")),
		"v1,Fpa4NUQKsUnCOj9JuVKDdLjyVcI8Xlrt0M9pk3nFAx0=");
}

static void two_secrets_give_two_signatures_in_their_order(void **state)
{
	struct str line =
		signature_make(*state, STR(" " PUBLISHED "\n" OTHER " "), STR("abc:3:desk"), 1763780400, STR("{\"a\":\"云雀\"}"));
	assert_int_equal(line.n, 2 * 47 + 1);
	assert_true(str_starts(line, STR("v1,")));
	assert_true(str_ends(line, STR(" v1,Fpa4NUQKsUnCOj9JuVKDdLjyVcI8Xlrt0M9pk3nFAx0=")));
}

static void a_webhook_without_a_secret_has_no_signature(void **state)
{
	assert_int_equal(signature_make(*state, STR(""), STR("id"), 1, STR("{}")).n, 0);
}

static void only_whsec_and_base64_of_enough_bytes_is_a_secret(void **state)
{
	(void)state;
	assert_true(signature_usable(STR("")));
	assert_true(signature_usable(STR(PUBLISHED " " OTHER)));
	assert_false(signature_usable(STR("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
	assert_false(signature_usable(STR("whsec_")));
	assert_false(signature_usable(STR("whsec_c2hvcnQ=")));
	assert_false(signature_usable(STR("whsec_????????????????????????")));
	assert_false(signature_usable(STR(PUBLISHED " whsec_x")));
	assert_false(signature_usable(STR(OTHER " " OTHER " " OTHER " " OTHER " " OTHER)));
}

static void dingtalk_signs_time_and_secret_and_encodes_for_the_address(void **state)
{
	assert_str(sign_dingtalk(*state, STR("this is secret"), 1577262236757),
		"hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D");
	assert_str(sign_dingtalk(*state, STR("SEC8d3f0c6e1a"), 1763780400123), "Ws1iu81OpBsiZyt3mL358NJvvrVCHaWGNWsMjDVNw3M%3D");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_webhook_is_signed_as_standard_webhooks_does),
		cmocka_unit_test(a_body_with_chinese_is_signed_as_bytes),
		cmocka_unit_test(two_secrets_give_two_signatures_in_their_order),
		cmocka_unit_test(a_webhook_without_a_secret_has_no_signature),
		cmocka_unit_test(only_whsec_and_base64_of_enough_bytes_is_a_secret),
		cmocka_unit_test(dingtalk_signs_time_and_secret_and_encodes_for_the_address),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
