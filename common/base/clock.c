/* Time: the clocks of this machine, the calendar, and ISO 8601. */
#include "common/base/clock.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static int64_t read_clock_ms(clockid_t id)
{
	struct timespec t = { 0, 0 };
	(void)clock_gettime(id, &t); /* cannot fail for the two clocks below */
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	return read_clock_ms(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
	return read_clock_ms(CLOCK_MONOTONIC);
}

static int64_t timeval_us(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

int64_t clock_monotonic_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_monotonic_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_cpu_us(void)
{
	struct rusage use;
	if (getrusage(RUSAGE_SELF, &use) != 0)
		return 0;
	return timeval_us(use.ru_utime) + timeval_us(use.ru_stime);
}

void clock_sleep_ms(int64_t ms)
{
	if (ms <= 0)
		return;
	struct timespec t = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };
	(void)nanosleep(&t, NULL); /* a signal ends it early: that is the promise */
}

/* ---- calendar ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days since 1970-01-01. The year starts in March here, so that the leap day is its last; 146097 days are 400 years. */
static int64_t days_from_date(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = floor_div(year, 400);
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void date_from_days(int64_t days, struct utc *t)
{
	days += 719468;
	int64_t era = floor_div(days, 146097);
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	t->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	t->month = (int)(month < 10 ? month + 3 : month - 9);
	t->year = (int)(year_of_era + era * 400 + (t->month <= 2));
}

struct utc clock_utc(int64_t ms)
{
	struct utc t = { 0 };
	int64_t days = floor_div(ms, MS_PER_DAY);
	int64_t rest = (ms % MS_PER_DAY + MS_PER_DAY) % MS_PER_DAY / MS_PER_SECOND;
	date_from_days(days, &t);
	t.hour = (int)(rest / 3600);
	t.minute = (int)(rest / 60 % 60);
	t.second = (int)(rest % 60);
	t.weekday = (int)(days + 3 - floor_div(days + 3, 7) * 7); /* 1970-01-01 was a Thursday */
	t.yearday = (int)(days - days_from_date(t.year, 1, 1)) + 1;
	return t;
}

int64_t clock_from_utc(int year, int month, int day, int hour, int minute, int second)
{
	return days_from_date(year, month, day) * MS_PER_DAY + hour * MS_PER_HOUR + minute * MS_PER_MINUTE +
	       second * MS_PER_SECOND;
}

const char *clock_iso(int64_t ms, char out[32])
{
	struct utc t = clock_utc(ms);
	(void)snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.year, t.month, t.day, t.hour, t.minute, t.second);
	return out;
}

/* ---- ISO 8601 ---- */

/* Takes exactly `digits` digits off the front, which must lie in low…high. */
static bool take_number(struct str *s, size_t digits, int low, int high, int *out)
{
	int v = 0;
	if (s->n < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = str_from(*s, digits);
	*out = v;
	return v >= low && v <= high;
}

static bool take_char(struct str *s, const char *any_of)
{
	if (s->n == 0 || str_findc(str_of(any_of), s->p[0]) < 0)
		return false;
	*s = str_from(*s, 1);
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month] + (month == 2 && leap);
}

/* ".123" of any length, cut to ms. */
static bool take_fraction(struct str *s, int *ms)
{
	int unit = 100;
	*ms = 0;
	if (!take_char(s, ".,"))
		return true;
	if (s->n == 0 || s->p[0] < '0' || s->p[0] > '9')
		return false;
	while (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9') {
		*ms += (s->p[0] - '0') * unit;
		unit /= 10;
		*s = str_from(*s, 1);
	}
	return true;
}

/* "Z", "+08:00", "+0800" or "+08". */
static bool take_zone(struct str *s, int *minutes)
{
	int hour = 0, minute = 0;
	*minutes = 0;
	if (take_char(s, "Zz"))
		return true;
	bool west = s->n > 0 && s->p[0] == '-';
	if (!take_char(s, "+-") || !take_number(s, 2, 0, 23, &hour))
		return false;
	bool colon = take_char(s, ":");
	if ((colon || s->n > 0) && !take_number(s, 2, 0, 59, &minute))
		return false;
	*minutes = west ? -(hour * 60 + minute) : hour * 60 + minute;
	return true;
}

static bool parse_stamp(struct str s, int64_t *out_ms)
{
	struct utc t = { 0 };
	int ms = 0, zone = 0;
	bool date = take_number(&s, 4, 0, 9999, &t.year) && take_char(&s, "-") && take_number(&s, 2, 1, 12, &t.month) &&
		    take_char(&s, "-") && take_number(&s, 2, 1, 31, &t.day);
	if (!date || t.day > days_in_month(t.year, t.month))
		return false;
	if (!take_char(&s, "Tt ") || !take_number(&s, 2, 0, 23, &t.hour) || !take_char(&s, ":") ||
		!take_number(&s, 2, 0, 59, &t.minute))
		return false;
	if (take_char(&s, ":") && !(take_number(&s, 2, 0, 60, &t.second) && take_fraction(&s, &ms)))
		return false;
	(void)take_char(&s, " "); /* "2026-11-22 02:50:43 +0000", as git and many APIs print it */
	if (!take_zone(&s, &zone) || s.n > 0)
		return false;
	*out_ms = clock_from_utc(t.year, t.month, t.day, t.hour, t.minute, t.second) + ms - zone * MS_PER_MINUTE;
	return true;
}

/* Seconds, seconds with a fraction, or milliseconds. Fewer than nine digits are more likely a date without dashes or a
 * year than a moment before 1973, so they are refused. 1e11 seconds are the year 5138, 1e11 ms are 1973. */
static bool parse_epoch(struct str s, int64_t *out_ms)
{
	int64_t whole = 0;
	int fraction_ms = 0;
	ptrdiff_t dot = str_findc(s, '.');
	struct str digits = dot < 0 ? s : str_first(s, (size_t)dot);
	struct str rest = str_from(s, digits.n);
	if (digits.n < 9 || digits.n > 15 || digits.p[0] < '0' || digits.p[0] > '9' || !str_to_i64(digits, &whole))
		return false;
	if (!take_fraction(&rest, &fraction_ms) || rest.n > 0)
		return false;
	*out_ms = whole >= 100000000000LL ? whole : whole * 1000 + fraction_ms;
	return true;
}

bool clock_parse_iso(struct str s, int64_t *out_ms)
{
	s = str_trim(s);
	return parse_stamp(s, out_ms) || parse_epoch(s, out_ms);
}
