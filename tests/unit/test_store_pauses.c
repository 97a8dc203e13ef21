/* The store against a real redis-server: sources that people have paused. */
#include "tests/unit/store_fixture.h"

#include "common/store/pauses.h"
#include "common/store/sources.h"
#include "common/store/sources_look.h"

static struct lease crawler;
static struct partition shard;

static int set_up_shard(void **state)
{
	struct source_due due[] = { { STR("a"), 0 }, { STR("b"), 0 } };
	if (set_up(state) != 0 || !redis)
		return 0;
	crawler = (struct lease){ .role = LEASE_CRAWLER, .partition = STR("s07") };
	MUST(lease_renew(redis, &arena, &crawler, 1, STR("crawler:test:1"), &err));
	shard = (struct partition){ .redis = redis, .arena = &arena, .shard = 7, .lease = &crawler };
	MUST(sources_sync(&shard, due, 2, NOON, &err));
	return 0;
}

static int64_t due_of(const char *id)
{
	int64_t due_ms = -1;
	MUST(sources_look_due(&shard, str_of(id), &due_ms, &err));
	return due_ms;
}

static size_t pauses(struct pause **list)
{
	size_t n = 0;
	pauses_queue(&shard);
	MUST(redis_flush(redis, &err));
	MUST(pauses_take(redis, &arena, list, &n, &err));
	return n;
}

static void a_paused_source_leaves_the_others_their_turn(void **state)
{
	struct pause *list = NULL;
	struct str *id = NULL;
	size_t n = 0;
	(void)state;
	need_server();
	MUST(pauses_set(&shard, STR("a"), PAUSE_FOR_GOOD, &err));
	sources_due_queue(&shard, NOON + 1, 10);
	MUST(redis_flush(redis, &err));
	MUST(sources_due_take(redis, &arena, &id, &n, &err));
	assert_int_equal(n, 1);
	assert_true(str_eqc(id[0], "b"));
	assert_int_equal(pauses(&list), 1);
	assert_true(str_eqc(list[0].id, "a") && list[0].until_ms == PAUSE_FOR_GOOD);
}

static void a_pause_with_an_end_is_due_at_its_end(void **state)
{
	struct pause *list = NULL;
	(void)state;
	need_server();
	MUST(pauses_set(&shard, STR("a"), PAUSE_FOR_GOOD, &err));
	MUST(pauses_set(&shard, STR("a"), NOON + 5000, &err));
	assert_int_equal(due_of("a"), NOON + 5000);
	assert_int_equal(pauses(&list), 1);
	assert_int_equal(list[0].until_ms, NOON + 5000);
}

static void what_is_resumed_is_due_at_once(void **state)
{
	struct pause *list = NULL;
	bool was = false;
	(void)state;
	need_server();
	MUST(pauses_set(&shard, STR("a"), PAUSE_FOR_GOOD, &err));
	MUST(pauses_lift(&shard, STR("a"), NOON + 9, &was, &err));
	assert_true(was);
	assert_int_equal(due_of("a"), NOON + 9);
	assert_int_equal(pauses(&list), 0);
	MUST(pauses_lift(&shard, STR("b"), NOON + 9, &was, &err));
	assert_false(was);
	assert_int_equal(due_of("b"), NOON);
}

static void a_pause_puts_nothing_on_the_list_that_is_not_configured(void **state)
{
	(void)state;
	need_server();
	MUST(pauses_set(&shard, STR("ghost"), PAUSE_FOR_GOOD, &err));
	assert_int_equal(due_of("ghost"), 0);
}

static struct source_take take(const char *id, int64_t now_ms)
{
	struct source_take t = { .id = str_of(id), .host = STR("example.com"), .hold_ms = 30000, .pause_ms = 500 };
	sources_take_queue(&shard, &t, 1, now_ms);
	MUST(sources_take_answer(redis, &arena, &t, 1, &err));
	return t;
}

static void end_visit(const char *id, int64_t next_ms)
{
	const struct source_state seen = { .next_ms = next_ms };
	const struct source_visit over = { .id = str_of(id), .host = STR("example.com"), .state = &seen };
	MUST(sources_commit(&shard, &over, &err));
}

static void a_visit_that_ended_after_the_pause_is_put_off_and_a_resumed_source_is_not(void **state)
{
	bool was = false;
	(void)state;
	need_server();
	MUST(pauses_set(&shard, STR("a"), NOON + 5000, &err));
	end_visit("a", NOON + 1);
	assert_int_equal(due_of("a"), NOON + 1);
	const struct source_take paused = take("a", NOON + 1);
	assert_true(paused.verdict == TAKE_PAUSED && paused.again_ms == NOON + 5000);
	assert_int_equal(due_of("a"), NOON + 5000);
	assert_int_equal(take("b", NOON + 1).verdict, TAKE_GO); /* its host is free */
	end_visit("b", NOON + 9000);
	MUST(pauses_lift(&shard, STR("a"), NOON + 2, &was, &err));
	assert_int_equal(take("a", NOON + 2).verdict, TAKE_GO);
}

static void a_pause_that_is_over_holds_nobody(void **state)
{
	(void)state;
	need_server();
	MUST(pauses_set(&shard, STR("a"), NOON + 5000, &err));
	assert_int_equal(take("a", NOON + 4999).verdict, TAKE_PAUSED);
	assert_int_equal(take("a", NOON + 5000).verdict, TAKE_GO);
}

static void what_is_paused_for_good_is_not_taken_in_a_year(void **state)
{
	(void)state;
	need_server();
	MUST(pauses_set(&shard, STR("a"), PAUSE_FOR_GOOD, &err));
	assert_int_equal(take("a", NOON + 365LL * 86400000).verdict, TAKE_PAUSED);
}

static void a_late_owner_puts_nothing_off(void **state)
{
	struct source_take t = { .id = STR("a"), .host = STR("example.com") };
	(void)state;
	need_server();
	MUST(pauses_set(&shard, STR("a"), PAUSE_FOR_GOOD, &err));
	end_visit("a", NOON);
	(void)ASK("HSET", "es:{s07}:lease:crawler", "token", "9:other");
	sources_take_queue(&shard, &t, 1, NOON);
	assert_int_equal(sources_take_answer(redis, &arena, &t, 1, &err), REJECT);
	assert_int_equal(due_of("a"), NOON);
}

#define HERE(test) cmocka_unit_test_setup(test, set_up_shard)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(a_paused_source_leaves_the_others_their_turn),
		HERE(a_pause_with_an_end_is_due_at_its_end),
		HERE(what_is_resumed_is_due_at_once),
		HERE(a_pause_puts_nothing_on_the_list_that_is_not_configured),
		HERE(a_visit_that_ended_after_the_pause_is_put_off_and_a_resumed_source_is_not),
		HERE(a_pause_that_is_over_holds_nobody),
		HERE(what_is_paused_for_good_is_not_taken_in_a_year),
		HERE(a_late_owner_puts_nothing_off),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
