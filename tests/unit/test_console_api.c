/* Unit tests of the console's routes over a redis-server of their own, filled through the store as the roles fill it. */
#include "console/routes.h"

#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/store/incidents.h"
#include "common/store/posts.h"
#include "tests/support/redis_up.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define NOW_MS 1795315843123LL /* 2026-11-22T02:50:43.123Z */
#define MUST(call) assert_must((call), &e, #call)

static struct arena arena;
static struct redis *redis;
static struct err e;
static struct response response;
static bool ready;

static void assert_must(enum outcome outcome, const struct err *why, const char *call)
{
	if (outcome != OK)
		fail_msg("%s: %s", call, why->text);
}

/* ---- filling ---- */

static struct lease take_lease(struct str brand)
{
	struct lease lease = { .role = LEASE_DETECTOR, .partition = brand };
	MUST(lease_renew(redis, &arena, &lease, 1, STR("test"), &e));
	assert_true(lease.held);
	return lease;
}

static struct partition partition_of(const struct lease *lease)
{
	return (struct partition){ .redis = redis, .arena = &arena, .brand = STR("xingyao"), .lease = lease };
}

static struct str id_of(int i)
{
	return arena_printf(&arena, "%032d", i);
}

static struct str record_of(int i, const char *label)
{
	return arena_printf(&arena,
		"{\"places\":[[\"text\",0,2,\"星曜\"]],\"post\":{\"id\":\"%032d\",\"text\":\"星曜第%d条\",\"author\":\"a:"
		"pseudonym\",\"url\":\"https://a.example/%d\","
		"\"fetched_ms\":1},\"verdict\":{\"label\":\"%s\",\"sentiment\":-0.5,\"complaint\":0.7,\"reasons\":[]}}",
		i, i, i, label);
}

/* Posts `n` mentions, one a `gap_ms` back from `NOW_MS`, every third one negative. */
static void commit_mentions(const struct lease *lease, int n, int64_t gap_ms)
{
	static const char *const plain[] = { "all", "neutral" };
	static const char *const negative[] = { "all", "negative", "complaint" };
	struct posts_mention *m = arena_list(&arena, struct posts_mention, (size_t)n);
	struct posts_commit done;
	for (int i = 0; i < n; i++) {
		const bool is_negative = i % 3 == 0;
		m[i] = (struct posts_mention){ .entry_id = arena_printf(&arena, "1-%d", i + 1),
			.post_id = id_of(i),
			.record = record_of(i, is_negative ? "negative" : "neutral"),
			.count_ms = NOW_MS - i * gap_ms,
			.seen_ms = NOW_MS,
			.dimension = is_negative ? negative : plain,
			.ndimensions = is_negative ? 3 : 2,
			.counter = { -1, -1, -1, -1 } };
	}
	const struct partition p = partition_of(lease);
	posts_commit_queue(&p, m, (size_t)n);
	MUST(redis_flush(redis, &e));
	MUST(posts_commit_take(redis, &done, &e));
	assert_int_equal(done.added, n);
}

static void open_incident(const struct lease *lease)
{
	struct incident incident = { .id = "00112233445566778899aabbccddeeff",
		.series = "negative",
		.state = INC_DETECTED,
		.level = LEVEL_ORANGE,
		.revision = 1,
		.onset_ms = NOW_MS - MS_PER_HOUR,
		.peak = { .observed = 40, .expected = 4, .ratio = 10, .window_ms = MS_PER_HOUR },
		.category = "safety" };
	const struct incidents_step step = { .tick_ms = NOW_MS, .incident = &incident, .event = EVT_SURGE, .at_ms = NOW_MS };
	const struct partition p = partition_of(lease);
	MUST(incidents_commit(&p, &step, &e));
}

static void fill(void)
{
	const struct brand_row brands[] = {
		{ STR("xingyao"), STR("星曜手机"), STR("Xingyao Phone"), STR("r1") },
		{ STR("qingcha"), STR("青茶集"), STR(""), STR("r1") },
	};
	const struct proc_beat beat = { .role = STR("detector"),
		.id = STR("detector:host:7"),
		.host = STR("host"),
		.version = STR("1"),
		.metrics_json = STR("{\"rss_bytes\":4096}"),
		.pid = 7,
		.started_ms = NOW_MS - 60000,
		.beat_ms = clock_now_ms() };
	struct lease lease = take_lease(STR("xingyao"));
	const struct partition here = partition_of(&lease);
	MUST(posts_group(&here, &e));
	MUST(procs_publish_brands(redis, &arena, brands, 2, &e));
	MUST(procs_beat(redis, &arena, &beat, &e));
	commit_mentions(&lease, 90, 10 * MS_PER_MINUTE);
	open_incident(&lease);
}

/* ---- asking ---- */

static void need_server(void **state)
{
	(void)state;
	if (redis == NULL)
		skip();
}

