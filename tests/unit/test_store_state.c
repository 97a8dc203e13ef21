/* The store against a real redis-server: incidents, wishes, alerts, sources, heartbeats. */
#include "tests/unit/store_fixture.h"

#include "common/base/metrics.h"
#include "common/store/outbox.h"
#include "common/store/procs.h"
#include "common/store/host_permit.h"
#include "common/store/sources.h"

static struct str id_of(int number)
{
	return arena_printf(&arena, "%032d", number);
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
		MUST(incidents_commit(&here, &s, &err));
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:timeline")), 1);
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:outbox")), 1);
	struct progress p = { 0 };
	MUST(incidents_progress(&here, &p, &err));
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
	MUST(incidents_commit(&here, &s, &err));
	assert_int_equal(incidents_commit(&here, &stale, &err), REJECT);
	assert_non_null(strstr(err.text, "stale"));
	stale = step_of(&i, 0);
	stale.at_ms++; /* the same words at another time are another step */
	assert_int_equal(incidents_commit(&here, &stale, &err), REJECT);
	const struct lease nobody = { .role = LEASE_DETECTOR, .partition = brand };
	struct partition lost = here;
	lost.lease = &nobody;
	assert_int_equal(incidents_commit(&lost, &s, &err), REJECT);
	assert_non_null(strstr(err.text, "fenced"));
}

static void progress_of_many_brands_shares_a_round_trip(void **state)
{
	(void)state;
	need_server();
	const struct incidents_progress_step s = { 0, NOON, STR("M2") }, silent = { 0, NOON + 1, STR("") },
					     stale = { 3, NOON, STR("") };
	incidents_progress_queue(&here, &s);
	incidents_progress_queue(&here, &silent);
	incidents_progress_queue(&here, &stale);
	MUST(redis_flush(redis, &err));
	MUST(incidents_progress_take(redis, &err));
	MUST(incidents_progress_take(redis, &err));
	assert_int_equal(incidents_progress_take(redis, &err), REJECT);
	struct partition other = here;
	other.brand = STR("other");
	struct progress p = { 0 };
	MUST(incidents_progress(&here, &p, &err));
	assert_true(p.tick_ms == NOON + 1 && str_eqc(p.model, "M2") && p.incident.id[0] == 0);
	MUST(incidents_progress(&other, &p, &err));
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
	MUST(incidents_wish(&here, &w, &err));
	struct wish *wishes = NULL;
	size_t n = 0;
	MUST(incidents_wishes(&here, false, &wishes, &n, &err));
	assert_int_equal(n, 1);
	MUST(incidents_wishes(&here, true, &wishes, &n, &err)); /* as after a crash */
	assert_int_equal(n, 1);
	assert_true(str_eqc(wishes[0].note, "看到了") && wishes[0].until_ms == NOON + 5);
	struct str outcome = STR("?");
	MUST(incidents_wish_outcome(&here, w.wish_id, &outcome, &err));
	assert_int_equal(outcome.n, 0);
	struct incidents_step refused = step_of(NULL, 0);
	refused.wish_entry = wishes[0].entry_id;
	refused.wish_id = wishes[0].wish_id;
	refused.wish_outcome = STR("{\"ok\":false}");
	MUST(incidents_commit(&here, &refused, &err));
	MUST(incidents_wish_outcome(&here, w.wish_id, &outcome, &err));
	assert_true(str_eqc(outcome, "{\"ok\":false}"));
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:control")), 0);
	MUST(incidents_wishes(&here, true, &wishes, &n, &err));
	assert_int_equal(n, 0);
}

static void incidents_are_listed_and_told_as_json(void **state)
{
	(void)state;
	need_server();
	const struct incident i = surge(1);
	const struct incidents_step s = step_of(&i, 0);
	MUST(incidents_commit(&here, &s, &err));
	struct incident *list = NULL;
	size_t n = 0;
	MUST(incidents_list(&here, 10, &list, &n, &err));
	assert_int_equal(n, 1);
	struct buf b;
	buf_init(&b, 8192);
	incident_write(&b, &list[0], brand);
	assert_true(str_find(buf_str(&b), STR("\"p_value\":1e-30")) > 0);
	buf_clear(&b);
	MUST(incidents_timeline(&here, 10, &b, &err));
	assert_true(str_find(buf_str(&b), STR("\"note\":\"核实中\"")) > 0 && buf_str(&b).p[b.n - 1] == '\n');
	buf_release(&b);
}

