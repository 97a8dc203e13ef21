/* Key strings, the access list made from keys.def, and the analysts' questions, each really asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/proc.h"
#include "common/store/found.h"
#include "common/store/functions.h"
#include "common/store/incidents.h"
#include "common/store/incidents_open.h"
#include "common/store/keys.h"
#include "common/store/outbox.h"
#include "common/store/posts.h"
#include "common/store/corrections.h"
#include "common/store/held.h"
#include "common/store/procs.h"
#include "common/store/retentions.h"
#include "common/store/redis_url.h"
#include "common/store/sources.h"
#include "tests/support/redis_up.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;
static struct err err;
static char url[256];
static struct redis *admin, *as[ROLE__N]; /* a connection a role; NULL without a server */
static const struct str brand = { "acme", 4 };

static void must(enum outcome o, const char *what)
{
	if (o != OK)
		fail_msg("%s: outcome %d, %s", what, o, err.text);
}
#define MUST(call) must((call), #call)

/* ---- strings ---- */

static void placeholders_are_filled_in_their_order(void **state)
{
	(void)state;
	assert_true(str_eqc(keys_brand(&arena, KEY_posts, brand), "es:{b:acme}:posts"));
	assert_true(str_eqc(keys_shard(&arena, KEY_source, 7, STR("news-a")), "es:{s07}:source:news-a"));
	assert_true(str_eqc(keys_shard(&arena, KEY_due, 63, STR("")), "es:{s63}:due"));
	assert_true(str_eqc(keys_make(&arena, KEY_minute, brand, STR("category:refund"), STR("2026-11-22")),
		"es:{b:acme}:minute:category:refund:2026-11-22"));
	assert_true(
		str_eqc(keys_make(&arena, KEY_process, STR("detector"), STR("h:1"), STR("")), "es:{proc}:process:detector:h:1"));
	assert_true(str_eqc(keys_plain(&arena, KEY_brands), "es:{cfg}:brands"));
}

static void every_key_has_one_hash_tag_and_is_documented(void **state)
{
	(void)state;
	struct buf docs;
	buf_init(&docs, 1u << 20);
	keys_docs(&docs);
	for (int i = 0; i < KEY__N; i++) {
		const char *open = strchr(key_rows[i].pattern, '{'), *close = strchr(key_rows[i].pattern, '}');
		assert_true(open && close && open == strrchr(key_rows[i].pattern, '{') && close > open + 1);
		assert_true(str_find(buf_str(&docs), str_of(key_rows[i].pattern)) > 0);
	}
	buf_release(&docs);
}

static struct redis_url parsed(const char *text)
{
	struct redis_url out;
	must(redis_url_parse(&arena, str_of(text), &out, &err), text);
	return out;
}

static void urls_of_redis_are_read(void **state)
{
	(void)state;
	struct redis_url u = parsed("redis://me:p%40ss@example.com:7000/3");
	assert_true(str_eqc(u.user, "me") && str_eqc(u.password, "p@ss") && u.port == 7000 && u.db == 3);
	assert_string_equal(u.host, "example.com");
	u = parsed("redis://[::1]");
	assert_string_equal(u.host, "::1");
	assert_int_equal(u.port, 6379);
	u = parsed("redis://:secret@localhost");
	assert_true(u.user.n == 0 && str_eqc(u.password, "secret"));
	u = parsed("unix:///run/r.sock?user=analyst&db=2");
	assert_string_equal(u.path, "/run/r.sock");
	assert_true(str_eqc(u.user, "analyst") && u.db == 2);
}

static void wrong_urls_say_what_to_write(void **state)
{
	(void)state;
	static const struct {
		const char *url, *says;
	} cases[] = {
		{ "rediss://h", "stunnel" },
		{ "cluster://h:1,h:2", "one server" },
		{ "http://x", "redis://HOST" },
		{ "redis://", "host" },
		{ "redis://h:99999", "port" },
		{ "redis://h/x", "database" },
		{ "unix://run/r.sock", "absolute" },
		{ "unix:///r?dbb=1", "user=NAME" },
		{ "", "redis://HOST" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct redis_url out;
		assert_int_equal(redis_url_parse(&arena, str_of(cases[i].url), &out, &err), REJECT);
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s: \"%s\" does not say \"%s\"", cases[i].url, err.text, cases[i].says);
	}
	struct redis_url out;
	(void)!redis_url_parse(&arena, STR("htp://me:hunter2@h"), &out, &err);
	assert_null(strstr(err.text, "hunter2"));
}

