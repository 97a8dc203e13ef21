/* Unit tests of the console's pure parts: requests, parameters, the metrics text, what is shown of a mention, the page's files. */
#include "console/assets.h"
#include "console/exposition.h"
#include "console/mention.h"
#include "console/query.h"
#include "common/base/request.h"

#include "common/base/json.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena;
static struct buf out;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 8u << 20);
	buf_init(&out, 8u << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	buf_release(&out);
	return 0;
}

/* ---- requests ---- */

static void only_names_of_this_machine_are_answered(void **state)
{
	(void)state;
	static const char *const good[] = { "127.0.0.1", "127.0.0.1:8808", "localhost", "LocalHost:1", "[::1]", "[::1]:65535" };
	static const char *const bad[] = { "", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8808",
		"127.0.0.1:8808x", "localhost:+1", "localhost:99999", "localhost:999999999999", "::1", "[::1].evil", "127.0.0.2",
		"0.0.0.0", "127.0.0.1@evil", " localhost", "localhost ", "127.0.0.1:80:80", "xn--localhost-" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!request_host_is_loopback(str_of(good[i])))
			fail_msg("\"%s\" has to be answered", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (request_host_is_loopback(str_of(bad[i])))
			fail_msg("\"%s\" has to be refused", bad[i]);
}

static void a_target_is_split_at_its_first_question_mark(void **state)
{
	(void)state;
	struct request r = { 0 };
	request_split(&r, STR("/api/series?brand=a&x=?"));
	assert_true(str_eqc(r.path, "/api/series"));
	assert_true(str_eqc(r.query, "brand=a&x=?"));
	request_split(&r, STR("/"));
	assert_true(str_eqc(r.path, "/") && r.query.n == 0);
	request_split(&r, STR(""));
	assert_true(r.path.n == 0 && r.query.n == 0);
}

static void an_error_is_json_with_a_sentence(void **state)
{
	(void)state;
	struct response r;
	response_init(&r);
	response_error(&r, 404, "no \"%s\" 没有", "<b>\n");
	assert_int_equal(r.status, 404);
	assert_string_equal(r.body.p, "{\"error\":\"no \\\"<b>\\n\\\" 没有\"}\n");
	response_release(&r);
}

/* ---- parameters ---- */

static void assert_value(const char *query, const char *name, const char *expected)
{
	struct str value = { 0 };
	const bool found = query_value(&arena, str_of(query), name, &value);
	if (found != (expected != NULL) || (found && !str_eqc(value, expected)))
		fail_msg("%s of \"%s\": expected %s, got %.*s", name, query, expected ? expected : "nothing", STR_FMT(value));
}

static void parameters_are_decoded_as_browsers_encode_them(void **state)
{
	(void)state;
	assert_value("brand=a&limit=5", "limit", "5");
	assert_value("brand=a&brand=b", "brand", "a");
	assert_value("%62rand=x", "brand", "x");
	assert_value("q=%E6%98%9F+%E6%9B%9C%2b", "q", "星 曜+");
	assert_value("q=100%&r=%4", "q", "100%");
	assert_value("q=100%&r=%4", "r", "%4");
	assert_value("q=%zz%4g", "q", "%zz%4g");
	assert_value("q", "q", "");
	assert_value("q=", "q", "");
	assert_value("q=a=b", "q", "a=b");
	assert_value("", "q", NULL);
	assert_value("&&&", "q", NULL);
	assert_value("qq=1", "q", NULL);
}

static void a_number_outside_its_bounds_is_refused_with_them(void **state)
{
	(void)state;
	const struct query_bounds bounds = { 50, 1, 100 };
	static const char *const bad[] = { "limit=0", "limit=101", "limit=-1", "limit=1e2",
		"limit=", "limit=9999999999999999999999", "limit=5%20" };
	int64_t value = 0;
	struct err e = { 0 };
	assert_int_equal(query_int(&arena, STR("x=1"), "limit", bounds, &value, &e), OK);
	assert_int_equal(value, 50);
	assert_int_equal(query_int(&arena, STR("limit=7"), "limit", bounds, &value, &e), OK);
	assert_int_equal(value, 7);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (query_int(&arena, str_of(bad[i]), "limit", bounds, &value, &e) != REJECT)
			fail_msg("\"%s\" has to be refused", bad[i]);
		assert_non_null(strstr(e.text, "from 1 to 100"));
	}
}

