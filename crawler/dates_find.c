/* Dates inside longer texts: where one can begin, how far it can reach, and the longest slice there that is a date. */
#include "crawler/dates_parts.h"

#include <earshot/limits.h>

#include <string.h>

#define TOKENS 24 /* "Wednesday, June 3rd, 2024 at 2:05 pm GMT+8" has 19 */
#define FIND_BYTES 80
#define NAME_TO_DIGIT 30 /* bytes between "Wednesday" or "June" and the first number */
#define LONGEST_NAME 20

/* Where a candidate may end: behind each of its tokens. */
struct extent {
	size_t end[TOKENS];
	size_t n;
};

static const char date_characters[] =
	"年月日号號时時分秒点點钟鐘半刻整上下午凌晨早中晚间間夜里裡傍今昨前去天刚剛才星期周週礼拜禮个個小约"
	"零〇一二三四五六七八九十两兩几幾数數民国國以之：，（）　－／";
static const char start_characters[] = "昨前今去刚剛半上本民一二三四五六七八九十两兩几幾星周週大约";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_among(const char *characters, struct str s)
{
	for (const char *at = characters; *at; at += 3) {
		if (s.n >= 3 && memcmp(at, s.p, 3) == 0)
			return true;
	}
	return false;
}

static bool is_name(struct str word)
{
	return date_month_named(word) != DATE_UNKNOWN || date_weekday_named(word) != DATE_UNKNOWN ||
	       str_ieq(word, STR("yesterday")) || str_ieq(word, STR("today"));
}

static bool is_date_word(struct str word)
{
	static const struct date_context nowhere = { 0 };
	struct date_parts p = date_parts_none();

	return is_name(word) || date_is_noise(word) || date_is_unit(word) || str_ieq(word, STR("ago")) ||
	       str_ieq(word, STR("am")) || str_ieq(word, STR("pm")) || str_ieq(word, STR("a")) || str_ieq(word, STR("p")) ||
	       str_ieq(word, STR("m")) || dates_zone(word, &nowhere, &p);
}

/* Bytes of the part of a date at the front of `s`, 0 when it holds none. */
static size_t token_bytes(struct str s)
{
	size_t n = 0;

	while (n < s.n && n <= FIND_BYTES && is_digit(s.p[n]))
		n++;
	if (n > 0 || s.n == 0)
		return n;
	if (strchr(" ,.:/-()+'", s.p[0]) && s.p[0])
		return 1;
	if (str_starts(s, STR("\xC2\xA0")))
		return 2;
	if (date_is_wide(s.p[0]))
		return is_among(date_characters, s) ? 3 : 0;
	const struct str word = date_word_at(s);
	return is_date_word(word) ? word.n : 0;
}

static struct extent extent_at(struct str s)
{
	struct extent x = { 0 };
	size_t at = 0;

	while (x.n < TOKENS) {
		const size_t n = token_bytes(str_from(s, at));
		if (n == 0 || at + n > FIND_BYTES)
			break;
		at += n;
		x.end[x.n++] = at;
	}
	return x;
}

/* Numbers glued to other signs begin no date: the 3.11.2024 of "v1.3.11.2024", the 199 of "$199". */
static bool begins_digits(struct str text, size_t at)
{
	const char before = at > 0 ? text.p[at - 1] : ' ';
	const char further = at > 1 ? text.p[at - 2] : ' ';

	if (is_digit(before) || is_ascii_letter(before) || strchr("$#_@=+%&", before))
		return false;
	if (strchr(".-/:", before))
		return !is_digit(further) && (before == ':' || !is_ascii_letter(further));
	return true;
}

/* A name begins a date when a number follows soon: that spares looking up every word of a text. */
static bool has_digit_soon(struct str s)
{
	const size_t n = s.n < NAME_TO_DIGIT ? s.n : NAME_TO_DIGIT;

	for (size_t i = 0; i < n; i++) {
		if (is_digit(s.p[i]))
			return true;
	}
	return false;
}

static bool begins_date(struct str text, size_t at)
{
	const struct str rest = str_from(text, at);

	if (is_digit(rest.p[0]))
		return begins_digits(text, at);
	if (date_is_wide(rest.p[0]))
		return is_among(start_characters, rest);
	if (!date_is_word_byte(rest.p[0]) || (at > 0 && date_is_word_byte(text.p[at - 1]) && !date_is_wide(text.p[at - 1]) &&
						     (unsigned char)text.p[at - 1] < 0x80))
		return false;
	const struct str word = date_word_at(rest);
	if (str_ieq(word, STR("a")) || str_ieq(word, STR("an")))
		return str_find(str_first(rest, NAME_TO_DIGIT), STR("ago")) > 0;
	return word.n >= 3 && word.n <= LONGEST_NAME && has_digit_soon(rest) && is_name(word);
}

/* What follows must not go on with the number or word. */
static bool ends_date(struct str text, size_t end)
{
	const char next = end < text.n ? text.p[end] : ' ';
	const char further = end + 1 < text.n ? text.p[end + 1] : ' ';

	if (is_digit(next) || is_ascii_letter(next) || next == '%')
		return is_ascii_letter(next) && end > 0 && (unsigned char)text.p[end - 1] >= 0x80;
	return !(strchr("./:", next) && is_digit(further));
}

