/* Dates with words in them: RFC 822 and 850, asctime, "June 3, 2024 2:05 pm", "Yesterday at 5 pm", "2 hours ago". A small
 * token reader: each token sets one part, and a token that means nothing makes the whole no date. */
#include "crawler/dates_parts.h"

#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define WORD_BYTES 24

struct word_row {
	const char *name;
	int value;
};

/* A word stands for the row whose name it is, or begins with at least three letters of (juil., Sept). English first; then
 * the French, German, Spanish, Portuguese and Italian names that feeds are seen to use. */
static const struct word_row month_rows[] = {
	{ "january", 1 },
	{ "february", 2 },
	{ "march", 3 },
	{ "april", 4 },
	{ "may", 5 },
	{ "june", 6 },
	{ "july", 7 },
	{ "august", 8 },
	{ "september", 9 },
	{ "october", 10 },
	{ "november", 11 },
	{ "december", 12 },
	{ "janvier", 1 },
	{ "février", 2 },
	{ "fevrier", 2 },
	{ "mars", 3 },
	{ "avril", 4 },
	{ "mai", 5 },
	{ "juin", 6 },
	{ "juillet", 7 },
	{ "août", 8 },
	{ "aout", 8 },
	{ "septembre", 9 },
	{ "octobre", 10 },
	{ "novembre", 11 },
	{ "décembre", 12 },
	{ "decembre", 12 },
	{ "januar", 1 },
	{ "februar", 2 },
	{ "märz", 3 },
	{ "juni", 6 },
	{ "juli", 7 },
	{ "oktober", 10 },
	{ "dezember", 12 },
	{ "enero", 1 },
	{ "febrero", 2 },
	{ "marzo", 3 },
	{ "abril", 4 },
	{ "mayo", 5 },
	{ "junio", 6 },
	{ "julio", 7 },
	{ "agosto", 8 },
	{ "septiembre", 9 },
	{ "octubre", 10 },
	{ "noviembre", 11 },
	{ "diciembre", 12 },
	{ "gennaio", 1 },
	{ "maggio", 5 },
	{ "giugno", 6 },
	{ "luglio", 7 },
	{ "settembre", 9 },
	{ "ottobre", 10 },
	{ "dicembre", 12 },
	{ "fevereiro", 2 },
	{ "março", 3 },
	{ "maio", 5 },
	{ "setembro", 9 },
	{ "outubro", 10 },
	{ "dezembro", 12 },
};

/* Weekdays say nothing that the date does not: "Fri," may even be wrong. */
static const struct word_row weekday_rows[] = {
	{ "monday", 0 },
	{ "tuesday", 1 },
	{ "wednesday", 2 },
	{ "thursday", 3 },
	{ "friday", 4 },
	{ "saturday", 5 },
	{ "sunday", 6 },
	{ "lundi", 0 },
	{ "mardi", 1 },
	{ "mercredi", 2 },
	{ "jeudi", 3 },
	{ "vendredi", 4 },
	{ "samedi", 5 },
	{ "dimanche", 6 },
	{ "montag", 0 },
	{ "dienstag", 1 },
	{ "mittwoch", 2 },
	{ "donnerstag", 3 },
	{ "freitag", 4 },
	{ "samstag", 5 },
	{ "sonntag", 6 },
};

/* Words that may stand around a date. */
static const char *const noise[] = { "at", "on", "the", "of", "posted", "published", "updated", "date", "written", "by", "edited",
	"last", "modified", "created", "time", "de", "le", "um", "uhr", "th", "st", "nd", "rd", "t" };

static const struct word_row unit_rows[] = { { "second", 's' }, { "sec", 's' }, { "s", 's' }, { "minute", 'i' }, { "min", 'i' },
	{ "hour", 'h' }, { "hr", 'h' }, { "h", 'h' }, { "day", 'd' }, { "d", 'd' }, { "week", 'w' }, { "wk", 'w' }, { "w", 'w' },
	{ "month", 'm' }, { "mo", 'm' }, { "year", 'y' }, { "yr", 'y' }, { "y", 'y' } };

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static struct str take_word(struct date_cursor *c)
{
	const size_t start = c->at;

	while (is_word_byte(date_peek(c)))
		c->at++;
	return (struct str){ c->s.p + start, c->at - start };
}

static bool is_one_of(struct str word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_ieq(word, str_of(words[i])))
			return true;
	}
	return false;
}

/* Three letters are enough for a name, but none of them may be wrong. */
static const struct word_row *row_of(struct str word, const struct word_row *rows, size_t n)
{
	for (size_t i = 0; word.n >= 3 && i < n; i++) {
		if (str_istarts(str_of(rows[i].name), word))
			return &rows[i];
	}
	return NULL;
}

static bool is_weekday(struct str word)
{
	return row_of(word, weekday_rows, COUNT(weekday_rows)) || str_ieq(word, STR("thur")) || str_ieq(word, STR("thurs")) ||
	       str_ieq(word, STR("tues")) || str_ieq(word, STR("weds"));
}

