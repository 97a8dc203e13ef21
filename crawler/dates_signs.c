/* Where in a text a date can be at all: at the signs of which every date of dates_find() holds one. */
#include "crawler/dates_parts.h"

#include <string.h>

#define LONG_NUMBER 8 /* digits: 20240603 in front of a time */
#define WORD_BYTES 32 /* longer words are no names */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool date_is_wide(char c)
{
	const unsigned char b = (unsigned char)c;

	return (b >= 0xE3 && b <= 0xE9) || b == 0xEF;
}

struct str date_word_at(struct str s)
{
	size_t n = 0;

	while (n < s.n && n < WORD_BYTES && date_is_word_byte(s.p[n]) && !date_is_wide(s.p[n]) &&
		!(n + 1 < s.n && s.p[n] == '\xC2' && s.p[n + 1] == '\xA0'))
		n++;
	return str_first(s, n);
}

/* 月 makes a date, the others tie one to the reference. */
static bool is_wide_sign(struct str s)
{
	static const char signs[] = "月前昨今刚剛上";

	for (const char *at = signs; *at; at += 3) {
		if (s.n >= 3 && s.p[2] == at[2] && s.p[1] == at[1] && s.p[0] == at[0])
			return true;
	}
	return false;
}

static bool is_word_sign(struct str word)
{
	return word.n >= 3 && (str_ieq(word, STR("ago")) || str_ieq(word, STR("today")) || str_ieq(word, STR("yesterday")) ||
				      date_month_named(word) != DATE_UNKNOWN);
}

/* A hyphen, which may stand apart (Monday - 9:30), or another sign between two numbers: 3/6/24, 3.6.2024. */
static bool is_separator(struct str text, size_t at)
{
	const struct str here = str_from(text, at);
	size_t n = 0;

	if (here.p[0] == '-')
		return true;
	if (here.p[0] == '/' || here.p[0] == '.')
		n = 1;
	else if (str_starts(here, STR("－")) || str_starts(here, STR("／")))
		n = 3;
	return n > 0 && at > 0 && is_digit(text.p[at - 1]) && n < here.n && is_digit(here.p[n]);
}

static size_t digits_at(struct str text, size_t at)
{
	size_t n = 0;

	while (at + n < text.n && is_digit(text.p[at + n]))
		n++;
	return n;
}

static bool begins_word(struct str text, size_t at)
{
	const bool is_inside = ((unsigned char)text.p[at] & 0xC0) == 0x80; /* of a character */

	return date_is_word_byte(text.p[at]) && !is_inside && (at == 0 || !is_ascii_letter(text.p[at - 1]));
}

size_t dates_sign_next(struct str text, size_t at)
{
	while (at < text.n) {
		const char c = text.p[at];
		if (is_digit(c)) {
			const size_t n = digits_at(text, at);
			if (n >= LONG_NUMBER)
				return at;
			at += n;
			continue;
		}
		if (is_separator(text, at))
			return at;
		if (date_is_wide(c)) {
			if (is_wide_sign(str_from(text, at)))
				return at;
			at += at + 3 <= text.n ? 3 : 1;
			continue;
		}
		if (begins_word(text, at) && is_word_sign(date_word_at(str_from(text, at))))
			return at;
		at++;
	}
	return text.n;
}
