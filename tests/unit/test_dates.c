/* Unit tests of dates as feeds, forums and people write them, in English and in Chinese. */
#include "crawler/dates.h"

#include "common/base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Wednesday 8 May 2024, 15:30 in China. */
#define NOW_MS 1715153400000LL
static const struct date_context china = { .now_ms = NOW_MS, .zone_minutes = 480 };
static const struct date_context nowhere = { .now_ms = 0, .zone_minutes = 0 };

struct row {
	const char *written, *utc;
};

static void expect(const struct row *rows, size_t n, const struct date_context *context, bool day_only)
{
	for (size_t i = 0; i < n; i++) {
		struct date date;
		char text[32];
		if (!dates_parse(str_of(rows[i].written), context, &date))
			fail_msg("\"%s\": expected %s, got no date", rows[i].written, rows[i].utc);
		clock_iso(date.ms, text);
		if (strcmp(text, rows[i].utc) != 0 || date.day_only != day_only)
			fail_msg("\"%s\": expected %s, got %s%s", rows[i].written, rows[i].utc, text,
				date.day_only ? " (day)" : "");
	}
}

#define EXPECT(rows, context, day_only) expect(rows, sizeof(rows) / sizeof((rows)[0]), context, day_only)

static void dates_of_mail_are_read(void **state)
{
	static const struct row rows[] = {
		{ "Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z" },
		{ "Thu, 1 Jan 04 19:48 EST", "2004-01-02T00:48:00Z" },
		{ "Thursday, 01-Jan-04 19:48:21 GMT", "2004-01-01T19:48:21Z" },
		{ "Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z" },
		{ "Wed, 19 Feb 2012 22:40:00 GMT-01:01", "2012-02-19T23:41:00Z" },
		{ "Mon, 26 January 2004 16:31:00 AT", "2004-01-26T20:31:00Z" },
		{ "Fri, 31 Mar 2023 20:19:00 America/Los_Angeles", "2023-04-01T03:19:00Z" },
		{ "Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", "2020-11-12T17:00:00Z" },
		{ "Nov. 16, 2020, 10:57 a.m.", "2020-11-16T10:57:00Z" },
		{ "ven., 03 juil. 2020 15:09:58 +0000", "2020-07-03T15:09:58Z" },
		{ "09/15/2014 4:20 pm PST", "2014-09-16T00:20:00Z" },
		{ "Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z" },
	};

	(void)state;
	EXPECT(rows, &nowhere, false);
}

static void iso_dates_are_read_whole_and_in_part(void **state)
{
	static const struct row moments[] = {
		{ "2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z" },
		{ "2007-04-23T23:25:47.538+10:00", "2007-04-23T13:25:47Z" },
		{ "2004-07-08 23:56:58.0", "2004-07-08T23:56:58Z" },
		{ "20240603T140500Z", "2024-06-03T14:05:00Z" },
		{ "2020-11-08T16:20:00-05:00Z", "2020-11-08T21:20:00Z" },
		{ "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z" },
		{ "2023-05-29 00:00:00-13:00", "2023-05-29T00:00:00Z" },
		{ "1715153400", "2024-05-08T07:30:00Z" },
		{ "1715153400123", "2024-05-08T07:30:00Z" },
	};
	static const struct row days[] = {
		{ "2003-12-31", "2003-12-31T00:00:00Z" },
		{ "2003-12", "2003-12-01T00:00:00Z" },
		{ "2003", "2003-01-01T00:00:00Z" },
		{ "20031231", "2003-12-31T00:00:00Z" },
		{ "-0312", "2003-12-01T00:00:00Z" },
		{ "2003-335", "2003-12-01T00:00:00Z" },
		{ "2004-W01-1", "2003-12-29T00:00:00Z" },
		{ "2004W537", "2005-01-02T00:00:00Z" },
		{ "5 August, 2019", "2019-08-05T00:00:00Z" },
		{ "30.10.23", "2023-10-30T00:00:00Z" },
	};

	(void)state;
	EXPECT(moments, &nowhere, false);
	EXPECT(days, &nowhere, true);
}

