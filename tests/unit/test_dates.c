/* Unit tests of dates as feeds, forums and people write them, in English and in Chinese. */
#include "crawler/dates.h"

#include "common/base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
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
		cmocka_unit_test(garbage_is_no_date),
		cmocka_unit_test(relative_dates_without_a_reference_are_no_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
