/* Mentions of sources that keep theirs for a shorter time: which go, which stay, and that no page is left out. */
#include "tests/unit/store_fixture.h"

#include "common/store/corrections.h"
#include "common/store/retentions.h"
#include "detector/retention.h"

#define SAME 150 /* mentions of one moment: more than two pages */

static void put(const char *id, const char *source, int64_t at_ms)
{
	const char *const record = arena_printf(&arena,
		"{\"post\":{\"source\":\"%s\",\"text\":\"词 words\"},\"counted\":[\"all\"],\"count_ms\":%lld}", source,
		(long long)at_ms)
					   .p;
	(void)ASK("HSET", "es:{b:acme}:mentions", id, record);
	(void)ASK("ZADD", "es:{b:acme}:times", arena_printf(&arena, "%lld", (long long)at_ms).p, id);
}

static bool is_whole(const char *id)
{
	return str_find(reply_str(ASK("HGET", "es:{b:acme}:mentions", id)), STR("words")) >= 0;
}

static void write_list(void)
{
	struct retention_row row[] = { { STR("short"), MS_PER_HOUR }, { STR("longer"), 5 * MS_PER_HOUR } };
	struct retentions list = { row, 2 };
	retentions_sort(&list);
	MUST(retentions_write(redis, &arena, &list, &err));
}

/* As the detector does it, until a round is over. */
static void whole_round(struct retention *r, int64_t now_ms)
{
	struct retention_round at = { 0 };
	MUST(retention_follow(r, redis, now_ms, &err));
	for (int i = 0; i < 100 && at.again_ms == 0; i++)
		MUST(retention_turn(r, &here, &at, now_ms, &err));
	assert_true(at.again_ms > now_ms);
}

static void a_list_comes_back_and_is_replaced(void **state)
{
	(void)state;
	need_server();
	struct retentions list;
	write_list();
	MUST(retentions_read(redis, &arena, &list, &err));
	assert_int_equal(list.n, 2);
	assert_int_equal(retentions_least(&list), MS_PER_HOUR);
	assert_true(retentions_is_over(&list, STR("short"), NOON - MS_PER_HOUR - 1, NOON));
	assert_false(retentions_is_over(&list, STR("short"), NOON - MS_PER_HOUR, NOON));
	assert_false(retentions_is_over(&list, STR("longer"), NOON - 2 * MS_PER_HOUR, NOON));
	assert_false(retentions_is_over(&list, STR("other"), 0, NOON));
	const struct retentions none = { 0 };
	MUST(retentions_write(redis, &arena, &none, &err));
	MUST(retentions_read(redis, &arena, &list, &err));
	assert_true(list.n == 0 && !retentions_is_over(&list, STR("short"), 0, NOON));
}

static void only_what_is_over_goes_and_the_count_stays(void **state)
{
	(void)state;
	need_server();
	struct retention r;
	const int64_t hours[] = { 2, 2, 6, 2, 0 };
	static const char *const source[] = { "short", "longer", "longer", "other", "short" };
	for (int i = 0; i < 5; i++)
		put(arena_printf(&arena, "p%d", i).p, source[i], NOON - hours[i] * MS_PER_HOUR);
	const struct correction c = { .value = { STR("negative") }, .by = STR("Li"), .at_ms = 1 };
	MUST(corrections_put(&here, STR("p0"), &c, &err));
	MUST(corrections_put(&here, STR("p3"), &c, &err));
	(void)ASK("HSET", "es:{b:acme}:observations", "p0", "{\"text\":\"later\"}");
	write_list();
	retention_init(&r);
	whole_round(&r, NOON);
	assert_false(is_whole("p0"));
	assert_true(is_whole("p1") && is_whole("p3") && is_whole("p4"));
	assert_false(is_whole("p2"));
	assert_true(str_find(reply_str(ASK("HGET", "es:{b:acme}:mentions", "p0")), STR("\"counted\":[\"all\"]")) > 0);
	assert_int_equal(reply_int(ASK("HEXISTS", "es:{b:acme}:observations", "p0")), 0);
	assert_int_equal(reply_int(ASK("HEXISTS", "es:{b:acme}:corrections", "p0")), 0);
	assert_int_equal(reply_int(ASK("HEXISTS", "es:{b:acme}:corrections", "p3")), 1);
	assert_int_equal(reply_int(ASK("ZCARD", "es:{b:acme}:times")), 5);
	retention_release(&r);
}

/* An undated page gives all its posts one moment. */
static void many_of_one_moment_all_go(void **state)
{
	(void)state;
	need_server();
	struct retention r;
	for (int i = 0; i < SAME; i++)
		put(arena_printf(&arena, "s%03d", i).p, i % 3 ? "short" : "other", NOON - 3 * MS_PER_HOUR);
	put("before", "short", NOON - 4 * MS_PER_HOUR);
	put("behind", "short", NOON - 2 * MS_PER_HOUR);
	(void)ASK("ZADD", "es:{b:acme}:times", "1", "without-record");
	write_list();
	retention_init(&r);
	whole_round(&r, NOON);
	for (int i = 0; i < SAME; i++)
		assert_int_equal(is_whole(arena_printf(&arena, "s%03d", i).p), i % 3 == 0);
	assert_false(is_whole("before") || is_whole("behind"));
	whole_round(&r, NOON); /* tombstones are passed over */
	retention_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_list_comes_back_and_is_replaced),
		CASE(only_what_is_over_goes_and_the_count_stays),
		CASE(many_of_one_moment_all_go),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
