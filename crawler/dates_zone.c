/* Time zones by name: abbreviations of mail and feeds, and the places that feeds write out. */
#include "common/base/clock.h"

#include "crawler/dates_parts.h"

#include <string.h>

#define CHINA_MINUTES 480

/* When clocks go forward. */
enum daylight { DAYLIGHT_NONE, DAYLIGHT_US, DAYLIGHT_EU };

struct zone_row {
	const char *name;
	int minutes;
	enum daylight daylight;
};

/* IST, CST and the like mean several zones; the reading is the one that feeds mean most: RFC 822's American ones. AT, CT,
 * MT and PT are feedparser's. */
static const struct zone_row zone_rows[] = {
	{ "UTC", 0, DAYLIGHT_NONE },
	{ "GMT", 0, DAYLIGHT_NONE },
	{ "UT", 0, DAYLIGHT_NONE },
	{ "Z", 0, DAYLIGHT_NONE },
	{ "WET", 0, DAYLIGHT_NONE },
	{ "BST", 60, DAYLIGHT_NONE },
	{ "WEST", 60, DAYLIGHT_NONE },
	{ "CET", 60, DAYLIGHT_NONE },
	{ "MET", 60, DAYLIGHT_NONE },
	{ "CEST", 120, DAYLIGHT_NONE },
	{ "MEST", 120, DAYLIGHT_NONE },
	{ "EET", 120, DAYLIGHT_NONE },
	{ "EEST", 180, DAYLIGHT_NONE },
	{ "MSK", 180, DAYLIGHT_NONE },
	{ "SAST", 120, DAYLIGHT_NONE },
	{ "IST", 330, DAYLIGHT_NONE },
	{ "HKT", 480, DAYLIGHT_NONE },
	{ "SGT", 480, DAYLIGHT_NONE },
	{ "AWST", 480, DAYLIGHT_NONE },
	{ "JST", 540, DAYLIGHT_NONE },
	{ "KST", 540, DAYLIGHT_NONE },
	{ "AEST", 600, DAYLIGHT_NONE },
	{ "AEDT", 660, DAYLIGHT_NONE },
	{ "NZST", 720, DAYLIGHT_NONE },
	{ "NZDT", 780, DAYLIGHT_NONE },
	{ "AT", -240, DAYLIGHT_NONE },
	{ "AST", -240, DAYLIGHT_NONE },
	{ "ADT", -180, DAYLIGHT_NONE },
	{ "ET", -300, DAYLIGHT_NONE },
	{ "EST", -300, DAYLIGHT_NONE },
	{ "EDT", -240, DAYLIGHT_NONE },
	{ "CT", -360, DAYLIGHT_NONE },
	{ "CST", -360, DAYLIGHT_NONE },
	{ "CDT", -300, DAYLIGHT_NONE },
	{ "MT", -420, DAYLIGHT_NONE },
	{ "MST", -420, DAYLIGHT_NONE },
	{ "MDT", -360, DAYLIGHT_NONE },
	{ "PT", -480, DAYLIGHT_NONE },
	{ "PST", -480, DAYLIGHT_NONE },
	{ "PDT", -420, DAYLIGHT_NONE },
	{ "AKST", -540, DAYLIGHT_NONE },
	{ "AKDT", -480, DAYLIGHT_NONE },
	{ "HST", -600, DAYLIGHT_NONE },
	{ "Etc/UTC", 0, DAYLIGHT_NONE },
	{ "Etc/GMT", 0, DAYLIGHT_NONE },
	{ "Europe/London", 0, DAYLIGHT_EU },
	{ "Europe/Dublin", 0, DAYLIGHT_EU },
	{ "Europe/Paris", 60, DAYLIGHT_EU },
	{ "Europe/Berlin", 60, DAYLIGHT_EU },
	{ "Europe/Madrid", 60, DAYLIGHT_EU },
	{ "Europe/Rome", 60, DAYLIGHT_EU },
	{ "Europe/Amsterdam", 60, DAYLIGHT_EU },
	{ "Europe/Moscow", 180, DAYLIGHT_NONE },
	{ "Asia/Shanghai", 480, DAYLIGHT_NONE },
	{ "Asia/Chongqing", 480, DAYLIGHT_NONE },
	{ "Asia/Hong_Kong", 480, DAYLIGHT_NONE },
	{ "Asia/Taipei", 480, DAYLIGHT_NONE },
	{ "Asia/Singapore", 480, DAYLIGHT_NONE },
	{ "Asia/Tokyo", 540, DAYLIGHT_NONE },
	{ "Asia/Seoul", 540, DAYLIGHT_NONE },
	{ "Asia/Kolkata", 330, DAYLIGHT_NONE },
	{ "America/New_York", -300, DAYLIGHT_US },
	{ "America/Chicago", -360, DAYLIGHT_US },
	{ "America/Denver", -420, DAYLIGHT_US },
	{ "America/Los_Angeles", -480, DAYLIGHT_US },
	{ "America/Phoenix", -420, DAYLIGHT_NONE },
};

/* Day of the month of the n-th Sunday; n = 0 is the last one. */
static int sunday(int year, int month, int n)
{
	const struct utc first = clock_utc(clock_from_utc(year, month, 1, 0, 0, 0));
	const int first_sunday = 1 + (6 - first.weekday);

	return n > 0 ? first_sunday + 7 * (n - 1) : first_sunday + (first_sunday + 28 <= 31 ? 28 : 21);
}

/* Whether the wall time lies in daylight saving: to the day and the hour of the change, by the rules since 2007 (US) and
 * 1996 (EU, where 1 am UTC is taken for 2 am local). */
static bool is_daylight(enum daylight rule, const struct date_parts *p)
{
	const int first_month = 3, last_month = rule == DAYLIGHT_US ? 11 : 10;
	int day;

	if (rule == DAYLIGHT_NONE || p->month < first_month || p->month > last_month)
		return false;
	if (p->month > first_month && p->month < last_month)
		return true;
	day = sunday(p->year, p->month, rule == DAYLIGHT_EU ? 0 : p->month == first_month ? 2 : 1);
	if (p->day == day)
		return (p->hour >= 2) == (p->month == first_month);
	return (p->day > day) == (p->month == first_month);
}

/* Most words are compared by their first letter alone. */
static const struct zone_row *zone_row_of(struct str name)
{
	if (name.n == 0)
		return NULL;
	for (size_t i = 0; i < sizeof(zone_rows) / sizeof(zone_rows[0]); i++) {
		if (date_may_start(name, zone_rows[i].name) && str_ieq(str_of(zone_rows[i].name), name))
			return &zone_rows[i];
	}
	return NULL;
}

bool dates_zone(struct str name, const struct date_context *context, struct date_parts *parts)
{
	const struct zone_row *row = zone_row_of(str_trim(name));

	if (!row)
		return false;
	parts->zone_minutes = row->minutes + (is_daylight(row->daylight, parts) ? 60 : 0);
	/* Java on a Chinese server writes "Mon Jun 03 14:05:00 CST 2024" and means China. */
	if (str_eqc(str_of(row->name), "CST") && context->zone_minutes == CHINA_MINUTES)
		parts->zone_minutes = CHINA_MINUTES;
	return true;
}