static void the_library_carries_its_version(void **state)
{
	(void)state;
	struct str source = functions_source(&arena);
	assert_true(str_starts(source, STR("#!lua name=earshot_1\n")));
	assert_int_equal(str_find(source, STR("@VERSION@")), -1);
}

/* ---- access ---- */

static void set_user(enum keys_role role)
{
	struct buf rules;
	buf_init(&rules, 1u << 16);
	keys_acl_rules(&rules, role);
	struct command c = command_new(&arena, 128);
	command_addz(&c, "ACL");
	command_addz(&c, "SETUSER");
	command_addz(&c, keys_role_names[role]);
	command_addz(&c, "on");
	command_addz(&c, ">pw");
	struct str rest = buf_str(&rules), word = STR("");
	while (str_split(&rest, ' ', &word))
		command_add(&c, arena_copy(&arena, word));
	const struct reply *reply = NULL;
	MUST(redis_ask(admin, &c, &reply, &err));
	buf_release(&rules);
}

static struct redis *log_in(const char *name)
{
	struct redis *r = redis_new(url, name, STR("pw"), &err);
	assert_non_null(r);
	MUST(redis_connect(r, &err));
	return r;
}

static int start(void **state)
{
	(void)state;
	proc_signals();
	arena_init(&arena, 16u << 20);
	if (!redis_up(url))
		return 0;
	admin = redis_new(url, "", STR(""), &err);
	MUST(redis_connect(admin, &err));
	MUST(redis_functions(admin, true, &err));
	for (int role = 0; role < ROLE__N; role++) {
		set_user((enum keys_role)role);
		as[role] = log_in(keys_role_names[role]);
	}
	return 0;
}

static int stop(void **state)
{
	(void)state;
	redis_free(admin);
	for (int role = 0; role < ROLE__N; role++)
		redis_free(as[role]);
	arena_release(&arena);
	redis_down();
	return 0;
}

static bool may(enum keys_role role, const char *line)
{
	struct str rest = str_of(line), word = STR("");
	struct command c = command_new(&arena, 8);
	while (str_split(&rest, ' ', &word))
		command_add(&c, word);
	const struct reply *reply = NULL;
	struct err why = { 0 };
	return redis_ask(as[role], &c, &reply, &why) == OK || !strstr(why.text, "NOPERM");
}