/* ---- alerts ---- */

static struct lease courier;
static struct partition outgoing; /* the brand, under the courier's lease */

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
		.integrity = { STR("coordinated"), 0.87, 200, 134 },
		.at_ms = NOON };
	struct buf b;
	buf_init(&b, LIMIT_ALERT_BYTES);
	alert_write(&b, &alert);
	s.outbox = arena_copy(&arena, buf_str(&b));
	buf_release(&b);
	MUST(incidents_commit(&here, &s, &err));
	courier = (struct lease){ .role = LEASE_NOTIFIER, .partition = brand };
	outgoing = here;
	outgoing.lease = &courier;
	MUST(lease_renew(redis, &arena, &courier, 1, STR("notifier:test:1"), &err));
	struct outbox_entry *entries = NULL;
	size_t n = 0;
	for (int turn = 0; turn < 2; turn++) { /* an entry that was read and not planned comes again */
		MUST(outbox_read(&here, &entries, &n, &err));
		assert_int_equal(n, 1);
	}
	return entries[0];
}

static size_t due(int64_t now_ms, struct delivery **out)
{
	size_t n = 0;
	MUST(outbox_due(&here, now_ms, 10, out, &n, &err));
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
	assert_true(
		str_eqc(back.integrity.word, "coordinated") && back.integrity.posts == 200 && back.integrity.coordinated == 134);
	assert_true(back.incident.level == LEVEL_ORANGE && back.event == EVT_SURGE && back.nexcerpts == 0);
	const struct str targets[] = { STR("pr-\"group\""), STR("log") };
	for (int turn = 0; turn < 2; turn++)
		MUST(outbox_plan(&outgoing, &entry, &(const struct outbox_plan){ STR("inc:1"), targets, 2, NOON }, &err));
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
	MUST(outbox_plan(&outgoing, &entry, &(const struct outbox_plan){ STR("inc:1"), &target, 1, NOON }, &err));
	struct delivery *list = NULL;
	assert_int_equal(due(NOON, &list), 1);
	const struct delivery d = list[0];
	for (int turn = 0; turn < 2; turn++) /* a lost reply */
		MUST(outbox_begin(&outgoing, &d, NOON + 100, &err));
	assert_int_equal(due(NOON + 50, &list), 0); /* under way */
	assert_int_equal(outbox_begin(&outgoing, &d, NOON + 200, &err), REJECT);
	assert_int_equal(due(NOON + 100, &list), 1); /* the sender died: it comes again with one attempt more */
	assert_int_equal(list[0].attempts, 1);
	MUST(outbox_settle(&outgoing, &list[0], SETTLE_RETRY, NOON + 500, STR("HTTP 503"), &err));
	assert_int_equal(due(NOON + 499, &list), 0);
	assert_int_equal(due(NOON + 500, &list), 1);
	for (int turn = 0; turn < 2; turn++)
		MUST(outbox_settle(&outgoing, &list[0], SETTLE_SENT, NOON + 501, STR(""), &err));
	const struct delivery sent = list[0];
	assert_int_equal(due(NOON + MS_PER_DAY, &list), 0);
	assert_int_equal(outbox_begin(&outgoing, &sent, NOON + 900, &err), SKIP);
	MUST(outbox_plan(&outgoing, &entry, &(const struct outbox_plan){ STR("inc:1"), &target, 1, NOON }, &err));
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
	MUST(outbox_plan(&outgoing, &entry, &(const struct outbox_plan){ STR("inc:1"), &target, 1, NOON }, &err));
	struct delivery *list = NULL;
	assert_int_equal(due(NOON, &list), 1);
	MUST(outbox_begin(&outgoing, &list[0], NOON + 100, &err));
	for (int turn = 0; turn < 2; turn++)
		MUST(outbox_settle(&outgoing, &list[0], SETTLE_DEAD, NOON, STR("HTTP 410"), &err));
	struct outbox_counts counts = { 0 };
	MUST(outbox_counts(&here, &counts, &err));
	assert_true(counts.unplanned == 0 && counts.waiting == 0 && counts.dead == 1);
	const struct reply *dead = reply_at(ASK("XRANGE", "es:{b:acme}:deliveries:dead", "-", "+"), 0);
	assert_true(str_eq(reply_str(reply_field(reply_at(dead, 1), "alert")), entry.alert_json));
	assert_true(str_eqc(reply_str(reply_field(reply_at(dead, 1), "error")), "HTTP 410"));
}