/* A time, a weekday, "5h", 今天 or 去年 alone are too little inside a text: a relative date needs a number, and more than that. */
static bool is_tied(struct str slice)
{
	static const char *const words[] = { "前", "昨", "今", "刚", "剛", "月", "ago", "sterday", "oday", "上" };
	bool has_digit = false;

	for (size_t i = 0; i < slice.n; i++)
		has_digit = has_digit || is_digit(slice.p[i]);
	if (!has_digit)
		return str_eqc(slice, "刚刚") || str_eqc(slice, "剛剛") || str_find(slice, STR("ago")) >= 0 ||
		       str_ends(slice, STR("前"));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_find(slice, str_of(words[i])) >= 0)
			return true;
	}
	for (size_t at = 0; at < slice.n; at++) {
		if (date_month_named(date_word_at(str_from(slice, at))) != DATE_UNKNOWN)
			return true;
	}
	return str_findc(slice, '-') > 0 && str_findc(slice, ':') > 0; /* 06-03 14:05 */
}

/* The "by" of "3 June 2024 by Ann" is none of the date's. */
static bool ends_in_noise(struct str s)
{
	size_t start = s.n;

	while (start > 0 && is_ascii_letter(s.p[start - 1]))
		start--;
	return start < s.n && start > 0 && s.p[start - 1] == ' ' && date_is_noise(str_from(s, start));
}

static bool is_bare_number(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return false;
	}
	return true;
}

static bool is_found(struct str slice, const struct date *date)
{
	return (date->form == DATE_WHOLE && !is_bare_number(slice)) || (date->form == DATE_RELATIVE && is_tied(slice));
}

/* Without a digit only these can be found: 二〇二四年六月三日, 刚刚, 三天前, "a day ago". */
static bool does_without_digits(struct str slice)
{
	return str_find(slice, STR("年")) >= 0 || str_find(slice, STR("刚刚")) >= 0 || str_find(slice, STR("剛剛")) >= 0 ||
	       str_find(slice, STR("ago")) >= 0 || str_ends(slice, STR("前"));
}

static size_t first_digit(struct str s)
{
	size_t n = 0;

	while (n < s.n && n < FIND_BYTES && !is_digit(s.p[n]))
		n++;
	return n;
}

/* May the slice from `at` be asked whether it is a date? */
static bool is_worth_reading(struct str text, size_t at, struct str slice, size_t digit)
{
	if (slice.n < 6 || strchr(" ,.:/-(+'", slice.p[slice.n - 1]) || !ends_date(text, at + slice.n) || ends_in_noise(slice))
		return false;
	return digit < slice.n ? !is_bare_number(slice) : does_without_digits(slice);
}

/* What a search knows of its text, and what it may still do. */
struct search {
	struct str text;
	const struct date_context *context;
	size_t sign; /* the next one at or behind the present place */
	size_t starts, readings; /* so far */
};

/* The longest slice at `at` that is a date; its length, 0 when there is none. */
static size_t longest_at(struct search *s, size_t at, struct date *out)
{
	const struct str rest = str_from(s->text, at);
	const struct extent x = extent_at(rest);
	const size_t digit = first_digit(rest);
	char plain[DATE_BYTES];

	for (size_t i = x.n; i > 0 && at + x.end[i - 1] > s->sign && s->readings < LIMIT_DATE_READINGS; i--) {
		const struct str slice = str_first(rest, x.end[i - 1]);
		if (!is_worth_reading(s->text, at, slice, digit))
			continue;
		s->readings++;
		if (dates_read(dates_plain_signs(slice, plain), false, s->context, out) && is_found(slice, out))
			return slice.n;
	}
	return 0;
}

/* Steps over the number, word or character at `at`. */
static size_t step_at(struct str text, size_t at)
{
	const size_t start = at;

	while (at < text.n && is_digit(text.p[at]))
		at++;
	if (at > start)
		return at;
	return at + (date_is_wide(text.p[at]) && at + 3 <= text.n ? 3 : 1);
}

/* The next place where a date may begin, text.n when there is none: not further in front of a sign than a date reaches. */
static size_t next_start(struct search *s, size_t at)
{
	for (; at < s->text.n; at = step_at(s->text, at)) {
		if (s->sign < at)
			s->sign = dates_sign_next(s->text, at);
		if (s->sign >= s->text.n)
			break;
		if (s->sign > at + FIND_BYTES)
			at = s->sign - FIND_BYTES;
		if (begins_date(s->text, at))
			return at;
	}
	return s->text.n;
}

bool dates_find(struct str text, const struct date_context *context, struct str *written, struct date *out)
{
	struct search s = { .text = text, .context = context, .sign = dates_sign_next(text, 0) };

	for (size_t at = next_start(&s, 0); at < text.n && s.starts < LIMIT_DATE_STARTS && s.readings < LIMIT_DATE_READINGS;
		at = next_start(&s, step_at(text, at))) {
		struct date found = { 0 };
		s.starts++;
		const size_t n = longest_at(&s, at, &found);
		if (n == 0)
			continue;
		*out = found;
		if (written)
			*written = (struct str){ text.p + at, n };
		return true;
	}
	return false;
}
