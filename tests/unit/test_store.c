/* The store against a real redis-server: exactly once, fencing, leases, counts, and what a restart does. */
#include "tests/unit/store_fixture.h"

#include "common/store/buckets.h"

/* ---- helpers for mentions ---- */

static const char *const all_negative[] = { "all", "negative" };

static struct str post_id(int number)
{
	return arena_printf(&arena, "%032d", number);
}

static struct str record_of(int number, int64_t fetched_ms, int64_t likes)
{
	if (likes < 0)
		return arena_printf(&arena, "{\"post\":{\"id\":\"%032d\",\"fetched_ms\":%lld}}", number, (long long)fetched_ms);
	return arena_printf(&arena, "{\"post\":{\"id\":\"%032d\",\"fetched_ms\":%lld,\"likes\":%lld}}", number,
		(long long)fetched_ms, (long long)likes);
}

/* A sight of post `number` with `likes` (-1 unknown), seen `minutes` after noon; posts count at noon. */
static struct posts_mention sight(int number, int minutes, int64_t likes)
{
	int64_t seen_ms = NOON + minutes * MS_PER_MINUTE;
	struct str observation = arena_printf(&arena, "{\"fetched_ms\":%lld}", (long long)seen_ms);
	if (likes >= 0)
		observation = arena_printf(&arena, "{\"fetched_ms\":%lld,\"likes\":%lld}", (long long)seen_ms, (long long)likes);
	return (struct posts_mention){ .entry_id = STR("0-1"),
		.post_id = post_id(number),
		.record = record_of(number, seen_ms, likes),
		.count_ms = NOON,
		.seen_ms = seen_ms,
		.dimension = all_negative,
		.ndimensions = 2,
		.counter = { likes, -1, -1, -1 },
		.observation = observation };
}

static struct posts_commit commit(const struct posts_mention *m, size_t n)
{
	struct posts_commit done = { 0 };
	posts_commit_queue(&here, m, n);
	MUST(posts_commit_take(redis, &done, &err));
	return done;
}

static double minute_of(const char *dimension, int minutes)
{
	struct series s = { 0 };
	int64_t at_ms = NOON + minutes * MS_PER_MINUTE;
	buckets_minutes_queue(&here, str_of(dimension), at_ms, 1);
	MUST(buckets_minutes_take(redis, &arena, at_ms, 1, &s, &err));
	return s.value[0];
}

static double hour_of(const char *dimension)
{
	struct series s = { 0 };
	buckets_hours_queue(&here, str_of(dimension), NOON, 1);
	MUST(buckets_hours_take(redis, &arena, NOON, 1, &s, &err));
	return s.value[0];
}

static void append(int n)
{
	for (int i = 0; i < n; i++)
		posts_append(&here, arena_printf(&arena, "{\"post\":%d}", i));
	MUST(posts_append_settle(redis, (size_t)n, &err));
}

static size_t read_entries(bool pending, struct posts_entry **entries)
{
	size_t n = 0;
	posts_read(&here, pending, LIMIT_BATCH);
	MUST(posts_read_take(redis, &arena, entries, &n, &err));
	return n;
}

static int64_t pending_count(void)
{
	return reply_int(reply_at(ASK("XPENDING", "es:{b:acme}:posts", "detector"), 0));
}

/* ---- posts ---- */

static void an_entry_delivered_twice_counts_once(void **state)
{
	(void)state;
	need_server();
	append(3);
	struct posts_entry *entries = NULL;
	struct posts_mention m[3];
	for (int turn = 0; turn < 2; turn++) { /* the second time as after a crash before the acknowledgement arrived */
		size_t n = turn == 0 ? read_entries(false, &entries) : 3;
		assert_int_equal(n, 3);
		for (int i = 0; i < 3; i++) {
			m[i] = sight(i, 0, -1);
			m[i].entry_id = entries[i].entry_id;
		}
		struct posts_commit done = commit(m, 3);
		assert_int_equal(done.added, turn == 0 ? 3 : 0);
		assert_int_equal(done.duplicates, turn == 0 ? 0 : 3);
	}
	assert_true(minute_of("all", 0) == 3 && hour_of("all") == 3 && hour_of("negative") == 3);
	assert_int_equal(reply_int(ASK("HGET", "es:{b:acme}:day:all:2096", "11-22")), 3);
	assert_int_equal(pending_count(), 0);
	int64_t mentions = 0, waiting = 0;
	MUST(posts_total(&here, &mentions, &waiting, &err));
	assert_int_equal(mentions, 3);
}

