/* What the date readers share: the parts of a date, and how they become a moment. Private to crawler/dates*.c. */
#ifndef EARSHOT_CRAWLER_DATES_PARTS_H
#define EARSHOT_CRAWLER_DATES_PARTS_H

#include "crawler/dates.h"

#define DATE_UNKNOWN (-1)
#define NO_ZONE INT32_MIN

struct date_parts {
	int year, month, day; /* DATE_UNKNOWN where not given */
	int hour, minute, second, ms;
	int zone_minutes; /* NO_ZONE when none was given */
	bool is_pm, is_am;
};

struct date_parts date_parts_none(void);
/* false when the parts are no date (month 13, 31 April, 25:00); fills in day 1 and month 1 where only less was given. */
bool date_assemble(const struct date_parts *parts, const struct date_context *context, struct date *out);
/* Year, month, day of the reference moment in the context's zone, moved by `days`; false without a reference. */
bool date_reference_day(const struct date_context *context, int64_t days, struct date_parts *parts);
/* Year of a date that names none: the reference's, or the one before when that would lie in the future. */
bool date_guess_year(const struct date_context *context, struct date_parts *parts);
/* `amount` of 's' 'i' (minute) 'h' 'd' 'w' 'm' 'y' before the reference. */
bool date_before(const struct date_context *context, int64_t amount, char unit, struct date *out);

/* --- reading ------------------------------------------------------------------------------------------------------- */

struct date_cursor {
	struct str s;
	size_t at;
};

char date_peek(const struct date_cursor *c); /* NUL at the end */
bool date_take(struct date_cursor *c, const char *word); /* exact bytes */
bool date_take_word(struct date_cursor *c, const char *word); /* ASCII case folded, and no letter may follow */
void date_skip(struct date_cursor *c, const char *bytes); /* any of these bytes */
int date_number(struct date_cursor *c, size_t max_digits, size_t *digits); /* DATE_UNKNOWN when no digit is there */
bool date_done(const struct date_cursor *c);
/* h:mm[:ss[.fff]] at the cursor; moves only when it is one. */
bool date_clock(struct date_cursor *c, struct date_parts *parts);
/* +08:00 +0800 +8 Z; moves only when it is one. Offsets outside of -12…+14 h count as 0. */
bool date_offset(struct date_cursor *c, struct date_parts *parts);

/* --- the families, tried in this order ------------------------------------------------------------------------------ */

bool dates_read_epoch(struct str s, const struct date_context *context, struct date *out);
bool dates_read_iso(struct str s, const struct date_context *context, struct date *out);
bool dates_read_chinese(struct str s, const struct date_context *context, struct date *out);
bool dates_read_relative(struct str s, const struct date_context *context, struct date *out);
bool dates_read_words(struct str s, const struct date_context *context, struct date *out);

/* Puts the offset of a zone's name, for the wall time in `parts`, into parts->zone_minutes; false when the name is none. */
bool dates_zone(struct str name, const struct date_context *context, struct date_parts *parts);

#endif
