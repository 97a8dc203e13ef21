/* The store against a real redis-server: exactly once, fencing, leases, incidents, alerts, sources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/proc.h"
#include "common/store/buckets.h"
#include "common/store/incidents.h"
#include "common/store/keys.h"
#include "common/store/outbox.h"
#include "common/store/posts.h"
#include "common/store/procs.h"
#include "common/store/sources.h"
#include "tests/support/redis_up.h"
#include <earshot/limits.h>

#include <stdio.h>
#include <string.h>

#define NOON 1795348800000LL /* 2026-11-22T12:00:00Z */
#define MUST(call) must((call), #call)

static struct redis *redis;
static struct arena arena;
static struct err err;
static char url[256];
static struct str brand;
static struct lease owner;

static void must(enum outcome o, const char *what)
{
	if (o != OK)
		fail_msg("%s: outcome %d, %s", what, o, err.text);
}

static const struct reply *ask(size_t n, const char *const *word)
{
	struct command c = command_new(&arena, n);
	for (size_t i = 0; i < n; i++)
		command_addz(&c, word[i]);
	const struct reply *reply = NULL;
	MUST(redis_ask(redis, &c, &reply, &err));
	return reply;
}
#define ASK(...) ask(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (const char *const[]){ __VA_ARGS__ })

/* A clean server, the functions, brand "acme" with its group, and its detector's lease. */
static int set_up(void **state)
{
	(void)state;
	if (!redis)
		return 0;
	arena_reset(&arena);
	redis_done(redis);
	MUST(redis_connect(redis, &err));
	(void)ASK("FLUSHALL");
	brand = STR("acme");
	owner = (struct lease){ .role = LEASE_DETECTOR, .partition = brand };
	MUST(posts_group(redis, &arena, brand, &err));
	MUST(lease_renew(redis, &arena, &owner, 1, STR("detector:test:1"), &err));
	assert_true(owner.held);
	return 0;
}

static void need_server(void)
{
	if (!redis)
		skip();
}

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
	posts_commit_queue(redis, &arena, brand, &owner, m, n);
	MUST(posts_commit_take(redis, &done, &err));
	return done;
}

static double minute_of(const char *dimension, int minutes)
{
	struct series s = { 0 };
	int64_t at_ms = NOON + minutes * MS_PER_MINUTE;
	buckets_minutes_queue(redis, &arena, brand, str_of(dimension), at_ms, 1);
	MUST(buckets_minutes_take(redis, &arena, at_ms, 1, &s, &err));
	return s.value[0];
}

static double hour_of(const char *dimension)
{
	struct series s = { 0 };
	buckets_hours_queue(redis, &arena, brand, str_of(dimension), NOON, 1);
	MUST(buckets_hours_take(redis, &arena, NOON, 1, &s, &err));
	return s.value[0];
}

static void append(int n)
{
	for (int i = 0; i < n; i++)
		posts_append(redis, &arena, brand, arena_printf(&arena, "{\"post\":%d}", i));
	MUST(posts_append_settle(redis, (size_t)n, &err));
}