static void chinese_dates_are_read_in_their_zone(void **state)
{
	static const struct row moments[] = {
		{ "2024年6月3日 14:05", "2024-06-03T06:05:00Z" },
		{ "2024-06-03 14:05", "2024-06-03T06:05:00Z" },
		{ "2024年6月3日（星期一）下午2:05", "2024-06-03T06:05:00Z" },
		{ "２０２４年６月３日１４：０５", "2024-06-03T06:05:00Z" },
		{ "发布时间：2024年06月03日 14时05分", "2024-06-03T06:05:00Z" },
		{ "發表於 2024-6-3 14:05:09", "2024-06-03T06:05:09Z" },
		{ "更新时间 2024-06-03T14:05:00+08:00", "2024-06-03T06:05:00Z" },
		{ "5月1日 08:00", "2024-05-01T00:00:00Z" },
		{ "12-25 23:10", "2023-12-25T15:10:00Z" },
		{ "Mon Jun 03 14:05:00 CST 2024", "2024-06-03T06:05:00Z" },
	};
	static const struct row days[] = {
		{ "2024年6月3日", "2024-06-02T16:00:00Z" },
		{ "二〇一三年十二月三十一日", "2013-12-30T16:00:00Z" },
		{ "5月1日", "2024-04-30T16:00:00Z" },
		{ "去年12月1日", "2023-11-30T16:00:00Z" },
	};

	(void)state;
	EXPECT(moments, &china, false);
	EXPECT(days, &china, true);
}

static void relative_dates_count_from_the_reference(void **state)
{
	static const struct row moments[] = {
		{ "3分钟前", "2024-05-08T07:27:00Z" },
		{ "13 分鐘前 来自 iPhone客户端", "2024-05-08T07:17:00Z" },
		{ "半小时前", "2024-05-08T07:00:00Z" },
		{ "刚刚", "2024-05-08T07:30:00Z" },
		{ "昨天 08:00", "2024-05-07T00:00:00Z" },
		{ "今天 下午2:05", "2024-05-08T06:05:00Z" },
		{ "前天晚上9点半", "2024-05-06T13:30:00Z" },
		{ "星期一 09:00", "2024-05-06T01:00:00Z" },
		{ "3 minutes ago", "2024-05-08T07:27:00Z" },
		{ "an hour ago", "2024-05-08T06:30:00Z" },
		{ "5h", "2024-05-08T02:30:00Z" },
		{ "Yesterday at 5:30 pm", "2024-05-07T09:30:00Z" },
	};
	static const struct row days[] = {
		{ "2天前", "2024-05-05T16:00:00Z" },
		{ "3个月前", "2024-02-07T16:00:00Z" },
		{ "2 weeks ago", "2024-04-23T16:00:00Z" },
		{ "昨天", "2024-05-06T16:00:00Z" },
	};

	(void)state;
	EXPECT(moments, &china, false);
	EXPECT(days, &china, true);
}

static void words_around_a_date_are_passed_over(void **state)
{
	static const struct row moments[] = {
		{ "本帖最后由 王五 于 2022-11-3 09:41 编辑", "2022-11-03T01:41:00Z" },
		{ "楼主 发表于 2022-11-3 09:41:07 | 只看该作者", "2022-11-03T01:41:07Z" },
		{ "昨天 21:10 广东", "2024-05-07T13:10:00Z" },
		{ "编辑于 03-15 18:20 上海", "2024-03-15T10:20:00Z" },
		{ "2022-11-03 09:41 阅读 1203", "2022-11-03T01:41:00Z" },
		{ "时间：2022年11月03日09:41　来源：本站", "2022-11-03T01:41:00Z" },
		{ "2分钟前 来自 HUAWEI Mate", "2024-05-08T07:28:00Z" },
		{ "Last edited by carol on Thu Nov 03, 2022 9:41 am; edited 2 times", "2022-11-03T01:41:00Z" },
		{ "Joined: Feb 2009 · Posted: 3 Nov 2022, 9:41 AM", "2022-11-03T01:41:00Z" },
		{ "Ann Lee | November 3, 2022 9:41am", "2022-11-03T01:41:00Z" },
		{ "Published on: 3rd Nov 2022 at 09:41", "2022-11-03T01:41:00Z" },
		{ "on Thursday November 3, 2022 @09:41AM", "2022-11-03T01:41:00Z" },
		{ "Posted 45 minutes ago", "2024-05-08T06:45:00Z" },
	};
	static const struct row days[] = {
		{ "编辑于 03-15", "2024-03-14T16:00:00Z" },
		{ "Nov 3, 2022 · 5 min read", "2022-11-02T16:00:00Z" },
		{ "发布日期：2022-11-03", "2022-11-02T16:00:00Z" },
		{ "3天前 · 北京", "2024-05-04T16:00:00Z" },
	};

	(void)state;
	EXPECT(moments, &china, false);
	EXPECT(days, &china, true);
}