static void each_role_may_what_is_its_own_and_nothing_else(void **state)
{
	(void)state;
	if (!admin)
		skip();
	static const struct {
		enum keys_role role;
		bool allowed;
		const char *line;
	} probes[] = {
		{ ROLE_CRAWLER, true, "XADD es:{b:acme}:posts * post {}" },
		{ ROLE_CRAWLER, false, "XREADGROUP GROUP detector owner STREAMS es:{b:acme}:posts >" },
		{ ROLE_CRAWLER, false, "HSET es:{b:acme}:mentions a b" },
		{ ROLE_CRAWLER, false, "XADD es:{b:acme}:outbox * alert {}" },
		{ ROLE_CRAWLER, true, "HSET es:{s07}:source:x etag y" },
		{ ROLE_CRAWLER, true, "XADD es:{b:_operators}:outbox MAXLEN ~ 10 * alert {}" },
		{ ROLE_CRAWLER, false, "HSET es:{b:_operators}:deliveries a b" },
		{ ROLE_CRAWLER, true, "HSET es:{coverage}:parts a b" },
		{ ROLE_CRAWLER, true, "HSET es:{coverage}:minute:2026-11-22 12:00 1" },
		{ ROLE_DETECTOR, true, "HGETALL es:{coverage}:minute:2026-11-22" },
		{ ROLE_DETECTOR, false, "HSET es:{coverage}:minute:2026-11-22 12:00 1" },
		{ ROLE_NOTIFIER, true, "XREADGROUP GROUP notifier owner STREAMS es:{b:_operators}:outbox >" },
		{ ROLE_DETECTOR, true, "XREADGROUP GROUP detector owner STREAMS es:{b:acme}:control >" },
		{ ROLE_DETECTOR, true, "XTRIM es:{b:acme}:posts MINID 0-1" },
		{ ROLE_DETECTOR, false, "XADD es:{b:acme}:posts * post {}" },
		{ ROLE_DETECTOR, false, "XADD es:{b:acme}:control * verb ack" },
		{ ROLE_DETECTOR, true, "XADD es:{b:acme}:timeline * a b" },
		{ ROLE_DETECTOR, false, "HSET es:{s07}:source:x etag y" },
		{ ROLE_DETECTOR, false, "HSET es:{b:acme}:deliveries a b" },
		{ ROLE_DETECTOR, false, "FCALL earshot_1_settle 1 es:{b:acme}:deliveries" },
		{ ROLE_NOTIFIER, true, "XREADGROUP GROUP notifier owner STREAMS es:{b:acme}:outbox >" },
		{ ROLE_NOTIFIER, false, "XADD es:{b:acme}:outbox * alert {}" },
		{ ROLE_NOTIFIER, true, "HSET es:{b:acme}:deliveries a b" },
		{ ROLE_NOTIFIER, false, "HSET es:{b:acme}:incident:1 state resolved" },
		{ ROLE_NOTIFIER, false, "HGET es:{b:acme}:mentions a" },
		{ ROLE_CONSOLE, true, "XADD es:{b:acme}:control * verb ack" },
		{ ROLE_CONSOLE, true, "HGETALL es:{b:acme}:minute:all:2026-11-22" },
		{ ROLE_CONSOLE, false, "HSET es:{b:acme}:minute:all:2026-11-22 00:00 1" },
		{ ROLE_CONSOLE, false, "UNLINK es:{b:acme}:mentions" },
		{ ROLE_ANALYST, true, "HGETALL es:{b:acme}:day:all:2026" },
		{ ROLE_ANALYST, true, "XINFO STREAM es:{b:acme}:posts" },
		{ ROLE_ANALYST, true, "SCAN 0" },
		{ ROLE_ANALYST, true, "XRANGE es:{b:acme}:timeline - +" },
		{ ROLE_ANALYST, false, "HSET es:{b:acme}:day:all:2026 11-22 7" },
		{ ROLE_ANALYST, false, "XREADGROUP GROUP detector owner STREAMS es:{b:acme}:posts >" },
		{ ROLE_ANALYST, false, "FCALL_RO earshot_1_version 0" },
		{ ROLE_ANALYST, false, "DUMP es:{b:acme}:mentions" },
		{ ROLE_ANALYST, false, "EVAL return 0" },
		{ ROLE_ANALYST, false, "HGETALL es:{s07}:seen:x" },
		{ ROLE_ANALYST, false, "GET other" },
		{ ROLE_ANALYST, false, "KEYS *" },
		{ ROLE_DETECTOR, false, "KEYS *" },
		{ ROLE_DETECTOR, false, "FLUSHALL" },
		{ ROLE_CRAWLER, false, "CONFIG GET dir" },
		{ ROLE_NOTIFIER, false, "EVAL return 0" },
		{ ROLE_ADMIN, true, "FUNCTION LIST" },
	};
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		if (may(probes[i].role, probes[i].line) != probes[i].allowed)
			fail_msg("%s: \"%s\" is %s", keys_role_names[probes[i].role], probes[i].line,
				probes[i].allowed ? "refused" : "allowed");
}

static struct partition partition_of(struct redis *r, const struct lease *lease)
{
	return (struct partition){ .redis = r, .arena = &arena, .brand = brand, .shard = 7, .lease = lease };
}