static void a_post_twice_in_one_batch_counts_once(void **state)
{
	(void)state;
	need_server();
	const struct posts_mention m[] = { sight(7, 0, -1), sight(7, 0, -1), sight(8, 0, -1) };
	struct posts_commit done = commit(m, 3);
	assert_int_equal(done.added, 2);
	assert_int_equal(done.duplicates, 1);
	assert_true(minute_of("all", 0) == 2);
}

static void a_later_sight_adds_the_difference_of_its_counters(void **state)
{
	(void)state;
	need_server();
	struct posts_mention first = sight(1, 0, 10), later = sight(1, 5, 25), less = sight(1, 6, 20);
	assert_int_equal(commit(&first, 1).added, 1);
	assert_true(minute_of("likes", 0) == 10);
	for (int turn = 0; turn < 2; turn++) /* a repeat adds nothing */
		assert_int_equal(commit(&later, 1).observed, turn == 0 ? 1 : 0);
	assert_true(minute_of("likes", 5) == 15);
	assert_int_equal(commit(&less, 1).observed, 1);
	assert_true(minute_of("likes", 6) == -5 && hour_of("likes") == 20 && minute_of("all", 0) == 1);
	assert_int_equal(commit(&later, 1).observed, 0); /* an earlier sight that comes late says nothing new */
	assert_true(hour_of("likes") == 20);
}

static void an_unknown_counter_stays_what_it_was(void **state)
{
	(void)state;
	need_server();
	struct posts_mention first = sight(1, 0, 10), silent = sight(1, 5, -1), later = sight(1, 6, 12);
	(void)commit(&first, 1);
	assert_int_equal(commit(&silent, 1).observed, 1);
	assert_true(minute_of("likes", 5) == 0);
	struct str kept = reply_str(ASK("HGET", "es:{b:acme}:observations", arena_cstr(&arena, post_id(1))));
	assert_true(str_find(kept, STR("\"likes\":10")) > 0);
	(void)commit(&later, 1);
	assert_true(minute_of("likes", 6) == 2);
}

static void two_sights_in_one_batch_count_as_two(void **state)
{
	(void)state;
	need_server();
	const struct posts_mention m[] = { sight(1, 0, 3), sight(1, 2, 9), sight(1, 4, 10) };
	struct posts_commit done = commit(m, 3);
	assert_int_equal(done.added, 1);
	assert_int_equal(done.observed, 2);
	assert_true(minute_of("likes", 0) == 3 && minute_of("likes", 2) == 6 && minute_of("likes", 4) == 1);
}

static void an_erased_post_is_not_observed(void **state)
{
	(void)state;
	need_server();
	struct posts_mention first = sight(1, 0, 3), later = sight(1, 5, 50);
	(void)commit(&first, 1);
	(void)ASK("HSET", "es:{b:acme}:mentions", arena_cstr(&arena, post_id(1)), "{\"erased\":true}");
	assert_int_equal(commit(&later, 1).observed, 0);
	assert_true(minute_of("likes", 5) == 0);
}

static void a_late_owner_is_fenced(void **state)
{
	(void)state;
	need_server();
	struct lease other = { .role = LEASE_DETECTOR, .partition = brand };
	MUST(lease_renew(redis, &arena, &other, 1, STR("detector:test:2"), &err));
	assert_false(other.held);
	(void)ASK("HSET", "es:{b:acme}:lease:detector", "until_ms", "1");
	MUST(lease_renew(redis, &arena, &other, 1, STR("detector:test:2"), &err));
	assert_true(other.held && other.just_taken);
	struct posts_mention m = sight(1, 0, -1);
	struct posts_commit done = { 0 };
	posts_commit_queue(&here, &m, 1);
	assert_int_equal(posts_commit_take(redis, &done, &err), REJECT);
	assert_non_null(strstr(err.text, "fenced"));
	int64_t left = 0;
	assert_int_equal(posts_trim(&here, &left, &err), REJECT);
	assert_true(minute_of("all", 0) == 0);
	MUST(lease_renew(redis, &arena, &owner, 1, STR("detector:test:1"), &err));
	assert_false(owner.held);
	assert_int_equal(owner.token[0], 0);
}

