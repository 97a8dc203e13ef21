/* Requests, counted: what counts as what, and that it comes back from its text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/http.h"
#include "crawler/traffic.h"

#include <string.h>

#define NOON 1795348800000 /* 2026-11-22T12:00:00Z */

static struct arena arena;

static int set_up(void **unused)
{
	(void)unused;
	arena_init(&arena, 1u << 16);
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	arena_release(&arena);
	return 0;
}

static void add(struct str *text, int status, int64_t duration_ms)
{
	const struct http_response r = { .outcome = status > 0 ? OK : RETRY,
		.status = status,
		.duration_ms = duration_ms,
		.body = status == 200 ? STR("1234567") : STR("") };
	*text = traffic_add(&arena, *text, &r, NOON);
}

static void answers_are_counted_by_their_class_and_time(void **unused)
{
	struct str text = STR("");
	static const struct {
		int status;
		int64_t ms;
	} visit[] = { { 200, 10 }, { 200, 100 }, { 304, 101 }, { 301, 300 }, { 404, 1000 }, { 429, 2999 }, { 503, 10000 },
		{ 0, 30000 } };
	(void)unused;
	for (size_t i = 0; i < sizeof visit / sizeof *visit; i++)
		add(&text, visit[i].status, visit[i].ms);
	assert_string_equal(arena_cstr(&arena, text), "since_ms=1795348800000 requests=8 bytes=14 2xx=2 304=1 3xx=1 4xx=2 5xx=1 "
						      "none=1 took=44510 100ms=2 300ms=2 1s=1 3s=1 10s=1 longer=1");
}

static void redirects_that_were_followed_are_requests_too(void **unused)
{
	struct traffic t = { 0 };
	(void)unused;
	traffic_count(&t, &(struct http_response){ .outcome = OK, .status = 200, .hops = 2 }, NOON);
	assert_true(t.requests == 3 && t.answers[TRAFFIC_2XX] == 1 && t.since_ms == NOON);
	traffic_count(&t, &(struct http_response){ .outcome = REJECT, .status = 200 }, NOON + 1); /* a bomb */
	assert_true(t.requests == 4 && t.answers[TRAFFIC_NONE] == 1 && t.since_ms == NOON);
}

static void what_is_no_count_of_ours_is_passed_over(void **unused)
{
	struct traffic t;
	(void)unused;
	traffic_parse(
		STR("requests=-3 bytes=99999999999999999999 2xx=abc since_ms=999999999999999 =5 4xx 5xx= none=7 new=1  took=3"),
		&t);
	const struct traffic want = { .answers[TRAFFIC_NONE] = 7, .took = 3 };
	assert_memory_equal(&t, &want, sizeof t);
	traffic_parse(STR(""), &t);
	assert_int_equal(traffic_write(&arena, &t).n, 0);
}

static void the_largest_counts_fit(void **unused)
{
	struct traffic t, back;
	(void)unused;
	int64_t *number = (int64_t *)&t;
	for (size_t i = 0; i < sizeof t / sizeof *number; i++)
		number[i] = 999999999999999;
	t.since_ms = 253402300799999;
	traffic_parse(traffic_write(&arena, &t), &back);
	assert_memory_equal(&t, &back, sizeof t);
}

static void expect(struct str text, const char *part)
{
	struct traffic t;
	traffic_parse(text, &t);
	const struct str said = traffic_describe(&arena, &t);
	if (str_find(said, str_of(part)) < 0)
		fail_msg("expected \"%s\" in \"%.*s\"", part, STR_FMT(said));
}

static void a_person_reads_a_sentence(void **unused)
{
	struct str text = STR("");
	(void)unused;
	expect(text, "no request yet");
	add(&text, 200, 50);
	expect(text, "1 request since 2026-11-22T12:00:00Z, 7 B: 1 × 2xx; 50 ms in the mean, median within 100 ms, 95th "
		     "percentile within 100 ms");
	add(&text, 304, 350);
	add(&text, 0, 20000);
	expect(text, "3 requests since 2026-11-22T12:00:00Z, 7 B: 1 × 2xx, 1 × 304, 1 without an answer; 6800 ms in the mean");
	expect(text, "median within 1 s, 95th percentile above 10 s");
	expect(STR("since_ms=1 requests=2 bytes=1234567 2xx=2"), "1.2 MB");
}

static void a_program_reads_members(void **unused)
{
	struct traffic t;
	struct buf out;
	(void)unused;
	buf_init(&out, 1024);
	traffic_parse(STR("since_ms=1795348800000 requests=2 bytes=5 2xx=1 none=1 took=70 100ms=2"), &t);
	buf_addc(&out, '{');
	traffic_json(&out, "nothing", &(struct traffic){ 0 });
	traffic_json(&out, "traffic", &t);
	assert_string_equal(arena_cstr(&arena, buf_str(&out)),
		"{\"traffic\":{\"since\":\"2026-11-22T12:00:00Z\",\"requests\":2,\"bytes\":5,\"2xx\":1,\"304\":0,\"3xx\":0,"
		"\"4xx\":0,\"5xx\":0,"
		"\"none\":1,\"took_ms\":70,\"100ms\":2,\"300ms\":0,\"1s\":0,\"3s\":0,\"10s\":0,\"longer\":0}");
	buf_release(&out);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(answers_are_counted_by_their_class_and_time),
		CASE(redirects_that_were_followed_are_requests_too),
		CASE(what_is_no_count_of_ours_is_passed_over),
		CASE(the_largest_counts_fit),
		CASE(a_person_reads_a_sentence),
		CASE(a_program_reads_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
