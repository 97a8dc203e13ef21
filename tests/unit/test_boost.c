/* Polls that come sooner while a brand is in alert: what is planned (pure), and what the store keeps for it (a real redis-server). */
#include "tests/unit/store_fixture.h"

#include "common/base/log.h"
#include "common/store/found.h"
#include "common/store/incidents_open.h"
#include "crawler/boost.h"
#include "crawler/fetch.h"
#include "crawler/polling.h"

#define HOUR MS_PER_HOUR

static struct lease crawler;
static struct partition shard7;

static int set_up_shard(void **state)
{
	(void)set_up(state);
	crawler = (struct lease){ .role = LEASE_CRAWLER, .partition = STR("s07") };
	shard7 = (struct partition){ .redis = redis, .arena = &arena, .shard = 7, .lease = &crawler };
	if (redis)
		MUST(lease_renew(redis, &arena, &crawler, 1, STR("crawler:test:1"), &err));
	return 0;
}

/* ---- pure ---- */

/* One that posts four times a day, asked a minute ago by its rate. */
static struct source_state quiet(int64_t now_ms)
{
	struct source_state s = {
		.fetched_ms = now_ms - MS_PER_MINUTE, .why = STR("rate"), .boost = STR("acme"), .boost_ms = now_ms
	};
	s.arrivals = (struct source_arrivals){ .seen_ms = now_ms, .posts = 28000, .span_ms = 7 * MS_PER_DAY };
	s.wish_ms = polling_interval(&s.arrivals, s.fetched_ms, 6 * HOUR);
	s.interval_ms = s.wish_ms;
	s.next_ms = s.fetched_ms + s.wish_ms;
	return s;
}

static const struct source_how usual_way = { .every_min_ms = MS_PER_MINUTE, .every_max_ms = 6 * HOUR };
static const struct source common = { .how = &usual_way };

static void a_source_by_its_rate_comes_four_times_as_soon(void **state)
{
	(void)state;
	struct source_state s = quiet(NOON);
	const int64_t wish_ms = s.wish_ms;
	assert_true(wish_ms > 8 * MS_PER_MINUTE);
	assert_true(boost_plan(&common, &s, NOON));
	assert_true(str_eqc(s.why, "boost") && s.interval_ms == wish_ms / 4);
	assert_true(s.next_ms >= s.fetched_ms + wish_ms / 4 && s.next_ms <= s.fetched_ms + wish_ms / 4 * 11 / 10 + 1);
	s = quiet(NOON);
	assert_true(boost_plan(&common, &s, NOON + wish_ms / 2)); /* its time is over already: now */
	assert_true(s.next_ms == NOON + wish_ms / 2);
}

static void what_holds_against_the_rate_holds_against_the_boost(void **state)
{
	(void)state;
	struct source_how slow = usual_way;
	const struct source other = { .how = &slow };
	slow.every_min_ms = HOUR;
	struct source_state s = quiet(NOON);
	s.next_ms = NOON + 3 * HOUR;
	assert_true(boost_plan(&other, &s, NOON)); /* sooner, but not below its floor */
	assert_true(str_eqc(s.why, "every_min") && s.interval_ms == HOUR);
	s = quiet(NOON);
	s.hint_ms = s.wish_ms; /* a wish of the server */
	s.next_ms = s.fetched_ms + s.wish_ms;
	assert_false(boost_plan(&common, &s, NOON));
	static const char *const kept[] = { "every", "failures", "told", "standing", "health", "pages", "boost", "every_min",
		"" };
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		s = quiet(NOON);
		s.why = str_of(kept[i]);
		assert_false(boost_plan(&common, &s, NOON));
	}
	s = quiet(NOON);
	s.failures = 1;
	assert_false(boost_plan(&common, &s, NOON));
}

static int64_t wait_of(struct source_state s)
{
	return fetch_next_ms(&common, &s, 0, NOON) - NOON;
}

static void a_source_in_trouble_is_slowed_as_ever(void **state)
{
	(void)state;
	struct source_state s = quiet(NOON), usual = s;
	usual.boost = STR("");
	assert_true(wait_of(s) * 3 < wait_of(usual));
	s.failures = usual.failures = 1;
	assert_true(wait_of(s) * 3 > wait_of(usual) * 2); /* but for jitter the same */
	s.failures = usual.failures = 0;
	s.health.state = usual.health.state = STR("silent");
	assert_true(wait_of(s) * 3 > wait_of(usual) * 2);
}

