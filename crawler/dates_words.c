/* Dates with words in them: RFC 822 and 850, asctime, "June 3, 2024 2:05 pm", "Yesterday at 5 pm", "Monday 9:30". A small token
 * reader: each token sets one part, and a token that means nothing makes the whole no date. */
#include "crawler/dates_parts.h"

#include <string.h>

/* --- numbers ------------------------------------------------------------------------------------------------------- */

static int full_year(int year, size_t digits)
{
	if (digits > 2)
		return year;
	return year < 70 ? 2000 + year : 1900 + year; /* the two-digit years of RFC 822 */
}

/* 3 of 06/15/2014, 15.06.23, 2006/09/15: whichever order the numbers allow; the context's when both do. Versions have dots, too:
 * 3.11.7 is none, and short years behind dots want two digits everywhere. */
static bool set_numeric(struct date_parts *p, const int n[3], const size_t digits[3], char separator, bool is_day_first)
{
	const bool day_first = separator == '.' || n[0] > 12 || (is_day_first && n[1] <= 12);

	if (digits[0] != 4 && digits[2] != 2 && digits[2] != 4)
		return false;
	if (digits[0] != 4 && digits[2] == 2 && separator == '.' && (digits[0] != 2 || digits[1] != 2))
		return false;

	if (digits[0] == 4) {
		p->year = n[0];
		p->month = n[1];
		p->day = n[2];
		return true;
	}
	p->month = day_first ? n[1] : n[0];
	p->day = day_first ? n[0] : n[1];
	p->year = full_year(n[2], digits[2]);
	return true;
}

static bool take_numeric_date(struct date_cursor *c, const struct date_context *context, struct date_parts *p)
{
	struct date_cursor t = *c;
	size_t digits[3] = { 0 };
	int n[3];
	char separator[2] = "";

	for (int i = 0; i < 3; i++) {
		if (i == 1)
			separator[0] = date_peek(&t);
		if (i > 0 && (!strchr("/.-", separator[0]) || !date_take(&t, separator)))
			return false;
		n[i] = date_number(&t, 4, &digits[i]);
		if (digits[i] == 0)
			return false;
	}
	*c = t;
	return p->day == DATE_UNKNOWN && p->month == DATE_UNKNOWN && set_numeric(p, n, digits, separator[0], context->day_first);
}

/* Behind a whole date: 14.05 and 3.05pm of newspapers, 14h05, 14h. */
static bool take_hour(struct date_cursor *c, struct date_parts *p)
{
	struct date_cursor t = *c;
	const int hour = date_number(&t, 2, NULL);
	const bool is_dot = date_take(&t, ".");
	size_t digits = 0;
	int minute;

	if (hour == DATE_UNKNOWN || p->hour != DATE_UNKNOWN || p->year == DATE_UNKNOWN || p->day == DATE_UNKNOWN ||
		(!is_dot && !date_take(&t, "h")))
		return false;
	minute = date_number(&t, 2, &digits);
	if ((is_dot && digits != 2) || digits == 1 || minute > 59)
		return false;
	p->hour = hour;
	p->minute = digits == 0 ? 0 : minute;
	*c = t;
	return true;
}

/* A bare number: four digits are a year; up to two are the day first, and a short year after it. "5 pm" is an hour. */
static bool take_number(struct date_cursor *c, struct date_parts *p)
{
	size_t digits = 0;
	const int n = date_number(c, 4, &digits);
	struct date_cursor t = *c;

	if (date_peek(c) >= '0' && date_peek(c) <= '9')
		return false;
	date_skip(&t, " ");
	if (digits <= 2 && p->hour == DATE_UNKNOWN &&
		(date_take_word(&t, "pm") || date_take_word(&t, "am") || date_take(&t, "p.m") || date_take(&t, "a.m"))) {
		p->hour = n;
		return n >= 1 && n <= 12;
	}
	if (digits == 4 && p->year == DATE_UNKNOWN) {
		p->year = n;
		return true;
	}
	if (digits <= 2 && p->day == DATE_UNKNOWN) {
		p->day = n;
		return true;
	}
	if (digits == 2 && p->year == DATE_UNKNOWN && p->month != DATE_UNKNOWN) {
		p->year = full_year(n, digits);
		return true;
	}
	return false;
}

/* --- tokens -------------------------------------------------------------------------------------------------------- */

static bool take_half_day(struct date_cursor *c, struct date_parts *p)
{
	struct date_cursor t = *c;
	const char first = date_peek(c);

	if (p->hour == DATE_UNKNOWN || !first || !strchr("aApP", first))
		return false;
	t.at++;
	(void)date_take(&t, ".");
	if (!date_take(&t, "m") && !date_take(&t, "M"))
		return false;
	(void)date_take(&t, ".");
	if (date_is_word_byte(date_peek(&t)))
		return false;
	p->is_pm = first == 'p' || first == 'P';
	p->is_am = !p->is_pm;
	*c = t;
	return true;
}

