/* Dates of feeds and pages: the way from the parts of a date to a moment, and the order in which readings are tried. */
#include "crawler/dates.h"

#include "common/base/clock.h"
#include "crawler/dates_parts.h"

#include <string.h>

#define EPOCH_FIRST 631152000LL /* 1990-01-01: smaller numbers are no dates */
#define EPOCH_AHEAD_MS (366 * MS_PER_DAY) /* with a reference: a ten-digit number further ahead is a telephone number */
#define EPOCH_LAST 4102444800LL /* 2100-01-01 */
#define YEAR_FIRST 1970
#define YEAR_LAST 2100
#define ZONE_LOWEST (-12 * 60)
#define ZONE_HIGHEST (14 * 60)

struct date_parts date_parts_none(void)
{
	return (struct date_parts){ .year = DATE_UNKNOWN,
		.month = DATE_UNKNOWN,
		.day = DATE_UNKNOWN,
		.hour = DATE_UNKNOWN,
		.minute = DATE_UNKNOWN,
		.second = DATE_UNKNOWN,
		.zone_minutes = NO_ZONE,
		.weekday = DATE_UNKNOWN };
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && is_leap);
}

/* 12 am is midnight, 12 pm noon; "14:05 pm" happens and means 14:05. */
static int hour_of(const struct date_parts *p)
{
	if (p->is_pm && p->hour < 12)
		return p->hour + 12;
	if (p->is_am && p->hour == 12)
		return 0;
	return p->hour;
}

static bool is_possible_time(const struct date_parts *p)
{
	if (p->hour == DATE_UNKNOWN)
		return true;
	/* 24:00 is the end of a day, 23:59:60 a leap second. */
	return p->hour <= 24 && p->minute < 60 && p->second <= 60 && (p->hour < 24 || (p->minute <= 0 && p->second <= 0));
}

static int known(int v)
{
	return v == DATE_UNKNOWN ? 0 : v;
}

bool date_assemble(const struct date_parts *parts, const struct date_context *context, struct date *out)
{
	struct date_parts p = *parts;

	out->form = p.is_guessed ? DATE_RELATIVE : p.day == DATE_UNKNOWN ? DATE_PARTIAL : DATE_WHOLE;
	p.month = p.month == DATE_UNKNOWN ? 1 : p.month;
	p.day = p.day == DATE_UNKNOWN ? 1 : p.day;
	if (p.year < YEAR_FIRST || p.year > YEAR_LAST || p.month < 1 || p.month > 12 || p.day < 1)
		return false;
	if (p.day > days_in_month(p.year, p.month) || !is_possible_time(&p))
		return false;
	if (p.zone_minutes == NO_ZONE)
		p.zone_minutes = context->zone_minutes;
	out->zone_minutes = p.zone_minutes;
	out->day_only = p.hour == DATE_UNKNOWN;
	out->ms = clock_from_utc(p.year, p.month, p.day, 0, 0, 0) - p.zone_minutes * MS_PER_MINUTE;
	if (!out->day_only)
		out->ms += hour_of(&p) * MS_PER_HOUR + known(p.minute) * MS_PER_MINUTE + known(p.second) * MS_PER_SECOND + p.ms;
	return true;
}

bool date_reference_day(const struct date_context *context, int64_t days, struct date_parts *parts)
{
	struct utc day;

	if (context->now_ms <= 0)
		return false;
	day = clock_utc(context->now_ms + context->zone_minutes * MS_PER_MINUTE + days * MS_PER_DAY);
	parts->year = day.year;
	parts->month = day.month;
	parts->day = day.day;
	parts->is_guessed = true;
	return true;
}

bool date_guess_year(const struct date_context *context, struct date_parts *parts)
{
	struct date_parts today = date_parts_none();

	if (parts->year != DATE_UNKNOWN)
		return true;
	if (!date_reference_day(context, 1, &today)) /* one day of grace for zones */
		return false;
	parts->is_guessed = true;
	parts->year = today.year;
	if (parts->month > today.month || (parts->month == today.month && parts->day > today.day))
		parts->year--;
	if (parts->month == 2 && parts->day == 29)
		while (days_in_month(parts->year, 2) != 29)
			parts->year--;
	return true;
}

bool date_last_weekday(const struct date_context *context, int weekday, bool of_last_week, struct date_parts *parts)
{
	int days;

	if (context->now_ms <= 0)
		return false;
	days = clock_utc(context->now_ms + context->zone_minutes * MS_PER_MINUTE).weekday - weekday;
	return date_reference_day(context, of_last_week ? -(days + 7) : -((days + 7) % 7), parts);
}

/* --- so long ago --------------------------------------------------------------------------------------------------- */

bool date_span_add(struct date_span *span, int64_t amount, char unit)
{
	if (amount < 0 || amount > 100000)
		return false;
	if (unit == 'm' || unit == 'y')
		span->months += unit == 'y' ? 12 * amount : amount;
	else if (unit == 'd' || unit == 'w')
		span->days += unit == 'w' ? 7 * amount : amount;
	else
		span->ms += amount * (unit == 's' ? MS_PER_SECOND : unit == 'i' ? MS_PER_MINUTE : MS_PER_HOUR);
	span->has_clock = span->has_clock || (unit == 's' || unit == 'i' || unit == 'h');
	return true;
}

