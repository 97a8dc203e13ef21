/* Published rulebooks against a real redis-server: what is in force, files byte for byte, four eyes, way back, history. */
#include "tests/unit/store_fixture.h"

#include "common/store/rulebooks.h"

static struct rulebook_file three[] = {
	{ .name = { "brands.conf", 11 }, .path = "a/brands.conf", .folder = 0, .bytes = { "[brand x]\n", 10 } },
	{ .name = { "brands.conf", 11 }, .path = "b/brands.conf", .folder = 1, .bytes = { "", 0 } },
	{ .name = { "complaint.zh.tsv", 16 },
		.path = "b/complaint.zh.tsv",
		.folder = 1,
		.bytes = { "\xCD\xCB\0\xBF\xEE\r\n", 7 } },
};
static const struct rulebook_files files = { three, 3 };

static enum outcome publish(const char *expected, const char *version, const char *by, bool is_proposal)
{
	const struct rulebooks_publication p = { .expected = expected,
		.version = version,
		.base = expected,
		.by = str_of(by),
		.note = STR("because"),
		.ratios = STR("{}"),
		.is_proposal = is_proposal,
		.files = &files };
	return rulebooks_publish(redis, &arena, &p, &err);
}

static enum outcome back_to(const char *expected, const char *version)
{
	const struct rulebooks_change c = { .expected = expected, .version = version, .by = STR("Han") };
	return rulebooks_return(redis, &arena, &c, &err);
}

static enum outcome approve(const char *expected, const char *version, const char *by)
{
	const struct rulebooks_change c = { .expected = expected, .version = version, .by = str_of(by) };
	return rulebooks_approve(redis, &arena, &c, &err);
}

static struct rulebooks_now now(void)
{
	struct rulebooks_now out;
	MUST(rulebooks_now(redis, &arena, &out, &err));
	return out;
}

static void nothing_is_published_at_first(void **state)
{
	(void)state;
	need_server();
	assert_string_equal(now().version, "");
	assert_int_equal(now().serial, 0);
	struct rulebook_files back;
	assert_int_equal(rulebooks_files(redis, &arena, "aaaaaaaaaaaa", &back, &err), REJECT);
}

static void files_come_back_byte_for_byte_in_their_order(void **state)
{
	(void)state;
	need_server();
	struct rulebook_files back;
	MUST(publish("", "aaaaaaaaaaaa", "Li", false));
	assert_string_equal(now().version, "aaaaaaaaaaaa");
	assert_true(now().since_ms > 1700000000000LL);
	MUST(rulebooks_files(redis, &arena, "aaaaaaaaaaaa", &back, &err));
	assert_int_equal(back.n, files.n);
	for (size_t i = 0; i < back.n; i++) {
		assert_true(str_eq(back.file[i].name, three[i].name));
		assert_true(str_eq(back.file[i].bytes, three[i].bytes));
		assert_int_equal(back.file[i].folder, three[i].folder);
	}
	assert_string_equal(back.file[2].path, "aaaaaaaaaaaa/complaint.zh.tsv");
}

/* ---- models: each once, by its bytes ---- */

static enum outcome publish_model(const char *expected, const char *version, const char *bytes)
{
	struct rulebook_file model[] = {
		{ .name = { "m.model", 7 }, .path = "m.model", .folder = 1000, .bytes = str_of(bytes) }
	};
	const struct rulebook_files with = { model, 1 };
	const struct rulebooks_publication p = {
		.expected = expected, .version = version, .base = "", .by = STR("Li"), .files = &with
	};
	return rulebooks_publish(redis, &arena, &p, &err);
}

static size_t models_kept(void)
{
	struct command c = command_new(&arena, 2);
	const struct reply *reply = NULL;
	command_addz(&c, "KEYS");
	command_addz(&c, "*:model:*");
	MUST(redis_ask(redis, &c, &reply, &err));
	return reply_size(reply);
}

static void a_model_is_kept_once_and_comes_back_whole(void **state)
{
	(void)state;
	need_server();
	struct rulebook_files back;
	MUST(publish_model("", "aaaaaaaaaaaa", "weights one"));
	MUST(publish_model("aaaaaaaaaaaa", "bbbbbbbbbbbb", "weights one"));
	assert_int_equal(models_kept(), 1);
	MUST(publish_model("bbbbbbbbbbbb", "cccccccccccc", "weights two"));
	assert_int_equal(models_kept(), 2);
	MUST(rulebooks_files(redis, &arena, "bbbbbbbbbbbb", &back, &err));
	assert_true(back.n == 1 && str_eqc(back.file[0].bytes, "weights one"));
	MUST(rulebooks_files(redis, &arena, "cccccccccccc", &back, &err));
	assert_true(str_eqc(back.file[0].bytes, "weights two"));
}

