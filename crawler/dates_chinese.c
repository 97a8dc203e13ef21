/* Chinese dates: 2024年6月3日 下午2:05, 民国113年6月3日, 6月3日 14点05分, 去年12月1日, 06-03 14:05. Japanese days and Korean
 * half-days come along, because they are written the same way. What counts from now is in dates_chinese_ago.c. */
#include "crawler/dates_parts.h"

#include <string.h>

/* How a word for a part of the day moves an hour of the twelve-hour clock. */
enum period {
	PERIOD_MORNING,
	PERIOD_NOON, /* 中午11点 is 11, 中午1点 is 13 */
	PERIOD_AFTERNOON,
	PERIOD_NIGHT, /* 晚上12点 ends the day, 夜里2点 is 2 */
};

struct period_row {
	const char *word;
	enum period period;
};

static const struct period_row period_rows[] = { { "上午", PERIOD_MORNING }, { "早上", PERIOD_MORNING },
	{ "早晨", PERIOD_MORNING }, { "凌晨", PERIOD_MORNING }, { "清晨", PERIOD_MORNING }, { "午前", PERIOD_MORNING },
	{ "오전", PERIOD_MORNING }, { "早", PERIOD_MORNING }, { "下午", PERIOD_AFTERNOON }, { "傍晚", PERIOD_AFTERNOON },
	{ "午后", PERIOD_AFTERNOON }, { "午後", PERIOD_AFTERNOON }, { "오후", PERIOD_AFTERNOON }, { "中午", PERIOD_NOON },
	{ "晚上", PERIOD_NIGHT }, { "夜里", PERIOD_NIGHT }, { "夜裡", PERIOD_NIGHT }, { "深夜", PERIOD_NIGHT },
	{ "半夜", PERIOD_NIGHT }, { "晚间", PERIOD_NIGHT }, { "晚間", PERIOD_NIGHT }, { "晚", PERIOD_NIGHT } };

struct year_row {
	const char *word;
	int years;
};

static const struct year_row year_rows[] = { { "前年", -2 }, { "去年", -1 }, { "今年", 0 }, { "本年", 0 } };