static struct str boosted_for(const struct boost *b, size_t source)
{
	struct source_state s = { .boost = STR("stale"), .boost_ms = 7 };
	boost_mark(b, source, &s);
	return s.boost;
}

static void a_find_during_an_alert_counts_until_it_is_over(void **state)
{
	(void)state;
	struct boost *b = boost_new(3);
	const struct str brands[] = { STR("港湾"), STR("acme"), STR("birch") };
	const struct boost_alert both[] = { { STR("acme"), NOON }, { STR("birch"), NOON + 1 } };
	boost_found(b, 1, brands, 3);
	assert_true(boosted_for(b, 1).n == 0); /* nobody is in alert */
	boost_follow(b, both, 2);
	boost_found(b, 1, brands, 3);
	boost_found(b, 2, brands + 2, 1);
	assert_true(boosted_for(b, 0).n == 0 && str_eqc(boosted_for(b, 1), "acme") && str_eqc(boosted_for(b, 2), "birch"));
	boost_follow(b, both + 1, 1);
	assert_true(boosted_for(b, 1).n == 0 && str_eqc(boosted_for(b, 2), "birch"));
	boost_found(b, 1, brands, 3);
	assert_true(str_eqc(boosted_for(b, 1), "birch"));
	boost_follow(b, NULL, 0);
	assert_true(boosted_for(b, 1).n == 0 && boosted_for(b, 2).n == 0);
	boost_free(b);
}

static void more_alerts_than_there_are_places_are_passed_over(void **state)
{
	(void)state;
	struct boost *b = boost_new(1);
	struct boost_alert many[LIMIT_BOOST_BRANDS + 5];
	char name[LIMIT_BOOST_BRANDS + 5][32];
	for (size_t i = 0; i < LIMIT_BOOST_BRANDS + 5; i++) {
		(void)snprintf(name[i], sizeof name[i], "b%zu", i);
		many[i] = (struct boost_alert){ str_of(name[i]), NOON };
	}
	boost_follow(b, many, LIMIT_BOOST_BRANDS + 5);
	boost_found(b, 0, &many[LIMIT_BOOST_BRANDS].brand, 1);
	assert_true(boosted_for(b, 0).n == 0);
	boost_found(b, 0, &many[LIMIT_BOOST_BRANDS - 1].brand, 1);
	assert_true(str_eqc(boosted_for(b, 0), name[LIMIT_BOOST_BRANDS - 1]));
	boost_free(b);
}

/* ---- with Redis ---- */

static void note(const char *source, const char *brand_id, int64_t now_ms)
{
	const struct str one = str_of(brand_id);
	found_note_queue(&shard7, &(struct found){ str_of(source), &one, 1 }, now_ms);
	MUST(found_note_take(redis, &err));
	redis_done(redis);
}

static size_t listed(const char *brand_id, int64_t now_ms)
{
	struct str *id = NULL;
	size_t n = 0;
	found_list_queue(&shard7, str_of(brand_id), now_ms);
	MUST(found_list_take(&shard7, &id, &n, &err));
	return n;
}

static void finds_are_kept_for_a_while_and_the_newest_of_many(void **state)
{
	(void)state;
	need_server();
	note("a", "acme", NOON);
	note("b", "acme", NOON + HOUR);
	note("a", "acme", NOON + 2 * HOUR); /* again: one place */
	assert_int_equal(listed("acme", NOON + 2 * HOUR), 2);
	assert_int_equal(listed("birch", NOON), 0);
	assert_int_equal(listed("acme", NOON + HOUR + LIMIT_FOUND_MS + 1), 1);
	note("c", "acme", NOON + HOUR + LIMIT_FOUND_MS + 1);
	assert_int_equal(reply_int(ASK("ZCARD", "es:{s07}:found:acme")), 2); /* b was forgotten */
	assert_true(reply_int(ASK("PTTL", "es:{s07}:found:acme")) > LIMIT_FOUND_MS - MS_PER_MINUTE);
	for (int i = 0; i < LIMIT_FOUND_SOURCES + 10; i++) {
		char name[32];
		(void)snprintf(name, sizeof name, "many-%d", i);
		note(name, "birch", NOON + i);
	}
	assert_int_equal(reply_int(ASK("ZCARD", "es:{s07}:found:birch")), LIMIT_FOUND_SOURCES);
	assert_true(reply_kind(ASK("ZSCORE", "es:{s07}:found:birch", "many-9")) == REPLY_NIL);
	assert_true(reply_kind(ASK("ZSCORE", "es:{s07}:found:birch", "many-10")) != REPLY_NIL);
}

