/* Chinese dates: 2024年6月3日 下午2:05, 6月3日 14点05分, 昨天 08:00, 3分钟前, 刚刚, 星期一; Japanese days and Korean
 * half-days come along, because they are written the same way. */
#include "crawler/dates_parts.h"

#include <string.h>

/* Words that say what the date is for; they carry no time themselves. Longer ones first. */
static const char *const prefixes[] = { "本帖最后由", "最后编辑于", "最后回复", "最后发表", "发布时间", "發布時間", "發佈時間",
	"发表时间", "發表時間", "更新时间", "更新時間", "投诉时间", "投訴時間", "创建时间", "回复时间", "发布于", "發布於",
	"發佈於", "发表于", "發表於", "编辑于", "編輯於", "更新于", "更新於", "回复于", "回覆於", "时间", "時間", "日期", "发布",
	"發布", "發佈", "发表", "發表", "更新", "北京时间", "北京時間" };

/* What may follow a date on the same line; the rest is not read. */
static const char *const suffixes[] = { "来自", "來自", "来源", "來源", "编辑", "編輯", "发布", "發布", "發佈", "发表", "發表",
	"更新", "回复", "回覆" };

struct unit_row {
	const char *word;
	char unit;
};

static const struct unit_row unit_rows[] = {
	{ "秒钟", 's' },
	{ "秒鐘", 's' },
	{ "秒", 's' },
	{ "分钟", 'i' },
	{ "分鐘", 'i' },
	{ "分", 'i' },
	{ "个小时", 'h' },
	{ "個小時", 'h' },
	{ "小时", 'h' },
	{ "小時", 'h' },
	{ "钟头", 'h' },
	{ "鐘頭", 'h' },
	{ "天", 'd' },
	{ "日", 'd' },
	{ "个星期", 'w' },
	{ "個星期", 'w' },
	{ "星期", 'w' },
	{ "周", 'w' },
	{ "週", 'w' },
	{ "个月", 'm' },
	{ "個月", 'm' },
	{ "月", 'm' },
	{ "年", 'y' },
};

struct day_row {
	const char *word;
	int days;
};

static const struct day_row day_rows[] = { { "大前天", -3 }, { "前天", -2 }, { "前日", -2 }, { "昨天", -1 }, { "昨日", -1 },
	{ "昨晚", -1 }, { "今天", 0 }, { "今日", 0 }, { "今晚", 0 } };

struct period_row {
	const char *word;
	bool is_pm;
};

static const struct period_row period_rows[] = { { "上午", false }, { "早上", false }, { "早晨", false }, { "凌晨", false },
	{ "清晨", false }, { "午前", false }, { "오전", false }, { "下午", true }, { "晚上", true }, { "傍晚", true },
	{ "中午", true }, { "午後", true }, { "오후", true }, { "夜里", true }, { "晚", true } };

#define KOREA_MINUTES 540

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static bool take_any(struct date_cursor *c, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (date_take(c, words[i]))
			return true;
	}
	return false;
}

static void skip_prefixes(struct date_cursor *c)
{
	for (date_skip(c, " :,"); take_any(c, prefixes, COUNT(prefixes));)
		date_skip(c, " :,");
}