static size_t read_entries(bool pending, struct posts_entry **entries)
{
	size_t n = 0;
	posts_read(redis, &arena, brand, pending, LIMIT_BATCH);
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
	assert_int_equal(reply_int(ASK("HGET", "es:{b:acme}:day:all:2026", "11-22")), 3);
	assert_int_equal(pending_count(), 0);
	int64_t mentions = 0, waiting = 0;
	MUST(posts_total(redis, &arena, brand, &mentions, &waiting, &err));
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
	posts_commit_queue(redis, &arena, brand, &owner, &m, 1);
	assert_int_equal(posts_commit_take(redis, &done, &err), REJECT);
	assert_non_null(strstr(err.text, "fenced"));
	int64_t left = 0;
	assert_int_equal(posts_trim(redis, &arena, brand, &owner, &left, &err), REJECT);
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
	(void)ASK("SET", "es:{b:acme}:hour:negative:2026-11", "oops");
	struct posts_mention m = sight(1, 0, -1);
	struct posts_commit done = { 0 };
	posts_commit_queue(redis, &arena, brand, &owner, &m, 1);
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
	buckets_hours_queue(redis, &arena, brand, STR("all"), from_ms, 81 * 24);
	MUST(buckets_hours_take(redis, &arena, from_ms, 81 * 24, &s, &err));
	double sum = 0;
	for (size_t i = 0; i < s.n; i++)
		sum += s.value[i];
	assert_true(sum == LIMIT_BATCH && s.value[80 * 24] == 1);
	buckets_minutes_queue(redis, &arena, brand, STR("all"), from_ms, 81 * 1440);
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
	MUST(posts_trim(redis, &arena, brand, &owner, &left, &err));
	assert_int_equal(left, 10); /* nothing was read */
	posts_read(redis, &arena, brand, false, 6);
	size_t n = 0;
	MUST(posts_read_take(redis, &arena, &entries, &n, &err));
	assert_int_equal(n, 6);
	struct posts_mention m[2] = { sight(0, 0, -1), sight(1, 0, -1) };
	m[0].entry_id = entries[0].entry_id;
	m[1].entry_id = entries[3].entry_id; /* out of order: 1 and 2 stay unacknowledged */
	(void)commit(m, 2);
	MUST(posts_trim(redis, &arena, brand, &owner, &left, &err));
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
	posts_read(redis, &arena, brand, false, 10);
	assert_int_equal(posts_read_take(redis, &arena, &entries, &n, &err), RETRY);
	int64_t left = 0;
	MUST(posts_trim(redis, &arena, brand, &owner, &left, &err));
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
	MUST(posts_deliveries(redis, &arena, brand, entries, 2, deliveries, &err));
	assert_int_equal(deliveries[0], 3);
	for (int i = 0; i < 2; i++)
		MUST(posts_bury(redis, &arena, brand, &owner, &entries[0], STR("not JSON"), &err));
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
	MUST(posts_expire(redis, &arena, brand, &owner, NOON + 2 * MS_PER_HOUR, 100, &n, &err));
	assert_int_equal(n, 2);
	struct posts_found *found = NULL;
	size_t nfound = 0;
	MUST(posts_find(redis, &arena, brand, 0, NOON + MS_PER_DAY, 10, &found, &nfound, &err));
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
	MUST(buckets_repair(redis, &arena, brand, STR("all"), NOON, 5, &err));
	assert_true(minute_of("all", 0) == 5 && hour_of("all") == 5 && hour_of("negative") == 2);
	MUST(buckets_repair(redis, &arena, brand, STR("all"), NOON, 1, &err));
	assert_int_equal(reply_int(ASK("HGET", "es:{b:acme}:day:all:2026", "11-22")), 1);
}

/* ---- incidents ---- */

static struct incident surge(int64_t revision)
{
	struct incident i = { .id = "0123456789abcdef0123456789abcdef",
		.series = "all",
		.state = INC_DETECTED,
		.level = LEVEL_ORANGE,
		.revision = revision,
		.onset_ms = NOON,
		.opened_ms = NOON + 1,
		.posts = 41.5,
		.by = "王芳",
		.note = "核实中" };
	i.peak = (struct evidence){
		.observed = 41, .expected = 3.25, .p_value = 1e-30, .ratio = 12.6, .window_ms = 300000, .missing = true
	};
	return i;
}

static struct incidents_step step_of(const struct incident *i, int64_t expected)
{
	return (struct incidents_step){ .expected_revision = expected,
		.tick_ms = NOON + 60000,
		.model = STR("M1"),
		.incident = i,
		.from = INC_NONE,
		.event = EVT_SURGE,
		.outbox = STR("{\"event_id\":\"x:1\"}"),
		.wish_entry = STR(""),
		.wish_id = STR(""),
		.wish_outcome = STR(""),
		.at_ms = NOON + 60000 };
}

