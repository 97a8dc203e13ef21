/* The store against a real redis-server: coverage beside the minutes, health with a source's state, notices on their way out. */
#include "tests/unit/store_fixture.h"

#include "common/store/coverage.h"
#include "common/store/many_sick.h"
#include "common/store/notices.h"
#include "common/store/outbox.h"
#include "common/store/sources_health.h"

#include <math.h>

static bool is_near(double a, double b)
{
	return fabs(a - b) < 1e-3;
}

static void tell(const char *worker, int64_t healthy, int64_t sources, int64_t at_ms)
{
	const struct coverage part = { healthy, sources, (double)healthy * 2, (double)sources * 2 };
	MUST(coverage_tell(redis, &arena, str_of(worker), &part, at_ms, &err));
}

static void coverage_is_the_sum_of_the_parts_that_are_young(void **state)
{
	struct coverage c;
	(void)state;
	need_server();
	assert_int_equal(coverage_read(redis, &arena, NOON, &c, &err), SKIP);
	tell("crawler:a", 8, 10, NOON);
	tell("crawler:b", 10, 10, NOON + 1000);
	tell("crawler:a", 8, 10, NOON + 5000); /* a repeat counts once */
	MUST(coverage_read(redis, &arena, NOON + 30000, &c, &err));
	assert_true(c.healthy == 18 && c.sources == 20 && is_near(coverage_share(&c), 0.9));
	MUST(coverage_read(redis, &arena, NOON + MS_PER_MINUTE, &c, &err)); /* of the minute before */
	assert_int_equal(coverage_read(redis, &arena, NOON + 2 * MS_PER_MINUTE, &c, &err), SKIP);
	tell("crawler:b", 5, 10, NOON + 5 * MS_PER_MINUTE); /* the other one is gone */
	MUST(coverage_read(redis, &arena, NOON + 5 * MS_PER_MINUTE, &c, &err));
	assert_true(c.healthy == 5 && c.sources == 10 && is_near(coverage_share(&c), 0.5));
	assert_int_equal(reply_int(ASK("HLEN", "es:{coverage}:parts")), 1);
	coverage_leave(redis, &arena, STR("crawler:b")); /* a clean end */
	assert_int_equal(reply_int(ASK("HLEN", "es:{coverage}:parts")), 0);
}

static void what_was_told_of_many_is_kept_a_word_a_crawler(void **state)
{
	struct many_sick a = { STR("crawler:h:1"), NOON - 5, NOON - 3, 2, NOON }, *back = NULL;
	size_t n = 0;
	bool was_there = false;
	(void)state;
	need_server();
	MUST(many_sick_write(redis, &arena, &a, &err));
	a.at_ms = NOON + 5; /* said again */
	MUST(many_sick_write(redis, &arena, &a, &err));
	(void)ASK("HSET", "es:{coverage}:many", "crawler:h:2", "1 2 3"); /* of another build */
	many_sick_queue(redis, &arena);
	MUST(many_sick_take(redis, &arena, &back, &n, &err));
	assert_int_equal(n, 1);
	assert_true(str_eq(back->crawler, a.crawler) && back->began_ms == NOON - 5 && back->told_ms == NOON - 3 &&
		    back->told == 2 && back->at_ms == NOON + 5);
	assert_true(reply_int(ASK("PTTL", "es:{coverage}:many")) > 0);
	MUST(many_sick_remove(redis, &arena, a.crawler, &was_there, &err));
	assert_true(was_there);
	MUST(many_sick_remove(redis, &arena, a.crawler, &was_there, &err));
	assert_false(was_there); /* one has it */
}

static void coverage_is_kept_as_long_as_the_minutes(void **state)
{
	(void)state;
	need_server();
	const int64_t now_ms = clock_now_ms();
	redis_set_keep(redis, (struct redis_keep){ 2 * MS_PER_DAY, MS_PER_DAY, MS_PER_DAY });
	tell("crawler:a", 1, 1, now_ms);
	const struct utc t = clock_utc(now_ms);
	char key[64];
	(void)snprintf(key, sizeof key, "es:{coverage}:minute:%04d-%02d-%02d", t.year, t.month, t.day);
	const int64_t ttl_s = reply_int(ASK("TTL", key));
	assert_true(ttl_s > 2 * 86400 - 60 && ttl_s <= 3 * 86400);
}