static void only_a_brand_id_gets_into_a_key(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "brand=", "brand=A", "brand=a%7d:posts", "brand=a*", "brand=a%00b",
		"brand=%E6%98%9F", "brand=a%0d%0ab", "brand=abcdefghijklmnopqrstuvwxyz0123456" };
	struct str brand = { 0 };
	struct err e = { 0 };
	assert_int_equal(query_brand(&arena, STR("brand=xing-yao9"), &brand, &e), OK);
	assert_true(str_eqc(brand, "xing-yao9"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (query_brand(&arena, str_of(bad[i]), &brand, &e) != REJECT)
			fail_msg("\"%s\" has to be refused", bad[i]);
}

/* ---- metrics ---- */

static size_t count_of(const char *needle)
{
	size_t n = 0;
	for (const char *at = strstr(out.p, needle); at != NULL; at = strstr(at + 1, needle))
		n++;
	return n;
}

static void each_metric_has_one_help_one_type_and_all_its_samples(void **state)
{
	(void)state;
	const struct proc_beat beat[] = {
		{ .role = STR("crawler"),
			.id = STR("crawler:host:1"),
			.metrics_json = STR("{\"fetches_total\":7,\"rss_bytes\":1048576}") },
		{ .role = STR("detector"),
			.id = STR("detector:host:2"),
			.metrics_json = STR("{\"fetches_total\":0,\"mentions_total\":12345678901}") },
		{ .role = STR("notifier"), .id = STR("notifier:host:3"), .metrics_json = STR("not json") },
	};
	exposition_processes(&out, beat, 3, 0);
	assert_int_equal(count_of("# TYPE earshot_fetches_total counter\n"), 1);
	assert_int_equal(count_of("# HELP earshot_fetches_total "), 1);
	assert_int_equal(count_of("# TYPE earshot_rss_bytes gauge\n"), 1);
	assert_non_null(strstr(out.p, "# TYPE earshot_fetches_total counter\n"
				      "earshot_fetches_total{role=\"crawler\",process=\"crawler:host:1\"} 7\n"
				      "earshot_fetches_total{role=\"detector\",process=\"detector:host:2\"} 0\n# HELP "));
	assert_non_null(strstr(out.p, "earshot_mentions_total{role=\"detector\",process=\"detector:host:2\"} 12345678901\n"));
	assert_int_equal(count_of("notifier:host:3"), 2); /* start and age only: it told nothing else */
	assert_int_equal(out.p[out.n - 1], '\n');
}

static void label_values_are_escaped(void **state)
{
	(void)state;
	exposition_label(&out, "process", STR("a\"b\\c\nd 星"));
	assert_string_equal(out.p, "process=\"a\\\"b\\\\c\\nd 星\"");
}

static void a_brand_has_its_backlog_and_its_incident(void **state)
{
	(void)state;
	const struct exposition_brand brand[] = { { STR("xingyao"), 12, 340, 1, 4 }, { STR("qingcha"), 0, 5, 0, 0 } };
	exposition_brands(&out, brand, 2);
	exposition_console(&out, "1.2.3", false);
	assert_non_null(strstr(out.p, "earshot_brand_backlog{brand=\"xingyao\"} 12\n"));
	assert_non_null(strstr(out.p, "earshot_brand_incident_level{brand=\"xingyao\"} 4\n"));
	assert_non_null(strstr(out.p, "earshot_brand_open_incidents{brand=\"qingcha\"} 0\n"));
	assert_non_null(strstr(out.p, "earshot_build_info{version=\"1.2.3\"} 1\n"));
	assert_non_null(strstr(out.p, "earshot_redis_up 0\n"));
}

/* ---- mentions ---- */

#define ID "00112233445566778899aabbccddeeff"

/* What mention_write() makes of a record and a correction; freed by json_free(). */
static struct json *shown_corrected(const char *record, const char *observation, const char *correction)
{
	const struct posts_found found = {
		.post_id = STR(ID), .record = str_of(record), .observation = str_of(observation), .count_ms = 1000
	};
	struct err e = { 0 };
	buf_clear(&out);
	mention_write(&arena, &out, &found, str_of(correction));
	struct json *doc = json_parse(buf_str(&out), &e);
	if (doc == NULL)
		fail_msg("%s in %s", e.text, out.p);
	return doc;
}

static struct json *shown(const char *record, const char *observation)
{
	return shown_corrected(record, observation, "");
}

static void a_correction_stands_beside_the_verdict(void **state)
{
	(void)state;
	static const char record[] = "{\"post\":{\"id\":\"" ID "\",\"source\":\"s\",\"kind\":\"post\",\"text\":\"星曜还行\","
				     "\"fetched_ms\":1000},\"verdict\":{\"label\":\"positive\",\"nature\":\"praise\"}}";
	struct json *m = shown_corrected(record, "",
		"{\"label\":\"neutral\",\"category\":\"none\",\"said\":{\"label\":\"positive\"},\"history\":[{\"at_ms\":7,\"by\":"
		"\"李雷\",\"note\":\"not for the page\",\"label\":\"neutral\"}]}");
	const struct json *c = json_get(m, "correction");
	assert_true(str_eqc(json_str_of(m, "label"), "positive"));
	assert_true(str_eqc(json_str_of(c, "label"), "neutral") && str_eqc(json_str_of(c, "category"), "none"));
	assert_true(str_eqc(json_str_of(c, "by"), "李雷") && json_i64_of(c, "at_ms", 0) == 7);
	assert_null(json_get(c, "nature")); /* nobody spoke of it */
	assert_null(strstr(out.p, "not for the page"));
	json_free(m);
	m = shown_corrected(record, "", "{broken");
	assert_null(json_get(m, "correction"));
	json_free(m);
}

static void a_mention_shows_its_verdict_and_its_places(void **state)
{
	(void)state;
	struct json *m =
		shown("{\"brand\":\"xingyao\",\"places\":[[\"text\",0,4,\"星曜手机\"],[\"text\",-1,4,\"x\"],[\"text\",5,5,\"x\"],"
		      "[1]],\"post\":{"
		      "\"id\":\"" ID "\",\"source\":\"forum-a\",\"family\":\"forum\",\"kind\":\"post\",\"author\":\"a:secret\","
		      "\"url\":\"https://a.example/1\","
		      "\"text\":\"星曜手机起火了\",\"likes\":3,\"fetched_ms\":1000},\"verdict\":{\"sentiment\":-0.8,\"label\":"
		      "\"negative\","
		      "\"complaint\":0.9,\"category\":\"safety\",\"urgency\":\"critical\",\"nature\":\"complaint\",\"reasons\":["
		      "[\"text\",4,6,\"起火\",\"sentiment\",-0.8]]}}",
			"{\"fetched_ms\":2000,\"likes\":9}");
	const struct json *places = json_get(m, "places");
	assert_true(str_eqc(json_str_of(m, "label"), "negative"));
	assert_true(str_eqc(json_str_of(m, "category"), "safety"));
	assert_true(str_eqc(json_str_of(m, "url"), "https://a.example/1"));
	assert_int_equal(json_i64_of(m, "likes", -1), 9);
	assert_int_equal(json_size(places), 2);
	assert_true(str_eqc(json_str_of(json_at(places, 0), "kind"), "brand"));
	assert_true(str_eqc(json_str_of(json_at(places, 1), "kind"), "negative"));
	assert_null(strstr(out.p, "secret"));
	json_free(m);
}

static void only_web_links_leave_the_console(void **state)
{
	(void)state;
	static const char *const bad[] = { "javascript:alert(1)", "data:text/html,x", " https://a.example", "//a.example",
		"ftp://a", "vbscript:x" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct str record =
			arena_printf(&arena, "{\"post\":{\"id\":\"" ID "\",\"text\":\"x\",\"url\":\"%s\"}}", bad[i]);
		struct json *m = shown(record.p, "");
		if (json_str_of(m, "url").n > 0 || json_get(m, "url") == NULL)
			fail_msg("\"%s\" got through", bad[i]);
		json_free(m);
	}
}

static void a_long_text_is_cut_between_characters_with_its_places(void **state)
{
	(void)state;
	struct buf record;
	buf_init(&record, 1u << 20);
	buf_addz(&record,
		"{\"places\":[[\"text\",998,1000,\"in\"],[\"text\",999,1001,\"over\"]],\"post\":{\"id\":\"" ID "\",\"text\":\"");
	for (int i = 0; i < 3000; i++)
		buf_addz(&record, "星");
	buf_addz(&record, "\"}}");
	struct json *m = shown(record.p, "");
	assert_int_equal(json_str_of(m, "text").n, MENTION_TEXT_CHARS * 3);
	assert_true(json_bool(json_get(m, "is_cut"), false));
	assert_int_equal(json_size(json_get(m, "places")), 1);
	json_free(m);
	buf_release(&record);
}

static void a_broken_record_is_said_to_be_one(void **state)
{
	(void)state;
	static const char *const broken[] = { "", "{", "[]", "{\"post\":7}", "{\"post\":{\"text\":[]}}", "null" };
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct json *m = shown(broken[i], "[");
		if (!json_bool(json_get(m, "unreadable"), false) || !str_eqc(json_str_of(m, "id"), ID))
			fail_msg("\"%s\" became %s", broken[i], out.p);
		json_free(m);
	}
}