static void hours_of_the_day_follow_how_people_speak(void **state)
{
	static const struct row moments[] = {
		{ "2022年11月3日凌晨12点20分", "2022-11-02T16:20:00Z" },
		{ "2022年11月3日中午11点半", "2022-11-03T03:30:00Z" },
		{ "2022年11月3日中午1点", "2022-11-03T05:00:00Z" },
		{ "2022年11月3日晚上12点", "2022-11-03T16:00:00Z" },
		{ "2022年11月3日夜里2点", "2022-11-02T18:00:00Z" },
		{ "十一月三日下午两点一刻", "2023-11-03T06:15:00Z" },
		{ "昨晚8:05", "2024-05-07T12:05:00Z" },
		{ "2022/11/03 (四) 下午 03:04", "2022-11-03T07:04:00Z" },
		{ "Nov 3, 2022 12:20 am", "2022-11-02T16:20:00Z" },
		{ "3 Nov 2022 15.04", "2022-11-03T07:04:00Z" },
		{ "3 Nov 2022 3.04pm GMT", "2022-11-03T15:04:00Z" },
	};

	(void)state;
	EXPECT(moments, &china, false);
}

static void years_of_the_republic_are_read(void **state)
{
	static const struct row days[] = {
		{ "民国111年11月3日", "2022-11-02T16:00:00Z" },
		{ "中華民國一一一年十一月三日", "2022-11-02T16:00:00Z" },
		{ "111年11月3日", "2022-11-02T16:00:00Z" },
		{ "民國111/11/3", "2022-11-02T16:00:00Z" },
		{ "98年11月3日", "1998-11-02T16:00:00Z" },
	};

	(void)state;
	EXPECT(days, &china, true);
}

static void spans_add_up(void **state)
{
	static const struct row moments[] = {
		{ "1小时5分钟前", "2024-05-08T06:25:00Z" },
		{ "1个半小时前", "2024-05-08T06:00:00Z" },
		{ "约两小时前", "2024-05-08T05:30:00Z" },
		{ "半天前", "2024-05-07T19:30:00Z" },
		{ "几分钟前", "2024-05-08T07:27:00Z" },
		{ "1 hour and 5 minutes ago", "2024-05-08T06:25:00Z" },
		{ "1h 5m", "2024-05-08T06:25:00Z" },
		{ "about two hours ago", "2024-05-08T05:30:00Z" },
		{ "half an hour ago", "2024-05-08T07:00:00Z" },
		{ "a few minutes ago", "2024-05-08T07:27:00Z" },
	};
	static const struct row days[] = {
		{ "两天前", "2024-05-05T16:00:00Z" },
		{ "上周", "2024-04-30T16:00:00Z" },
		{ "上周五", "2024-05-02T16:00:00Z" },
		{ "周五", "2024-05-02T16:00:00Z" },
		{ "上个月3日", "2024-04-02T16:00:00Z" },
		{ "a couple of days ago", "2024-05-05T16:00:00Z" },
		{ "last week", "2024-04-30T16:00:00Z" },
		{ "Friday", "2024-05-02T16:00:00Z" },
	};

	(void)state;
	EXPECT(moments, &china, false);
	EXPECT(days, &china, true);
}

static void a_date_without_a_year_is_the_last_one(void **state)
{
	/* Half an hour into New Year's Day 2024 in China. */
	static const struct date_context new_year = { .now_ms = 1704040200000, .zone_minutes = 480 };
	static const struct row moments[] = {
		{ "12-31 23:50", "2023-12-31T15:50:00Z" },
		{ "01-01 00:10", "2023-12-31T16:10:00Z" },
		{ "12月31日 23:50", "2023-12-31T15:50:00Z" },
		{ "昨天 23:50", "2023-12-31T15:50:00Z" },
		{ "Dec 31 at 11:50 pm", "2023-12-31T15:50:00Z" },
		{ "40分钟前", "2023-12-31T15:50:00Z" },
	};
	static const struct row days[] = {
		{ "2月29日", "2020-02-28T16:00:00Z" },
		{ "去年12月31日", "2023-12-30T16:00:00Z" },
		{ "Jan 2", "2024-01-01T16:00:00Z" }, /* tomorrow: some zone is there already */
		{ "Jan 3", "2023-01-02T16:00:00Z" },
	};

	(void)state;
	EXPECT(moments, &new_year, false);
	EXPECT(days, &new_year, true);
}