/* 0…9 of 〇一二三四五六七八九, -1 for anything else. */
static int numeral(struct date_cursor *c)
{
	static const char *const digits[] = { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" };

	if (date_take(c, "零") || date_take(c, "○"))
		return 0;
	for (int i = 0; i < (int)COUNT(digits); i++) {
		if (date_take(c, digits[i]))
			return i;
	}
	return -1;
}

/* ASCII digits, or 二〇二四, 十二, 二十三. */
static int number(struct date_cursor *c, size_t max_digits)
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

static bool at_end(struct date_cursor *c)
{
	date_skip(c, " ,.|)");
	return date_done(c) || take_any(c, suffixes, COUNT(suffixes));
}

/* --- parts --------------------------------------------------------------------------------------------------------- */

static void take_period(struct date_cursor *c, struct date_parts *p)
{
	for (size_t i = 0; i < COUNT(period_rows); i++) {
		const char *word = period_rows[i].word;
		if (!date_take(c, word))
			continue;
		p->is_pm = period_rows[i].is_pm;
		p->is_am = !p->is_pm;
		if (str_starts(str_of(word), STR("오")) && p->zone_minutes == NO_ZONE)
			p->zone_minutes = KOREA_MINUTES;
		date_skip(c, " ");
		return;
	}
}

/* 14:05, 14点05分, 14时, 下午2点半. Moves only when it is a time. */
static bool take_time(struct date_cursor *c, struct date_parts *p)
{
	struct date_cursor t = *c;
	struct date_parts found = *p;

	date_skip(&t, " ,");
	take_period(&t, &found);
	if (!date_clock(&t, &found)) {
		found.hour = number(&t, 2);
		if (found.hour == DATE_UNKNOWN ||
			!(date_take(&t, "点") || date_take(&t, "點") || date_take(&t, "时") || date_take(&t, "時")))
			return false;
		found.minute = date_take(&t, "半") ? 30 : number(&t, 2);
		if (date_take(&t, "分") && date_peek(&t) >= '0' && date_peek(&t) <= '9') {
			found.second = number(&t, 2);
			(void)date_take(&t, "秒");
		}
	}
	/* 凌晨12点 and 晚上12点 are both the small hour that begins a day. */
	*p = found;
	*c = t;
	return true;
}

static void take_weekday(struct date_cursor *c)
{
	struct date_cursor t = *c;

	date_skip(&t, " (");
	if (!date_take(&t, "星期") && !date_take(&t, "周") && !date_take(&t, "週"))
		return;
	if (numeral(&t) < 0 && !date_take(&t, "日") && !date_take(&t, "天"))
		return;
	date_skip(&t, " )");
	*c = t;
}

/* 2024年6月3日, 24年6月, 6月3日, 6月3号; at least a month. */
static bool take_day(struct date_cursor *c, struct date_parts *p)
{
	int n = number(c, 4);

	if (n == DATE_UNKNOWN)
		return false;
	date_skip(c, " ");
	if (date_take(c, "年")) {
		p->year = n < 100 ? 2000 + n : n;
		date_skip(c, " ");
		if (date_done(c))
			return true;
		n = number(c, 2);
		date_skip(c, " ");
	}
	if (n == DATE_UNKNOWN || !date_take(c, "月"))
		return false;
	p->month = n;
	date_skip(c, " ");
	p->day = number(c, 2);
	date_skip(c, " ");
	return p->day == DATE_UNKNOWN ? p->year != DATE_UNKNOWN : date_take(c, "日") || date_take(c, "号") || date_take(c, "號");
}

/* --- readings ------------------------------------------------------------------------------------------------------ */

static bool read_ago(struct date_cursor c, const struct date_context *context, struct date *out)
{
	const bool is_half = date_take(&c, "半");
	int n = is_half ? 1 : number(&c, 4);

	date_skip(&c, " ");
	if (is_half)
		(void)(date_take(&c, "个") || date_take(&c, "個"));
	for (size_t i = 0; n != DATE_UNKNOWN && i < COUNT(unit_rows); i++) {
		if (!date_take(&c, unit_rows[i].word))
			continue;
		date_skip(&c, " ");
		if (!(date_take(&c, "前") || date_take(&c, "以前") || date_take(&c, "之前")) || !at_end(&c))
			return false;
		if (is_half)
			return unit_rows[i].unit == 'h'   ? date_before(context, 30, 'i', out)
			       : unit_rows[i].unit == 'y' ? date_before(context, 6, 'm', out)
							  : date_before(context, 12, 'h', out);
		return date_before(context, n, unit_rows[i].unit, out);
	}
	return false;
}

static bool read_just_now(struct date_cursor c, const struct date_context *context, struct date *out)
{
	static const char *const words[] = { "刚刚", "剛剛", "刚才", "剛才", "几秒前", "幾秒前" };

	return take_any(&c, words, COUNT(words)) && at_end(&c) && date_before(context, 0, 's', out);
}

/* Behind a day: a time or nothing, then the end. */
static bool finish(struct date_cursor *c, const struct date_context *context, struct date_parts *p, struct date *out)
{
	take_weekday(c);
	(void)take_time(c, p);
	date_skip(c, " ");
	if (!date_done(c) && date_peek(c) != '-')
		(void)date_offset(c, p);
	return at_end(c) && date_assemble(p, context, out);
}

static bool read_named_day(struct date_cursor c, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();

	for (size_t i = 0; i < COUNT(day_rows); i++) {
		if (!date_take(&c, day_rows[i].word))
			continue;
		p.is_pm = str_ends(str_of(day_rows[i].word), STR("晚"));
		return date_reference_day(context, day_rows[i].days, &p) && finish(&c, context, &p, out);
	}
	return false;
}

/* 星期一 08:00: the last one, today included. */
static bool read_weekday(struct date_cursor c, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();
	int64_t wanted, today;

	if (context->now_ms <= 0 || !(date_take(&c, "星期") || date_take(&c, "周") || date_take(&c, "週")))
		return false;
	wanted = date_take(&c, "日") || date_take(&c, "天") ? 7 : numeral(&c);
	if (wanted < 1 || wanted > 7)
		return false;
	today = ((context->now_ms / 60000 + context->zone_minutes) / 1440 + 3) % 7 + 1; /* 1970-01-01 was a Thursday */
	return date_reference_day(context, -((today - wanted + 7) % 7), &p) && finish(&c, context, &p, out);
}

static bool read_day(struct date_cursor c, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();
	const bool is_last_year = date_take(&c, "去年");
	struct date_parts today = p;

	date_skip(&c, " ");
	if (!take_day(&c, &p))
		return false;
	if (is_last_year && date_reference_day(context, 0, &today))
		p.year = today.year - 1;
	return date_guess_year(context, &p) && finish(&c, context, &p, out);
}

/* 2024-06-03 下午 2:05, 06-03 14:05 and 14:05 alone, which is today. */
static bool read_numeric(struct date_cursor c, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();
	size_t digits = 0;
	int n;

	if (take_time(&c, &p))
		return context->now_ms > 0 && date_reference_day(context, 0, &p) && at_end(&c) && date_assemble(&p, context, out);
	n = date_number(&c, 4, &digits);
	if (digits == 4 && (date_take(&c, "-") || date_take(&c, "/") || date_take(&c, "."))) {
		p.year = n;
		n = date_number(&c, 2, &digits);
	}
	p.month = n;
	if (digits == 0 || digits > 2 ||
		!(date_take(&c, "-") || (p.year != DATE_UNKNOWN && (date_take(&c, "/") || date_take(&c, ".")))))
		return false;
	p.day = date_number(&c, 2, &digits);
	/* 06-03 alone could be anything: a score, a size, a part number. */
	if (digits == 0 || (p.year == DATE_UNKNOWN && !take_time(&c, &p)))
		return false;
	return date_guess_year(context, &p) && finish(&c, context, &p, out);
}

bool dates_read_chinese(struct str s, const struct date_context *context, struct date *out)
{
	struct date_cursor c = { s, 0 };

	skip_prefixes(&c);
	return read_ago(c, context, out) || read_just_now(c, context, out) || read_named_day(c, context, out) ||
	       read_weekday(c, context, out) || read_day(c, context, out) || read_numeric(c, context, out) ||
	       (c.at > 0 && dates_read_iso(str_from(s, c.at), context, out));
}