static void who_has_lost_the_shard_notes_nothing(void **state)
{
	(void)state;
	need_server();
	const struct str one = STR("acme");
	struct lease late = crawler;
	(void)snprintf(late.token, sizeof late.token, "0:gone");
	const struct partition p = { .redis = redis, .arena = &arena, .shard = 7, .lease = &late };
	found_note_queue(&p, &(struct found){ STR("a"), &one, 1 }, NOON);
	assert_int_equal(found_note_take(redis, &err), REJECT);
	assert_int_equal(listed("acme", NOON), 0);
}

static int64_t hasten(const char *id, int64_t next_ms)
{
	const struct source_state s = {
		.next_ms = next_ms, .interval_ms = 5, .why = STR("boost"), .boost = STR("acme"), .boost_ms = NOON
	};
	int64_t due_ms = -1;
	found_hasten_queue(&shard7, str_of(id), &s, NOON);
	MUST(found_hasten_take(redis, &due_ms, &err));
	redis_done(redis);
	return due_ms;
}

static void a_due_time_comes_forward_and_never_back(void **state)
{
	(void)state;
	need_server();
	const struct source_state before = { .next_ms = NOON + HOUR, .why = STR("rate"), .interval_ms = HOUR };
	const struct source_visit visit = { .id = STR("a"), .host = STR("h"), .state = &before };
	struct source_state after;
	MUST(sources_commit(&shard7, &visit, &err));
	redis_done(redis);
	assert_true(hasten("a", NOON + 2 * HOUR) == NOON + HOUR);
	MUST(sources_state(&shard7, STR("a"), &after, &err));
	assert_true(str_eqc(after.why, "rate") && after.next_ms == NOON + HOUR);
	assert_true(hasten("a", NOON + 5) == NOON + 5);
	MUST(sources_state(&shard7, STR("a"), &after, &err));
	assert_true(str_eqc(after.why, "boost") && str_eqc(after.boost, "acme") && after.boost_ms == NOON);
	assert_true(after.next_ms == NOON + 5 && after.interval_ms == 5);
	assert_true(hasten("unknown", NOON) == 0);
	assert_int_equal(reply_int(ASK("EXISTS", "es:{s07}:source:unknown")), 0);
	(void)ASK("HSET", "es:{s07}:paused", "a", "resumed");
	assert_true(hasten("a", NOON + 1) == NOON + 5); /* a person's word stands */
}

static int64_t since(const char *state_name)
{
	int64_t since_ms = -1;
	(void)ASK("HSET", "es:{b:acme}:incident:i1", "state", state_name, "opened_ms", "1234");
	incidents_open_since_queue(&here, STR("i1"));
	MUST(incidents_open_since_take(redis, &since_ms, &err));
	redis_done(redis);
	return since_ms;
}

static void a_brand_is_in_alert_while_its_incident_is_open(void **state)
{
	(void)state;
	need_server();
	struct str id = STR("?");
	incidents_open_id_queue(&here);
	MUST(incidents_open_id_take(&here, &id, &err));
	assert_int_equal(id.n, 0);
	(void)ASK("HSET", "es:{b:acme}:progress", "incident", "i1");
	incidents_open_id_queue(&here);
	MUST(incidents_open_id_take(&here, &id, &err));
	assert_true(str_eqc(id, "i1"));
	for (int i = INC_NONE; i < INC__N; i++)
		assert_int_equal(since(incident_state_names[i]), i >= INC_DETECTED && i <= INC_MONITORING ? 1234 : 0);
	assert_int_equal(since("of another build"), 0);
}

int main(void)
{
	log_init("test", LOG_WARN);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_source_by_its_rate_comes_four_times_as_soon),
		cmocka_unit_test(what_holds_against_the_rate_holds_against_the_boost),
		cmocka_unit_test(a_source_in_trouble_is_slowed_as_ever),
		cmocka_unit_test(a_find_during_an_alert_counts_until_it_is_over),
		cmocka_unit_test(more_alerts_than_there_are_places_are_passed_over),
		cmocka_unit_test_setup(finds_are_kept_for_a_while_and_the_newest_of_many, set_up_shard),
		cmocka_unit_test_setup(who_has_lost_the_shard_notes_nothing, set_up_shard),
		cmocka_unit_test_setup(a_due_time_comes_forward_and_never_back, set_up_shard),
		cmocka_unit_test_setup(a_brand_is_in_alert_while_its_incident_is_open, set_up_shard),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
