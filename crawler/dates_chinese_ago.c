/* Chinese dates that count from now: 3分钟前, 1小时5分钟前, 半天前, 刚刚, 昨天 08:00, 星期一, 上周三, 上个月3日. */
#include "crawler/dates_parts.h"

#include <string.h>

#define FEW 3 /* 几分钟前 */
#define TERMS 4

struct unit_row {
	const char *word;
	char unit;
};

/* Longer ones first. */
static const struct unit_row unit_rows[] = { { "秒钟", 's' }, { "秒鐘", 's' }, { "秒", 's' }, { "分钟", 'i' }, { "分鐘", 'i' },
	{ "分", 'i' }, { "个小时", 'h' }, { "個小時", 'h' }, { "小时", 'h' }, { "小時", 'h' }, { "时间", 'h' }, { "時間", 'h' },
	{ "个钟头", 'h' }, { "個鐘頭", 'h' }, { "钟头", 'h' }, { "鐘頭", 'h' }, { "天", 'd' }, { "日", 'd' }, { "个星期", 'w' },
	{ "個星期", 'w' }, { "个礼拜", 'w' }, { "個禮拜", 'w' }, { "星期", 'w' }, { "礼拜", 'w' }, { "禮拜", 'w' }, { "周", 'w' },
	{ "週", 'w' }, { "个月", 'm' }, { "個月", 'm' }, { "月", 'm' }, { "年", 'y' } };

struct day_row {
	const char *word;
	int days;
	bool is_evening;
};

static const struct day_row day_rows[] = { { "大前天", -3, false }, { "前天", -2, false }, { "前日", -2, false },
	{ "前晚", -2, true }, { "昨天", -1, false }, { "昨日", -1, false }, { "昨晚", -1, true }, { "昨夜", -1, true },
	{ "今天", 0, false }, { "今日", 0, false }, { "今晨", 0, false }, { "今晚", 0, true }, { "当天", 0, false },
	{ "어제", -1, false }, { "오늘", 0, false } };

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static bool take_any(struct date_cursor *c, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (date_take(c, words[i]))
			return true;
	}
	return false;
}

static bool take_before(struct date_cursor *c)
{
	static const char *const words[] = { "前", "以前", "之前" };

	date_skip(c, " ");
	return take_any(c, words, COUNT(words));
}

/* 半小时, 半天, 半年 and the half behind 1个半小时, as the next smaller unit. */
static bool add_half(struct date_span *span, char unit)
{
	static const struct {
		char unit;
		int amount;
		char smaller;
	} halves[] = { { 'i', 30, 's' }, { 'h', 30, 'i' }, { 'd', 12, 'h' }, { 'm', 15, 'd' }, { 'y', 6, 'm' } };

	for (size_t i = 0; i < COUNT(halves); i++) {
		if (halves[i].unit == unit)
			return date_span_add(span, halves[i].amount, halves[i].smaller);
	}
	return false;
}

static char take_unit(struct date_cursor *c)
{
	for (size_t i = 0; i < COUNT(unit_rows); i++) {
		if (date_take(c, unit_rows[i].word))
			return unit_rows[i].unit;
	}
	return '\0';
}

/* 3分钟, 半小时, 1个半小时, 几天. */
static bool take_term(struct date_cursor *c, struct date_span *span)
{
	const bool is_few = date_take(c, "几") || date_take(c, "幾") || date_take(c, "数") || date_take(c, "數");
	int n = is_few ? FEW : date_chinese_number(c, 4);
	struct date_cursor t;
	bool is_half;
	char unit;

	date_skip(c, " ");
	t = *c;
	(void)(date_take(&t, "个") || date_take(&t, "個"));
	is_half = date_take(&t, "半");
	if (is_half)
		*c = t;
	if (n == DATE_UNKNOWN && !is_half)
		return false;
	if (is_half)
		(void)(date_take(c, "个") || date_take(c, "個"));
	unit = take_unit(c);
	n = n == DATE_UNKNOWN ? 0 : n;
	return unit && date_span_add(span, n, unit) && (!is_half || add_half(span, unit));
}