static void go_back_months(struct date_parts *p, int64_t months)
{
	const int64_t count = p->year * 12LL + (p->month - 1) - months;

	p->year = (int)(count / 12);
	p->month = (int)(count % 12) + 1;
	if (p->year >= YEAR_FIRST && p->day > days_in_month(p->year, p->month))
		p->day = days_in_month(p->year, p->month);
}

bool date_before(const struct date_context *context, const struct date_span *span, struct date *out)
{
	struct date_parts day = date_parts_none();

	if (!date_reference_day(context, -span->days, &day))
		return false;
	if (span->has_clock && span->months == 0) {
		*out = (struct date){ .ms = context->now_ms - span->days * MS_PER_DAY - span->ms,
			.zone_minutes = context->zone_minutes,
			.form = DATE_RELATIVE };
		return out->ms > 0;
	}
	go_back_months(&day, span->months);
	return date_assemble(&day, context, out);
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char date_peek(const struct date_cursor *c)
{
	return c->at < c->s.n ? c->s.p[c->at] : '\0';
}

bool date_done(const struct date_cursor *c)
{
	return c->at >= c->s.n;
}

bool date_take_word(struct date_cursor *c, const char *word)
{
	const struct str rest = str_from(c->s, c->at), name = str_of(word);

	if (!date_may_start(rest, word) || !str_istarts(rest, name) || (name.n < rest.n && is_letter(rest.p[name.n])))
		return false;
	c->at += name.n;
	return true;
}

void date_skip(struct date_cursor *c, const char *bytes)
{
	size_t i = 0; /* a handful of bytes: a call of strchr() costs more than looking at them */

	while (c->at < c->s.n && bytes[i] != '\0') {
		const bool is = c->s.p[c->at] == bytes[i];
		c->at += is;
		i = is ? 0 : i + 1;
	}
}

int date_number(struct date_cursor *c, size_t max_digits, size_t *digits)
{
	size_t n = 0;
	int value = 0;

	while (n < max_digits && is_digit(date_peek(c))) {
		value = value * 10 + (date_peek(c) - '0');
		c->at++;
		n++;
	}
	if (digits)
		*digits = n;
	return n ? value : DATE_UNKNOWN;
}

/* .538 or ,538 behind the seconds, as milliseconds. */
static int fraction_ms(struct date_cursor *c)
{
	int scale = 100, ms = 0;

	if ((date_peek(c) != '.' && date_peek(c) != ',') || c->at + 1 >= c->s.n || !is_digit(c->s.p[c->at + 1]))
		return 0;
	for (c->at++; is_digit(date_peek(c)); c->at++, scale /= 10)
		ms += (date_peek(c) - '0') * scale;
	return ms;
}

bool date_clock(struct date_cursor *c, struct date_parts *parts)
{
	struct date_cursor t = *c;
	size_t digits = 0;

	parts->hour = date_number(&t, 2, &digits);
	if (digits == 0 || !date_take(&t, ":")) {
		parts->hour = DATE_UNKNOWN;
		return false;
	}
	parts->minute = date_number(&t, 2, &digits);
	if (digits == 0) {
		parts->hour = DATE_UNKNOWN;
		return false;
	}
	parts->second = 0;
	if (date_peek(&t) == ':') {
		t.at++;
		parts->second = date_number(&t, 2, &digits);
		if (digits == 0)
			return false;
		parts->ms = fraction_ms(&t);
	}
	*c = t;
	return !is_digit(date_peek(c));
}

bool date_offset(struct date_cursor *c, struct date_parts *parts)
{
	const char sign = date_peek(c);
	struct date_cursor t = *c;
	size_t digits = 0;
	int hours, minutes = 0;

	if ((sign == 'Z' || sign == 'z') && (c->at + 1 >= c->s.n || !is_letter(c->s.p[c->at + 1]))) {
		c->at++;
		parts->zone_minutes = 0;
		return true;
	}
	if (sign != '+' && sign != '-')
		return false;
	t.at++;
	hours = date_number(&t, 2, &digits);
	if (digits == 0)
		return false;
	(void)date_take(&t, ":");
	if (is_digit(date_peek(&t)))
		minutes = date_number(&t, 2, NULL);
	if (is_digit(date_peek(&t)))
		return false;
	parts->zone_minutes = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
	if (parts->zone_minutes < ZONE_LOWEST || parts->zone_minutes > ZONE_HIGHEST)
		parts->zone_minutes = 0;
	*c = t;
	return true;
}

bool dates_read_epoch(struct str s, const struct date_context *context, struct date *out)
{
	int64_t value = 0;

	if (s.n < 9 || s.n > 13 || !is_digit(s.p[0]) || !str_to_i64(s, &value))
		return false;
	*out = (struct date){ .ms = s.n >= 12 ? value : value * MS_PER_SECOND, .zone_minutes = context->zone_minutes };
	if (context->now_ms > 0 && out->ms > context->now_ms + EPOCH_AHEAD_MS)
		return false;
	return out->ms >= EPOCH_FIRST * MS_PER_SECOND && out->ms < EPOCH_LAST * MS_PER_SECOND;
}

/* --- the whole ----------------------------------------------------------------------------------------------------- */

struct substitution {
	const char *from;
	char to;
};

/* White space and full-width signs become their ASCII forms, so that the readers know one form of each. */
static const struct substitution substitutions[] = {
	{ "\xC2\xA0", ' ' },
	{ "\xE3\x80\x80", ' ' },
	{ "\xE2\x80\x89", ' ' },
	{ "\xE2\x80\xAF", ' ' },
	{ "：", ':' },
	{ "，", ',' },
	{ "／", '/' },
	{ "－", '-' },
	{ "．", '.' },
	{ "（", '(' },
	{ "）", ')' },
	{ "\\n", ' ' },
	{ "–", '-' },
	{ "\xE2\x88\x92", '-' },
};

static size_t substitute(struct str s, char *to)
{
	const bool may_differ = (unsigned char)s.p[0] >= 0x80 || s.p[0] == '\\';

	for (size_t i = 0; may_differ && i < sizeof(substitutions) / sizeof(substitutions[0]); i++) {
		const size_t n = str_starts_word(s, substitutions[i].from);
		if (n > 0) {
			*to = substitutions[i].to;
			return n;
		}
	}
	/* Full-width digits are EF BC 90 … EF BC 99. */
	if (s.n >= 3 && s.p[0] == '\xEF' && s.p[1] == '\xBC' && (unsigned char)s.p[2] >= 0x90 && (unsigned char)s.p[2] <= 0x99) {
		*to = (char)('0' + ((unsigned char)s.p[2] - 0x90));
		return 3;
	}
	*to = s.p[0] == '\t' || s.p[0] == '\n' || s.p[0] == '\r' ? ' ' : s.p[0];
	return 1;
}

struct str dates_plain_signs(struct str s, char *out)
{
	size_t n = 0;

	while (s.n > 0) {
		s = str_from(s, substitute(s, &out[n]));
		n++;
	}
	return str_trim((struct str){ out, n });
}

bool dates_read(struct str s, bool is_announced, const struct date_context *context, struct date *out)
{
	return dates_read_epoch(s, context, out) || dates_read_iso(s, context, out) ||
	       dates_read_chinese(s, is_announced, context, out) || dates_read_ago(s, context, out) ||
	       dates_read_words(s, context, out);
}

static bool read_announced(struct str s, const struct date_context *context, struct date *out)
{
	struct date_cursor c = { s, 0 };

	dates_skip_lead(&c);
	return c.at > 0 && c.at < s.n && dates_read(str_from(s, c.at), true, context, out);
}

/* Something that nobody could take for anything else: not "May", not "12:30". */
static bool is_strong(struct str s, const struct date *date)
{
	return date->form == DATE_WHOLE || (date->form == DATE_RELATIVE && s.n >= 6);
}

/* "Ann · Jun 3, 2024 · 5 min read": the first part that is a date. */
static bool read_part(struct str s, const struct date_context *context, struct date *out)
{
	const size_t whole = s.n;
	struct str part;

	while (dates_split(&s, &part)) {
		const struct str behind = dates_behind_lead(part);
		const bool is_whole = part.n == whole; /* and was no date */
		part = str_trim(part);
		if (!is_whole && (dates_read(part, false, context, out) || read_announced(part, context, out)) &&
			is_strong(part, out))
			return true;
		if (behind.n > 0 && dates_read(behind, true, context, out) && is_strong(behind, out))
			return true;
	}
	return false;
}

bool dates_parse(struct str s, const struct date_context *context, struct date *out)
{
	char plain[DATE_BYTES];
	struct date found = { 0 };

	s = str_trim(s);
	if (s.n == 0 || s.n > DATE_BYTES)
		return false;
	if (dates_read_exact(s, context, &found)) {
		*out = found;
		return true;
	}
	s = dates_plain_signs(s, plain);
	if (!dates_read(s, false, context, &found) && !read_announced(s, context, &found) && !read_part(s, context, &found))
		return false;
	*out = found;
	return true;
}

void dates_write(struct buf *out, const struct date *date)
{
	const struct utc t = clock_utc(date->ms + date->zone_minutes * MS_PER_MINUTE);
	const int zone = date->zone_minutes < 0 ? -date->zone_minutes : date->zone_minutes;

	buf_addf(out, "%04d-%02d-%02d", t.year, t.month, t.day);
	if (!date->day_only)
		buf_addf(out, "T%02d:%02d:%02d%c%02d:%02d", t.hour, t.minute, t.second, date->zone_minutes < 0 ? '-' : '+',
			zone / 60, zone % 60);
}
