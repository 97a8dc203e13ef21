/* Unit tests of drafts: names of columns in both languages, pointers, dates and numbers of spreadsheets, mails. */
#include "crawler/draft.h"

#include "crawler/mail.h"
#include "crawler/mail_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define NOW 1795348800000LL /* 2026-11-22T12:00:00Z */

static struct arena arena;
static const struct mapping guess;

/* "text=2 posted=0": which column is what. */
static const char *columns_of(const struct mapping *m, const char *heading)
{
	struct str cell[16], rest = str_of(heading);
	int column[DRAFT__N];
	size_t n = 0;
	struct str out = STR("");
	while (n < 16 && str_split(&rest, ',', &cell[n]))
		n++;
	(void)mapping_columns(&arena, m, cell, n, column);
	for (int p = 0; p < DRAFT__N; p++)
		if (column[p] >= 0)
			out = arena_printf(
				&arena, "%.*s%s%s=%d", STR_FMT(out), out.n > 0 ? " " : "", draft_part_names[p], column[p]);
	return arena_cstr(&arena, out);
}

static struct mapping told(const char *items)
{
	struct conf_list list = { arena_list(&arena, struct str, 16), 0 };
	struct str rest = str_of(items);
	struct mapping m;
	struct err e = { 0 };
	while (str_split(&rest, ',', &list.item[list.n]))
		list.n++;
	if (mapping_parse(&arena, &list, &m, &e) != OK)
		fail_msg("%s", e.text);
	return m;
}

static void columns_are_known_by_their_names_in_both_languages(void **state)
{
	(void)state;
	assert_string_equal(columns_of(&guess, "标题,正文,发布时间,作者,链接,来源,星级"),
		"text=1 title=0 author=3 posted=2 url=4 source=5 stars=6");
	assert_string_equal(columns_of(&guess, "Title,Content,Published At,User Name,Link,Platform,Rating"),
		"text=1 title=0 author=3 posted=2 url=4 source=5 stars=6");
	assert_string_equal(columns_of(&guess, "標題,內容,發佈時間(UTC+8),點讚數"), "text=1 title=0 posted=2 likes=3");
	assert_string_equal(columns_of(&guess, "采集时间,投诉时间,处理时间,诉求内容,回复内容,工单编号"), "id=5 text=3 posted=1");
	assert_string_equal(columns_of(&guess, "商品评价内容,首次评价时间"), "text=0 posted=1");
	assert_string_equal(columns_of(&guess, "一,二,three"), "");
}

static void what_is_told_wins_over_names(void **state)
{
	(void)state;
	const struct mapping m = told("text=备注,posted=3,author=nobody|昵称");
	assert_string_equal(columns_of(&m, "内容,备注,时刻,昵称"), "text=1 author=3 posted=2");
}

static void wrong_maps_are_refused_with_a_remedy(void **state)
{
	static const char *const wrong[] = { "text", "txt=1", "=x", "text=", "text=/a/~9", "text=a|b|c|d|e" };
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct str item = str_of(wrong[i]);
		const struct conf_list list = { &item, 1 };
		struct mapping m;
		struct err e = { 0 };
		if (mapping_parse(&arena, &list, &m, &e) != REJECT || e.text[0] == '\0')
			fail_msg("%s has to be refused", wrong[i]);
	}
}

static struct draft draft_of(const struct mapping *m, const char *json)
{
	struct draft d;
	struct err e = { 0 };
	const struct json *doc = json_parse_in(&arena, str_of(json), &e);
	assert_non_null(doc);
	mapping_object(&arena, m, doc, &d);
	return d;
}

static void assert_part(const struct draft *d, enum draft_part part, const char *text)
{
	assert_string_equal(arena_cstr(&arena, d->part[part]), text);
}

static void json_is_read_by_names_and_pointers(void **state)
{
	(void)state;
	struct draft d = draft_of(&guess,
		"{\"id\":12345678901234567890,\"内容\":\"好\",\"author\":{\"id\":1,\"name\":\"Jo\"},\"created_at\":1.5e9}");
	assert_part(&d, DRAFT_ID, "12345678901234567890");
	assert_part(&d, DRAFT_TEXT, "好");
	assert_part(&d, DRAFT_AUTHOR, "Jo");
	const struct mapping m = told("text=/a~1b/0|/c/*/t,title=/no");
	d = draft_of(&m, "{\"a/b\":[\"\"],\"c\":[{\"t\":\"one\"},{\"t\":\"two\"}],\"title\":\"not told\"}");
	assert_part(&d, DRAFT_TEXT, "one\ntwo");
	assert_part(&d, DRAFT_TITLE, "");
}

static const struct source_how here_how = { .family = { "other", 5 }, .zone_minutes = 480 };
static const struct source here = { .id = { "import", 6 }, .how = &here_how };
static const struct draft_terms table = { .source = &here, .now_ms = NOW, .is_table = true };

static int64_t date_of(const char *written)
{
	int64_t ms = -1;
	bool day_only = false;
	return draft_date(str_of(written), &table, &ms, &day_only) ? (day_only ? -ms : ms) : -1;
}

static void dates_are_those_of_people_and_of_excel(void **state)
{
	(void)state;
	assert_int_equal(date_of("2025-11-22 09:30"), 1763775000000);
	assert_int_equal(date_of("45983.395833"), 1763775000000);
	assert_int_equal(date_of("2025年11月22日 9:30"), 1763775000000);
	assert_int_equal(date_of("45983"), -1763740800000);
	assert_int_equal(date_of("1763775000"), 1763775000000);
	assert_int_equal(date_of("不知道"), -1);
}