static bool read_span(struct date_cursor c, const struct date_context *context, struct date *out)
{
	static const char *const hedges[] = { "大约", "大約", "约", "約", "近" };
	struct date_span span = { 0 };

	(void)take_any(&c, hedges, COUNT(hedges));
	date_skip(&c, " ");
	for (int i = 0; i < TERMS; i++) {
		if (!take_term(&c, &span))
			return false;
		(void)(date_take(&c, "零") || date_take(&c, "又"));
		if (take_before(&c))
			return dates_at_end(&c) && date_before(context, &span, out);
	}
	return false;
}

static bool read_just_now(struct date_cursor c, const struct date_context *context, struct date *out)
{
	static const char *const words[] = { "刚刚", "剛剛", "刚才", "剛才" };
	const struct date_span none = { .has_clock = true };

	return take_any(&c, words, COUNT(words)) && dates_at_end(&c) && date_before(context, &none, out);
}

static bool read_named_day(struct date_cursor c, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();

	for (size_t i = 0; i < COUNT(day_rows); i++) {
		if (date_take(&c, day_rows[i].word))
			return date_reference_day(context, day_rows[i].days, &p) &&
			       date_chinese_finish(&c, day_rows[i].is_evening, context, &p, out);
	}
	return false;
}

/* 星期一 08:00: the last one, today included; 上周一: that of the week before this one, which begins on Monday. */
static bool read_weekday(struct date_cursor c, const struct date_context *context, struct date *out)
{
	static const char *const last_words[] = { "上个", "上個", "上" };
	struct date_parts p = date_parts_none();
	const bool is_last = take_any(&c, last_words, COUNT(last_words));
	int weekday;

	if (!is_last)
		(void)(date_take(&c, "本") || date_take(&c, "这") || date_take(&c, "這"));
	weekday = date_chinese_weekday(&c);
	return weekday != DATE_UNKNOWN && date_last_weekday(context, weekday, is_last, &p) &&
	       date_chinese_finish(&c, false, context, &p, out);
}

/* 上周, 上个月, 去年 alone. */
static bool read_phrase(struct date_cursor c, const struct date_context *context, struct date *out)
{
	static const struct unit_row phrases[] = { { "上周", 'w' }, { "上週", 'w' }, { "上星期", 'w' }, { "上个星期", 'w' },
		{ "上個星期", 'w' }, { "上个月", 'm' }, { "上個月", 'm' }, { "上月", 'm' }, { "去年", 'y' } };
	struct date_span span = { 0 };

	for (size_t i = 0; i < COUNT(phrases); i++) {
		struct date_cursor t = c;
		if (date_take(&t, phrases[i].word) && date_done(&t))
			return date_span_add(&span, 1, phrases[i].unit) && date_before(context, &span, out);
	}
	return false;
}

/* 上个月3日, 本月3号 08:00. */
static bool read_day_of_month(struct date_cursor c, const struct date_context *context, struct date *out)
{
	static const char *const last[] = { "上个月", "上個月", "上月" }, *const this[] = { "本月", "这个月", "這個月" };
	struct date_parts p = date_parts_none();
	const bool is_last = take_any(&c, last, COUNT(last));

	if ((!is_last && !take_any(&c, this, COUNT(this))) || !date_reference_day(context, 0, &p))
		return false;
	p.day = date_chinese_number(&c, 2);
	if (p.day == DATE_UNKNOWN || !(date_take(&c, "日") || date_take(&c, "号") || date_take(&c, "號")))
		return false;
	if (is_last) {
		p.year -= p.month == 1;
		p.month = p.month == 1 ? 12 : p.month - 1;
	}
	return date_chinese_finish(&c, false, context, &p, out);
}

bool dates_read_chinese_ago(struct date_cursor c, const struct date_context *context, struct date *out)
{
	const char first = date_peek(&c);

	/* Only 3分钟前 begins with ASCII. */
	if ((unsigned char)first < 0x80)
		return ((first >= '0' && first <= '9') || first == ' ') && read_span(c, context, out);
	return read_span(c, context, out) || read_just_now(c, context, out) || read_named_day(c, context, out) ||
	       read_weekday(c, context, out) || read_phrase(c, context, out) || read_day_of_month(c, context, out);
}
