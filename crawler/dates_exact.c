/* The two forms that nearly all feeds and sitemaps use, to the letter: RFC 3339 and RFC 822 with a year of four digits. What differs
 * in one byte is left to the other readers, which would say the same of these at twenty times the price. */
#include "crawler/dates_parts.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number of `n` digits at p; DATE_UNKNOWN when one of them is none. */
static int digits_at(const char *p, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_digit(p[i]))
			return DATE_UNKNOWN;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

/* hh:mm:ss at p, eight bytes. */
static bool read_clock(const char *p, struct date_parts *parts)
{
	parts->hour = digits_at(p, 2);
	parts->minute = digits_at(p + 3, 2);
	parts->second = digits_at(p + 6, 2);
	return p[2] == ':' && p[5] == ':' && parts->hour >= 0 && parts->minute >= 0 && parts->second >= 0;
}

/* Z, +08:00 or +0800, and nothing behind it. */
static bool read_offset(struct str s, struct date_parts *parts)
{
	struct date_cursor c = { s, 0 };
	const bool is_whole = s.n == 5 || (s.n == 6 && s.p[3] == ':');

	if (s.n == 1 && s.p[0] == 'Z') {
		parts->zone_minutes = 0;
		return true;
	}
	return is_whole && date_offset(&c, parts) && date_done(&c);
}

/* 2024-06-03T14:05:00Z, 2024-06-03T14:05:00.250+08:00 */
static bool read_rfc3339(struct str s, struct date_parts *p)
{
	size_t at = 19;
	int scale = 100;

	if (s.n < 20 || s.p[4] != '-' || s.p[7] != '-' || s.p[10] != 'T' || !read_clock(s.p + 11, p))
		return false;
	p->year = digits_at(s.p, 4);
	p->month = digits_at(s.p + 5, 2);
	p->day = digits_at(s.p + 8, 2);
	if (s.p[at] == '.' && at + 1 < s.n && is_digit(s.p[at + 1])) {
		for (at++; at < s.n && is_digit(s.p[at]); at++, scale /= 10)
			p->ms += (s.p[at] - '0') * scale;
	}
	return p->year >= 0 && p->month >= 0 && p->day >= 0 && read_offset(str_from(s, at), p);
}

/* The number, from 1, of the name at p in `names`, which has three letters a name; 0 when it is none. */
static int name_at(const char *p, const char *names)
{
	for (int i = 0; names[3 * i]; i++) {
		if (memcmp(p, names + 3 * i, 3) == 0)
			return i + 1;
	}
	return 0;
}

static bool is_zone_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	}
	return s.n >= 2 && s.n <= 4;
}

/* Mon, 03 Jun 2024 14:05:00 +0800, the weekday or not, with an offset or a zone's name. */
static bool read_rfc822(struct str s, const struct date_context *context, struct date_parts *p)
{
	size_t day_digits;

	if (s.n > 5 && s.p[3] == ',' && s.p[4] == ' ' && name_at(s.p, "MonTueWedThuFriSatSun"))
		s = str_from(s, 5);
	day_digits = s.n > 1 && is_digit(s.p[1]) ? 2 : 1;
	if (s.n < day_digits + 20 || s.p[day_digits] != ' ')
		return false;
	p->day = digits_at(s.p, day_digits);
	s = str_from(s, day_digits + 1); /* Jun 2024 14:05:00 +0800 */
	p->month = name_at(s.p, "JanFebMarAprMayJunJulAugSepOctNovDec");
	p->year = digits_at(s.p + 4, 4);
	if (p->day < 0 || p->month == 0 || p->year < 0 || s.p[3] != ' ' || s.p[8] != ' ' || s.p[17] != ' ' ||
		!read_clock(s.p + 9, p))
		return false;
	s = str_from(s, 18);
	return is_zone_name(s) ? dates_zone(s, context, p) : read_offset(s, p);
}

bool dates_read_exact(struct str s, const struct date_context *context, struct date *out)
{
	struct date_parts p = date_parts_none();

	if (s.n < 20 || s.n > 40)
		return false;
	if (!(s.p[10] == 'T' ? read_rfc3339(s, &p) : read_rfc822(s, context, &p)))
		return false;
	return date_assemble(&p, context, out);
}
