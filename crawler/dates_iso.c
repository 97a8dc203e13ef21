/* ISO 8601 and its relatives: RFC 3339, W3CDTF with its partial dates, week and ordinal days, the basic form. */
#include "common/base/clock.h"

#include "crawler/dates_parts.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t count_digits(const struct date_cursor *c)
{
	size_t n = 0;

	while (c->at + n < c->s.n && is_digit(c->s.p[c->at + n]))
		n++;
	return n;
}

static void set_day_of_year(struct date_parts *p, int year, int64_t day)
{
	const struct utc date = clock_utc(clock_from_utc(year, 1, 1, 0, 0, 0) + (day - 1) * MS_PER_DAY);

	p->year = date.year;
	p->month = date.month;
	p->day = date.day;
}

/* Week 1 holds 4 January, and weeks begin on Monday. */
static bool read_week(struct date_cursor *c, struct date_parts *p)
{
	size_t digits = 0;
	const int week = date_number(c, 2, &digits);
	int day = 1;

	if (digits != 2 || week < 1 || week > 53)
		return false;
	(void)date_take(c, "-");
	if (is_digit(date_peek(c)))
		day = date_number(c, 1, NULL);
	const struct utc fourth = clock_utc(clock_from_utc(p->year, 1, 4, 0, 0, 0));
	set_day_of_year(p, p->year, 4 - fourth.weekday + 7LL * (week - 1) + (day - 1));
	return day >= 1 && day <= 7;
}

/* What follows the year and its hyphen: MM, MM-DD, DDD, Www-D. */
static bool read_month_day(struct date_cursor *c, struct date_parts *p)
{
	size_t digits = count_digits(c);
	int number;

	if (date_take(c, "W"))
		return read_week(c, p);
	number = date_number(c, 3, NULL);
	if (digits == 3 && date_peek(c) != '-') {
		set_day_of_year(p, p->year, number);
		return number >= 1 && number <= 366;
	}
	p->month = number; /* 012 for 12 has been seen */
	if (digits < 1 || digits > 3 || !date_take(c, "-"))
		return digits >= 1 && digits <= 3;
	p->day = date_number(c, 2, &digits);
	return digits > 0;
}

/* 20240603140500 and 202406031405, as meta elements have them. */
static bool read_long_digits(struct date_cursor *c, size_t digits, struct date_parts *p)
{
	p->year = date_number(c, 4, NULL);
	p->month = date_number(c, 2, NULL);
	p->day = date_number(c, 2, NULL);
	p->hour = date_number(c, 2, NULL);
	p->minute = date_number(c, 2, NULL);
	p->second = digits == 14 ? date_number(c, 2, NULL) : 0;
	return p->hour < 24;
}

/* 20240603, 202406; hyphens and slashes may also part year, month and day. */
static bool read_date(struct date_cursor *c, struct date_parts *p)
{
	const size_t digits = count_digits(c);
	size_t n = 0;

	if (digits == 14 || digits == 12)
		return read_long_digits(c, digits, p);
	if (digits != 4 && digits != 6 && digits != 8)
		return false;
	p->year = date_number(c, 4, NULL);
	if (digits == 4 && (date_take(c, "/") || date_take(c, "."))) {
		const char separator[2] = { c->s.p[c->at - 1], '\0' };
		p->month = date_number(c, 2, &n);
		if (n == 0 || !date_take(c, separator))
			return false;
		p->day = date_number(c, 2, &n);
		return n > 0;
	}
	if (digits == 4 && date_take(c, "-"))
		return read_month_day(c, p);
	if (digits == 4)
		return date_done(c) || date_take(c, "W") ? date_done(c) || read_week(c, p) : false;
	p->month = date_number(c, 2, NULL);
	p->day = digits == 8 ? date_number(c, 2, NULL) : DATE_UNKNOWN;
	return true;
}

/* 10:14:55, 101455, 1014 or a bare hour behind a T. */
static bool read_time(struct date_cursor *c, struct date_parts *p, bool behind_t)
{
	size_t digits;

	if (date_clock(c, p))
		return true;
	digits = count_digits(c);
	if (!behind_t || (digits != 2 && digits != 4 && digits != 6))
		return false;
	p->hour = date_number(c, 2, NULL);
	p->minute = digits >= 4 ? date_number(c, 2, NULL) : 0;
	p->second = digits == 6 ? date_number(c, 2, NULL) : 0;
	return true;
}

static bool is_zone_end(char c)
{
	return c == '\0' || c == ' ' || c == 'Z' || c == '(';
}

/* "-0312": the two-digit years of ISO 8601:1988, December 2003. */
static bool read_short_year(struct date_cursor *c, struct date_parts *p)
{
	if (c->s.n != 5 || !date_take(c, "-") || count_digits(c) != 4)
		return false;
	p->year = 2000 + date_number(c, 2, NULL);
	p->month = date_number(c, 2, NULL);
	return true;
}

/* Behind date and time: nothing, an offset, a zone's name. */
static bool read_zone(struct date_cursor *c, const struct date_context *context, struct date_parts *p)
{
	date_skip(c, " ");
	if (date_done(c))
		return true;
	if (date_offset(c, p)) {
		if (!is_zone_end(date_peek(c)))
			return false;
		date_skip(c, " Z");
		return date_done(c);
	}
	const struct str name = str_from(c->s, c->at);
	c->at = c->s.n;
	return dates_zone(name, context, p);
}

bool dates_read_iso(struct str s, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();
	struct date_cursor c = { s, 0 };
	bool behind_t;

	if (!read_short_year(&c, &p) && !read_date(&c, &p))
		return false;
	behind_t = date_take(&c, "T") || date_take(&c, "t");
	date_skip(&c, " ,");
	if (!date_done(&c) && !behind_t && !is_digit(date_peek(&c)) && !date_offset(&c, &p))
		return false;
	if (is_digit(date_peek(&c)) && !read_time(&c, &p, behind_t))
		return false;
	return read_zone(&c, context, &p) && date_assemble(&p, context, out);
}
