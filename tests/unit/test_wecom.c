/* Unit tests of the WeCom robot. */
#include "notifier/notifier.h"

#include "common/base/json.h"
#include "common/base/utf8.h"
#include "tests/support/alert_sample.h"

#include <string.h>

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

extern const struct channel channel_wecom;

static struct rendering render(struct arena *a, const struct alert *alert, struct str token, enum lang lang)
{
	const struct target t = { .name = STR("pr"),
		.channel = &channel_wecom,
		.lang = (int)lang,
		.utc_offset_min = 480,
		.token = token,
		.url = token.n > 0 ? STR("https://qyapi.weixin.qq.com/cgi-bin/webhook/send")
				   : STR("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k1") };
	struct rendering out = { 0 };
	struct err e;
	const struct message m = { .target = &t, .alert = alert, .delivery_id = STR("0123:3:pr"), .now_ms = 1763780400123 };
	assert_int_equal(channel_wecom.render(a, &m, &out, &e), OK);
	return out;
}

/* The content of a text message, in `a`. */
static struct str content_of(struct arena *a, struct str body)
{
	struct err e;
	struct json *doc = json_parse(body, &e);
	assert_non_null(doc);
	assert_true(str_eqc(json_str_of(doc, "msgtype"), "text"));
	struct str text = arena_copy(a, json_str_of(json_get(doc, "text"), "content"));
	json_free(doc);
	return text;
}

static void an_ordinary_alert_is_one_message(void **state)
{
	struct alert alert = alert_sample();
	for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct rendering r = render(*state, &alert, STR(""), lang);
		assert_int_equal(r.n, 1);
		struct str text = content_of(*state, r.request[0].body);
		assert_true(text.n <= 2048);
		assert_true(str_find(text, lang == LANG_ZH ? STR("云雀电动车") : STR("Skylark EV")) >= 0);
	}
}

static void a_long_alert_is_split_by_bytes_and_numbered(void **state)
{
	struct alert alert = alert_sample();
	alert.nexcerpts = 3;
	memset(alert.incident.note, 0, sizeof(alert.incident.note));
	for (size_t i = 0; i < 3; i++) {
		alert.excerpt[i] = alert.excerpt[0];
		alert.excerpt[i].text = STR("刹车失灵投诉无门，客服推来推去，等了三个星期没有人处理，要求退款也被拒绝，提醒大家千"
					    "万不要再买，我会继续投诉到底，直到有说法为止");
		alert.excerpt[i].url = arena_printf(*state, "https://forum.example.com/%0260d", 7);
	}
	for (size_t i = 0; i + 6 < sizeof(alert.incident.note); i += 6)
		memcpy(alert.incident.note + i, "投诉", 6);
	(void)snprintf(alert.incident.by, sizeof(alert.incident.by), "李雷");
	alert.event = EVT_ESCALATE; /* a note of the last wish stays with the incident, but is not news here */
	struct rendering zh = render(*state, &alert, STR(""), LANG_ZH);
	for (size_t i = 0; i < zh.n; i++) {
		struct str text = content_of(*state, zh.request[i].body);
		assert_true(text.n <= 2048);
		assert_true(utf8_valid(text));
		assert_true(zh.n == 1 || str_starts(text, arena_printf(*state, "%zu/%zu\n", i + 1, zh.n)));
	}
	alert.event = EVT_ASSESS;
	struct rendering noted = render(*state, &alert, STR(""), LANG_ZH);
	assert_true(noted.n >= 2);
}

static void the_key_may_come_as_a_secret(void **state)
{
	struct alert alert = alert_sample();
	assert_true(str_eqc(render(*state, &alert, STR("k2"), LANG_ZH).request[0].url,
		"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k2"));
	assert_true(str_eqc(render(*state, &alert, STR(""), LANG_ZH).request[0].url,
		"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k1"));
}

static enum outcome judge(int status, const char *body, int64_t *wait_ms)
{
	struct answer answer = { .status = status, .body = str_of(body), .retry_after_ms = -1 };
	struct err e;
	enum outcome o = channel_wecom.judge(&answer, &e);
	*wait_ms = answer.retry_after_ms;
	return o;
}

static void the_errcode_in_a_200_decides(void **state)
{
	(void)state;
	int64_t wait_ms = 0;
	assert_int_equal(judge(200, "{\"errcode\":0,\"errmsg\":\"ok\"}", &wait_ms), OK);
	assert_int_equal(judge(200, "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}", &wait_ms), REJECT);
	assert_int_equal(judge(200, "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}", &wait_ms), RETRY);
	assert_int_equal(wait_ms, 60000);
	assert_int_equal(judge(200, "{\"errcode\":-1}", &wait_ms), RETRY);
	assert_int_equal(judge(200, "<html>log in</html>", &wait_ms), RETRY);
	assert_int_equal(judge(200, "", &wait_ms), RETRY);
	assert_int_equal(judge(200, "[0]", &wait_ms), RETRY);
	assert_int_equal(judge(502, "{\"errcode\":0}", &wait_ms), RETRY);
	assert_int_equal(judge(403, "{\"errcode\":0}", &wait_ms), REJECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ordinary_alert_is_one_message),
		cmocka_unit_test(a_long_alert_is_split_by_bytes_and_numbered),
		cmocka_unit_test(the_key_may_come_as_a_secret),
		cmocka_unit_test(the_errcode_in_a_200_decides),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