static void a_lease_given_up_is_free_at_once(void **state)
{
	(void)state;
	need_server();
	struct lease other = { .role = LEASE_DETECTOR, .partition = brand };
	MUST(lease_renew(redis, &arena, &owner, 1, STR("me"), &err));
	assert_true(owner.held && !owner.just_taken);
	lease_release(redis, &arena, &owner, 1);
	MUST(lease_renew(redis, &arena, &other, 1, STR("you"), &err));
	assert_true(other.held && other.just_taken);
	struct lease_state seen = { 0 };
	MUST(lease_read(redis, &arena, &other, &seen, &err));
	assert_true(str_eqc(seen.owner, "you") && seen.epoch == 2 && seen.until_ms > 0);
}

/* `earshot up` starts a role again under the name of the one that died. */
static void a_lease_in_our_own_name_is_ours_at_once(void **state)
{
	(void)state;
	need_server();
	struct lease again = { .role = LEASE_DETECTOR, .partition = brand };
	MUST(lease_renew(redis, &arena, &owner, 1, STR("detector:test:up1"), &err));
	MUST(lease_renew(redis, &arena, &again, 1, STR("detector:test:up1"), &err));
	assert_true(again.held && again.just_taken);
	MUST(lease_renew(redis, &arena, &again, 1, STR("detector:test:up1"), &err));
	assert_true(again.held && !again.just_taken);
	struct posts_mention m = sight(1, 0, -1);
	struct posts_commit done = { 0 };
	posts_commit_queue(&here, &m, 1);
	assert_int_equal(posts_commit_take(redis, &done, &err), REJECT); /* the dead one's token, should it wake up */
}

static void a_lease_of_a_clock_that_went_back_binds_nobody(void **state)
{
	(void)state;
	need_server();
	struct lease other = { .role = LEASE_DETECTOR, .partition = brand };
	(void)ASK("HSET", "es:{b:acme}:lease:detector", "until_ms", "99999999999999");
	MUST(lease_renew(redis, &arena, &other, 1, STR("you"), &err));
	assert_true(other.held);
}

static void a_wrong_type_stops_a_commit_before_it_writes(void **state)
{
	(void)state;
	need_server();
	(void)ASK("SET", "es:{b:acme}:hour:negative:2096-11", "oops");
	struct posts_mention m = sight(1, 0, -1);
	struct posts_commit done = { 0 };
	posts_commit_queue(&here, &m, 1);
	assert_int_equal(posts_commit_take(redis, &done, &err), REJECT);
	assert_int_equal(reply_int(ASK("HLEN", "es:{b:acme}:mentions")), 0);
	assert_true(minute_of("all", 0) == 0);
}

static void buckets_run_out_but_old_ones_are_kept_as_long(void **state)
{
	(void)state;
	need_server();
	struct posts_mention m = sight(1, 0, -1);
	m.count_ms = clock_from_utc(2015, 2, 22, 23, 59, 59);
	(void)commit(&m, 1);
	int64_t ttl_s = reply_int(ASK("TTL", "es:{b:acme}:minute:all:2015-02-22"));
	assert_in_range(ttl_s, 34 * 86400, 36 * 86400);
	assert_int_equal(reply_int(ASK("HGET", "es:{b:acme}:minute:all:2015-02-22", "23:59")), 1);
	assert_int_equal(reply_int(ASK("HGET", "es:{b:acme}:hour:all:2015-02", "22T23")), 1);
	assert_int_equal(reply_int(ASK("TTL", "es:{b:acme}:day:all:2015")), -1);
}

