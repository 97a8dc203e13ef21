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
	int weekday; /* 0 = Monday */
	bool is_guessed; /* something came from the reference */
};

struct date_parts date_parts_none(void);
/* false when the parts are no date (month 13, 31 April, 25:00); fills in day 1 and month 1 where only less was given. */
bool date_assemble(const struct date_parts *parts, const struct date_context *context, struct date *out);
/* Year, month, day of the reference moment in the context's zone, moved by `days`; false without a reference. */
bool date_reference_day(const struct date_context *context, int64_t days, struct date_parts *parts);
/* Year of a date that names none: the reference's, or the one before when that would lie in the future. */
bool date_guess_year(const struct date_context *context, struct date_parts *parts);
/* How long ago: the sum of "1 hour 5 minutes", 3天5小时. */
struct date_span {
	int64_t months, days, ms;
	bool has_clock; /* hours, minutes or seconds were named: the result is a moment, not a day */
};
/* Adds `amount` of 's' 'i' (minute) 'h' 'd' 'w' 'm' 'y'; false when that is too long ago for a date. */
bool date_span_add(struct date_span *span, int64_t amount, char unit);
/* The moment or day that long before the reference; false without a reference. */
bool date_before(const struct date_context *context, const struct date_span *span, struct date *out);
/* The last such weekday, the reference's day included, or the one of the calendar week before; false without a reference. */
bool date_last_weekday(const struct date_context *context, int weekday, bool of_last_week, struct date_parts *parts);

/* --- reading ------------------------------------------------------------------------------------------------------- */

struct date_cursor {
	struct str s;
	size_t at;
};

char date_peek(const struct date_cursor *c); /* NUL at the end */
static inline char date_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Could `word` be what `s` begins with, any case? The readers ask for hundreds of words, and this says no to nearly all of them. */
static inline bool date_may_start(struct str s, const char *word)
{
	return s.n > 0 && date_lower(s.p[0]) == date_lower(word[0]);
}

static inline bool date_take(struct date_cursor *c, const char *word) /* exact bytes */
{
	const size_t n = str_starts_word(str_from(c->s, c->at), word);

	c->at += n;
	return n > 0;
}

bool date_take_word(struct date_cursor *c, const char *word); /* ASCII case folded, and no letter may follow */
void date_skip(struct date_cursor *c, const char *bytes); /* any of these bytes */
int date_number(struct date_cursor *c, size_t max_digits, size_t *digits); /* DATE_UNKNOWN when no digit is there */
bool date_done(const struct date_cursor *c);
/* h:mm[:ss[.fff]] at the cursor; moves only when it is one. */
bool date_clock(struct date_cursor *c, struct date_parts *parts);
/* +08:00 +0800 +8 Z; moves only when it is one. Offsets outside of -12…+14 h count as 0. */
bool date_offset(struct date_cursor *c, struct date_parts *parts);

/* --- words --------------------------------------------------------------------------------------------------------- */

bool date_is_word_byte(char c); /* a letter, or a byte of any character beyond ASCII */
struct str date_take_letters(struct date_cursor *c); /* "" when no letter is there */
int date_month_named(struct str word); /* 1 … 12, DATE_UNKNOWN */
int date_weekday_named(struct str word); /* 0 = Monday … 6, DATE_UNKNOWN */
bool date_is_noise(struct str word); /* may stand around a date: at, on, de, um … */
bool date_is_unit(struct str word); /* hours, min, d … */

/* --- inside of longer texts (dates_signs.c) -------------------------------------------------------------------------- */

bool date_is_wide(char c); /* the lead byte of a CJK sign or character, which have three bytes each */
struct str date_word_at(struct str s); /* of an alphabet; cut where it is longer than any name */
/* The place of the next sign at or behind `at` that a date may hang on, text.n when there is none: every date that dates_find()
 * may find holds one. One pass, linear. */
size_t dates_sign_next(struct str text, size_t at);

/* --- what stands around a date -------------------------------------------------------------------------------------- */

/* Moves over words that announce a date (发表于, "Posted on:"). */
void dates_skip_lead(struct date_cursor *c);
/* Behind a date: nothing that counts, or known words (来自, 编辑, 阅读) and then anything. */
bool dates_at_end(struct date_cursor *c);
/* What stands behind the last word that announces a date: for "Last edited by bob on …". "" when there is none. */
struct str dates_behind_lead(struct str s);
/* Takes the part before | · • ; or a line's end off the front, as str_split() does. */
bool dates_split(struct str *rest, struct str *part);

/* --- the families, tried in this order ------------------------------------------------------------------------------ */

/* The quick one: RFC 3339 and RFC 822 as they are in the book. What it takes, the others would read the same way. */
bool dates_read_exact(struct str s, const struct date_context *context, struct date *out);
bool dates_read_epoch(struct str s, const struct date_context *context, struct date *out);
bool dates_read_iso(struct str s, const struct date_context *context, struct date *out);
/* `is_announced`: a word such as 发表于 stood in front, so that 06-03 alone is a day. */
bool dates_read_chinese(struct str s, bool is_announced, const struct date_context *context, struct date *out);
bool dates_read_ago(struct str s, const struct date_context *context, struct date *out);
bool dates_read_words(struct str s, const struct date_context *context, struct date *out);
/* All of them, on a slice whose signs are plain. */
bool dates_read(struct str s, bool is_announced, const struct date_context *context, struct date *out);

/* --- Chinese (dates_chinese.c) --------------------------------------------------------------------------------------- */

int date_chinese_number(struct date_cursor *c, size_t max_digits); /* ASCII digits, 二〇二四, 十二, 两; DATE_UNKNOWN */
int date_chinese_weekday(struct date_cursor *c); /* 0 = Monday of 星期一, 周日, 礼拜天; DATE_UNKNOWN */
/* Behind a day: a time or nothing, then the end. `is_evening`: the word for the day said so (昨晚). */
bool date_chinese_finish(
	struct date_cursor *c, bool is_evening, const struct date_context *context, struct date_parts *p, struct date *out);
bool dates_read_chinese_ago(struct date_cursor c, const struct date_context *context, struct date *out);

/* Puts the offset of a zone's name, for the wall time in `parts`, into parts->zone_minutes; false when the name is none. */
bool dates_zone(struct str name, const struct date_context *context, struct date_parts *parts);
/* dates_parse() without the known words around: white space and full-width signs in plain form, at most `max` bytes. */
struct str dates_plain_signs(struct str s, char *out);

#define DATE_BYTES 160 /* longer texts are no dates */

#endif