static void health_moves_with_the_cursor(void **state)
{
	struct lease crawler = { .role = LEASE_CRAWLER, .partition = STR("s07") };
	const struct partition shard = { .redis = redis, .arena = &arena, .shard = 7, .lease = &crawler };
	const struct source_state before = { .fetched_ms = NOON,
		.status = 200,
		.health = { STR("silent"), STR("nothing new for 3 d"), STR("usual=7 reader=rss 2"), NOON - 5, NOON - 2, 3 } };
	struct source_state after;
	(void)state;
	need_server();
	MUST(lease_renew(redis, &arena, &crawler, 1, STR("crawler:test:1"), &err));
	const struct source_visit visit = { .id = STR("a"), .host = STR("h"), .state = &before };
	MUST(sources_commit(&shard, &visit, &err));
	MUST(sources_state(&shard, STR("a"), &after, &err));
	assert_true(str_eqc(after.health.state, "silent") && str_eqc(after.health.why, "nothing new for 3 d"));
	assert_true(after.health.since_ms == NOON - 5 && after.health.told_ms == NOON - 2 && after.health.told == 3);
	redis_done(redis);
	sources_health_queue(&shard, STR("a"));
	sources_health_queue(&shard, STR("nobody"));
	MUST(redis_flush(redis, &err));
	MUST(sources_health_take(&shard, &after, &err));
	assert_true(str_eqc(after.health.state, "silent") && str_eqc(after.health.memory, "usual=7 reader=rss 2") &&
		    after.health.told == 3);
	assert_true(after.fetched_ms == NOON && after.status == 200);
	MUST(sources_health_take(&shard, &after, &err));
	assert_true(after.health.state.n == 0 && after.fetched_ms == 0);
}

static void a_notice_that_is_written_twice_is_one_delivery(void **state)
{
	struct lease notifier = { .role = LEASE_NOTIFIER, .partition = STR(NOTICE_PARTITION) };
	const struct partition p = { .redis = redis, .arena = &arena, .brand = STR(NOTICE_PARTITION), .lease = &notifier };
	const struct notice n = { .id = STR("source-a-1:0"),
		.kind = NOTICE_SICK,
		.source = STR("a"),
		.state = STR("silent"),
		.at_ms = NOON,
		.since_ms = NOON - 1,
		.zh = STR("来源 a \"异常\""),
		.en = STR("Source a") };
	const struct str target = STR("ops");
	struct outbox_entry *entry = NULL;
	struct delivery *due = NULL;
	struct notice back;
	size_t count = 0;
	(void)state;
	need_server();
	MUST(lease_renew(redis, &arena, &notifier, 1, STR("notifier:test:1"), &err));
	MUST(notices_append(redis, &arena, &n, &err));
	MUST(notices_append(redis, &arena, &n, &err));
	MUST(outbox_read(&p, &entry, &count, &err));
	assert_int_equal(count, 2);
	for (size_t i = 0; i < 2; i++) {
		MUST(notice_parse(&arena, entry[i].alert_json, &back, &err));
		const struct outbox_plan plan = { back.id, &target, 1, NOON };
		MUST(outbox_plan(&p, &entry[i], &plan, &err));
	}
	assert_true(
		back.kind == NOTICE_SICK && str_eq(back.zh, n.zh) && str_eq(back.source, n.source) && back.since_ms == NOON - 1);
	MUST(outbox_due(&p, NOON, 10, &due, &count, &err));
	assert_int_equal(count, 1);
	assert_true(str_eqc(due[0].id, "source-a-1:0:ops"));
	struct alert alert;
	assert_int_equal(alert_parse(&arena, entry[0].alert_json, &alert, &err), REJECT);
	assert_int_equal(notice_parse(&arena, STR("{\"id\":\"x\",\"notice\":\"party\"}"), &back, &err), REJECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(coverage_is_the_sum_of_the_parts_that_are_young, set_up),
		cmocka_unit_test_setup(what_was_told_of_many_is_kept_a_word_a_crawler, set_up),
		cmocka_unit_test_setup(coverage_is_kept_as_long_as_the_minutes, set_up),
		cmocka_unit_test_setup(health_moves_with_the_cursor, set_up),
		cmocka_unit_test_setup(a_notice_that_is_written_twice_is_one_delivery, set_up),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