static void a_full_batch_over_many_days_adds_up(void **state)
{
	(void)state;
	need_server();
	struct posts_mention m[LIMIT_BATCH];
	for (int i = 0; i < LIMIT_BATCH; i++) {
		m[i] = sight(i, i, i);
		m[i].count_ms = NOON - (int64_t)i * 7 * MS_PER_HOUR;
	}
	struct posts_commit done = commit(m, LIMIT_BATCH);
	assert_int_equal(done.added, LIMIT_BATCH);
	struct series s = { 0 };
	int64_t from_ms = NOON - 80 * MS_PER_DAY;
	buckets_hours_queue(&here, STR("all"), from_ms, 81 * 24);
	MUST(buckets_hours_take(redis, &arena, from_ms, 81 * 24, &s, &err));
	double sum = 0;
	for (size_t i = 0; i < s.n; i++)
		sum += s.value[i];
	assert_true(sum == LIMIT_BATCH && s.value[80 * 24] == 1);
	buckets_minutes_queue(&here, STR("all"), from_ms, 81 * 1440);
	MUST(buckets_minutes_take(redis, &arena, from_ms, 81 * 1440, &s, &err));
	sum = 0;
	for (size_t i = 0; i < s.n; i++)
		sum += s.value[i];
	assert_true(sum == LIMIT_BATCH && s.value[(80 * 24 - 7) * 60] == 1);
}