/* ---- sources ---- */

static struct lease shard_lease;
static struct partition shard7;

static void take_shard(void)
{
	shard_lease = (struct lease){ .role = LEASE_CRAWLER, .partition = STR("s07") };
	shard7 = (struct partition){ .redis = redis, .arena = &arena, .shard = 7, .lease = &shard_lease };
	MUST(lease_renew(redis, &arena, &shard_lease, 1, STR("crawler:test:1"), &err));
	assert_true(shard_lease.held);
	assert_int_equal(reply_int(ASK("EXISTS", "es:{s07}:lease:crawler")), 1);
}

static size_t due_sources(int64_t now_ms, struct str **id)
{
	size_t n = 0;
	sources_due_queue(&shard7, now_ms, 100);
	MUST(sources_due_take(redis, &arena, id, &n, &err));
	return n;
}

static void look_at_seen(struct str id, const struct str *post_id, size_t n, uint64_t *fingerprint)
{
	sources_seen_queue(&shard7, id, post_id, n);
	MUST(sources_seen_take(redis, fingerprint, n, &err));
}

static void a_source_remembers_where_it_was(void **state)
{
	(void)state;
	need_server();
	take_shard();
	struct source_due ids[] = { { STR("news-a"), 0 }, { STR("news-b"), 0 } };
	MUST(sources_sync(&shard7, ids, 2, NOON, &err));
	assert_true(ids[0].due_ms == NOON && ids[1].due_ms == NOON);
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
	const struct source_seen seen[] = { { id_of(1), 0xfedcba9876543210u }, { id_of(2), 7 } };
	const struct source_visit over = {
		.id = ids[0].id, .host = STR("a.example"), .state = &s, .seen = seen, .nseen = 2, .host_next_ms = NOON + 1000
	};
	for (int turn = 0; turn < 2; turn++)
		MUST(sources_commit(&shard7, &over, &err));
	MUST(sources_state(&shard7, ids[0].id, &back, &err));
	assert_true(str_eqc(back.etag, "W/\"x\"") && back.status == 200 && back.polls == 3 && back.body_hash == -5);
	const struct str asked[] = { id_of(1), id_of(3), id_of(2) };
	uint64_t fingerprint[3] = { 9, 9, 9 };
	look_at_seen(ids[0].id, asked, 3, fingerprint);
	assert_true(fingerprint[0] == 0xfedcba9876543210u && fingerprint[1] == 0 && fingerprint[2] == 7);
	assert_int_equal(due_sources(NOON, &id), 1);
	assert_true(str_eqc(id[0], "news-b"));
	MUST(sources_sync(&shard7, &ids[1], 1, NOON + 1, &err)); /* news-a is not configured any more */
	assert_int_equal(ids[1].due_ms, NOON);
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
			seen[i] = (struct source_seen){ id_of(turn * 3000 + i), 1 };
		const struct source_state s = { .fetched_ms = NOON + turn, .next_ms = NOON };
		const struct source_visit over = {
			.id = STR("x"), .host = STR("a.example"), .state = &s, .seen = seen, .nseen = 3000
		};
		MUST(sources_commit(&shard7, &over, &err));
	}
	assert_int_equal(reply_int(ASK("HLEN", "es:{s07}:seen:x")), LIMIT_SEEN_PER_SOURCE);
	const struct str asked[] = { id_of(0), id_of(5999) };
	uint64_t fingerprint[2] = { 0 };
	look_at_seen(STR("x"), asked, 2, fingerprint);
	assert_true(fingerprint[0] == 0 && fingerprint[1] == 1);
}

static void make_due(const char *first, const char *second)
{
	struct source_due due[] = { { str_of(first), 0 }, { str_of(second), 0 } };
	MUST(sources_sync(&shard7, due, 2, NOON, &err));
}

/* A source that is due on HOST wants to go. */
static struct source_take take_one(const char *id, const char *host, int64_t now_ms)
{
	struct source_take t = { .id = str_of(id), .host = str_of(host), .hold_ms = 30000, .pause_ms = 2000 };
	sources_take_queue(&shard7, &t, 1, now_ms);
	MUST(sources_take_answer(redis, &arena, &t, 1, &err));
	return t;
}