static struct json *answer_of(const char *target, int status)
{
	struct request request = { .method = STR("GET"), .host = STR("127.0.0.1:8808") };
	struct api api = { .redis = redis, .ready = ready, .arena = &arena, .now_ms = NOW_MS, .request = &request };
	request_split(&request, str_of(target));
	response_release(&response);
	response_init(&response);
	(void)routes_serve(&api, &response, &e);
	redis_done(redis);
	if (response.status != status)
		fail_msg("GET %s: expected %d, got %d: %.*s", target, status, response.status, STR_FMT(buf_str(&response.body)));
	struct json *doc = json_parse(str_trim(buf_str(&response.body)), &e);
	if (doc == NULL && str_starts(str_of(response.type), STR("application/json")))
		fail_msg("GET %s: %s", target, e.text);
	return doc;
}

static void the_overview_counts_an_hour_and_a_day(void **state)
{
	need_server(state);
	struct json *doc = answer_of("/api/overview", 200);
	const struct json *list = json_get(doc, "brands");
	assert_int_equal(json_size(list), 2);
	const struct json *b = str_eqc(json_str_of(json_at(list, 0), "id"), "xingyao") ? json_at(list, 0) : json_at(list, 1);
	assert_true(str_eqc(json_str_of(b, "name"), "星曜手机"));
	assert_int_equal(json_i64_of(json_get(b, "hour"), "all", -1), 6); /* 0, 10 … 50 minutes back */
	assert_int_equal(json_i64_of(json_get(b, "hour"), "negative", -1), 2); /* 0 and 30 */
	assert_int_equal(json_i64_of(json_get(b, "day"), "all", -1), 90);
	assert_int_equal(json_i64_of(json_get(b, "day"), "negative", -1), 30);
	assert_int_equal(json_size(json_get(b, "hours")), 24);
	assert_true(str_eqc(json_str_of(json_get(b, "incident"), "level"), "orange"));
	json_free(doc);
}

/* 90 mentions ten minutes apart reach back 890 minutes; a day and an hour later, only those of the window are left. */
static void the_last_day_ends_on_the_minute(void **state)
{
	need_server(state);
	struct request request = { .method = STR("GET"), .path = STR("/api/overview"), .host = STR("localhost") };
	struct api api = {
		.redis = redis, .ready = true, .arena = &arena, .now_ms = NOW_MS + 1439 * MS_PER_MINUTE, .request = &request
	};
	for (int expected = 1; expected >= 0; expected--, api.now_ms += MS_PER_MINUTE) {
		response_release(&response);
		response_init(&response);
		MUST(routes_serve(&api, &response, &e));
		struct json *doc = json_parse(str_trim(buf_str(&response.body)), &e);
		int64_t all = 0;
		for (const struct json *b = json_first(json_get(doc, "brands")); b != NULL; b = json_next(b))
			all += json_i64_of(json_get(b, "day"), "all", 0);
		assert_int_equal(all, expected);
		json_free(doc);
	}
}

static void a_series_has_its_columns_and_the_onset(void **state)
{
	need_server(state);
	struct json *doc = answer_of("/api/series?brand=xingyao&minutes=60&step=5", 200);
	int64_t sum = 0, n = 0;
	assert_int_equal(json_size(json_get(doc, "all")), 12);
	for (const struct json *v = json_first(json_get(doc, "all")); v != NULL; v = json_next(v), sum += n)
		assert_true(json_i64(v, &n));
	assert_int_equal(sum, 6);
	assert_int_equal(json_i64_of(doc, "onset_ms", 0), NOW_MS - MS_PER_HOUR);
	assert_int_equal(json_i64_of(doc, "from_ms", 1) % (5 * MS_PER_MINUTE), 0);
	json_free(doc);
	json_free(answer_of("/api/series?brand=xingyao&minutes=2880&step=1", 200));
	json_free(answer_of("/api/series?brand=xingyao&step=7", 400));
	json_free(answer_of("/api/series?brand=xingyao&minutes=9999", 400));
	json_free(answer_of("/api/series", 400));
}

static void the_newest_mentions_come_first_without_their_authors(void **state)
{
	need_server(state);
	struct json *doc = answer_of("/api/mentions?brand=xingyao&limit=5", 200);
	const struct json *list = json_get(doc, "mentions");
	assert_int_equal(json_size(list), 5);
	assert_true(str_eqc(json_str_of(json_at(list, 0), "text"), "星曜第0条"));
	assert_int_equal(json_i64_of(json_at(list, 4), "at_ms", 0), NOW_MS - 40 * MS_PER_MINUTE);
	assert_true(str_find(buf_str(&response.body), STR("pseudonym")) < 0);
	json_free(doc);
	json_free(answer_of("/api/mentions?brand=nobody", 404));
	json_free(answer_of("/api/mentions?brand=qingcha", 200));
	json_free(answer_of("/api/mentions?brand=x%7D", 400));
	json_free(answer_of("/api/mentions?brand=xingyao&limit=101", 400));
}