static void a_model_goes_with_the_last_rulebook_that_has_it(void **state)
{
	(void)state;
	need_server();
	char before[13] = "aaaaaaaaaaaa", version[13];
	struct rulebook_files back;
	MUST(publish_model("", "aaaaaaaaaaaa", "weights one"));
	for (int i = 0; i < LIMIT_RULEBOOK_HISTORY + 2; i++) {
		(void)snprintf(version, sizeof version, "%012d", i);
		MUST(i == LIMIT_RULEBOOK_HISTORY / 2 ? publish_model(before, version, "weights two")
						     : publish(before, version, "Li", false));
		memcpy(before, version, sizeof before);
	}
	assert_int_equal(rulebooks_files(redis, &arena, "aaaaaaaaaaaa", &back, &err), REJECT);
	assert_int_equal(models_kept(), 1); /* the second one is remembered still */
}

static void a_model_that_is_gone_is_refused(void **state)
{
	(void)state;
	need_server();
	struct rulebook_files back;
	const struct reply *reply = NULL;
	MUST(publish_model("", "aaaaaaaaaaaa", "weights one"));
	struct command keys = command_new(&arena, 2), c = command_new(&arena, 2);
	command_addz(&keys, "KEYS");
	command_addz(&keys, "*:model:*");
	MUST(redis_ask(redis, &keys, &reply, &err));
	command_addz(&c, "DEL");
	command_add(&c, arena_copy(&arena, reply_str(reply_at(reply, 0))));
	MUST(redis_ask(redis, &c, &reply, &err));
	assert_int_equal(rulebooks_files(redis, &arena, "aaaaaaaaaaaa", &back, &err), REJECT);
	assert_non_null(strstr(err.text, "0 bytes as the model"));
}

/* `rules pull` writes files under these names. */
static void a_file_whose_name_leads_elsewhere_is_refused(void **state)
{
	(void)state;
	need_server();
	static const char *const name[] = { "file:0003:1:../../.profile", "file:0003:1:/etc/cron.d/x.tsv", "file:0003:1:.bashrc",
		"file:0003:1:a\nb.tsv" };
	struct rulebook_files back;
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		(void)ASK("FLUSHALL");
		MUST(publish("", "aaaaaaaaaaaa", "Li", false));
		(void)ASK("HSET", "es:{cfg}:rulebook:aaaaaaaaaaaa", "file:0003:1:fine.tsv", "退款\n");
		MUST(rulebooks_files(redis, &arena, "aaaaaaaaaaaa", &back, &err));
		(void)ASK("HDEL", "es:{cfg}:rulebook:aaaaaaaaaaaa", "file:0003:1:fine.tsv");
		(void)ASK("HSET", "es:{cfg}:rulebook:aaaaaaaaaaaa", name[i], "退款\n", "file:0004:1:last.tsv", "x\n");
		assert_int_equal(rulebooks_files(redis, &arena, "aaaaaaaaaaaa", &back, &err), REJECT);
	}
}

static void a_publisher_who_looked_too_early_is_refused(void **state)
{
	(void)state;
	need_server();
	MUST(publish("", "aaaaaaaaaaaa", "Li", false));
	assert_int_equal(publish("", "bbbbbbbbbbbb", "Han", false), REJECT);
	assert_non_null(strstr(err.text, "aaaaaaaaaaaa"));
	MUST(publish("aaaaaaaaaaaa", "bbbbbbbbbbbb", "Han", false));
	assert_string_equal(now().previous, "aaaaaaaaaaaa");
}

static void a_proposal_waits_for_another_person(void **state)
{
	(void)state;
	need_server();
	struct rulebooks_record record;
	MUST(publish("", "aaaaaaaaaaaa", "Li Lei", true));
	assert_string_equal(now().version, "");
	assert_string_equal(now().proposed, "aaaaaaaaaaaa");
	assert_int_equal(back_to("", "aaaaaaaaaaaa"), REJECT); /* no way round the second pair of eyes */
	assert_int_equal(approve("", "aaaaaaaaaaaa", "li lei"), REJECT);
	assert_int_equal(approve("", "bbbbbbbbbbbb", "Han"), REJECT);
	MUST(approve("", "aaaaaaaaaaaa", "Han"));
	assert_string_equal(now().version, "aaaaaaaaaaaa");
	assert_string_equal(now().proposed, "");
	MUST(rulebooks_record(redis, &arena, "aaaaaaaaaaaa", &record, &err));
	assert_true(str_eqc(record.state, "published") && str_eqc(record.by, "Li Lei") && str_eqc(record.approver, "Han"));
	assert_int_equal(approve("aaaaaaaaaaaa", "aaaaaaaaaaaa", "Han"), REJECT); /* once */
}