static void end_visit(const char *id, const char *host, int64_t next_ms, int64_t host_next_ms)
{
	const struct source_state state = { .next_ms = next_ms, .etag = STR("\"tag\""), .polls = 4 };
	const struct source_visit over = { .id = str_of(id),
		.host = str_of(host),
		.state = &state,
		.host_next_ms = host_next_ms,
		.host_failures = 2,
		.host_traffic = STR("requests=3") };
	MUST(sources_commit(&shard7, &over, &err));
}

static void a_host_is_asked_by_one_and_not_too_often(void **state)
{
	(void)state;
	need_server();
	take_shard();
	make_due("a", "b");
	assert_int_equal(take_one("a", "example.com", NOON).verdict, TAKE_GO);
	assert_int_equal(reply_int(ASK("HGET", "es:{s07}:host:example.com", "next_ms")), NOON + 30000);
	struct source_take t = take_one("b", "example.com", NOON + 1);
	assert_int_equal(t.verdict, TAKE_HOST);
	assert_int_equal(t.again_ms, NOON + 30000);
	end_visit("a", "example.com", NOON + 60000, NOON + 2000);
	assert_int_equal(take_one("b", "example.com", NOON + 1999).verdict, TAKE_HOST);
	t = take_one("b", "example.com", NOON + 2000);
	assert_int_equal(t.verdict, TAKE_GO);
	assert_int_equal(t.host_failures, 2);
	assert_true(str_eqc(t.host_traffic, "requests=3"));
	end_visit("b", "example.com", NOON + 60000, NOON + 4000);
	t = take_one("a", "example.com", NOON + 5000);
	assert_int_equal(t.verdict, TAKE_SOURCE);
	assert_int_equal(t.again_ms, NOON + 60000);
	t = take_one("a", "example.com", NOON + 60000);
	assert_true(t.verdict == TAKE_GO && str_eqc(t.state.etag, "\"tag\"") && t.state.polls == 4);
	assert_int_equal(take_one("c", "example.org", NOON).verdict, TAKE_GONE);
}

static struct host_permit permit_of(int64_t now_ms)
{
	const struct partition host = { .redis = redis, .arena = &arena, .shard = 7 };
	struct host_permit permit = { .host = STR("example.com"), .hold_ms = 30000 };
	MUST(host_permit_ask(&host, &permit, now_ms, &err));
	return permit;
}

static bool permit(int64_t now_ms, int64_t *again_ms)
{
	*again_ms = permit_of(now_ms).again_ms;
	return *again_ms <= now_ms;
}

static void end_permit(int64_t next_ms)
{
	const struct partition host = { .redis = redis, .arena = &arena, .shard = 7 };
	host_permit_end_queue(&host, STR("example.com"), next_ms);
	MUST(host_permit_end_take(redis, &err));
}

static void a_guest_asks_a_host_in_its_turn(void **state)
{
	(void)state;
	int64_t again_ms = 0;
	need_server();
	take_shard();
	make_due("a", "b");
	assert_true(permit(NOON, &again_ms));
	struct source_take t = take_one("a", "example.com", NOON + 1); /* the owner waits for the guest … */
	assert_int_equal(t.verdict, TAKE_HOST);
	assert_int_equal(t.again_ms, NOON + 30000);
	end_permit(NOON + 2000);
	assert_int_equal(take_one("a", "example.com", NOON + 1999).verdict, TAKE_HOST);
	assert_int_equal(take_one("a", "example.com", NOON + 2000).verdict, TAKE_GO);
	assert_false(permit(NOON + 2001, &again_ms)); /* … and the guest for the owner */
	assert_int_equal(again_ms, NOON + 32000);
	end_permit(NOON + 2001); /* of an old permit: what the owner has claimed stays */
	assert_false(permit(NOON + 2002, &again_ms));
}

static void guests_and_owners_take_turns(void **state)
{
	(void)state;
	int64_t again_ms = 0;
	need_server();
	take_shard();
	make_due("a", "b");
	assert_int_equal(take_one("a", "example.com", NOON).verdict, TAKE_GO);
	end_visit("a", "example.com", NOON, NOON + 2000);
	assert_false(permit(NOON + 100, &again_ms));
	assert_int_equal(again_ms, NOON + 2000);
	assert_int_equal(take_one("b", "example.com", NOON + 2000).verdict, TAKE_HOST); /* the guest's turn */
	assert_true(permit(NOON + 2010, &again_ms));
	end_permit(NOON + 4000);
	assert_false(permit(NOON + 3000, &again_ms));
	assert_int_equal(take_one("b", "example.com", NOON + 4000).verdict, TAKE_GO); /* the owner's */
	end_visit("b", "example.com", NOON + 4000, NOON + 6000);
	assert_false(permit(NOON + 5000, &again_ms));
	assert_int_equal(take_one("b", "example.com", NOON + 9000).verdict, TAKE_GO); /* the guest did not come */
}