static void integrity_tells_its_signals_without_pseudonyms(void **state)
{
	need_server(state);
	struct json *doc = answer_of("/api/integrity?brand=xingyao&hours=2", 200);
	assert_int_equal(json_i64_of(doc, "posts", -1), 13); /* 0, 10 … 120 minutes back */
	assert_true(str_eqc(json_str_of(doc, "word"), "unclear"));
	assert_int_equal(json_i64_of(json_get(json_get(doc, "signals"), "floods"), "of", -1), 13);
	assert_true(str_find(buf_str(&response.body), STR("pseudonym")) < 0);
	json_free(doc);
	json_free(answer_of("/api/integrity?brand=xingyao&hours=0", 400));
	json_free(answer_of("/api/integrity?brand=nobody", 404));
}

static void incidents_and_processes_are_listed(void **state)
{
	need_server(state);
	struct json *doc = answer_of("/api/incidents", 200);
	const struct json *first = json_at(json_get(doc, "incidents"), 0);
	assert_int_equal(json_size(json_get(doc, "incidents")), 1);
	assert_true(str_eqc(json_str_of(first, "brand"), "xingyao") && str_eqc(json_str_of(first, "state"), "detected"));
	assert_int_equal(json_i64_of(first, "ratio", 0), 10);
	json_free(doc);
	doc = answer_of("/api/processes", 200);
	first = json_at(json_get(doc, "processes"), 0);
	assert_true(str_eqc(json_str_of(first, "role"), "detector"));
	assert_int_equal(json_i64_of(json_get(first, "metrics"), "rss_bytes", 0), 4096);
	json_free(doc);
}

static void metrics_cover_processes_and_brands(void **state)
{
	need_server(state);
	json_free(answer_of("/metrics", 200));
	const struct str text = buf_str(&response.body);
	assert_string_equal(response.type, "text/plain; version=0.0.4; charset=utf-8");
	assert_true(str_find(text, STR("earshot_rss_bytes{role=\"detector\",process=\"detector:host:7\"} 4096\n")) >= 0);
	assert_true(str_find(text, STR("earshot_brand_mentions{brand=\"xingyao\"} 90\n")) >= 0);
	assert_true(str_find(text, STR("earshot_brand_incident_level{brand=\"xingyao\"} 3\n")) >= 0);
	assert_true(str_find(text, STR("earshot_redis_up 1\n")) >= 0);
}

static void without_redis_there_is_a_sentence(void **state)
{
	need_server(state);
	static const char *const targets[] = { "/readyz", "/api/overview", "/api/incidents", "/api/processes",
		"/api/mentions?brand=a", "/api/series?brand=a", "/api/integrity?brand=a" };
	ready = false;
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		struct json *doc = answer_of(targets[i], 503);
		assert_true(str_find(json_str_of(doc, "error"), STR("Redis")) >= 0);
		json_free(doc);
	}
	json_free(answer_of("/healthz", 200));
	json_free(answer_of("/metrics", 200));
	assert_true(str_find(buf_str(&response.body), STR("earshot_redis_up 0\n")) >= 0);
	ready = true;
}

static void what_does_not_exist_is_404(void **state)
{
	need_server(state);
	static const char *const targets[] = { "/api", "/api/", "/api/overview/", "/API/overview", "/api/%6fverview",
		"/../etc/passwd", "", "*", "//", "/healthz%00" };
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
		json_free(answer_of(targets[i], 404));
}

static void each_route_has_help_and_answers(void **state)
{
	need_server(state);
	for (size_t i = 0; i < routes_n; i++) {
		assert_true(strlen(routes[i].help) > 10 && routes[i].path[0] == '/');
		struct request request = { .method = STR("GET"),
			.path = str_of(routes[i].path),
			.query = STR("brand=xingyao"),
			.host = STR("[::1]:1") };
		struct api api = { .redis = redis, .ready = true, .arena = &arena, .now_ms = NOW_MS, .request = &request };
		response_release(&response);
		response_init(&response);
		(void)routes_serve(&api, &response, &e);
		if (response.status != 200)
			fail_msg("%s: %s", routes[i].path, response.body.p);
	}
}

static int set_up(void **state)
{
	(void)state;
	static char url[256];
	arena_init(&arena, 64u << 20);
	response_init(&response);
	if (!redis_up(url))
		return 0; /* each test skips */
	redis = redis_new(url, NULL, STR(""), &e);
	if (redis == NULL || redis_connect(redis, &e) != OK || redis_functions(redis, true, &e) != OK) {
		fprintf(stderr, "%s\n", e.text);
		return -1;
	}
	ready = true;
	fill();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	response_release(&response);
	redis_free(redis);
	redis_down();
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_overview_counts_an_hour_and_a_day),
		cmocka_unit_test(the_last_day_ends_on_the_minute),
		cmocka_unit_test(a_series_has_its_columns_and_the_onset),
		cmocka_unit_test(the_newest_mentions_come_first_without_their_authors),
		cmocka_unit_test(integrity_tells_its_signals_without_pseudonyms),
		cmocka_unit_test(incidents_and_processes_are_listed),
		cmocka_unit_test(metrics_cover_processes_and_brands),
		cmocka_unit_test(without_redis_there_is_a_sentence),
		cmocka_unit_test(what_does_not_exist_is_404),
		cmocka_unit_test(each_route_has_help_and_answers),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