static void a_step_changes_everything_at_once_and_only_once(void **state)
{
	(void)state;
	need_server();
	const struct incident i = surge(1);
	const struct incidents_step s = step_of(&i, 0);
	for (int turn = 0; turn < 2; turn++) /* the second time the reply of the first was lost */
		MUST(incidents_commit(redis, &arena, brand, &owner, &s, &err));
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:timeline")), 1);
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:outbox")), 1);
	struct progress p = { 0 };
	MUST(incidents_progress(redis, &arena, brand, &p, &err));
	assert_int_equal(p.revision, 1);
	assert_int_equal(p.tick_ms, NOON + 60000);
	assert_true(str_eqc(p.model, "M1") && str_eqc(p.run_id, redis_run_id(redis)));
	assert_memory_equal(p.incident.id, i.id, sizeof(i.id));
	assert_true(p.incident.level == LEVEL_ORANGE && p.incident.peak.p_value == 1e-30 && p.incident.posts == 41.5);
	assert_true(p.incident.peak.missing && p.incident.peak.window_ms == 300000);
	assert_string_equal(p.incident.note, "核实中");
}

static void a_stale_step_is_refused(void **state)
{
	(void)state;
	need_server();
	const struct incident i = surge(1), j = surge(5);
	const struct incidents_step s = step_of(&i, 0);
	struct incidents_step stale = step_of(&j, 4);
	MUST(incidents_commit(redis, &arena, brand, &owner, &s, &err));
	assert_int_equal(incidents_commit(redis, &arena, brand, &owner, &stale, &err), REJECT);
	assert_non_null(strstr(err.text, "stale"));
	stale = step_of(&i, 0);
	stale.at_ms++; /* the same words at another time are another step */
	assert_int_equal(incidents_commit(redis, &arena, brand, &owner, &stale, &err), REJECT);
	struct lease nobody = { .role = LEASE_DETECTOR, .partition = brand };
	assert_int_equal(incidents_commit(redis, &arena, brand, &nobody, &s, &err), REJECT);
	assert_non_null(strstr(err.text, "fenced"));
}

static void progress_of_many_brands_shares_a_round_trip(void **state)
{
	(void)state;
	need_server();
	const struct incidents_progress_step s = { 0, NOON, STR("M2") }, silent = { 0, NOON + 1, STR("") },
					     stale = { 3, NOON, STR("") };
	incidents_progress_queue(redis, &arena, brand, &owner, &s);
	incidents_progress_queue(redis, &arena, brand, &owner, &silent);
	incidents_progress_queue(redis, &arena, brand, &owner, &stale);
	MUST(redis_flush(redis, &err));
	MUST(incidents_progress_take(redis, &err));
	MUST(incidents_progress_take(redis, &err));
	assert_int_equal(incidents_progress_take(redis, &err), REJECT);
	struct progress p = { 0 };
	MUST(incidents_progress(redis, &arena, brand, &p, &err));
	assert_true(p.tick_ms == NOON + 1 && str_eqc(p.model, "M2") && p.incident.id[0] == 0);
	MUST(incidents_progress(redis, &arena, STR("other"), &p, &err));
	assert_true(p.tick_ms == -1 && p.revision == 0);
}

static void a_wish_goes_in_is_read_again_and_is_settled(void **state)
{
	(void)state;
	need_server();
	const struct wish w = { .wish_id = STR("1795348800000-a"),
		.verb = STR("ack"),
		.incident = STR("0123"),
		.by = STR("Li Lei"),
		.note = STR("看到了"),
		.at_ms = NOON,
		.until_ms = NOON + 5 };
	MUST(incidents_wish(redis, &arena, brand, &w, &err));
	struct wish *wishes = NULL;
	size_t n = 0;
	MUST(incidents_wishes(redis, &arena, brand, false, &wishes, &n, &err));
	assert_int_equal(n, 1);
	MUST(incidents_wishes(redis, &arena, brand, true, &wishes, &n, &err)); /* as after a crash */
	assert_int_equal(n, 1);
	assert_true(str_eqc(wishes[0].note, "看到了") && wishes[0].until_ms == NOON + 5);
	struct str outcome = STR("?");
	MUST(incidents_wish_outcome(redis, &arena, brand, w.wish_id, &outcome, &err));
	assert_int_equal(outcome.n, 0);
	struct incidents_step refused = step_of(NULL, 0);
	refused.wish_entry = wishes[0].entry_id;
	refused.wish_id = wishes[0].wish_id;
	refused.wish_outcome = STR("{\"ok\":false}");
	MUST(incidents_commit(redis, &arena, brand, &owner, &refused, &err));
	MUST(incidents_wish_outcome(redis, &arena, brand, w.wish_id, &outcome, &err));
	assert_true(str_eqc(outcome, "{\"ok\":false}"));
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:control")), 0);
	MUST(incidents_wishes(redis, &arena, brand, true, &wishes, &n, &err));
	assert_int_equal(n, 0);
}