static void a_proposal_that_was_overtaken_is_refused(void **state)
{
	(void)state;
	need_server();
	MUST(publish("", "aaaaaaaaaaaa", "Li", true));
	MUST(publish("", "bbbbbbbbbbbb", "Han", false));
	assert_int_equal(approve("bbbbbbbbbbbb", "aaaaaaaaaaaa", "Han"), REJECT); /* it was compared with something else */
}

static void the_way_back_is_one_call(void **state)
{
	(void)state;
	need_server();
	MUST(publish("", "aaaaaaaaaaaa", "Li", false));
	MUST(publish("aaaaaaaaaaaa", "bbbbbbbbbbbb", "Li", false));
	MUST(back_to("bbbbbbbbbbbb", "aaaaaaaaaaaa"));
	assert_string_equal(now().version, "aaaaaaaaaaaa");
	MUST(back_to("aaaaaaaaaaaa", ""));
	assert_string_equal(now().version, "");
	assert_int_equal(now().serial, 4);
	assert_int_equal(back_to("", "cccccccccccc"), REJECT); /* never published */
	assert_int_equal(back_to("", ""), REJECT);
}

static void the_log_says_who_did_what(void **state)
{
	(void)state;
	need_server();
	struct rulebooks_event *event = NULL;
	size_t n = 0;
	MUST(publish("", "aaaaaaaaaaaa", "李雷", true));
	MUST(approve("", "aaaaaaaaaaaa", "韩梅梅"));
	MUST(back_to("aaaaaaaaaaaa", ""));
	MUST(rulebooks_history(redis, &arena, 10, &event, &n, &err));
	assert_int_equal(n, 3);
	assert_true(str_eqc(event[0].action, "withdraw") && str_eqc(event[0].by, "Han"));
	assert_true(str_eqc(event[1].action, "approve") && str_eqc(event[1].approver, "韩梅梅"));
	assert_true(str_eqc(event[2].action, "propose") && str_eqc(event[2].by, "李雷") && str_eqc(event[2].note, "because"));
}

static void the_history_and_its_records_are_bounded(void **state)
{
	(void)state;
	need_server();
	char before[13] = "", version[13];
	for (int i = 0; i < LIMIT_RULEBOOK_HISTORY + 10; i++) {
		(void)snprintf(version, sizeof version, "%012d", i);
		MUST(publish(before, version, "Li", false));
		memcpy(before, version, sizeof before);
	}
	struct rulebooks_event *event = NULL;
	size_t n = 0;
	MUST(rulebooks_history(redis, &arena, 1000, &event, &n, &err));
	assert_int_equal(n, LIMIT_RULEBOOK_HISTORY);
	assert_int_equal(
		reply_size(ASK("KEYS", "es:{cfg}:rulebook:*")), LIMIT_RULEBOOK_HISTORY + 1); /* and the oldest's previous */
	struct rulebook_files back;
	assert_int_equal(rulebooks_files(redis, &arena, "000000000003", &back, &err), REJECT);
	MUST(rulebooks_files(redis, &arena, before, &back, &err));
}

static void what_is_too_large_or_nameless_is_refused(void **state)
{
	(void)state;
	need_server();
	assert_int_equal(publish("", "aaaaaaaaaaaa", "", false), REJECT);
	static const struct rulebook_files none = { NULL, 0 };
	struct rulebooks_publication p = {
		.expected = "", .version = "aaaaaaaaaaaa", .base = "", .by = STR("Li"), .files = &none
	};
	assert_int_equal(rulebooks_publish(redis, &arena, &p, &err), REJECT);
	struct rulebook_file huge = { .name = STR("a.tsv"), .path = "a.tsv", .bytes = { "", LIMIT_RULEBOOK_BYTES + 1 } };
	const struct rulebook_files large = { &huge, 1 };
	p.files = &large;
	assert_int_equal(rulebooks_publish(redis, &arena, &p, &err), REJECT);
	assert_string_equal(now().version, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nothing_is_published_at_first),
		CASE(files_come_back_byte_for_byte_in_their_order),
		CASE(a_model_is_kept_once_and_comes_back_whole),
		CASE(a_model_goes_with_the_last_rulebook_that_has_it),
		CASE(a_model_that_is_gone_is_refused),
		CASE(a_file_whose_name_leads_elsewhere_is_refused),
		CASE(a_publisher_who_looked_too_early_is_refused),
		CASE(a_proposal_waits_for_another_person),
		CASE(a_proposal_that_was_overtaken_is_refused),
		CASE(the_way_back_is_one_call),
		CASE(the_log_says_who_did_what),
		CASE(the_history_and_its_records_are_bounded),
		CASE(what_is_too_large_or_nameless_is_refused),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