#define KOREA_MINUTES 540
#define REPUBLIC_YEARS 1911 /* 民国元年 is 1912 */
#define REPUBLIC_FIRST 90 /* of three digits, or behind 民国 */
#define REPUBLIC_LAST 189

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* 0…9 of 〇一二三四五六七八九, -1 for anything else. */
static int numeral(struct date_cursor *c)
{
	static const char *const digits[] = { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" };

	if (date_take(c, "零") || date_take(c, "○"))
		return 0;
	if (date_take(c, "两") || date_take(c, "兩"))
		return 2;
	for (int i = 0; i < (int)COUNT(digits); i++) {
		if (date_take(c, digits[i]))
			return i;
	}
	return -1;
}

int date_chinese_number(struct date_cursor *c, size_t max_digits)
{
	const int plain = date_number(c, max_digits, NULL);
	int value = -1;

	if (plain != DATE_UNKNOWN)
		return plain;
	for (size_t i = 0; i < max_digits; i++) {
		if (date_take(c, "十")) {
			value = (value < 0 ? 1 : value) * 10;
			const int ones = numeral(c);
			return value + (ones > 0 ? ones : 0);
		}
		const int digit = numeral(c);
		if (digit < 0)
			break;
		value = (value < 0 ? 0 : value * 10) + digit;
	}
	return value < 0 ? DATE_UNKNOWN : value;
}

int date_chinese_weekday(struct date_cursor *c)
{
	struct date_cursor t = *c;
	int day;

	if (!date_take(&t, "星期") && !date_take(&t, "周") && !date_take(&t, "週") && !date_take(&t, "礼拜") &&
		!date_take(&t, "禮拜"))
		return DATE_UNKNOWN;
	day = date_take(&t, "日") || date_take(&t, "天") ? 7 : numeral(&t);
	if (day < 1 || day > 7)
		return DATE_UNKNOWN;
	*c = t;
	return day - 1;
}

/* --- times --------------------------------------------------------------------------------------------------------- */

static bool take_period(struct date_cursor *c, enum period *period, struct date_parts *p)
{
	for (size_t i = 0; i < COUNT(period_rows); i++) {
		const char *word = period_rows[i].word;
		if (!date_take(c, word))
			continue;
		*period = period_rows[i].period;
		if (str_starts(str_of(word), STR("오")) && p->zone_minutes == NO_ZONE)
			p->zone_minutes = KOREA_MINUTES;
		date_skip(c, " ");
		return true;
	}
	return false;
}

/* An hour of the twelve-hour clock on the one of twenty-four; 24 is the end of the day. */
static int hour_in(enum period period, int hour)
{
	if (hour > 12)
		return hour;
	if (period == PERIOD_MORNING)
		return hour == 12 ? 0 : hour;
	if (period == PERIOD_NIGHT && (hour == 12 || hour < 6))
		return hour == 12 ? 24 : hour;
	if (period == PERIOD_NOON && hour > 3)
		return hour;
	return hour < 12 ? hour + 12 : hour;
}

/* 14点05分09秒, 14时, 2点半, 三点一刻. */
static bool take_spoken_clock(struct date_cursor *c, struct date_parts *p)
{
	p->hour = date_chinese_number(c, 2);
	date_skip(c, " ");
	if (p->hour == DATE_UNKNOWN || !(date_take(c, "点") || date_take(c, "點") || date_take(c, "时") || date_take(c, "時")))
		return false;
	(void)(date_take(c, "钟") || date_take(c, "鐘") || date_take(c, "整"));
	date_skip(c, " ");
	p->minute = date_take(c, "半") ? 30 : date_chinese_number(c, 2);
	if (date_take(c, "刻"))
		p->minute *= 15;
	date_skip(c, " ");
	if (!date_take(c, "分"))
		return p->minute < 60;
	date_skip(c, " ");
	if (date_peek(c) >= '0' && date_peek(c) <= '9') {
		p->second = date_chinese_number(c, 2);
		(void)date_take(c, "秒");
	}
	return true;
}

/* 14:05, 14点05分, 下午2点半. Moves only when it is a time. */
static bool take_time(struct date_cursor *c, bool is_evening, struct date_parts *p)
{
	struct date_cursor t = *c;
	struct date_parts found = *p;
	enum period period = PERIOD_NIGHT;
	bool has_period = is_evening;

	date_skip(&t, " ,");
	has_period = take_period(&t, &period, &found) || has_period;
	if (!date_clock(&t, &found) && !take_spoken_clock(&t, &found))
		return false;
	if (has_period)
		found.hour = hour_in(period, found.hour);
	*p = found;
	*c = t;
	return true;
}

/* 星期一, (一), （周一）. */
static void skip_weekday(struct date_cursor *c)
{
	struct date_cursor t = *c;
	bool is_bracketed;

	date_skip(&t, " ,");
	is_bracketed = date_take(&t, "(");
	if (date_chinese_weekday(&t) == DATE_UNKNOWN && (!is_bracketed || (numeral(&t) < 1 && !date_take(&t, "日"))))
		return;
	date_skip(&t, " )");
	*c = t;
}

/* "GMT+8", "CST", "+0800" behind a time. */
static void take_zone(struct date_cursor *c, const struct date_context *context, struct date_parts *p)
{
	struct date_cursor t = *c;
	struct str name;

	date_skip(&t, " (");
	if (p->hour == DATE_UNKNOWN)
		return;
	if (date_offset(&t, p)) {
		*c = t;
		return;
	}
	if (date_peek(&t) < 'A' || date_peek(&t) > 'Z')
		return;
	name = date_take_letters(&t);
	if (name.n < 2 || !dates_zone(name, context, p))
		return;
	(void)date_offset(&t, p);
	*c = t;
}

bool date_chinese_finish(
	struct date_cursor *c, bool is_evening, const struct date_context *context, struct date_parts *p, struct date *out)
{
	skip_weekday(c);
	(void)take_time(c, is_evening, p);
	take_zone(c, context, p);
	return dates_at_end(c) && date_assemble(p, context, out);
}

/* --- days ---------------------------------------------------------------------------------------------------------- */

/* A year as it stands before 年: four digits, two of this age, or three of the Republic's. */
static int full_year(int n, bool is_republic)
{
	if (is_republic || (n >= REPUBLIC_FIRST + 10 && n <= REPUBLIC_LAST))
		return n + REPUBLIC_YEARS;
	return n >= 100 ? n : n < 70 ? 2000 + n : 1900 + n;
}

/* 2024年, 民国113年, 去年; p->year stays unknown when no year is there, and the number read instead is in *n. */
static bool take_year(struct date_cursor *c, const struct date_context *context, struct date_parts *p, int *n)
{
	struct date_parts today = date_parts_none();
	const bool is_republic =
		date_take(c, "民国") || date_take(c, "民國") || date_take(c, "中华民国") || date_take(c, "中華民國");

	for (size_t i = 0; i < COUNT(year_rows); i++) {
		if (!date_take(c, year_rows[i].word))
			continue;
		if (!date_reference_day(context, 0, &today))
			return false;
		p->year = today.year + year_rows[i].years;
		p->is_guessed = true;
		*n = date_chinese_number(c, 2);
		return true;
	}
	date_skip(c, " ");
	*n = date_chinese_number(c, 4);
	date_skip(c, " ");
	if (!date_take(c, "年") && !date_take(c, "년"))
		return !is_republic;
	p->year = full_year(*n, is_republic);
	date_skip(c, " ");
	*n = date_chinese_number(c, 2);
	return true;
}

/* 2024年6月3日, 24年6月, 6月3日, 6月3号; at least a month, or a year alone. */
static bool take_day(struct date_cursor *c, const struct date_context *context, struct date_parts *p)
{
	int n = DATE_UNKNOWN;

	if (!take_year(c, context, p, &n))
		return false;
	date_skip(c, " ");
	if (n == DATE_UNKNOWN)
		return p->year != DATE_UNKNOWN && !p->is_guessed && date_done(c);
	if (!date_take(c, "月") && !date_take(c, "월"))
		return false;
	p->month = n;
	date_skip(c, " ");
	p->day = date_chinese_number(c, 2);
	date_skip(c, " ");
	if (p->day == DATE_UNKNOWN)
		return p->year != DATE_UNKNOWN;
	return date_take(c, "日") || date_take(c, "号") || date_take(c, "號") || date_take(c, "일");
}

static bool read_day(struct date_cursor c, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();

	return take_day(&c, context, &p) && date_guess_year(context, &p) && date_chinese_finish(&c, false, context, &p, out);
}

/* 14:05 alone is today; 16:9 and 3:2 are a screen and a score. */
static bool read_clock(struct date_cursor c, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();
	const ptrdiff_t colon = str_findc(str_from(c.s, c.at), ':');
	const size_t minute = c.at + (size_t)(colon + 1);

	if (colon >= 0 && (minute + 2 > c.s.n || strchr("0123456789", c.s.p[minute + 1]) == NULL))
		return false;
	return take_time(&c, false, &p) && date_reference_day(context, 0, &p) && dates_at_end(&c) &&
	       date_assemble(&p, context, out);
}

/* 2024-06-03, 2024/6/3, 2024.6.3, 民国113/6/3, 06-03, 06/03; false when it is none. */
static bool take_numeric(struct date_cursor *c, struct date_parts *p)
{
	const bool is_republic = date_take(c, "民国") || date_take(c, "民國");
	size_t digits = 0;
	int n;

	date_skip(c, " ");
	n = date_number(c, 4, &digits);
	if ((digits == 4 || (is_republic && digits > 1)) && (date_take(c, "-") || date_take(c, "/") || date_take(c, "."))) {
		p->year = is_republic ? n + REPUBLIC_YEARS : n;
		n = date_number(c, 2, &digits);
	}
	p->month = n;
	if (digits == 0 || digits > 2 ||
		!(date_take(c, "-") || date_take(c, "/") || (p->year != DATE_UNKNOWN && date_take(c, "."))))
		return false;
	p->day = date_number(c, 2, &digits);
	return digits > 0;
}

static bool read_numeric(struct date_cursor c, bool is_announced, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();

	if (!take_numeric(&c, &p))
		return false;
	/* 06-03 alone could be anything: a score, a size, a part number. */
	if (p.year == DATE_UNKNOWN && !take_time(&c, false, &p) && !is_announced)
		return false;
	if (p.year == DATE_UNKNOWN && context->day_first) {
		const int day = p.month;
		p.month = p.day;
		p.day = day;
	}
	return date_guess_year(context, &p) && date_chinese_finish(&c, false, context, &p, out);
}

bool dates_read_chinese(struct str s, bool is_announced, const struct date_context *context, struct date *out)
{
	const struct date_cursor c = { s, 0 };

	return dates_read_chinese_ago(c, context, out) || read_day(c, context, out) || read_clock(c, context, out) ||
	       read_numeric(c, is_announced, context, out);
}
