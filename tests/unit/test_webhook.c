/* Unit tests of the signed webhook. Signatures themselves: test_sign.c. */
#include "notifier/notifier.h"

#include "common/base/json.h"
#include "common/base/signature.h"
#include "notifier/sign.h"
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

extern const struct channel channel_webhook;

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ADDRESS "https://alerts.example.com/in?token=abc"

static struct target desk(void)
{
	return (struct target){
		.name = STR("desk"), .channel = &channel_webhook, .lang = LANG_EN, .url = STR(ADDRESS), .secret = STR(SECRET)
	};
}

static struct request_out render(struct arena *a, const struct alert *alert, const char *id)
{
	struct rendering out = { 0 };
	struct err e;
	const struct target t = desk();
	const struct message m = { .target = &t, .alert = alert, .delivery_id = str_of(id), .now_ms = 1763780400123 };
	assert_int_equal(channel_webhook.render(a, &m, &out, &e), OK);
	assert_int_equal(out.n, 1);
	return out.request[0];
}

static struct str header(const struct request_out *r, const char *name)
{
	for (size_t i = 0; i < r->nheaders; i++)
		if (str_istarts(r->header[i], str_of(name)))
			return str_from(r->header[i], strlen(name));
	return STR("");
}

static void the_body_is_one_cloud_event_with_text_and_alert(void **state)
{
	struct alert alert = alert_sample();
	struct request_out r = render(*state, &alert, "0123:3:desk");
	struct err e;
	struct json *doc = json_parse(r.body, &e);
	assert_non_null(doc);
	assert_true(str_eqc(json_str_of(doc, "specversion"), "1.0"));
	assert_true(str_eqc(json_str_of(doc, "id"), "0123:3:desk"));
	assert_true(str_eqc(json_str_of(doc, "type"), "earshot.incident.opened"));
	assert_true(str_eqc(json_str_of(doc, "source"), "/earshot/yunque"));
	assert_true(str_eqc(json_str_of(doc, "subject"), "0123456789abcdef0123456789abcdef"));
	assert_true(str_eqc(json_str_of(doc, "time"), "2025-11-22T03:00:00Z"));
	const struct json *data = json_get(doc, "data");
	assert_true(str_find(json_str_of(data, "text"), STR("Skylark EV")) >= 0);
	assert_int_equal(json_kind(json_get(data, "alert")), JSON_OBJECT);
	json_free(doc);
}

static void the_headers_carry_id_time_and_signature_of_the_very_bytes(void **state)
{
	struct alert alert = alert_sample();
	struct request_out r = render(*state, &alert, "0123:3:desk");
	assert_true(str_eqc(header(&r, "webhook-id: "), "0123:3:desk"));
	assert_true(str_eqc(header(&r, "webhook-timestamp: "), "1763780400"));
	struct str expected = signature_make(*state, STR(SECRET), STR("0123:3:desk"), 1763780400, r.body);
	assert_true(expected.n > 0);
	assert_true(str_eq(header(&r, "webhook-signature: "), expected));
	assert_true(str_eqc(r.url, ADDRESS));
}

static void the_same_message_renders_to_the_same_bytes(void **state)
{
	struct alert alert = alert_sample();
	assert_true(str_eq(render(*state, &alert, "0123:3:desk").body, render(*state, &alert, "0123:3:desk").body));
}

static void an_id_that_would_break_a_header_is_refused(void **state)
{
	struct alert alert = alert_sample();
	static const char *const bad[] = { "", "a\r\nX-Evil: 1", "a b", "a.1", "\xe4\xba\x91" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct rendering out;
		struct err e;
		const struct target t = desk();
		const struct message m = { .target = &t, .alert = &alert, .delivery_id = str_of(bad[i]), .now_ms = 1 };
		assert_int_equal(channel_webhook.render(*state, &m, &out, &e), REJECT);
	}
}

static void statuses_decide_what_comes_next(void **state)
{
	(void)state;
	static const struct {
		int status;
		enum outcome outcome;
	} row[] = { { 200, OK }, { 204, OK }, { 301, REJECT }, { 400, REJECT }, { 401, REJECT }, { 404, REJECT }, { 408, RETRY },
		{ 410, REJECT }, { 429, RETRY }, { 500, RETRY }, { 503, RETRY }, { 0, RETRY } };
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct answer answer = { .status = row[i].status, .retry_after_ms = -1 };
		struct err e;
		assert_int_equal(channel_webhook.judge(&answer, &e), row[i].outcome);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_body_is_one_cloud_event_with_text_and_alert),
		cmocka_unit_test(the_headers_carry_id_time_and_signature_of_the_very_bytes),
		cmocka_unit_test(the_same_message_renders_to_the_same_bytes),
		cmocka_unit_test(an_id_that_would_break_a_header_is_refused),
		cmocka_unit_test(statuses_decide_what_comes_next),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
