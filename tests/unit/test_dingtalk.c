/* Unit tests of the DingTalk robot. Signatures themselves: test_sign.c. */
#include "notifier/notifier.h"

#include "common/base/json.h"
#include "tests/support/alert_sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static int arena_up(void **state)
{
	static struct arena a;
	arena_init(&a, 32u << 20);
	*state = &a;
	return 0;
}

static int arena_down(void **state)
{
	arena_release(*state);
	return 0;
}

extern const struct channel channel_dingtalk;

static struct request_out render(struct arena *a, struct target t, const struct alert *alert)
{
	struct rendering out = { 0 };
	struct err e;
	t.name = STR("duty");
	t.channel = &channel_dingtalk;
	t.utc_offset_min = 480;
	const struct message m = { .target = &t, .alert = alert, .delivery_id = STR("0123:3:duty"), .now_ms = 1763780400123 };
	assert_int_equal(channel_dingtalk.render(a, &m, &out, &e), OK);
	assert_int_equal(out.n, 1);
	return out.request[0];
}

static void the_address_carries_time_and_signature(void **state)
{
	struct alert alert = alert_sample();
	struct target t = { .url = STR("https://oapi.dingtalk.com/robot/send?access_token=tok"), .secret = STR("SEC8d3f0c6e1a") };
	assert_true(str_eqc(render(*state, t, &alert).url,
		"https://oapi.dingtalk.com/robot/send?access_token=tok&timestamp=1763780400123"
		"&sign=Ws1iu81OpBsiZyt3mL358NJvvrVCHaWGNWsMjDVNw3M%3D"));
}

static void the_token_may_come_as_a_secret_and_the_signature_is_optional(void **state)
{
	struct alert alert = alert_sample();
	struct target t = { .url = STR("https://oapi.dingtalk.com/robot/send"), .token = STR("a/b") };
	assert_true(str_eqc(render(*state, t, &alert).url, "https://oapi.dingtalk.com/robot/send?access_token=a%2Fb"));
}

static void the_body_is_a_text_within_its_limit(void **state)
{
	for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct alert alert = alert_sample();
		struct target t = { .url = STR("https://oapi.dingtalk.com/robot/send?access_token=tok"), .lang = lang };
		struct request_out r = render(*state, t, &alert);
		struct err e;
		struct json *doc = json_parse(r.body, &e);
		assert_true(r.body.n <= 20000);
		assert_true(str_eqc(json_str_of(doc, "msgtype"), "text"));
		assert_true(json_str_of(json_get(doc, "text"), "content").n > 100);
		json_free(doc);
	}
}

static void too_many_messages_is_tried_again_and_a_wrong_signature_is_not(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		enum outcome outcome;
	} row[] = { { "{\"errcode\":0,\"errmsg\":\"ok\"}", OK }, { "{\"errcode\":130101,\"errmsg\":\"send too fast\"}", RETRY },
		{ "{\"errcode\":410100}", RETRY }, { "{\"errcode\":-1}", RETRY },
		{ "{\"errcode\":310000,\"errmsg\":\"sign not match\"}", REJECT }, { "{\"errcode\":460101}", REJECT },
		{ "oops", RETRY } };
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct answer answer = { .status = 200, .body = str_of(row[i].body), .retry_after_ms = -1 };
		struct err e;
		assert_int_equal(channel_dingtalk.judge(&answer, &e), row[i].outcome);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_address_carries_time_and_signature),
		cmocka_unit_test(the_token_may_come_as_a_secret_and_the_signature_is_optional),
		cmocka_unit_test(the_body_is_a_text_within_its_limit),
		cmocka_unit_test(too_many_messages_is_tried_again_and_a_wrong_signature_is_not),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
