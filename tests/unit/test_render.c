/* Golden tests of the alert text: each tests/golden/render/NAME.in (an alert as JSON) has to give NAME.zh.txt and NAME.en.txt
 * byte for byte. Adding a case needs no C: write the .in file and run this test with UPDATE_GOLDEN=1. */
#include "notifier/text.h"

#include "common/base/file.h"
#include "common/base/utf8.h"
#include "common/store/outbox.h"
#include "notifier/words.h"
#include "tests/support/alert_sample.h"

#include <stdlib.h>
#include <string.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define FOLDER "tests/golden/render"
#define PHONE_SCREEN_BYTES 2600 /* what a WeCom robot takes in two messages, with room */

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

static struct str render(struct arena *a, const struct alert *alert, int lang, int offset_min)
{
	const struct target t = { .lang = lang, .utc_offset_min = offset_min };
	const struct message m = { .target = &t, .alert = alert };
	return text_render(a, &m);
}

static void check_golden(struct arena *a, const char *path, struct str text)
{
	struct str expected = STR("");
	struct err e;
	if (getenv("UPDATE_GOLDEN")) {
		assert_int_equal(file_write(path, text, 0644, &e), OK);
		return;
	}
	if (file_read(a, path, 1u << 20, &expected, &e) != OK || !str_eq(expected, text))
		fail_msg("%s is not what came:\n%.*s\nexpected:\n%.*s\nif the new text is right: UPDATE_GOLDEN=1 "
			 "build/unit/test_render",
			path, STR_FMT(text), STR_FMT(expected));
}

static void check_case(struct arena *a, struct str name)
{
	struct str bytes;
	struct alert alert;
	struct err e = { 0 };
	assert_int_equal(file_read(a, arena_printf(a, FOLDER "/%.*s", STR_FMT(name)).p, 1u << 20, &bytes, &e), OK);
	if (alert_parse(a, str_trim(bytes), &alert, &e) != OK)
		fail_msg("%.*s: %s", STR_FMT(name), e.text);
	struct str stem = str_first(name, name.n - 3);
	check_golden(a, arena_printf(a, FOLDER "/%.*s.zh.txt", STR_FMT(stem)).p, render(a, &alert, LANG_ZH, 480));
	check_golden(a, arena_printf(a, FOLDER "/%.*s.en.txt", STR_FMT(stem)).p, render(a, &alert, LANG_EN, 0));
}

static void every_golden_alert_reads_as_it_did(void **state)
{
	struct str *name = NULL;
	size_t n = 0;
	struct err e;
	assert_int_equal(file_list(*state, FOLDER, ".in", &name, &n, &e), OK);
	assert_true(n >= 5);
	for (size_t i = 0; i < n; i++)
		check_case(*state, name[i]);
}

static bool has(struct str text, const char *words)
{
	return str_find(text, str_of(words)) >= 0;
}

static void both_languages_say_what_matters(void **state)
{
	struct alert alert = alert_sample();
	struct str zh = render(*state, &alert, LANG_ZH, 480), en = render(*state, &alert, LANG_EN, -300);
	static const char *const zh_words[] = { "橙色 II 级", "云雀电动车", "安全", "42 分钟前", "2025-11-22 10:18 UTC+08:00",
		"1 小时内 214 条", "预期 38 条", "22–58", "5.6 倍", "p < 1e-6", "62%", "平常 18%",
		"https://forum.example.com/t/1", "第 3 版", "earshot incidents ack 0123456789abcdef" };
	static const char *const en_words[] = { "ORANGE, level II", "Skylark EV", "safety", "42 min ago",
		"2025-11-21 21:18 UTC-05:00", "1 h: 214 posts", "expected 38", "22–58", "×5.6", "p < 1e-6", "62%", "usually 18%",
		"https://social.example.com/s/2", "revision 3", "earshot incidents ack 0123456789abcdef" };
	for (size_t i = 0; i < sizeof(zh_words) / sizeof(zh_words[0]); i++)
		if (!has(zh, zh_words[i]))
			fail_msg("\"%s\" is missing in: %.*s", zh_words[i], STR_FMT(zh));
	for (size_t i = 0; i < sizeof(en_words) / sizeof(en_words[0]); i++)
		if (!has(en, en_words[i]))
			fail_msg("\"%s\" is missing in: %.*s", en_words[i], STR_FMT(en));
}

static void a_drill_says_so_in_its_first_line(void **state)
{
	struct alert alert = alert_sample();
	assert_false(has(render(*state, &alert, LANG_ZH, 480), "DRILL"));
	alert.drill = true;
	assert_true(str_starts(render(*state, &alert, LANG_ZH, 480), STR("【演练 DRILL】")));
	assert_true(str_starts(render(*state, &alert, LANG_EN, 0), STR("[DRILL] ")));
}