static void incidents_are_listed_and_told_as_json(void **state)
{
	(void)state;
	need_server();
	const struct incident i = surge(1);
	const struct incidents_step s = step_of(&i, 0);
	MUST(incidents_commit(redis, &arena, brand, &owner, &s, &err));
	struct incident *list = NULL;
	size_t n = 0;
	MUST(incidents_list(redis, &arena, brand, 10, &list, &n, &err));
	assert_int_equal(n, 1);
	struct buf b;
	buf_init(&b, 8192);
	incident_write(&b, &list[0], brand);
	assert_true(str_find(buf_str(&b), STR("\"p_value\":1e-30")) > 0);
	buf_clear(&b);
	MUST(incidents_timeline(redis, &arena, brand, 10, &b, &err));
	assert_true(str_find(buf_str(&b), STR("\"note\":\"核实中\"")) > 0 && buf_str(&b).p[b.n - 1] == '\n');
	buf_release(&b);
}

/* ---- alerts ---- */

static struct lease courier;

static struct outbox_entry one_alert(void)
{
	const struct incident i = surge(1);
	struct incidents_step s = step_of(&i, 0);
	struct alert alert = { .event_id = STR("inc:1"),
		.brand = brand,
		.brand_name = STR("艾克米"),
		.incident = i,
		.event = EVT_SURGE,
		.negative_share = 0.62,
		.usual_negative_share = -1,
		.at_ms = NOON };
	struct buf b;
	buf_init(&b, LIMIT_ALERT_BYTES);
	alert_write(&b, &alert);
	s.outbox = arena_copy(&arena, buf_str(&b));
	buf_release(&b);
	MUST(incidents_commit(redis, &arena, brand, &owner, &s, &err));
	courier = (struct lease){ .role = LEASE_NOTIFIER, .partition = brand };
	MUST(lease_renew(redis, &arena, &courier, 1, STR("notifier:test:1"), &err));
	struct outbox_entry *entries = NULL;
	size_t n = 0;
	for (int turn = 0; turn < 2; turn++) { /* an entry that was read and not planned comes again */
		MUST(outbox_read(redis, &arena, brand, &entries, &n, &err));
		assert_int_equal(n, 1);
	}
	return entries[0];
}

static size_t due(int64_t now_ms, struct delivery **out)
{
	size_t n = 0;
	MUST(outbox_due(redis, &arena, brand, now_ms, 10, out, &n, &err));
	return n;
}

static void an_alert_survives_its_journey_unchanged(void **state)
{
	(void)state;
	need_server();
	const struct outbox_entry entry = one_alert();
	struct alert back = { 0 };
	MUST(alert_parse(&arena, entry.alert_json, &back, &err));
	assert_true(str_eqc(back.brand_name, "艾克米") && back.negative_share == 0.62 && back.usual_negative_share == -1);
	assert_true(back.incident.level == LEVEL_ORANGE && back.event == EVT_SURGE && back.nexcerpts == 0);
	const struct str targets[] = { STR("pr-\"group\""), STR("log") };
	for (int turn = 0; turn < 2; turn++)
		MUST(outbox_plan(redis, &arena, brand, &courier, &entry, STR("inc:1"), targets, 2, NOON, &err));
	struct delivery *list = NULL;
	assert_int_equal(due(NOON - 1, &list), 0);
	assert_int_equal(due(NOON, &list), 2);
	for (int i = 0; i < 2; i++)
		assert_true(str_eq(list[i].alert_json, entry.alert_json) && list[i].attempts == 0);
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:outbox")), 0);
}