/* --- numbers ------------------------------------------------------------------------------------------------------- */

static int full_year(int year, size_t digits)
{
	if (digits > 2)
		return year;
	return year < 70 ? 2000 + year : 1900 + year; /* the two-digit years of RFC 822 */
}

/* 3 of 06/15/2014, 15.06.23, 2006/09/15: whichever order the numbers allow; the American one when both do. */
static bool set_numeric(struct date_parts *p, const int n[3], const size_t digits[3], char separator)
{
	const bool day_first = separator == '.' || n[0] > 12;

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

static bool take_numeric_date(struct date_cursor *c, struct date_parts *p)
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
	return p->day == DATE_UNKNOWN && p->month == DATE_UNKNOWN && set_numeric(p, n, digits, separator[0]);
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
	if (is_word_byte(date_peek(&t)))
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

	while (is_word_byte(date_peek(&t)) || date_peek(&t) == '/' || date_peek(&t) == '_')
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

static bool take_name(struct date_cursor *c, const struct date_context *context, struct date_parts *p)
{
	struct date_cursor t = *c;
	const struct str word = take_word(&t);
	const struct word_row *month = row_of(word, month_rows, COUNT(month_rows));

	if (month && p->month == DATE_UNKNOWN)
		p->month = month->value;
	else if (!is_weekday(word) && !is_one_of(word, noise, COUNT(noise)) && !take_day_word(word, context, p))
		return false;
	*c = t;
	return true;
}

static bool take_token(struct date_cursor *c, const struct date_context *context, struct date_parts *p)
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
		return (p->hour == DATE_UNKNOWN && date_clock(c, p)) || take_numeric_date(c, p) || take_number(c, p);
	if (take_half_day(c, p))
		return true;
	/* "at 16:31" is a word, "16:31 AT" a zone. */
	if (p->hour != DATE_UNKNOWN && p->zone_minutes == NO_ZONE && take_zone(c, context, p))
		return true;
	return take_name(c, context, p) || take_zone(c, context, p);
}

bool dates_read_words(struct str s, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();
	struct date_cursor c = { s, 0 };

	for (date_skip(&c, " ,.|"); !date_done(&c); date_skip(&c, " ,.|")) {
		/* A hyphen or slash between parts: 06-Nov-94, "2020 - 19:19"; before digits behind a time it is an offset. */
		if (strchr("-/;:", date_peek(&c)) && !(p.hour != DATE_UNKNOWN && date_offset(&c, &p))) {
			c.at++;
			continue;
		}
		if (!date_done(&c) && date_peek(&c) != ' ' && !take_token(&c, context, &p))
			return false;
	}
	if (p.month == DATE_UNKNOWN || (p.day == DATE_UNKNOWN && p.year == DATE_UNKNOWN))
		return false;
	return date_guess_year(context, &p) && date_assemble(&p, context, out);
}

/* --- so long ago --------------------------------------------------------------------------------------------------- */

static char unit_of(struct str word)
{
	if (word.n > 2 && (word.p[word.n - 1] == 's' || word.p[word.n - 1] == 'S'))
		word.n--;
	for (size_t i = 0; i < COUNT(unit_rows); i++) {
		if (str_ieq(word, str_of(unit_rows[i].name)))
			return (char)unit_rows[i].value;
	}
	return str_eqc(word, "m") ? 'i' : '\0'; /* "5m" is minutes wherever we saw it */
}

static int take_amount(struct date_cursor *c)
{
	const int n = date_number(c, 4, NULL);

	if (n != DATE_UNKNOWN)
		return n;
	return date_take_word(c, "a") || date_take_word(c, "an") || date_take_word(c, "one") ? 1 : DATE_UNKNOWN;
}

bool dates_read_relative(struct str s, const struct date_context *context, struct date *out)
{
	struct date_cursor c = { s, 0 };
	int amount;
	char unit;
	bool is_short;

	if (str_ieq(s, STR("just now")) || str_ieq(s, STR("now")) || str_ieq(s, STR("moments ago")) ||
		str_ieq(s, STR("a moment ago")))
		return date_before(context, 0, 's', out);
	while (date_take_word(&c, "posted") || date_take_word(&c, "about") || date_take_word(&c, "published") ||
		date_take_word(&c, "over") || date_take_word(&c, "almost") || date_take_word(&c, "updated"))
		date_skip(&c, " :");
	amount = take_amount(&c);
	is_short = date_peek(&c) != ' ';
	date_skip(&c, " ");
	unit = unit_of(take_word(&c));
	if (amount == DATE_UNKNOWN || !unit)
		return false;
	date_skip(&c, " .");
	if (date_done(&c))
		return is_short && date_before(context, amount, unit, out); /* "5h", "3d" */
	return date_take_word(&c, "ago") && date_done(&c) && date_before(context, amount, unit, out);
}
