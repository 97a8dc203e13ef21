/* Dates as feeds, forums and people write them, in English, Chinese and the odd feed dialect: RFC 822/850, asctime,
 * RFC 3339 with its partial and basic forms, ISO week and ordinal days, epoch seconds and milliseconds, 2024年6月3日 14:05,
 * 3分钟前, 昨天 08:00, "2 hours ago", "Yesterday at 5 pm"; the months and weekdays of a dozen more languages. Pure; garbage is no
 * date: order and telephone numbers, prices, versions and scores are refused, a year before 1970 or behind 2100 too. */
#ifndef EARSHOT_CRAWLER_DATES_H
#define EARSHOT_CRAWLER_DATES_H

#include "common/base/buf.h"

struct date_context {
	int64_t now_ms; /* reference of relative dates and of dates without a year; 0 = none, then such are no dates */
	int zone_minutes; /* offset from UTC of times that name no zone */
	bool day_first; /* 04/05/2024 is 4 May; else it is April, where both are possible */
};

/* How much of the date was written, and how much was worked out. */
enum date_form {
	DATE_WHOLE, /* year, month and day were written, or seconds since 1970 */
	DATE_RELATIVE, /* counted from the reference, or its year was taken from there: 3天前, 昨天 08:00, 6月3日, "Monday" */
	DATE_PARTIAL, /* a year, or a year and a month */
};

struct date {
	int64_t ms; /* UTC since 1970; a date alone is its midnight in its zone */
	bool day_only; /* only a day (month, year) was given */
	enum date_form form;
	int zone_minutes; /* the zone that was used */
};

/* false when `s` as a whole is no date. Known words around it are allowed: 发表于, "Posted on", 来自 iPhone, 本帖最后由 张三 于 …
 * 编辑, "Last edited by bob on …", and parts set off by | · ; of which one is a date. */
bool dates_parse(struct str s, const struct date_context *context, struct date *out);
/* The first date inside a longer text that is whole, or tied to the reference by words (昨天 08:00, "3 hours ago"), never a time,
 * month or weekday alone. `written` (may be NULL) gets the slice of `text`. Linear: looks closely at LIMIT_DATE_STARTS places and LIMIT_DATE_READINGS
 * slices at most. */
bool dates_find(struct str text, const struct date_context *context, struct str *written, struct date *out);
/* ISO 8601 in the zone that was used: 2024-06-03T14:05:00+08:00, a day alone 2024-06-03. */
void dates_write(struct buf *out, const struct date *date);

#endif
