/* Telephone numbers with area codes, social security numbers: tables of shapes and what must hold of their digits. */
#include "common/text/mask_form.h"

#include "common/base/utf8.h"
#include "common/text/mask_net.h"
#include "common/text/mask_number.h"
#include "common/text/mask_plate.h"

struct reading {
	struct str text;
	size_t from, to; /* bytes */
	char digit[NUMBER_DIGITS];
	int n;
	bool has_plus;
};

/* ---- shapes: d a digit, 0 1 8 6 themselves, - one separator, . a dot, ( ) brackets with a blank or none beside them ---- */

static bool is_opening(uint32_t cp)
{
	return cp == '(' || cp == 0xFF08;
}

static bool is_dot(uint32_t cp)
{
	return cp == '.' || cp == 0xB7 || cp == 0xFF0E || cp == 0x2022;
}

static bool reads_one(char wanted, uint32_t cp)
{
	const int digit = number_digit(cp);
	switch (wanted) {
	case 'd':
		return digit >= 0;
	case '-':
		return value_is_separator(cp);
	case '.':
		return is_dot(cp);
	case '(':
		return is_opening(cp);
	case ')':
		return cp == ')' || cp == 0xFF09;
	default:
		return digit == wanted - '0';
	}
}

static bool shape_reads(const char *shape, struct reading *r)
{
	size_t at = r->from;
	r->n = 0;
	for (; *shape; shape++) {
		const uint32_t cp = at < r->text.n ? utf8_next(r->text, &at) : 0;
		if (!reads_one(*shape, cp))
			return false;
		const int digit = number_digit(cp);
		if (digit >= 0)
			r->digit[r->n++] = (char)('0' + digit);
		if (*shape == ')' && value_is_separator(value_at(r->text, at)))
			(void)utf8_next(r->text, &at);
	}
	r->to = at;
	return true;
}

/* A number that goes on is another number. */
static bool ends_here(struct str text, size_t at)
{
	if (at >= text.n)
		return true;
	const uint32_t cp = utf8_next(text, &at);
	const bool goes_on = number_digit(value_at(text, at)) >= 0;
	if (number_digit(cp) >= 0 || value_is_letter(cp) || cp == '@')
		return false;
	return !(goes_on && (cp == '-' || cp == '.' || cp == '/' || cp == 0xFF0D));
}

static bool begins_here(struct str text, size_t at)
{
	const uint32_t cp = value_before(text, at);
	if (value_is_letter(cp))
		return value_is_labelled(text, at, LABEL_PHONE) || value_is_labelled(text, at, LABEL_SSN);
	const bool is_joint = cp == '-' || cp == '.' || cp == '/' || cp == '#' || cp == '=' || cp == '&';
	return !is_joint;
}

/* ---- what must hold ---- */

/* 10 and 2x have two digits, all others three, of which the first is 3 to 9; subscribers' numbers begin with 2 to 8. */
static bool is_landline(const char *d, int n)
{
	const bool is_short = d[0] == '2' || (d[0] == '1' && d[1] == '0');
	const int area = is_short ? 2 : 3, local = n - area;
	if (!is_short && (d[0] < '3' || (d[0] == '4' && d[1] == '0' && d[2] == '0')))
		return false;
	return d[area] >= '2' && d[area] <= '8' && (local == 8 || (local == 7 && !is_short));
}

static bool holds_landline(const struct reading *r)
{
	return !r->has_plus && is_landline(r->digit + 1, r->n - 1);
}

static bool holds_landline_abroad(const struct reading *r)
{
	const int zero = r->digit[2] == '0';
	return r->has_plus && is_landline(r->digit + 2 + zero, r->n - 2 - zero);
}

static bool holds_landline_announced(const struct reading *r)
{
	return holds_landline(r) && value_is_labelled(r->text, r->from, LABEL_PHONE);
}

/* North American Numbering Plan: NXX NXX XXXX. Codes of two equal last digits (800, 888, 911 …) are services, as is 555 01xx nobody's,
 * which people use in examples: that one is masked all the same. */
static bool is_nanp(const char *d)
{
	const bool is_area = d[0] >= '2' && d[1] != d[2] && d[1] != '9';
	return is_area && d[3] >= '2' && !(d[4] == '1' && d[5] == '1');
}

static bool holds_us(const struct reading *r)
{
	return !r->has_plus && is_nanp(r->digit);
}

static bool holds_us_abroad(const struct reading *r)
{
	return is_nanp(r->digit + 1);
}

static bool holds_us_plus(const struct reading *r)
{
	return r->has_plus && is_nanp(r->digit + 1);
}

static bool holds_us_announced(const struct reading *r)
{
	return holds_us(r) && value_is_labelled(r->text, r->from, LABEL_PHONE);
}

/* SSA: no area 000, 666 or 9xx, no group 00, no serial 0000. */
static bool holds_ssn(const struct reading *r)
{
	const char *d = r->digit;
	if (d[0] == '9' || (d[0] == '0' && d[1] == '0' && d[2] == '0') || (d[0] == '6' && d[1] == '6' && d[2] == '6'))
		return false;
	return !(d[3] == '0' && d[4] == '0') && !(d[5] == '0' && d[6] == '0' && d[7] == '0' && d[8] == '0');
}