static void numbers_and_stars_are_read_as_they_are_written(void **state)
{
	(void)state;
	assert_int_equal(draft_count(&arena, STR("1,234")), 1234);
	assert_int_equal(draft_count(&arena, STR("１.２万")), 12000);
	assert_int_equal(draft_count(&arena, STR("3.4k")), 3400);
	assert_int_equal(draft_count(&arena, STR("")), -1);
	assert_int_equal(draft_count(&arena, STR("none")), -1);
	assert_int_equal(draft_stars(&arena, STR("★★★★☆")), 4);
	assert_int_equal(draft_stars(&arena, STR("四星")), 4);
	assert_int_equal(draft_stars(&arena, STR("two stars")), 2);
	assert_int_equal(draft_stars(&arena, STR("8/10")), 4);
	assert_int_equal(draft_stars(&arena, STR("")), -1);
}

static struct post post_of(struct draft d)
{
	struct post p;
	struct str brand;
	struct err e = { 0 };
	if (draft_post(&arena, &table, &d, &p, &brand, &e) != OK)
		fail_msg("%s", e.text);
	return p;
}

static void one_post_has_one_id_however_it_came(void **state)
{
	(void)state;
	struct draft d = { .part = { [DRAFT_URL] = STR("https://x.example/1?utm_source=a"), [DRAFT_TEXT] = STR("x") } };
	const struct post first = post_of(d);
	d.part[DRAFT_URL] = STR("https://X.example/1#top");
	d.part[DRAFT_TEXT] = STR("edited");
	assert_true(str_eq(post_of(d).id, first.id));
	d.part[DRAFT_ID] = STR("5.70306E+17"); /* Excel's: the url has to do */
	assert_true(str_eq(post_of(d).id, first.id));
	d.part[DRAFT_ID] = STR("570306133677760513");
	assert_false(str_eq(post_of(d).id, first.id));
	struct draft bare = { .part = { [DRAFT_TEXT] = STR("云雀"), [DRAFT_AUTHOR] = STR("a") } }, other = bare;
	other.part[DRAFT_AUTHOR] = STR("b");
	assert_true(str_eq(post_of(bare).id, post_of(bare).id));
	assert_false(str_eq(post_of(bare).id, post_of(other).id));
}

static void the_family_is_told_by_the_place(void **state)
{
	(void)state;
	struct draft d = { .part = { [DRAFT_TEXT] = STR("<p>云雀</p><p>坏了</p>"), [DRAFT_SOURCE] = STR("12345热线") } };
	const struct post p = post_of(d);
	assert_true(str_eqc(p.family, "complaint"));
	assert_non_null(strstr(arena_cstr(&arena, p.text), "云雀\n"));
	d.part[DRAFT_FAMILY] = STR("news");
	assert_true(str_eqc(post_of(d).family, "news"));
}

static void a_mail_is_what_its_writer_wrote(void **state)
{
	static const char mail[] =
		"From: =?gb2312?B?wO7A18jD?= <li@x.example>\nSubject: =?UTF-8?Q?=E9=80=80?=\n =?UTF-8?Q?=E6=AC=BE?= now\n"
		"Date: Sun, 22 Nov 2026 10:00:00 +0800\nMessage-ID: <1@x>\nContent-Type: multipart/mixed; boundary=\"b\"\n\n"
		"--b\nContent-Type: text/plain; charset=gbk\nContent-Transfer-Encoding: base64\n\n0NXM9Q==\n"
		"--b\nContent-Type: text/html\n\n<p>no</p>\n--b--\n";
	struct draft d;
	(void)state;
	mail_read(&arena, STR(mail), &d);
	assert_part(&d, DRAFT_TITLE, "退款 now");
	assert_part(&d, DRAFT_AUTHOR, "李雷让");
	assert_part(&d, DRAFT_ID, "1@x");
	assert_part(&d, DRAFT_TEXT, "姓条");
}

static void quotes_and_signatures_are_left_out(void **state)
{
	(void)state;
	assert_true(str_eqc(
		mail_body_own(&arena, STR("Broken.\nOn Mon, Jo wrote:\n> old\n> older\nStill.\n-- \nJo")), "Broken.\nStill."));
	assert_true(str_eqc(mail_body_own(&arena, STR("坏了\n在 2026年11月22日，小明写道：\n\n> 旧\n")), "坏了"));
	assert_true(str_eqc(mail_body_own(&arena, STR("坏了\n------------------ 原始邮件 ------------------\n发件人")), "坏了"));
	assert_true(str_eqc(mail_body_own(&arena, STR("> all of it")), "> all of it"));
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_known_by_their_names_in_both_languages),
		cmocka_unit_test(what_is_told_wins_over_names),
		cmocka_unit_test(wrong_maps_are_refused_with_a_remedy),
		cmocka_unit_test(json_is_read_by_names_and_pointers),
		cmocka_unit_test(dates_are_those_of_people_and_of_excel),
		cmocka_unit_test(numbers_and_stars_are_read_as_they_are_written),
		cmocka_unit_test(one_post_has_one_id_however_it_came),
		cmocka_unit_test(the_family_is_told_by_the_place),
		cmocka_unit_test(a_mail_is_what_its_writer_wrote),
		cmocka_unit_test(quotes_and_signatures_are_left_out),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