static void the_order_of_day_and_month_is_the_context_s(void **state)
{
	static const struct date_context day_first = { .day_first = true };
	static const struct row american[] = { { "04/05/2022", "2022-04-05T00:00:00Z" },
		{ "25/05/2022", "2022-05-25T00:00:00Z" } };
	static const struct row european[] = { { "04/05/2022", "2022-05-04T00:00:00Z" }, { "05/25/2022", "2022-05-25T00:00:00Z" },
		{ "2022/05/04", "2022-05-04T00:00:00Z" }, { "3. März 2022", "2022-03-03T00:00:00Z" },
		{ "mar. 3 mai 2022", "2022-05-03T00:00:00Z" }, { "3 de junio de 2022", "2022-06-03T00:00:00Z" } };

	(void)state;
	EXPECT(american, &nowhere, true);
	EXPECT(european, &day_first, true);
}

static void a_date_is_found_inside_a_text(void **state)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{ "张三 发表于 2022-11-03 09:41 | 只看该作者", "2022-11-03 09:41" },
		{ "本报北京2022年11月3日电", "2022年11月3日" },
		{ "第 12 楼 昨天 21:10 回复", "昨天 21:10" },
		{ "共12页 3分钟前更新", "3分钟前" },
		{ "By Ann Lee, published November 3, 2022 by Example", "November 3, 2022" },
		{ "Thread #1203: Thu, 3 Nov 2022 09:41:00 GMT, 12 replies", "Thu, 3 Nov 2022 09:41:00 GMT" },
		{ "12 likes, 3 hours ago", "3 hours ago" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct date date;
		struct str written = STR("");
		if (!dates_find(str_of(rows[i].text), &china, &written, &date) || !str_eqc(written, rows[i].written))
			fail_msg("\"%s\": expected \"%s\", got \"%.*s\"", rows[i].text, rows[i].written, STR_FMT(written));
	}
}

static void texts_without_a_date_give_none(void **state)
{
	static const char *const none[] = { "", "版本 3.11.2022.7 已发布", "订单号 2022110309411234567",
		"电话 010-6552-9988 转 12", "比分 3-2，时间 90:00", "售价 ¥2022.11", "今天天气不错", "去年销量很好", "第3天",
		"version 10.11.2022.4", "order 20221103", "call 1-800-273-8255", "3 for 2 in May", "Sun and Mon", "chapter 11/12",
		"$11.03", "ratio 16:9", "192.168.11.22", "2022-11-03x" };

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct date date;
		struct str written = STR("");
		if (dates_find(str_of(none[i]), &china, &written, &date))
			fail_msg("\"%s\" holds no date, got \"%.*s\"", none[i], STR_FMT(written));
	}
}

/* Repeats `unit` to a text of that many bytes or a few more; the caller frees it. */
static struct str repeated(const char *unit, size_t bytes)
{
	const size_t n = strlen(unit), times = bytes / n + 1;
	char *text = malloc(n * times);

	assert_non_null(text);
	for (size_t i = 0; i < times; i++)
		memcpy(text + n * i, unit, n);
	return (struct str){ text, n * times };
}

static int64_t search_us(const char *unit)
{
	const struct str text = repeated(unit, 1u << 20);
	const int64_t start = clock_cpu_us();
	struct date date;

	if (dates_find(text, &china, NULL, &date))
		fail_msg("\"%s\" over and over holds no date", unit);
	free((void *)(uintptr_t)text.p);
	return clock_cpu_us() - start + 1;
}

/* Before there was a count of readings, some of these took a hundred times as long as prose, and one of them minutes. */
static void no_text_is_much_slower_to_search_than_prose(void **state)
{
	static const char *const units[] = { "1", "-", "1 1 1 1 ", "1-", "1 - ", "1-1 ", "2024-13-45 ", "12:34 ", "发表于",
		"昨天昨天", "今天1", "上午", "2024年", "13月45日", "1月", "一二三", "January ", "may 1 ", "1 de ", "3 days 2 ",
		"5 hours ", "an 1 ", "\u00e9", "\u00e9a1 ", "\u00a0" };
	const int64_t prose = search_us("the quick brown fox is late, ") + search_us("公司表示退款延误了，客户再次投诉。");

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const int64_t took = search_us(units[i]);
		if (took > 10 * prose)
			fail_msg("\"%s\" over and over: %lld us, prose %lld us", units[i], (long long)took, (long long)prose);
	}
}