/* ---- the page ---- */

static void the_page_is_in_the_binary_and_nothing_else_is(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "/index.html/", "/../app.js", "/%61pp.js", "//app.js", "/app.js/", "/APP.JS",
		"/..%2f..%2fetc%2fpasswd", "/etc/passwd" };
	const struct asset *page = assets_find(STR("/"));
	assert_non_null(page);
	assert_non_null(strstr(page->bytes.p, "<!doctype html>"));
	assert_true(page->etag[0] == '"' && strlen(page->etag) == 18);
	assert_ptr_equal(assets_find(STR("/app.js")), assets_find(STR("/app.js")));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (assets_find(str_of(bad[i])) != NULL)
			fail_msg("\"%s\" found something", bad[i]);
}

static void the_page_asks_for_nothing_from_elsewhere(void **state)
{
	(void)state;
	static const char *const paths[] = { "/", "/app.js", "/chart.js", "/dom.js", "/text.js", "/style.css" };
	static const char *const bad[] = { "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
		"new Function", " style=\"", "onclick=", "https://", "@import", "url(" };
	for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
		const struct asset *asset = assets_find(str_of(paths[p]));
		assert_non_null(asset);
		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
			if (str_find(asset->bytes, str_of(bad[i])) >= 0)
				fail_msg("%s holds %s", paths[p], bad[i]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_names_of_this_machine_are_answered),
		TEST(a_target_is_split_at_its_first_question_mark),
		TEST(an_error_is_json_with_a_sentence),
		TEST(parameters_are_decoded_as_browsers_encode_them),
		TEST(a_number_outside_its_bounds_is_refused_with_them),
		TEST(only_a_brand_id_gets_into_a_key),
		TEST(each_metric_has_one_help_one_type_and_all_its_samples),
		TEST(label_values_are_escaped),
		TEST(a_brand_has_its_backlog_and_its_incident),
		TEST(a_correction_stands_beside_the_verdict),
		TEST(a_mention_shows_its_verdict_and_its_places),
		TEST(only_web_links_leave_the_console),
		TEST(a_long_text_is_cut_between_characters_with_its_places),
		TEST(a_broken_record_is_said_to_be_one),
		TEST(the_page_is_in_the_binary_and_nothing_else_is),
		TEST(the_page_asks_for_nothing_from_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