static void every_role_beats(int64_t now_ms)
{
	for (int role = ROLE_CRAWLER; role <= ROLE_CONSOLE; role++) {
		const struct proc_beat b = {
			.role = str_of(keys_role_names[role]), .id = STR("h:1"), .metrics_json = STR("{}"), .beat_ms = now_ms
		};
		MUST(redis_functions(as[role], false, &err));
		MUST(procs_beat(as[role], &arena, &b, &err));
	}
}

static void crawler_hastens(const struct partition *p, struct str source, const struct source_state *st, int64_t now_ms)
{
	const struct partition of_brand = partition_of(p->redis, NULL);
	const struct found found = { source, &brand, 1 };
	struct str *id = NULL, incident = STR("");
	size_t n = 0;
	int64_t ms = 0;
	redis_drain(p->redis);
	found_note_queue(p, &found, now_ms);
	MUST(found_note_take(p->redis, &err));
	found_list_queue(p, brand, now_ms);
	MUST(found_list_take(p, &id, &n, &err));
	assert_int_equal(n, 1);
	found_hasten_queue(p, source, st, now_ms);
	MUST(found_hasten_take(p->redis, &ms, &err));
	incidents_open_id_queue(&of_brand);
	MUST(incidents_open_id_take(&of_brand, &incident, &err));
	incidents_open_since_queue(&of_brand, STR("i"));
	MUST(incidents_open_since_take(p->redis, &ms, &err));
}

static void crawler_works(struct redis *r, int64_t now_ms)
{
	struct lease shard = { .role = LEASE_CRAWLER, .partition = STR("s07") };
	const struct str source = STR("news-a");
	const struct source_state st = { .next_ms = now_ms, .fetched_ms = now_ms };
	const struct source_seen seen = { STR("p"), 1 };
	uint64_t fingerprint = 0;
	struct source_due due = { source, 0 };
	struct source_take wanted = { .id = source, .host = STR("h"), .hold_ms = 10 };
	const struct partition p = partition_of(r, &shard);
	MUST(lease_renew(r, &arena, &shard, 1, STR("crawler:h:1"), &err));
	struct retention_row short_lived = { source, MS_PER_DAY };
	MUST(retentions_write(r, &arena, &(struct retentions){ &short_lived, 1 }, &err));
	MUST(sources_sync(&p, NULL, 0, now_ms, &err));
	MUST(sources_sync(&p, &due, 1, now_ms, &err));
	sources_take_queue(&p, &wanted, 1, now_ms);
	MUST(sources_take_answer(r, &arena, &wanted, 1, &err));
	assert_int_equal(wanted.verdict, TAKE_GO);
	sources_seen_queue(&p, source, &seen.post_id, 1);
	MUST(sources_seen_take(r, &fingerprint, 1, &err));
	posts_append(&p, STR("{}"));
	MUST(posts_append_settle(r, 1, &err));
	const struct source_visit over = { .id = source, .host = STR("h"), .state = &st, .seen = &seen, .nseen = 1 };
	MUST(sources_commit(&p, &over, &err));
	crawler_hastens(&p, source, &st, now_ms);
}

