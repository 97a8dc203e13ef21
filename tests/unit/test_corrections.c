/* What people say a mention is: written beside it, whole or not at all, and gone with it. */
#include "tests/unit/store_fixture.h"

#include "common/store/corrections.h"
#include "common/store/held.h"

#define ONE "00112233445566778899aabbccddee01"
#define GONE "00112233445566778899aabbccddee02"
#define MENTION                                                                                                                  \
	"{\"post\":{\"id\":\"" ONE "\",\"text\":\"星曜 kept\"},\"rulebook\":\"abc\",\"verdict\":{\"label\":\"positive\","      \
	"\"nature\":\"praise\",\"category\":\"\",\"urgency\":\"low\",\"confidence\":0.31,\"model\":\"m-1\"}}"

static void put_mentions(void)
{
	(void)ASK("HSET", "es:{b:acme}:mentions", ONE, MENTION);
	(void)ASK("HSET", "es:{b:acme}:mentions", GONE, "{\"erased\":true,\"counted\":[\"all\"],\"count_ms\":1}");
	(void)ASK("ZADD", "es:{b:acme}:times", "1000", ONE);
}

static struct correction word(const char *label, const char *nature, const char *by, int64_t at_ms)
{
	struct correction c = { .by = str_of(by), .note = STR("注"), .at_ms = at_ms };
	c.value[CORRECTION_LABEL] = str_of(label);
	c.value[CORRECTION_NATURE] = str_of(nature);
	return c;
}

/* The record of ONE; freed by json_free(). */
static struct json *record(void)
{
	const struct str id = STR(ONE);
	struct str body = STR("");
	MUST(corrections_records(&here, &id, 1, &body, &err));
	return json_parse(body, NULL);
}

static void the_last_word_of_each_field_holds(void **state)
{
	(void)state;
	need_server();
	put_mentions();
	const struct correction first = word("negative", "complaint", "李雷", 10), second = word("neutral", "", "Han", 20);
	MUST(corrections_put(&here, STR(ONE), &first, &err));
	MUST(corrections_put(&here, STR(ONE), &second, &err));
	struct json *doc = record();
	const struct correction now = corrections_now(doc), last = corrections_last(doc);
	assert_true(str_eqc(now.value[CORRECTION_LABEL], "neutral") && str_eqc(now.value[CORRECTION_NATURE], "complaint"));
	assert_true(now.value[CORRECTION_URGENCY].n == 0 && str_eqc(now.by, "Han") && now.at_ms == 20);
	assert_true(last.value[CORRECTION_NATURE].n == 0);
	assert_int_equal(json_size(json_get(doc, "history")), 2);
	const struct json *said = json_get(doc, "said");
	assert_true(str_eqc(json_str_of(said, "label"), "positive") && str_eqc(json_str_of(said, "model"), "m-1"));
	assert_true(str_eqc(json_str_of(said, "rulebook"), "abc"));
	json_free(doc);
	assert_string_equal(reply_str(ASK("HGET", "es:{b:acme}:mentions", ONE)).p, MENTION); /* the mention stays as it is */
}

static void a_record_holds_neither_text_nor_more_than_a_few_words(void **state)
{
	(void)state;
	need_server();
	put_mentions();
	for (int i = 0; i < 12; i++) {
		const struct correction c = word(i % 2 ? "negative" : "neutral", "", "Li", i);
		MUST(corrections_put(&here, STR(ONE), &c, &err));
	}
	struct json *doc = record();
	assert_int_equal(json_size(json_get(doc, "history")), CORRECTIONS_HISTORY);
	assert_int_equal(corrections_last(doc).at_ms, 11);
	json_free(doc);
	assert_null(strstr(reply_str(ASK("HGET", "es:{b:acme}:corrections", ONE)).p, "kept"));
}