/* A small generator of its own: the same numbers on every run. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void expect_none(const char *text)
{
	struct date date;

	if (dates_parse(str_of(text), &china, &date))
		fail_msg("\"%s\" is no date, got %lld ms", text, (long long)date.ms);
}

static void order_and_telephone_numbers_prices_and_versions_are_no_dates(void **state)
{
	uint32_t seed = 20240508;
	char text[64];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		const unsigned a = next_random(&seed) % 10, b = next_random(&seed) % 10000, c = next_random(&seed) % 10000;
		(void)snprintf(text, sizeof(text), "202405%02u%04u%04u%u", 1 + b % 28, b, c, a); /* an order of today */
		expect_none(text);
		(void)snprintf(text, sizeof(text), "1%u%u%04u%04u", 3 + a % 7, b % 10, b, c); /* a mobile number */
		expect_none(text);
		(void)snprintf(text, sizeof(text), "400-%03u-%04u", b % 1000, c);
		expect_none(text);
		(void)snprintf(text, sizeof(text), "¥%u.%02u", c, b % 100);
		expect_none(text);
		(void)snprintf(text, sizeof(text), "$%u.%02u", c, b % 100);
		expect_none(text);
		(void)snprintf(text, sizeof(text), "%u.%u元", b, a);
		expect_none(text);
		(void)snprintf(text, sizeof(text), "v%u.%u.%u", a, b % 40, c % 3000);
		expect_none(text);
		(void)snprintf(text, sizeof(text), "%u.%u.%u", a, b % 20, c % 10);
		expect_none(text);
		(void)snprintf(text, sizeof(text), "%u:%u", a, b % 10); /* a score */
		expect_none(text);
	}
}

static void what_is_written_is_read_again(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		const struct date date = { .ms = (int64_t)(next_random(&seed) % 49000) * MS_PER_DAY / 2 +
						 next_random(&seed) % 86400 * 1000,
			.zone_minutes = (int)(next_random(&seed) % 104) * 15 - 720 };
		struct date again = { 0 };
		struct buf out;
		buf_init(&out, 64);
		dates_write(&out, &date);
		if (!dates_parse(buf_str(&out), &nowhere, &again) || again.ms != date.ms ||
			again.zone_minutes != date.zone_minutes)
			fail_msg("%lld ms at %d min became \"%s\" and then %lld ms", (long long)date.ms, date.zone_minutes, out.p,
				(long long)again.ms);
		buf_release(&out);
	}
}

static void garbage_is_no_date(void **state)
{
	static const char *const none[] = { "", " ", "hello", "你好", "价格 3.5 元", "Sun, 16 zzz 2012 11:47:32 GMT",
		"2013-01-28T09:xx:00Z", "Sun, 99 Jun 2009 12:00:00 GMT", "2003-12-31T25:14:55Z", "2024-02-30", "2024-13-01", "0",
		"-1", "1234567", "99999999999999", "0000-00-00 00:00:00", "12", "May", "3天", "第3天前", "2024年13月1日", "25:00",
		"前天晚上", "\xFF\xFE", "5 apples ago" };

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct date date;
		if (dates_parse(str_of(none[i]), &nowhere, &date))
			fail_msg("\"%s\" is no date, got %lld ms", none[i], (long long)date.ms);
	}
}

static void relative_dates_without_a_reference_are_no_dates(void **state)
{
	static const char *const none[] = { "3分钟前", "昨天 08:00", "刚刚", "an hour ago", "Yesterday", "5月1日", "08:00",
		"星期一" };

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct date date;
		assert_false(dates_parse(str_of(none[i]), &nowhere, &date));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_of_mail_are_read),
		cmocka_unit_test(iso_dates_are_read_whole_and_in_part),
		cmocka_unit_test(chinese_dates_are_read_in_their_zone),
		cmocka_unit_test(relative_dates_count_from_the_reference),
		cmocka_unit_test(words_around_a_date_are_passed_over),
		cmocka_unit_test(hours_of_the_day_follow_how_people_speak),
		cmocka_unit_test(years_of_the_republic_are_read),
		cmocka_unit_test(spans_add_up),
		cmocka_unit_test(a_date_without_a_year_is_the_last_one),
		cmocka_unit_test(the_order_of_day_and_month_is_the_context_s),
		cmocka_unit_test(a_date_is_found_inside_a_text),
		cmocka_unit_test(texts_without_a_date_give_none),
		cmocka_unit_test(no_text_is_much_slower_to_search_than_prose),
		cmocka_unit_test(order_and_telephone_numbers_prices_and_versions_are_no_dates),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(garbage_is_no_date),
		cmocka_unit_test(relative_dates_without_a_reference_are_no_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