static void a_delivery_is_begun_settled_and_never_again(void **state)
{
	(void)state;
	need_server();
	const struct outbox_entry entry = one_alert();
	const struct str target = STR("pr");
	MUST(outbox_plan(redis, &arena, brand, &courier, &entry, STR("inc:1"), &target, 1, NOON, &err));
	struct delivery *list = NULL;
	assert_int_equal(due(NOON, &list), 1);
	const struct delivery d = list[0];
	for (int turn = 0; turn < 2; turn++) /* a lost reply */
		MUST(outbox_begin(redis, &arena, brand, &courier, &d, NOON + 100, &err));
	assert_int_equal(due(NOON + 50, &list), 0); /* under way */
	assert_int_equal(outbox_begin(redis, &arena, brand, &courier, &d, NOON + 200, &err), REJECT);
	assert_int_equal(due(NOON + 100, &list), 1); /* the sender died: it comes again with one attempt more */
	assert_int_equal(list[0].attempts, 1);
	MUST(outbox_settle(redis, &arena, brand, &courier, &list[0], SETTLE_RETRY, NOON + 500, STR("HTTP 503"), &err));
	assert_int_equal(due(NOON + 499, &list), 0);
	assert_int_equal(due(NOON + 500, &list), 1);
	for (int turn = 0; turn < 2; turn++)
		MUST(outbox_settle(redis, &arena, brand, &courier, &list[0], SETTLE_SENT, NOON + 501, STR(""), &err));
	const struct delivery sent = list[0];
	assert_int_equal(due(NOON + MS_PER_DAY, &list), 0);
	assert_int_equal(outbox_begin(redis, &arena, brand, &courier, &sent, NOON + 900, &err), SKIP);
	MUST(outbox_plan(redis, &arena, brand, &courier, &entry, STR("inc:1"), &target, 1, NOON, &err));
	assert_int_equal(due(NOON + MS_PER_DAY, &list), 0); /* planned again after a crash: it exists */
	struct str kept = reply_str(ASK("HGET", "es:{b:acme}:deliveries", "inc:1:pr"));
	assert_true(str_find(kept, STR("\"state\":\"sent\"")) > 0 && str_find(kept, STR("\"excerpts\":[]")) > 0);
}

static void trouble_ends_in_the_dead_letter_list(void **state)
{
	(void)state;
	need_server();
	const struct outbox_entry entry = one_alert();
	const struct str target = STR("pr");
	MUST(outbox_plan(redis, &arena, brand, &courier, &entry, STR("inc:1"), &target, 1, NOON, &err));
	struct delivery *list = NULL;
	assert_int_equal(due(NOON, &list), 1);
	MUST(outbox_begin(redis, &arena, brand, &courier, &list[0], NOON + 100, &err));
	for (int turn = 0; turn < 2; turn++)
		MUST(outbox_settle(redis, &arena, brand, &courier, &list[0], SETTLE_DEAD, NOON, STR("HTTP 410"), &err));
	struct outbox_counts counts = { 0 };
	MUST(outbox_counts(redis, &arena, brand, &counts, &err));
	assert_true(counts.unplanned == 0 && counts.waiting == 0 && counts.dead == 1);
	const struct reply *dead = reply_at(ASK("XRANGE", "es:{b:acme}:deliveries:dead", "-", "+"), 0);
	assert_true(str_eq(reply_str(reply_field(reply_at(dead, 1), "alert")), entry.alert_json));
	assert_true(str_eqc(reply_str(reply_field(reply_at(dead, 1), "error")), "HTTP 410"));
}

/* ---- sources ---- */

static struct lease shard_lease;

static void take_shard(void)
{
	shard_lease = (struct lease){ .role = LEASE_CRAWLER, .partition = STR("s07") };
	MUST(lease_renew(redis, &arena, &shard_lease, 1, STR("crawler:test:1"), &err));
	assert_true(shard_lease.held);
	assert_int_equal(reply_int(ASK("EXISTS", "es:{s07}:lease:crawler")), 1);
}

static size_t due_sources(int64_t now_ms, struct str **id)
{
	size_t n = 0;
	sources_due_queue(redis, &arena, 7, now_ms, 100);
	MUST(sources_due_take(redis, &arena, id, &n, &err));
	return n;
}