static void the_same_word_again_writes_nothing(void **state)
{
	(void)state;
	need_server();
	put_mentions();
	const struct correction first = word("negative", "", "Li", 10), again = word("negative", "", "Li", 99),
				other = word("negative", "", "Han", 100);
	MUST(corrections_put(&here, STR(ONE), &first, &err));
	assert_int_equal(corrections_put(&here, STR(ONE), &again, &err), SKIP);
	struct json *doc = record();
	assert_int_equal(corrections_last(doc).at_ms, 10);
	json_free(doc);
	MUST(corrections_put(&here, STR(ONE), &other, &err)); /* another person says so, too */
}

static void what_is_unknown_or_erased_is_refused(void **state)
{
	(void)state;
	need_server();
	put_mentions();
	const struct correction c = word("negative", "", "Li", 1);
	assert_int_equal(corrections_put(&here, STR("nowhere"), &c, &err), REJECT);
	assert_non_null(strstr(err.text, "earshot posts acme"));
	assert_int_equal(corrections_put(&here, STR(GONE), &c, &err), REJECT);
	assert_non_null(strstr(err.text, "erased"));
	const struct correction nobody = word("negative", "", "", 1);
	assert_int_equal(corrections_put(&here, STR(ONE), &nobody, &err), REJECT);
	assert_int_equal(reply_int(ASK("EXISTS", "es:{b:acme}:corrections")), 0);
}

static void a_full_brand_takes_no_more_but_can_still_be_corrected(void **state)
{
	(void)state;
	need_server();
	put_mentions();
	struct command fill = command_new(&arena, 2 * LIMIT_CORRECTIONS + 2);
	command_addz(&fill, "HSET");
	command_addz(&fill, "es:{b:acme}:corrections");
	for (int i = 0; i < LIMIT_CORRECTIONS; i++) {
		command_add(&fill, arena_printf(&arena, "p%d", i));
		command_addz(&fill, "{}");
	}
	const struct reply *reply = NULL;
	MUST(redis_ask(redis, &fill, &reply, &err));
	const struct correction c = word("negative", "", "Li", 1);
	assert_int_equal(corrections_put(&here, STR(ONE), &c, &err), REJECT);
	assert_non_null(strstr(err.text, "--export"));
	(void)ASK("HDEL", "es:{b:acme}:corrections", "p7");
	MUST(corrections_put(&here, STR(ONE), &c, &err));
	const struct correction more = word("neutral", "", "Li", 2);
	MUST(corrections_put(&here, STR(ONE), &more, &err));
}

static void all_come_newest_first_and_one_can_be_taken_back(void **state)
{
	(void)state;
	need_server();
	struct correction_row *row = NULL;
	size_t n = 0;
	for (int i = 0; i < 300; i++) {
		const char *id = arena_printf(&arena, "id%03d", i).p;
		(void)ASK("HSET", "es:{b:acme}:mentions", id, MENTION);
		const struct correction c = word("negative", "", "Li", 1000 + i);
		MUST(corrections_put(&here, str_of(id), &c, &err));
	}
	MUST(corrections_all(&here, &row, &n, &err));
	assert_int_equal(n, 300);
	assert_true(str_eqc(row[0].post_id, "id299") && str_eqc(row[299].post_id, "id000"));
	MUST(corrections_withdraw(&here, STR("id299"), &err));
	assert_int_equal(corrections_withdraw(&here, STR("id299"), &err), SKIP);
	MUST(corrections_all(&here, &row, &n, &err));
	assert_true(n == 299 && str_eqc(row[0].post_id, "id298"));
}

static void a_correction_goes_with_its_mention(void **state)
{
	(void)state;
	need_server();
	put_mentions();
	int64_t n = 0;
	const struct correction c = word("negative", "", "Li", 1);
	MUST(corrections_put(&here, STR(ONE), &c, &err));
	MUST(posts_expire(&here, 2000, 10, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(reply_int(ASK("EXISTS", "es:{b:acme}:corrections")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_last_word_of_each_field_holds),
		CASE(a_record_holds_neither_text_nor_more_than_a_few_words),
		CASE(the_same_word_again_writes_nothing),
		CASE(what_is_unknown_or_erased_is_refused),
		CASE(a_full_brand_takes_no_more_but_can_still_be_corrected),
		CASE(all_come_newest_first_and_one_can_be_taken_back),
		CASE(a_correction_goes_with_its_mention),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
