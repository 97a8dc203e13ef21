/* The store against a real redis-server: subscriptions at hubs. */
#include "tests/unit/store_fixture.h"

#include "common/store/sources.h"
#include "common/store/sources_look.h"
#include "common/store/subscriptions.h"

static struct lease crawler;
static struct partition shard;

static int set_up_shard(void **state)
{
	if (set_up(state) != 0 || !redis)
		return 0;
	crawler = (struct lease){ .role = LEASE_CRAWLER, .partition = STR("s07") };
	MUST(lease_renew(redis, &arena, &crawler, 1, STR("crawler:test:1"), &err));
	shard = (struct partition){ .redis = redis, .arena = &arena, .shard = 7, .lease = &crawler };
	return 0;
}

static struct subscription example(void)
{
	return (struct subscription){ .id = STR("blog"),
		.state = STR("live"),
		.hub = STR("https://h.example/?a=\"b\""),
		.topic = STR("https://b.example/云"),
		.salt = STR("0123"),
		.secret = STR("s"),
		.lease_until_ms = NOON + 5,
		.pushes = 3,
		.doubted_until_ms = NOON };
}

static void a_record_is_read_as_it_was_written(void **state)
{
	struct subscription read = { 0 };
	bool found = true;
	(void)state;
	need_server();
	MUST(subscriptions_read(&shard, STR("blog"), &read, &found, &err));
	assert_false(found);
	const struct subscription s = example();
	MUST(subscriptions_keep(&shard, &s, 0, &err));
	MUST(subscriptions_read(&shard, STR("blog"), &read, &found, &err));
	assert_true(found && str_eq(read.hub, s.hub) && str_eq(read.topic, s.topic) && str_eq(read.secret, s.secret));
	assert_true(read.lease_until_ms == NOON + 5 && read.pushes == 3 && read.doubted_until_ms == NOON && read.failures == 0);
	struct subscription_record *all = NULL;
	size_t n = 0;
	MUST(subscriptions_all(&shard, &all, &n, &err));
	assert_true(n == 1 && str_eqc(all[0].id, "blog"));
	MUST(subscriptions_drop(&shard, STR("blog"), &err));
	MUST(subscriptions_all(&shard, &all, &n, &err));
	assert_int_equal(n, 0);
}

static void a_record_that_is_none_is_told(void **state)
{
	struct subscription s;
	(void)state;
	assert_int_equal(subscription_parse(&arena, STR("x"), STR("{\"hub\":"), &s, &err), REJECT);
}

static void the_source_is_due_earlier_and_never_later(void **state)
{
	const struct subscription s = example();
	const struct source_state seen = { .next_ms = NOON + 9000 };
	const struct source_visit visit = { .id = STR("blog"), .host = STR("b.example"), .state = &seen };
	int64_t due_ms = 0;
	(void)state;
	need_server();
	MUST(sources_commit(&shard, &visit, &err));
	MUST(subscriptions_keep(&shard, &s, NOON + 10000, &err));
	MUST(sources_look_due(&shard, STR("blog"), &due_ms, &err));
	assert_int_equal(due_ms, NOON + 9000);
	MUST(subscriptions_keep(&shard, &s, NOON, &err));
	MUST(sources_look_due(&shard, STR("blog"), &due_ms, &err));
	assert_int_equal(due_ms, NOON);
	const struct subscription other = { .id = STR("ghost") };
	MUST(subscriptions_keep(&shard, &other, NOON, &err)); /* what nobody polls does not get onto the list */
	MUST(sources_look_due(&shard, STR("ghost"), &due_ms, &err));
	assert_int_equal(due_ms, 0);
}

static void what_was_pushed_is_known_to_the_next_poll(void **state)
{
	const struct source_seen seen[] = { { STR("p1"), 0x1111 }, { STR("p2"), 0x2222 } };
	const struct str id[] = { STR("p2"), STR("p3"), STR("p1") };
	uint64_t known[3] = { 9, 9, 9 };
	(void)state;
	need_server();
	MUST(subscriptions_shown(&shard, STR("blog"), seen, 2, NOON, &err));
	sources_seen_queue(&shard, STR("blog"), id, 3);
	MUST(sources_seen_take(redis, known, 3, &err));
	assert_true(known[0] == 0x2222 && known[1] == 0 && known[2] == 0x1111);
}

static void a_hub_has_one_request_at_a_time_and_its_pause(void **state)
{
	int64_t allowed_ms = 0;
	(void)state;
	need_server();
	MUST(subscriptions_hub_claim(&shard, STR("h.example"), NOON, 2000, &allowed_ms, &err));
	assert_true(allowed_ms <= NOON);
	MUST(subscriptions_hub_claim(&shard, STR("h.example"), NOON + 1, 2000, &allowed_ms, &err));
	assert_int_equal(allowed_ms, NOON + 2000);
	MUST(subscriptions_hub_leave(&shard, STR("h.example"), NOON + 3000, false, &err));
	struct host_state host;
	MUST(sources_look_host(&shard, STR("h.example"), &host, &err));
	assert_true(host.is_claimed && host.next_ms == NOON + 3000);
	MUST(subscriptions_hub_leave(&shard, STR("h.example"), NOON + 1500, true, &err));
	MUST(sources_look_host(&shard, STR("h.example"), &host, &err));
	assert_false(host.is_claimed);
	MUST(subscriptions_hub_claim(&shard, STR("h.example"), NOON + 1500, 2000, &allowed_ms, &err));
	assert_int_equal(allowed_ms, NOON + 1500);
}

static void a_late_owner_changes_nothing(void **state)
{
	const struct subscription s = example();
	int64_t allowed_ms = 0;
	(void)state;
	need_server();
	(void)ASK("HSET", "es:{s07}:lease:crawler", "token", "9:other");
	assert_int_equal(subscriptions_keep(&shard, &s, NOON, &err), REJECT);
	assert_int_equal(subscriptions_drop(&shard, s.id, &err), REJECT);
	assert_int_equal(subscriptions_hub_claim(&shard, STR("h.example"), NOON, 1, &allowed_ms, &err), REJECT);
	assert_int_equal(subscriptions_shown(&shard, s.id, NULL, 0, NOON, &err), REJECT);
}

static void what_another_crawler_heard_counts_unless_it_changed_meanwhile(void **state)
{
	const struct subscription before = example();
	struct subscription after = example(), read = { 0 };
	bool found = false;
	(void)state;
	need_server();
	(void)ASK("HSET", "es:{s07}:lease:crawler", "token", "9:other"); /* the shard is not ours */
	after.state = STR("denied");
	assert_int_equal(subscriptions_exchange(&shard, &before, &after, &err), SKIP); /* it is not there */
	(void)ASK("HSET", "es:{s07}:websub", "blog", arena_cstr(&arena, subscription_write(&arena, &before)));
	MUST(subscriptions_exchange(&shard, &before, &after, &err));
	assert_int_equal(subscriptions_exchange(&shard, &before, &after, &err), SKIP);
	MUST(subscriptions_read(&shard, STR("blog"), &read, &found, &err));
	assert_true(found && str_eqc(read.state, "denied") && read.pushes == 3);
}

#define HERE(test) cmocka_unit_test_setup(test, set_up_shard)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(a_record_is_read_as_it_was_written),
		HERE(a_record_that_is_none_is_told),
		HERE(the_source_is_due_earlier_and_never_later),
		HERE(what_was_pushed_is_known_to_the_next_poll),
		HERE(a_hub_has_one_request_at_a_time_and_its_pause),
		HERE(a_late_owner_changes_nothing),
		HERE(what_another_crawler_heard_counts_unless_it_changed_meanwhile),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