static void detector_counts(const struct partition *p, int64_t now_ms)
{
	static const char *const dimensions[] = { "all", "category:refund" };
	struct posts_entry *entries = NULL;
	struct posts_commit done = { 0 };
	size_t n = 0;
	int64_t left = 0, deliveries = 0;
	posts_read(p, false, 10);
	MUST(posts_read_take(p->redis, &arena, &entries, &n, &err));
	assert_true(n >= 1);
	MUST(posts_deliveries(p, entries, 1, &deliveries, &err));
	const struct posts_mention m = { .entry_id = entries[0].entry_id,
		.post_id = STR("p"),
		.record = STR("{\"post\":{\"likes\":3}}"),
		.count_ms = now_ms,
		.seen_ms = now_ms,
		.dimension = dimensions,
		.ndimensions = 2,
		.counter = { 3, -1, -1, -1 },
		.observation = STR("{\"fetched_ms\":1}") };
	posts_commit_queue(p, &m, 1);
	MUST(posts_commit_take(p->redis, &done, &err));
	MUST(posts_trim(p, &left, &err));
	MUST(posts_bury(p, &entries[0], STR("x"), &err));
	MUST(posts_expire(p, 0, 10, &left, &err));
	struct retentions shorter;
	struct posts_walk walk = { .to_ms = now_ms + 1, .max = 10 };
	struct posts_found *old = NULL;
	bool swapped = false;
	MUST(retentions_read(p->redis, &arena, &shorter, &err));
	MUST(posts_next(p, &walk, &old, &n, &err));
	assert_true(n == 1 && shorter.n == 1);
	assert_int_equal(corrections_withdraw(p, old[0].post_id, &err), SKIP);
	const struct held_item mention = { old[0].post_id, old[0].record };
	MUST(held_swap(p, HELD_MENTIONS, &mention, old[0].record, &swapped, &err));
	assert_true(swapped);
}

static void detector_works(struct redis *r, int64_t now_ms)
{
	struct lease owner = { .role = LEASE_DETECTOR, .partition = brand };
	const struct brand_row row = { brand, STR("Acme"), STR(""), STR("v1") };
	const struct wish w = { .wish_id = STR("1795348800000-a"), .verb = STR("ack") };
	struct wish *wishes = NULL;
	size_t n = 0;
	const struct partition p = partition_of(r, &owner), asked = partition_of(as[ROLE_CONSOLE], NULL);
	MUST(procs_publish_brands(r, &arena, &row, 1, &err));
	MUST(posts_group(&p, &err));
	MUST(lease_renew(r, &arena, &owner, 1, STR("detector:h:1"), &err));
	detector_counts(&p, now_ms);
	MUST(incidents_wish(&asked, &w, &err));
	MUST(incidents_wishes(&p, false, &wishes, &n, &err));
	const struct incident i = { .id = "0123", .series = "all", .state = INC_DETECTED, .revision = 1, .onset_ms = now_ms };
	const struct incidents_step s = { .tick_ms = now_ms,
		.incident = &i,
		.outbox = STR("{\"event_id\":\"0123:1\",\"excerpts\":[]}"),
		.wish_entry = wishes[0].entry_id,
		.wish_id = wishes[0].wish_id,
		.wish_outcome = STR("done"),
		.at_ms = now_ms };
	MUST(incidents_commit(&p, &s, &err));
	const struct incidents_progress_step calm = { 1, now_ms, STR("") };
	incidents_progress_queue(&p, &calm);
	MUST(incidents_progress_take(r, &err));
}

static void notifier_works(struct redis *r, int64_t now_ms)
{
	struct lease courier = { .role = LEASE_NOTIFIER, .partition = brand };
	struct outbox_entry *alerts = NULL;
	struct delivery *due = NULL;
	const struct str target = STR("pr");
	size_t n = 0;
	const struct partition p = partition_of(r, &courier);
	MUST(lease_renew(r, &arena, &courier, 1, STR("notifier:h:1"), &err));
	MUST(outbox_read(&p, &alerts, &n, &err));
	MUST(outbox_plan(&p, &alerts[0], &(const struct outbox_plan){ STR("0123:1"), &target, 1, now_ms }, &err));
	MUST(outbox_due(&p, now_ms, 10, &due, &n, &err));
	MUST(outbox_begin(&p, &due[0], now_ms + 1, &err));
	MUST(outbox_settle(&p, &due[0], SETTLE_DEAD, now_ms, STR("gone"), &err));
}

/* One walk of a post, an incident and an alert, every step as the role that takes it. */
static void the_roles_rights_are_enough_for_their_work(void **state)
{
	(void)state;
	if (!admin)
		skip();
	const int64_t now_ms = clock_now_ms();
	struct incident *list = NULL;
	size_t n = 0;
	every_role_beats(now_ms);
	crawler_works(as[ROLE_CRAWLER], now_ms);
	detector_works(as[ROLE_DETECTOR], now_ms);
	notifier_works(as[ROLE_NOTIFIER], now_ms);
	const struct partition seen = partition_of(as[ROLE_CONSOLE], NULL), studied = partition_of(as[ROLE_ANALYST], NULL);
	MUST(incidents_list(&seen, 10, &list, &n, &err));
	MUST(incidents_list(&studied, 10, &list, &n, &err));
	assert_int_equal(n, 1);
}