static bool holds_ssn_announced(const struct reading *r)
{
	return holds_ssn(r) && value_is_labelled(r->text, r->from, LABEL_SSN);
}

static bool holds_mobile(const struct reading *r)
{
	return r->digit[1] >= '3';
}

static const struct shape {
	enum mask_kind kind;
	const char *shape;
	bool (*holds)(const struct reading *r);
} shapes[] = {
	{ MASK_LANDLINE, "0dd-dddddddd", holds_landline },
	{ MASK_LANDLINE, "0dd-dddd-dddd", holds_landline },
	{ MASK_LANDLINE, "0ddd-dddddddd", holds_landline },
	{ MASK_LANDLINE, "0ddd-ddddddd", holds_landline },
	{ MASK_LANDLINE, "0ddd-dddd-dddd", holds_landline },
	{ MASK_LANDLINE, "0ddd-ddd-dddd", holds_landline },
	{ MASK_LANDLINE, "0dd)dddddddd", holds_landline },
	{ MASK_LANDLINE, "0dd)dddd-dddd", holds_landline },
	{ MASK_LANDLINE, "0ddd)dddddddd", holds_landline },
	{ MASK_LANDLINE, "0ddd)ddddddd", holds_landline },
	{ MASK_LANDLINE, "0ddd)dddd-dddd", holds_landline },
	{ MASK_LANDLINE, "0dddddddddd", holds_landline_announced },
	{ MASK_LANDLINE, "0ddddddddddd", holds_landline_announced },
	{ MASK_LANDLINE, "86-dd-dddddddd", holds_landline_abroad },
	{ MASK_LANDLINE, "86-dd-dddd-dddd", holds_landline_abroad },
	{ MASK_LANDLINE, "86-0dd-dddddddd", holds_landline_abroad },
	{ MASK_LANDLINE, "86-ddd-dddddddd", holds_landline_abroad },
	{ MASK_LANDLINE, "86-ddd-ddddddd", holds_landline_abroad },
	{ MASK_LANDLINE, "86-0ddd-dddddddd", holds_landline_abroad },
	{ MASK_LANDLINE, "86-0ddd-ddddddd", holds_landline_abroad },
	{ MASK_MOBILE, "1dd.dddd.dddd", holds_mobile },
	{ MASK_US_PHONE, "ddd-ddd-dddd", holds_us },
	{ MASK_US_PHONE, "ddd.ddd.dddd", holds_us },
	{ MASK_US_PHONE, "ddd)ddd-dddd", holds_us },
	{ MASK_US_PHONE, "ddd)ddd.dddd", holds_us },
	{ MASK_US_PHONE, "dddddddddd", holds_us_announced },
	{ MASK_US_PHONE, "1-ddd-ddd-dddd", holds_us_abroad },
	{ MASK_US_PHONE, "1.ddd.ddd.dddd", holds_us_abroad },
	{ MASK_US_PHONE, "1-(ddd)ddd-dddd", holds_us_abroad },
	{ MASK_US_PHONE, "1dddddddddd", holds_us_plus },
	{ MASK_US_PHONE, "1-dddddddddd", holds_us_plus },
	{ MASK_SSN, "ddd-dd-dddd", holds_ssn },
	{ MASK_SSN, "ddddddddd", holds_ssn_announced },
};

/* 010-57933275-801: the extension goes with its number. */
static size_t with_extension(const struct reading *r, enum mask_kind kind)
{
	size_t at = r->to, digits = 0;
	if (kind != MASK_LANDLINE || at >= r->text.n || !reads_one('-', utf8_next(r->text, &at)))
		return r->to;
	size_t end = at;
	while (end < r->text.n && number_digit(value_at(r->text, end)) >= 0) {
		(void)utf8_next(r->text, &end);
		digits++;
	}
	return digits >= 1 && digits <= 5 ? end : r->to;
}

static bool find_shape(struct str text, size_t at, struct mask_value *out)
{
	struct reading r = { .text = text, .from = at };
	const uint32_t before = value_before(text, at);
	r.has_plus = before == '+' || before == 0xFF0B;
	if (!begins_here(text, at))
		return false;
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		if (!shape_reads(shapes[i].shape, &r) || !shapes[i].holds(&r))
			continue;
		r.to = with_extension(&r, shapes[i].kind);
		if (!ends_here(text, r.to))
			continue;
		if (value_is_labelled(text, at, LABEL_ORDER))
			return false;
		const bool is_led = r.has_plus || (is_opening(before) && strchr(shapes[i].shape, ')') != NULL);
		const size_t lead = before < 0x80 ? 1 : 3;
		*out = (struct mask_value){ shapes[i].kind, is_led ? at - lead : at, r.to };
		return true;
	}
	return false;
}

bool form_find(struct str text, size_t at, struct mask_value *out)
{
	return find_shape(text, at, out) || net_find(text, at, out) || plate_find(text, at, out);
}