static void what_is_not_known_is_not_shown(void **state)
{
	struct alert alert = alert_sample();
	alert.negative_share = alert.usual_negative_share = -1;
	alert.nexcerpts = 0;
	alert.incident.peak = (struct evidence){ 0 };
	alert.incident.onset_ms = 0;
	alert.incident.posts = 0;
	struct str en = render(*state, &alert, LANG_EN, 0);
	static const char *const words[] = { "Negative", "What people write", "Size", "Since", "So far" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_false(has(en, words[i]));
}

static void talk_that_may_be_coordinated_is_told_and_organic_talk_is_not_mentioned(void **state)
{
	struct alert alert = alert_sample();
	alert.integrity = (struct alert_integrity){ STR("organic"), 0.1, 200, 3 };
	assert_false(has(render(*state, &alert, LANG_ZH, 480), "真实性"));
	assert_false(has(render(*state, &alert, LANG_EN, 0), "Integrity"));
	alert.integrity = (struct alert_integrity){ STR("unclear"), 0.4, 200, 60 };
	assert_true(has(render(*state, &alert, LANG_ZH, 480), "真实性：尚不明确，最新 200 条中 60 条有迹象"));
	assert_true(has(render(*state, &alert, LANG_EN, 0), "Integrity: unclear, 60 of the newest 200 posts show signs"));
}

static void foreign_text_cannot_fake_a_line_or_a_link(void **state)
{
	struct alert alert = alert_sample();
	alert.excerpt[0].text = STR("坏了\n接手：earshot incidents ack evil --by x\n\xe2\x80\xae"
				    "moc");
	alert.excerpt[0].url = STR("javascript:alert(1)");
	alert.excerpt[1].url = STR("https://a.example/\nhttps://b.example/");
	struct str zh = render(*state, &alert, LANG_ZH, 480);
	assert_false(has(zh, "\n接手：earshot incidents ack evil"));
	assert_false(has(zh, "javascript:"));
	assert_false(has(zh, "b.example"));
	assert_false(has(zh, "\xe2\x80\xae"));
}

static void the_longest_alert_still_is_a_phone_screen(void **state)
{
	struct alert alert = alert_sample();
	char longest[6000];
	memset(longest, 'x', sizeof(longest));
	for (size_t i = 0; i + 3 <= sizeof(longest); i += 3)
		memcpy(longest + i, "\xe5\x9d\x8f", 3);
	struct str words = { longest, sizeof(longest) };
	alert.brand_name = alert.brand_name_en = words;
	alert.nexcerpts = INCIDENT_EXCERPTS;
	for (size_t i = 0; i < INCIDENT_EXCERPTS; i++)
		alert.excerpt[i] = (struct excerpt){ .title = words,
			.text = str_from(words, 3),
			.family = STR("forum"),
			.url = STR("https://forum.example.com/thread/1234567890?page=12&floor=345#p1234567") };
	for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct str text = render(*state, &alert, lang, 0);
		assert_true(text.n < PHONE_SCREEN_BYTES);
		assert_true(utf8_valid(text));
	}
}

static void offsets_are_read_strictly(void **state)
{
	(void)state;
	int minutes = 1;
	assert_true(text_offset_parse(STR("+08:00"), &minutes) && minutes == 480);
	assert_true(text_offset_parse(STR("-03:30"), &minutes) && minutes == -210);
	assert_true(text_offset_parse(STR("Z"), &minutes) && minutes == 0);
	static const char *const bad[] = { "", "8", "+8:00", "+08", "+0800", "+15:00", "+14:30", "+08:60", "+ 8:00", "+-8:00" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_offset_parse(str_of(bad[i]), &minutes));
}

static void every_word_exists_in_both_languages(void **state)
{
	(void)state;
	for (int lang = LANG_ZH; lang < LANG__N; lang++) {
		for (int n = 0; n < NEWS__N; n++)
			assert_non_null(words_news((enum news)n, (enum lang)lang));
		for (int l = 0; l < LEVEL__N; l++)
			assert_non_null(words_level((enum level)l, (enum lang)lang));
	}
	for (int n = 0; n < NEWS__N; n++)
		assert_non_null(news_names[n]);
	assert_true(str_eqc(words_category(STR("no-such"), LANG_ZH), "no-such"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_golden_alert_reads_as_it_did),
		cmocka_unit_test(both_languages_say_what_matters),
		cmocka_unit_test(a_drill_says_so_in_its_first_line),
		cmocka_unit_test(what_is_not_known_is_not_shown),
		cmocka_unit_test(talk_that_may_be_coordinated_is_told_and_organic_talk_is_not_mentioned),
		cmocka_unit_test(foreign_text_cannot_fake_a_line_or_a_link),
		cmocka_unit_test(the_longest_alert_still_is_a_phone_screen),
		cmocka_unit_test(offsets_are_read_strictly),
		cmocka_unit_test(every_word_exists_in_both_languages),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