static void the_acl_file_has_a_line_for_each_user(void **state)
{
	(void)state;
	if (!admin)
		skip();
	struct buf file;
	buf_init(&file, 1u << 17);
	keys_acl(&file);
	struct str rest = buf_str(&file), line = STR("");
	size_t users = 0;
	while (str_split(&rest, '\n', &line))
		users += str_starts(line, STR("user "));
	assert_int_equal(users, ROLE__N + 1);
	buf_release(&file);
}

/* ---- the analysts' questions ---- */

static bool next_question(struct str *rest, struct str *name, struct str *script)
{
	static const char fence[] = "\n```sh analyst ";
	ptrdiff_t at = str_find(*rest, str_of(fence));
	if (at < 0)
		return false;
	*rest = str_from(*rest, (size_t)at + sizeof(fence) - 1);
	(void)str_split(rest, '\n', name);
	ptrdiff_t end = str_find(*rest, STR("\n```"));
	*script = str_first(*rest, (size_t)end);
	*rest = str_from(*rest, (size_t)end);
	return true;
}

/* Runs the script as an analyst; its output in `out`. */
static void run_question(struct str script, char *out, size_t size)
{
	char path[] = "/tmp/earshot-question-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	const char *text = arena_printf(&arena,
		"set -o pipefail; R='redis-cli -s %s --user analyst --no-auth-warning'; export REDISCLI_AUTH=pw; BRAND=acme "
		"SOURCE=news-a\n%.*s\n",
		url + strlen("unix://"), STR_FMT(script))
				   .p;
	char *argv[] = { "bash", "-c", (char *)(uintptr_t)text, NULL };
	int status = -1;
	pid_t pid = proc_spawn(argv, NULL, fd, &err);
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	ssize_t n = pread(fd, out, size - 1, 0);
	out[n > 0 ? n : 0] = 0;
	(void)close(fd);
	(void)unlink(path);
	if (status != 0)
		fail_msg("status %d of: %.*s\n%s", status, STR_FMT(script), out);
}

static void each_question_of_an_analyst_has_an_answer(void **state)
{
	(void)state;
	if (!admin)
		skip();
	struct buf docs;
	buf_init(&docs, 1u << 20);
	keys_docs(&docs);
	struct str rest = buf_str(&docs), name = STR(""), script = STR("");
	int n = 0;
	for (; next_question(&rest, &name, &script); n++) {
		char out[8192];
		run_question(script, out, sizeof(out));
		if (strstr(out, "ERR") || strstr(out, "NOPERM") || strstr(out, "WRONGTYPE"))
			fail_msg("%.*s answers: %s", STR_FMT(name), out);
		bool is_empty_now = str_eqc(name, "waiting-alerts"); /* it was given up above */
		if (!is_empty_now && strspn(out, " \n") == strlen(out))
			fail_msg("%.*s has no answer", STR_FMT(name));
	}
	assert_int_equal(n, 10);
	buf_release(&docs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placeholders_are_filled_in_their_order),
		cmocka_unit_test(every_key_has_one_hash_tag_and_is_documented),
		cmocka_unit_test(urls_of_redis_are_read),
		cmocka_unit_test(wrong_urls_say_what_to_write),
		cmocka_unit_test(the_library_carries_its_version),
		cmocka_unit_test(each_role_may_what_is_its_own_and_nothing_else),
		cmocka_unit_test(the_roles_rights_are_enough_for_their_work),
		cmocka_unit_test(the_acl_file_has_a_line_for_each_user),
		cmocka_unit_test(each_question_of_an_analyst_has_an_answer),
	};
	return cmocka_run_group_tests_name("keys", tests, start, stop);
}
