/* Dates as feeds, forums and people write them, in English, Chinese and the odd feed dialect: RFC 822/850, asctime,
 * RFC 3339 with its partial and basic forms, ISO week and ordinal days, epoch seconds and milliseconds, 2024年6月3日 14:05,
 * 3分钟前, 昨天 08:00, "2 hours ago", "Yesterday at 5 pm". Pure; garbage is no date. */
#ifndef EARSHOT_CRAWLER_DATES_H
#define EARSHOT_CRAWLER_DATES_H

#include "common/base/str.h"

struct date_context {
	int64_t now_ms; /* reference of relative dates and of dates without a year; 0 = none, then such are no dates */
	int zone_minutes; /* offset from UTC of times that name no zone */
};

struct date {
	int64_t ms; /* UTC since 1970; a date alone is its midnight in its zone */
	bool day_only; /* only a day (month, year) was given */
	int zone_minutes; /* the zone that was used */
};

/* false when `s` as a whole is no date (known words around it such as 发表于 or "Posted on" are allowed). */
bool dates_parse(struct str s, const struct date_context *context, struct date *out);

#endif