/* The name of a zone: GMT, Etc/GMT, America/New_York; an offset may follow ("GMT-07:00", whose sign is the usual one). */
static bool take_zone(struct date_cursor *c, const struct date_context *context, struct date_parts *p)
{
	struct date_cursor t = *c;
	const size_t start = t.at;

	while (date_is_word_byte(date_peek(&t)) || date_peek(&t) == '/' || date_peek(&t) == '_')
		t.at++;
	if (!dates_zone((struct str){ c->s.p + start, t.at - start }, context, p))
		return false;
	(void)date_offset(&t, p);
	*c = t;
	return true;
}

static bool take_day_word(struct str word, const struct date_context *context, struct date_parts *p)
{
	if (str_ieq(word, STR("today")))
		return date_reference_day(context, 0, p);
	return str_ieq(word, STR("yesterday")) && date_reference_day(context, -1, p);
}

/* "mar. 3 juin 2024": a short name that is a month and a weekday was the weekday, if another month follows. */
static bool take_month(struct str word, struct date_parts *p, bool *may_be_weekday)
{
	const int month = date_month_named(word);

	if (month == DATE_UNKNOWN || (p->month != DATE_UNKNOWN && !*may_be_weekday))
		return false;
	*may_be_weekday = date_weekday_named(word) != DATE_UNKNOWN;
	p->month = month;
	return true;
}

static bool take_weekday(struct str word, struct date_parts *p)
{
	const int weekday = date_weekday_named(word);

	if (weekday != DATE_UNKNOWN)
		p->weekday = weekday;
	return weekday != DATE_UNKNOWN;
}

static bool take_name(struct date_cursor *c, const struct date_context *context, struct date_parts *p, bool *may_be_weekday)
{
	struct date_cursor t = *c;
	const struct str word = date_take_letters(&t);

	if (!take_month(word, p, may_be_weekday) && !take_weekday(word, p) && !date_is_noise(word) &&
		!take_day_word(word, context, p))
		return false;
	*c = t;
	return true;
}

static bool take_token(struct date_cursor *c, const struct date_context *context, struct date_parts *p, bool *may_be_weekday)
{
	const char first = date_peek(c);

	if (first == '(') { /* a comment: (Coordinated Universal Time) */
		const ptrdiff_t end = str_findc(str_from(c->s, c->at), ')');
		c->at += end < 0 ? 1 : (size_t)end + 1;
		return end >= 0;
	}
	if (p->hour != DATE_UNKNOWN && p->zone_minutes == NO_ZONE && date_offset(c, p))
		return true;
	if (first >= '0' && first <= '9')
		return (p->hour == DATE_UNKNOWN && date_clock(c, p)) || take_numeric_date(c, context, p) || take_hour(c, p) ||
		       take_number(c, p);
	if (take_half_day(c, p))
		return true;
	/* "at 16:31" is a word, "16:31 AT" a zone. */
	if (p->hour != DATE_UNKNOWN && p->zone_minutes == NO_ZONE && take_zone(c, context, p))
		return true;
	return take_name(c, context, p, may_be_weekday) || take_zone(c, context, p);
}

/* "Monday 9:30" and "Monday": the last one. "Sun" and "Sat" alone are too little. */
static bool set_weekday(const struct date_context *context, struct str s, struct date_parts *p)
{
	if (p->weekday == DATE_UNKNOWN || p->year != DATE_UNKNOWN || p->month != DATE_UNKNOWN || p->day != DATE_UNKNOWN)
		return false;
	return (p->hour != DATE_UNKNOWN || s.n >= 6) && date_last_weekday(context, p->weekday, false, p);
}

bool dates_read_words(struct str s, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();
	struct date_cursor c = { s, 0 };
	bool may_be_weekday = false;

	for (date_skip(&c, " ,.|"); !date_done(&c); date_skip(&c, " ,.|")) {
		/* A hyphen or slash between parts: 06-Nov-94, "2020 - 19:19"; before digits behind a time it is an offset. */
		if (strchr("-/;:'@", date_peek(&c)) && !(p.hour != DATE_UNKNOWN && date_offset(&c, &p))) {
			c.at++;
			continue;
		}
		if (!date_done(&c) && date_peek(&c) != ' ' && !take_token(&c, context, &p, &may_be_weekday))
			return false;
	}
	if (!set_weekday(context, s, &p) && (p.month == DATE_UNKNOWN || (p.day == DATE_UNKNOWN && p.year == DATE_UNKNOWN)))
		return false;
	return date_guess_year(context, &p) && date_assemble(&p, context, out);
}