static void trim_never_cuts_what_is_not_acknowledged(void **state)
{
	(void)state;
	need_server();
	append(10);
	struct posts_entry *entries = NULL;
	int64_t left = 0;
	MUST(posts_trim(&here, &left, &err));
	assert_int_equal(left, 10); /* nothing was read */
	posts_read(&here, false, 6);
	size_t n = 0;
	MUST(posts_read_take(redis, &arena, &entries, &n, &err));
	assert_int_equal(n, 6);
	struct posts_mention m[2] = { sight(0, 0, -1), sight(1, 0, -1) };
	m[0].entry_id = entries[0].entry_id;
	m[1].entry_id = entries[3].entry_id; /* out of order: 1 and 2 stay unacknowledged */
	(void)commit(m, 2);
	MUST(posts_trim(&here, &left, &err));
	assert_int_equal(left, 9);
	assert_int_equal(read_entries(true, &entries), 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(entries[i].body.n > 0);
	assert_int_equal(read_entries(false, &entries), 4);
}

static void a_stream_that_lost_its_group_gets_it_back(void **state)
{
	(void)state;
	need_server();
	append(2);
	(void)ASK("XGROUP", "DESTROY", "es:{b:acme}:posts", "detector");
	struct posts_entry *entries = NULL;
	size_t n = 0;
	posts_read(&here, false, 10);
	assert_int_equal(posts_read_take(redis, &arena, &entries, &n, &err), RETRY);
	int64_t left = 0;
	MUST(posts_trim(&here, &left, &err));
	assert_int_equal(left, 2);
	assert_int_equal(read_entries(false, &entries), 2);
}

static void an_entry_that_fails_is_counted_and_buried_once(void **state)
{
	(void)state;
	need_server();
	append(2);
	struct posts_entry *entries = NULL;
	(void)read_entries(false, &entries);
	for (int i = 0; i < 2; i++)
		assert_int_equal(read_entries(true, &entries), 2);
	int64_t deliveries[2] = { 0 };
	MUST(posts_deliveries(&here, entries, 2, deliveries, &err));
	assert_int_equal(deliveries[0], 3);
	for (int i = 0; i < 2; i++)
		MUST(posts_bury(&here, &entries[0], STR("not JSON"), &err));
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:posts:dead")), 1);
	assert_int_equal(read_entries(true, &entries), 1);
}

static void an_entry_deleted_under_the_reader_has_no_body(void **state)
{
	(void)state;
	need_server();
	append(2);
	struct posts_entry *entries = NULL;
	(void)read_entries(false, &entries);
	(void)ASK("XDEL", "es:{b:acme}:posts", arena_cstr(&arena, entries[0].entry_id));
	assert_int_equal(read_entries(true, &entries), 2);
	assert_int_equal(entries[0].body.n, 0);
	assert_true(entries[1].body.n > 0);
}

static void what_is_older_than_the_cut_off_goes(void **state)
{
	(void)state;
	need_server();
	struct posts_mention m[4];
	for (int i = 0; i < 4; i++) {
		m[i] = sight(i, 0, -1);
		m[i].count_ms = NOON + i * MS_PER_HOUR;
	}
	(void)commit(m, 4);
	int64_t n = 0;
	MUST(posts_expire(&here, NOON + 2 * MS_PER_HOUR, 100, &n, &err));
	assert_int_equal(n, 2);
	struct posts_found *found = NULL;
	size_t nfound = 0;
	MUST(posts_find(&here, (struct posts_span){ 0, NOON + MS_PER_DAY, 10 }, &found, &nfound, &err));
	assert_int_equal(nfound, 2);
	assert_true(found[0].count_ms > found[1].count_ms && found[0].record.n > 0 && found[0].observation.n == 0);
	assert_true(minute_of("all", 0) == 1); /* counts outlive the records */
}

static void a_repaired_minute_takes_its_hour_and_day_along(void **state)
{
	(void)state;
	need_server();
	const struct posts_mention m[] = { sight(1, 0, -1), sight(2, 0, -1) };
	(void)commit(m, 2);
	MUST(buckets_repair(&here, STR("all"), NOON, 5, &err));
	assert_true(minute_of("all", 0) == 5 && hour_of("all") == 5 && hour_of("negative") == 2);
	MUST(buckets_repair(&here, STR("all"), NOON, 1, &err));
	assert_int_equal(reply_int(ASK("HGET", "es:{b:acme}:day:all:2096", "11-22")), 1);
}

/* ---- the server goes away ---- */

static void a_restart_of_redis_is_noticed_and_loses_nothing(void **state)
{
	(void)state;
	need_server();
	struct posts_mention m = sight(1, 0, -1);
	(void)commit(&m, 1);
	clock_sleep_ms(1100); /* fsync every second: this is a kill of the process, the page cache stays; rest anyway */
	(void)redis_take_new_run(redis);
	assert_true(redis_crash());
	struct posts_commit done = { 0 };
	posts_commit_queue(&here, &m, 1);
	assert_int_equal(posts_commit_take(redis, &done, &err), RETRY);
	assert_false(redis_connected(redis));
	posts_commit_queue(&here, &m, 1); /* without a connection: RETRY, no crash */
	assert_int_equal(posts_commit_take(redis, &done, &err), RETRY);
	assert_true(redis_backoff_ms(redis) <= LIMIT_REDIS_BACKOFF_MS);
	MUST(redis_connect(redis, &err));
	assert_true(redis_take_new_run(redis));
	assert_false(redis_take_new_run(redis));
	MUST(redis_functions(redis, false, &err)); /* functions are as durable as data */
	MUST(redis_rewrite_aof(redis, &arena, &err));
	assert_int_equal(commit(&m, 1).duplicates, 1);
	assert_true(minute_of("all", 0) == 1);
}

static void a_reply_nobody_took_does_not_shift_the_next(void **state)
{
	(void)state;
	need_server();
	posts_read(&here, false, 10);
	posts_read(&here, false, 10);
	assert_int_equal(redis_pending(redis), 2);
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:posts")), 0);
	assert_int_equal(redis_pending(redis), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_entry_delivered_twice_counts_once),
		CASE(a_post_twice_in_one_batch_counts_once),
		CASE(a_later_sight_adds_the_difference_of_its_counters),
		CASE(an_unknown_counter_stays_what_it_was),
		CASE(two_sights_in_one_batch_count_as_two),
		CASE(an_erased_post_is_not_observed),
		CASE(a_late_owner_is_fenced),
		CASE(a_lease_given_up_is_free_at_once),
		CASE(a_lease_in_our_own_name_is_ours_at_once),
		CASE(a_lease_of_a_clock_that_went_back_binds_nobody),
		CASE(a_wrong_type_stops_a_commit_before_it_writes),
		CASE(buckets_run_out_but_old_ones_are_kept_as_long),
		CASE(a_full_batch_over_many_days_adds_up),
		CASE(trim_never_cuts_what_is_not_acknowledged),
		CASE(a_stream_that_lost_its_group_gets_it_back),
		CASE(an_entry_that_fails_is_counted_and_buried_once),
		CASE(an_entry_deleted_under_the_reader_has_no_body),
		CASE(what_is_older_than_the_cut_off_goes),
		CASE(a_repaired_minute_takes_its_hour_and_day_along),
		CASE(a_reply_nobody_took_does_not_shift_the_next),
		CASE(a_restart_of_redis_is_noticed_and_loses_nothing),
	};
	return cmocka_run_group_tests_name("store", tests, store_start, store_stop);
}
