/* Unit tests of the log file: its lines, and how they get to the disk. */
#include "notifier/notifier.h"

#include "common/base/file.h"
#include "common/base/json.h"
#include "notifier/append.h"
#include "tests/support/alert_sample.h"

#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static int arena_up(void **state)
{
	static struct arena a;
	arena_init(&a, 32u << 20);
	*state = &a;
	return 0;
}

static int arena_down(void **state)
{
	arena_release(*state);
	return 0;
}

extern const struct channel channel_log;

static void a_notice_says_it_in_the_words_of_its_target(void **state)
{
	struct arena *a = *state;
	struct target t = { .name = STR("ops"),
		.channel = &channel_log,
		.lang = LANG_ZH,
		.utc_offset_min = 480,
		.path = STR("ops.log"),
		.format = 1 };
	const struct notice n = { .id = STR("source-a-1:0"),
		.kind = NOTICE_SICK,
		.source = STR("a"),
		.at_ms = 1795348800000,
		.since_ms = 1795348800000,
		.zh = STR("来源 a 异常\n第二行"),
		.en = STR("Source a is sick") };
	const struct message m = { .target = &t, .notice = &n, .delivery_id = STR("source-a-1:0:ops"), .now_ms = 1 };
	struct rendering out = { 0 };
	struct err e;
	assert_int_equal(channel_log.render(a, &m, &out, &e), OK);
	assert_true(str_find(out.request[0].body,
			    STR("【earshot 运维】来源异常\n来源 a 异常 第二行\n始于：2026-11-22 20:00 UTC+08:00\n")) > 0);
	t.lang = LANG_EN;
	t.format = 0;
	t.utc_offset_min = 0;
	assert_int_equal(channel_log.render(a, &m, &out, &e), OK);
	struct json *line = json_parse(str_trim(out.request[0].body), &e);
	assert_non_null(line);
	assert_true(
		str_find(json_str_of(line, "text"), STR("a source is sick\nSource a is sick\nSince: 2026-11-22 12:00 UTC")) > 0);
	assert_true(str_eqc(json_str_of(json_get(line, "notice"), "notice"), "sick"));
	json_free(line);
}

static struct str render(struct arena *a, int format)
{
	const struct target t = { .name = STR("log"),
		.channel = &channel_log,
		.lang = LANG_ZH,
		.utc_offset_min = 480,
		.path = STR("alerts.log"),
		.format = format };
	struct alert alert = alert_sample();
	struct rendering out = { 0 };
	struct err e;
	const struct message m = { .target = &t, .alert = &alert, .delivery_id = STR("0123:3:log"), .now_ms = 1 };
	assert_int_equal(channel_log.render(a, &m, &out, &e), OK);
	assert_int_equal(out.n, 1);
	assert_true(str_eqc(out.request[0].path, "alerts.log"));
	return out.request[0].body;
}

static void a_json_line_is_one_line_with_delivery_text_and_alert(void **state)
{
	struct str line = render(*state, 0);
	struct err e;
	assert_int_equal(str_findc(line, '\n'), (ptrdiff_t)line.n - 1);
	struct json *doc = json_parse(str_trim(line), &e);
	assert_true(str_eqc(json_str_of(doc, "delivery"), "0123:3:log"));
	assert_true(str_eqc(json_str_of(doc, "news"), "opened"));
	assert_true(str_eqc(json_str_of(doc, "level"), "orange"));
	assert_true(str_find(json_str_of(doc, "text"), STR("云雀电动车")) >= 0);
	assert_int_equal(json_kind(json_get(doc, "alert")), JSON_OBJECT);
	json_free(doc);
}

static void a_text_block_is_for_people_and_names_the_delivery(void **state)
{
	struct str block = render(*state, 1);
	assert_true(str_starts(block, STR("---- 2025-11-22T03:00:00Z 0123:3:log\n")));
	assert_true(str_ends(block, STR("\n\n")));
}

static void lines_are_appended_and_a_torn_one_is_ended_first(void **state)
{
	char path[] = "/tmp/earshot-append-XXXXXX";
	struct err e;
	struct str text;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "{\"torn", 6), 6);
	assert_int_equal(close(fd), 0);
	assert_int_equal(append_line(path, STR("one\n"), &e), OK);
	assert_int_equal(append_line(path, STR("二\n"), &e), OK);
	assert_int_equal(file_read(*state, path, 1000, &text, &e), OK);
	assert_string_equal(arena_cstr(*state, text), "{\"torn\none\n二\n");
	(void)unlink(path);
}

static void what_is_no_file_is_told_apart_from_what_may_come_back(void **state)
{
	(void)state;
	struct err e;
	assert_int_equal(append_line("/dev/null", STR("x\n"), &e), REJECT);
	assert_int_equal(append_line("/nonexistent/alerts.log", STR("x\n"), &e), RETRY);
	assert_non_null(strstr(e.text, "/nonexistent/alerts.log"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_notice_says_it_in_the_words_of_its_target),
		cmocka_unit_test(a_json_line_is_one_line_with_delivery_text_and_alert),
		cmocka_unit_test(a_text_block_is_for_people_and_names_the_delivery),
		cmocka_unit_test(lines_are_appended_and_a_torn_one_is_ended_first),
		cmocka_unit_test(what_is_no_file_is_told_apart_from_what_may_come_back),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