static void a_guest_is_told_that_another_one_asks_and_may_be_done_soon(void **state)
{
	(void)state;
	need_server();
	take_shard();
	make_due("a", "b");
	assert_true(permit_of(NOON).again_ms <= NOON);
	struct host_permit other = permit_of(NOON + 1);
	assert_int_equal(other.again_ms, NOON + 30000); /* the longest that it may take */
	assert_true(other.is_asked);
	end_permit(NOON + 2000);
	assert_true(permit_of(NOON + 2000).again_ms <= NOON + 2000);
	end_permit(NOON + 4000);
	assert_int_equal(take_one("a", "example.com", NOON + 4000).verdict, TAKE_GO);
	assert_true(permit_of(NOON + 4001).is_asked); /* by its owner */
	end_visit("a", "example.com", NOON + 9000, NOON + 6000);
	assert_false(permit_of(NOON + 4100).is_asked); /* nobody: it is the pause */
}

static void many_sources_are_taken_in_one_round_trip(void **state)
{
	(void)state;
	need_server();
	take_shard();
	struct source_due due[100];
	struct source_take t[100];
	for (int i = 0; i < 100; i++) {
		due[i].id = arena_printf(&arena, "s-%d", i);
		t[i] = (struct source_take){ .id = due[i].id, .host = arena_printf(&arena, "h%d.example", i), .hold_ms = 30000 };
	}
	MUST(sources_sync(&shard7, due, 100, NOON, &err));
	const int64_t before = metrics_get(M_redis_round_trips_total);
	sources_take_queue(&shard7, t, 100, NOON);
	MUST(sources_take_answer(redis, &arena, t, 100, &err));
	for (int i = 0; i < 100; i++)
		assert_int_equal(t[i].verdict, TAKE_GO);
	const struct source_state after = { .next_ms = NOON + 1000 };
	for (int i = 0; i < 100; i++)
		sources_commit_queue(&shard7, &(struct source_visit){ .id = t[i].id, .host = t[i].host, .state = &after });
	for (int i = 0; i < 100; i++)
		MUST(sources_commit_take(redis, &err));
	assert_int_equal(metrics_get(M_redis_round_trips_total) - before, 2);
}

/* A crawler that was killed in the middle of a request must not keep its host shut, but the pause behind a request is kept, and one
 * that the host asked for as well. */
static void a_dead_owners_claim_on_a_host_is_a_request_that_ended(void **state)
{
	(void)state;
	need_server();
	take_shard();
	make_due("a", "b");
	assert_int_equal(take_one("a", "example.com", NOON).verdict, TAKE_GO);
	assert_int_equal(take_one("b", "patient.org", NOON).verdict, TAKE_GO);
	end_visit("b", "patient.org", NOON, NOON + 60000);
	(void)ASK("HSET", "es:{s07}:lease:crawler", "until_ms", "1");
	take_shard();
	assert_int_equal(take_one("a", "example.com", NOON + 5000).again_ms, NOON + 7000); /* it may have ended just now */
	assert_int_equal(take_one("a", "example.com", NOON + 6999).verdict, TAKE_HOST);
	assert_int_equal(take_one("a", "example.com", NOON + 7000).verdict, TAKE_GO);
	assert_int_equal(take_one("b", "patient.org", NOON + 5).again_ms, NOON + 60000);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
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
		CASE(a_dead_owners_claim_on_a_host_is_a_request_that_ended),
		CASE(a_guest_asks_a_host_in_its_turn),
		CASE(guests_and_owners_take_turns),
		CASE(a_guest_is_told_that_another_one_asks_and_may_be_done_soon),
		CASE(many_sources_are_taken_in_one_round_trip),
		CASE(a_heartbeat_is_seen_and_forgotten),
		CASE(brands_are_published_with_their_names),
	};
	return cmocka_run_group_tests_name("store state", tests, store_start, store_stop);
}