static void a_source_remembers_where_it_was(void **state)
{
	(void)state;
	need_server();
	take_shard();
	const struct str ids[] = { STR("news-a"), STR("news-b") };
	MUST(sources_sync(redis, &arena, 7, &shard_lease, ids, 2, NOON, &err));
	struct str *id = NULL;
	assert_int_equal(due_sources(NOON, &id), 2);
	struct source_state s = { .etag = STR("W/\"x\""),
		.last_modified = STR("Sun, 22 Nov 2026 12:00:00 GMT"),
		.error = STR(""),
		.next_ms = NOON + 60000,
		.fetched_ms = NOON,
		.status = 200,
		.polls = 3,
		.body_hash = -5 },
			    back = { 0 };
	const struct source_seen seen[] = { { post_id(1), 0xfedcba9876543210u }, { post_id(2), 7 } };
	for (int turn = 0; turn < 2; turn++)
		MUST(sources_commit(redis, &arena, 7, &shard_lease, ids[0], &s, seen, 2, &err));
	MUST(sources_state(redis, &arena, 7, ids[0], &back, &err));
	assert_true(str_eqc(back.etag, "W/\"x\"") && back.status == 200 && back.polls == 3 && back.body_hash == -5);
	const struct str asked[] = { post_id(1), post_id(3), post_id(2) };
	uint64_t fingerprint[3] = { 9, 9, 9 };
	MUST(sources_seen(redis, &arena, 7, ids[0], asked, 3, fingerprint, &err));
	assert_true(fingerprint[0] == 0xfedcba9876543210u && fingerprint[1] == 0 && fingerprint[2] == 7);
	assert_int_equal(due_sources(NOON, &id), 1);
	assert_true(str_eqc(id[0], "news-b"));
	MUST(sources_sync(redis, &arena, 7, &shard_lease, &ids[1], 1, NOON + 1, &err)); /* news-a is not configured any more */
	assert_int_equal(due_sources(NOON + MS_PER_DAY, &id), 1);
	assert_int_equal(reply_int(ASK("EXISTS", "es:{s07}:source:news-a", "es:{s07}:seen:news-a")), 0);
}

static void only_the_newest_entries_of_a_source_are_remembered(void **state)
{
	(void)state;
	need_server();
	take_shard();
	struct source_seen *seen = arena_list(&arena, struct source_seen, 3000);
	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < 3000; i++)
			seen[i] = (struct source_seen){ post_id(turn * 3000 + i), 1 };
		const struct source_state s = { .fetched_ms = NOON + turn, .next_ms = NOON };
		MUST(sources_commit(redis, &arena, 7, &shard_lease, STR("x"), &s, seen, 3000, &err));
	}
	assert_int_equal(reply_int(ASK("HLEN", "es:{s07}:seen:x")), LIMIT_SEEN_PER_SOURCE);
	const struct str asked[] = { post_id(0), post_id(5999) };
	uint64_t fingerprint[2] = { 0 };
	MUST(sources_seen(redis, &arena, 7, STR("x"), asked, 2, fingerprint, &err));
	assert_true(fingerprint[0] == 0 && fingerprint[1] == 1);
}

static void a_host_is_asked_by_one_and_not_too_often(void **state)
{
	(void)state;
	need_server();
	take_shard();
	int64_t allowed_ms = -1;
	MUST(sources_host_claim(redis, &arena, 7, &shard_lease, STR("example.com"), NOON, 30000, &allowed_ms, &err));
	assert_true(allowed_ms <= NOON);
	MUST(sources_host_claim(redis, &arena, 7, &shard_lease, STR("example.com"), NOON + 1, 30000, &allowed_ms, &err));
	assert_int_equal(allowed_ms, NOON + 30000);
	MUST(sources_host_done(redis, &arena, 7, &shard_lease, STR("example.com"), NOON + 2000, 1, &err));
	MUST(sources_host_claim(redis, &arena, 7, &shard_lease, STR("example.com"), NOON + 2000, 30000, &allowed_ms, &err));
	assert_int_equal(allowed_ms, NOON + 2000);
}

/* ---- processes and brands ---- */

