/* English relative dates: "2 hours ago", "a couple of days ago", "1h 5m", "last week", "this morning". */
#include "crawler/dates_parts.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define AMOUNT_COUPLE 2
#define AMOUNT_FEW 3
#define TERMS 4 /* "1 day, 2 hours and 5 minutes" */

struct unit_row {
	const char *name;
	char unit;
};

static const struct unit_row unit_rows[] = { { "second", 's' }, { "sec", 's' }, { "s", 's' }, { "minute", 'i' }, { "min", 'i' },
	{ "m", 'i' }, { "hour", 'h' }, { "hr", 'h' }, { "h", 'h' }, { "day", 'd' }, { "d", 'd' }, { "week", 'w' }, { "wk", 'w' },
	{ "w", 'w' }, { "month", 'm' }, { "mo", 'm' }, { "mth", 'm' }, { "year", 'y' }, { "yr", 'y' }, { "y", 'y' } };

/* Whole phrases and how long ago they are. */
struct phrase_row {
	const char *phrase;
	int amount;
	char unit;
};

static const struct phrase_row phrase_rows[] = { { "just now", 0, 's' }, { "now", 0, 's' }, { "moments ago", 0, 's' },
	{ "a moment ago", 0, 's' }, { "seconds ago", 0, 's' }, { "less than a minute ago", 0, 's' }, { "last night", 1, 'd' },
	{ "last week", 1, 'w' }, { "last month", 1, 'm' }, { "last year", 1, 'y' }, { "a week ago", 1, 'w' },
	{ "this morning", 0, 'd' }, { "this afternoon", 0, 'd' }, { "this evening", 0, 'd' }, { "earlier today", 0, 'd' },
	{ "the day before yesterday", 2, 'd' } };

/* One letter is a unit in lower case only: 5G, 4K and 3D are none. "5m" is minutes wherever we saw it. */
static char unit_of(struct str word)
{
	if (word.n == 0 || (unsigned char)word.p[0] >= 0x80)
		return '\0';
	if (word.n > 2 && (word.p[word.n - 1] == 's' || word.p[word.n - 1] == 'S'))
		word.n--;
	for (size_t i = 0; i < COUNT(unit_rows); i++) {
		const struct str name = str_of(unit_rows[i].name);
		if (!date_may_start(word, unit_rows[i].name))
			continue;
		if (name.n == 1 ? str_eq(word, name) : str_ieq(word, name))
			return unit_rows[i].unit;
	}
	return '\0';
}

bool date_is_unit(struct str word)
{
	return unit_of(word) != '\0';
}

static int take_amount(struct date_cursor *c)
{
	const int n = date_number(c, 4, NULL);
	const struct date_cursor start = *c;

	if (n != DATE_UNKNOWN)
		return n;
	if (date_take_word(c, "a") || date_take_word(c, "an") || date_take_word(c, "one")) {
		date_skip(c, " ");
		if (date_take_word(c, "couple")) {
			date_skip(c, " ");
			(void)date_take_word(c, "of");
			return AMOUNT_COUPLE;
		}
		return date_take_word(c, "few") ? AMOUNT_FEW : 1;
	}
	static const char *const names[] = { "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten" };
	for (size_t i = 0; i < COUNT(names); i++) {
		if (date_take_word(c, names[i]))
			return (int)i + 2;
	}
	*c = start;
	return DATE_UNKNOWN;
}

/* "2 hours", "5h"; is_short when nothing stands between. */
static bool take_term(struct date_cursor *c, struct date_span *span, bool *is_short)
{
	const int amount = take_amount(c);
	char unit;

	*is_short = date_peek(c) != ' ';
	date_skip(c, " ");
	unit = unit_of(date_take_letters(c));
	date_skip(c, " .,");
	return amount != DATE_UNKNOWN && unit && date_span_add(span, amount, unit);
}

static bool read_phrase(struct str s, const struct date_context *context, struct date *out)
{
	struct date_span span = { 0 };

	for (size_t i = 0; i < COUNT(phrase_rows); i++) {
		if (date_may_start(s, phrase_rows[i].phrase) && str_ieq(s, str_of(phrase_rows[i].phrase)))
			return date_span_add(&span, phrase_rows[i].amount, phrase_rows[i].unit) &&
			       date_before(context, &span, out);
	}
	return false;
}

static bool read_half(struct date_cursor c, const struct date_context *context, struct date *out)
{
	struct date_span span = { 0 };

	(void)date_take_word(&c, "about");
	date_skip(&c, " ");
	return date_take_word(&c, "half") && date_take_word((date_skip(&c, " "), &c), "an") &&
	       date_take_word((date_skip(&c, " "), &c), "hour") && date_take_word((date_skip(&c, " "), &c), "ago") &&
	       date_done(&c) && date_span_add(&span, 30, 'i') && date_before(context, &span, out);
}

bool dates_read_ago(struct str s, const struct date_context *context, struct date *out)
{
	static const char *const hedges[] = { "about", "over", "almost", "around", "approximately", "nearly", "posted",
		"published", "updated", "edited" };
	struct date_cursor c = { s, 0 };
	struct date_span span = { 0 };
	bool is_short = false, all_short = true;

	if (read_phrase(s, context, out) || read_half(c, context, out))
		return true;
	for (size_t i = 0; i < COUNT(hedges); i++) {
		if (date_take_word(&c, hedges[i]))
			date_skip(&c, " :");
	}
	for (int i = 0; i < TERMS && !date_done(&c); i++) {
		if (i > 0 && date_take_word(&c, "ago"))
			return date_done(&c) && date_before(context, &span, out);
		if (i > 0 && date_take_word(&c, "and"))
			date_skip(&c, " ");
		if (!take_term(&c, &span, &is_short))
			return false;
		all_short = all_short && is_short;
	}
	if (date_take_word(&c, "ago"))
		return date_done(&c) && date_before(context, &span, out);
	return all_short && date_done(&c) && s.n > 0 && date_before(context, &span, out); /* "5h", "3d" */
}