static void a_heartbeat_is_seen_and_forgotten(void **state)
{
	(void)state;
	need_server();
	const struct proc_beat b = { .role = STR("detector"),
		.id = STR("host:17"),
		.host = STR("host"),
		.version = STR("1"),
		.metrics_json = STR("{}"),
		.pid = 17,
		.started_ms = NOON,
		.beat_ms = NOON + 5 };
	MUST(procs_beat(redis, &arena, &b, &err));
	struct proc_beat *list = NULL;
	size_t n = 0;
	MUST(procs_list(redis, &arena, &list, &n, &err));
	assert_int_equal(n, 1);
	assert_true(str_eqc(list[0].id, "host:17") && list[0].pid == 17 && list[0].beat_ms == NOON + 5);
	assert_in_range(reply_int(ASK("PTTL", "es:{proc}:process:detector:host:17")), 20000, 30000);
	struct proc_beat later = b;
	later.id = STR("host:18");
	later.beat_ms += 60000;
	MUST(procs_beat(redis, &arena, &later, &err));
	assert_int_equal(reply_int(ASK("ZCARD", "es:{proc}:processes")), 1);
}

static void brands_are_published_with_their_names(void **state)
{
	(void)state;
	need_server();
	const struct brand_row rows[] = { { STR("acme"), STR("艾克米"), STR("Acme"), STR("v1") },
		{ STR("b2"), STR("B\"2"), STR(""), STR("") } };
	MUST(procs_publish_brands(redis, &arena, rows, 2, &err));
	struct brand_row *list = NULL;
	size_t n = 0;
	MUST(procs_brands(redis, &arena, &list, &n, &err));
	assert_int_equal(n, 2);
	const struct brand_row *acme = str_eqc(list[0].id, "acme") ? &list[0] : &list[1];
	assert_true(str_eqc(acme->name, "艾克米") && str_eqc(acme->rulebook, "v1"));
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
	posts_commit_queue(redis, &arena, brand, &owner, &m, 1);
	assert_int_equal(posts_commit_take(redis, &done, &err), RETRY);
	assert_false(redis_connected(redis));
	posts_commit_queue(redis, &arena, brand, &owner, &m, 1); /* without a connection: RETRY, no crash */
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
	posts_read(redis, &arena, brand, false, 10);
	posts_read(redis, &arena, brand, false, 10);
	assert_int_equal(redis_pending(redis), 2);
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:posts")), 0);
	assert_int_equal(redis_pending(redis), 0);
}

int main(void)
{
	proc_signals();
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (redis_up(url)) {
		redis = redis_new(url, "", STR(""), &err);
		if (!redis || redis_connect(redis, &err) != OK || redis_functions(redis, true, &err) != OK) {
			(void)fprintf(stderr, "%s\n", err.text);
			return 1;
		}
	}
#define CASE(test) cmocka_unit_test_setup(test, set_up)
	const struct CMUnitTest tests[] = {
		CASE(an_entry_delivered_twice_counts_once),
		CASE(a_post_twice_in_one_batch_counts_once),
		CASE(a_later_sight_adds_the_difference_of_its_counters),
		CASE(an_unknown_counter_stays_what_it_was),
		CASE(two_sights_in_one_batch_count_as_two),
		CASE(an_erased_post_is_not_observed),
		CASE(a_late_owner_is_fenced),
		CASE(a_lease_given_up_is_free_at_once),
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
		CASE(a_step_changes_everything_at_once_and_only_once),
		CASE(a_stale_step_is_refused),
		CASE(progress_of_many_brands_shares_a_round_trip),
		CASE(a_wish_goes_in_is_read_again_and_is_settled),
		CASE(incidents_are_listed_and_told_as_json),
		CASE(an_alert_survives_its_journey_unchanged),
		CASE(a_delivery_is_begun_settled_and_never_again),
		CASE(trouble_ends_in_the_dead_letter_list),
		CASE(a_source_remembers_where_it_was),
		CASE(only_the_newest_entries_of_a_source_are_remembered),
		CASE(a_host_is_asked_by_one_and_not_too_often),
		CASE(a_heartbeat_is_seen_and_forgotten),
		CASE(brands_are_published_with_their_names),
		CASE(a_reply_nobody_took_does_not_shift_the_next),
		CASE(a_restart_of_redis_is_noticed_and_loses_nothing),
	};
	int failed = cmocka_run_group_tests_name("store", tests, NULL, NULL);
	redis_free(redis);
	arena_release(&arena);
	redis_down();
	return failed;
}
