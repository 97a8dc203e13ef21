/* Groups of digits and the checks that tell numbers of people from order numbers: ISO 7064 MOD 11-2, Luhn, issuer ranges,
 * dates, lengths. */
#include "common/text/mask_number.h"

#include "common/base/utf8.h"
#include "common/text/mask_value.h"

#include <string.h>

#define GROUP_TOO_LONG 1000 /* in number_group.n */
#define SPACED_FEWEST 11 /* digits of a mobile number: fewer that stand alone are a list of numbers */

int number_digit(uint32_t cp)
{
	if (cp >= '0' && cp <= '9')
		return (int)(cp - '0');
	if (cp >= 0xFF10 && cp <= 0xFF19)
		return (int)(cp - 0xFF10);
	return -1;
}

/* ---- reading groups ---- */

/* Words that may touch the number they announce: tel13800138000. */
static bool ends_with_label(struct str before)
{
	static const char *const labels[] = { "tel", "phone", "mobile", "mob", "call", "cell", "qq", "vx", "wx", "wechat", "card",
		"id" };
	size_t n = 0;
	while (n < before.n && value_is_letter((unsigned char)before.p[before.n - 1 - n]))
		n++;
	struct str word = str_from(before, before.n - n);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (str_ieq(word, str_of(labels[i])))
			return true;
	return false;
}

static void window_look_back(struct number_window *w, struct str text, size_t at)
{
	struct str before = str_first(text, at);
	if (at == 0)
		return;
	char c = before.p[at - 1];
	w->follows_group = at >= 2 && (c == ' ' || c == '-') && before.p[at - 2] >= '0' && before.p[at - 2] <= '9';
	w->has_plus = c == '+' || str_ends(before, STR("\xEF\xBC\x8B"));
	if (c == '.' && at >= 2 && before.p[at - 2] >= '0' && before.p[at - 2] <= '9')
		w->is_inside_word = true;
	else if (value_is_letter((unsigned char)c))
		w->is_inside_word = !ends_with_label(before);
}

/* What stands behind the group: does the number end here? */
static void group_look_ahead(struct number_group *g, struct str text)
{
	size_t at = g->end_byte;
	if (at >= text.n)
		return;
	uint32_t cp = utf8_next(text, &at);
	size_t behind = at;
	uint32_t next = behind < text.n ? utf8_next(text, &behind) : 0;
	g->has_x = (cp == 'X' || cp == 'x' || cp == 0xFF38 || cp == 0xFF58) && !value_is_letter(next) && number_digit(next) < 0;
	g->is_open = value_is_letter(cp) || cp == '@' || cp == 0xFF20 || (cp == '.' && number_digit(next) >= 0);
}

/* Reads the digits at `at`; false when the window's room is used up. */
static bool window_add_group(struct number_window *w, struct str text, size_t at, uint32_t index)
{
	struct number_group *g = &w->group[w->n];
	int first = w->n ? g[-1].first + g[-1].n : 0, n = 0;
	*g = (struct number_group){ .from = index, .first = first };
	bool fits = true;
	for (;;) {
		g->end_byte = at;
		g->to = index;
		int digit = at < text.n ? number_digit(utf8_next(text, &at)) : -1;
		if (digit < 0)
			break;
		index++;
		fits = fits && first + n < NUMBER_DIGITS;
		if (fits)
			w->digit[first + n++] = (char)('0' + digit);
	}
	g->n = fits ? n : GROUP_TOO_LONG;
	group_look_ahead(g, text);
	w->n++;
	return fits;
}

void number_window_read(struct number_window *w, struct str text, size_t at, uint32_t index)
{
	w->n = 0;
	w->has_plus = w->is_inside_word = w->follows_group = false;
	window_look_back(w, text, at);
	while (window_add_group(w, text, at, index) && w->n < NUMBER_GROUPS) {
		const struct number_group *g = &w->group[w->n - 1];
		at = g->end_byte;
		if (at >= text.n || !value_is_separator(utf8_next(text, &at)) || at >= text.n)
			return;
		size_t peek = at;
		if (number_digit(utf8_next(text, &peek)) < 0)
			return;
		index = g->to + 1;
	}
}

/* ---- shapes ---- */

/* Do the groups from `at` on have exactly these lengths (0 ends the list)? Returns how many groups, 0 = no. */
static int groups_match(const struct number_window *w, int at, const int *lengths)
{
	int n = 0;
	for (; lengths[n]; n++)
		if (at + n >= w->n || w->group[at + n].n != lengths[n])
			return 0;
	return n;
}

static bool span_of(const struct number_window *w, enum mask_kind kind, int ngroups, bool with_x, struct mask_span *out)
{
	*out = (struct mask_span){ kind, w->group[0].from - (w->has_plus && kind == MASK_MOBILE ? 1 : 0),
		w->group[ngroups - 1].to + (with_x ? 1 : 0) };
	return true;
}

/* ---- mobile ---- */

/* Prefixes 13x … 19x; behind a country code also the 92x and 98x of network and satellite services. */
static bool is_mobile_body(const char *digit, bool has_code)
{
	return (digit[0] == '1' && digit[1] >= '3') || (has_code && digit[0] == '9' && (digit[1] == '2' || digit[1] == '8'));
}

/* Length of a country code at the front of the first group: 86 or 0086; 0 = none. */
static int country_code(const struct number_window *w)
{
	const char *d = w->digit;
	int n = w->group[0].n;
	if (n >= 2 && d[0] == '8' && d[1] == '6')
		return 2;
	return !w->has_plus && n >= 4 && memcmp(d, "0086", 4) == 0 ? 4 : 0;
}

static bool judge_mobile(const struct number_window *w, struct mask_span *out)
{
	static const int shapes[][4] = { { 11 }, { 3, 4, 4 }, { 3, 8 }, { 7, 4 }, { 4, 4, 3 } };
	int code = country_code(w), first = w->group[0].n;
	if (code && first == code + 11 && !w->group[0].is_open && is_mobile_body(w->digit + code, true))
		return span_of(w, MASK_MOBILE, 1, false, out);
	int at = code && first == code ? 1 : 0;
	if (at == 0 && w->has_plus)
		return false; /* a number of another country */
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		int n = groups_match(w, at, shapes[i]);
		if (n && !w->group[at + n - 1].is_open && is_mobile_body(w->digit + w->group[at].first, at == 1))
			return span_of(w, MASK_MOBILE, at + n, false, out);
	}
	return false;
}

/* ---- identity card ---- */

static int number_of(const char *digit, int n)
{
	int value = 0;
	for (int i = 0; i < n; i++)
		value = value * 10 + (digit[i] - '0');
	return value;
}

/* GB/T 2260: first two digits, the province. */
static bool is_province(int code)
{
	return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) ||
	       (code >= 41 && code <= 46) || (code >= 50 && code <= 54) || (code >= 61 && code <= 65) || code == 71 ||
	       code == 81 || code == 82;
}

static bool is_birthday(int year, int month, int day)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return year >= 1850 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/* ISO 7064 MOD 11-2 over 17 digits: the check character. */
static char id_card_check(const char *digit)
{
	static const int weight[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += (digit[i] - '0') * weight[i];
	return "10X98765432"[sum % 11];
}

static bool judge_id_card(const struct number_window *w, struct mask_span *out)
{
	static const int shapes[][4] = { { 18 }, { 17 }, { 6, 8, 4 }, { 6, 8, 3 } };
	const char *d = w->digit;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		int n = groups_match(w, 0, shapes[i]);
		if (!n)
			continue;
		const struct number_group *last = &w->group[n - 1];
		bool with_x = i == 1 || i == 3;
		if (with_x ? !last->has_x : last->is_open)
			continue;
		bool is_dated = is_birthday(number_of(d + 6, 4), number_of(d + 10, 2), number_of(d + 12, 2));
		if (is_province(number_of(d, 2)) && is_dated && id_card_check(d) == (with_x ? 'X' : d[17]))
			return span_of(w, MASK_ID_CARD, n, with_x, out);
	}
	/* the cards issued before 2000: 15 digits, year in two of them, no check digit */
	bool is_old = w->group[0].n == 15 && !w->group[0].is_open && is_province(number_of(d, 2)) &&
		      is_birthday(1900 + number_of(d + 6, 2), number_of(d + 8, 2), number_of(d + 10, 2));
	return is_old && span_of(w, MASK_ID_CARD, 1, false, out);
}

/* ---- bank card ---- */

/* Issuer ranges (ISO/IEC 7812 as used in China and abroad) with the lengths they issue. */
static const struct issuer {
	int digits, from, to, shortest, longest;
} issuers[] = {
	{ 2, 62, 62, 16, 19 }, /* UnionPay */
	{ 4, 9558, 9558, 16, 19 }, /* older Chinese debit cards */
	{ 1, 4, 4, 13, 19 }, /* Visa */
	{ 2, 51, 55, 16, 16 }, /* Mastercard */
	{ 4, 2221, 2720, 16, 16 }, /* Mastercard */
	{ 2, 34, 34, 15, 15 }, /* American Express */
	{ 2, 37, 37, 15, 15 },
	{ 3, 300, 305, 14, 16 }, /* Diners Club */
	{ 2, 36, 36, 14, 16 },
	{ 2, 38, 39, 14, 16 },
	{ 4, 3528, 3589, 16, 19 }, /* JCB */
	{ 4, 6011, 6011, 16, 19 }, /* Discover */
	{ 2, 64, 65, 16, 19 },
	{ 4, 5018, 5018, 13, 19 }, /* Maestro */
	{ 4, 5020, 5020, 13, 19 },
	{ 4, 5038, 5038, 13, 19 },
	{ 4, 5893, 5893, 13, 19 },
	{ 4, 6304, 6304, 13, 19 },
	{ 4, 6759, 6763, 13, 19 },
};

static bool is_issued(const char *digit, int n)
{
	for (size_t i = 0; i < sizeof(issuers) / sizeof(issuers[0]); i++) {
		const struct issuer *r = &issuers[i];
		int prefix = number_of(digit, r->digits);
		if (prefix >= r->from && prefix <= r->to && n >= r->shortest && n <= r->longest)
			return true;
	}
	return false;
}

static bool has_luhn(const char *digit, int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++) {
		int value = digit[n - 1 - i] - '0';
		if (i % 2 == 1)
			value = value > 4 ? value * 2 - 9 : value * 2;
		sum += value;
	}
	return sum % 10 == 0;
}

static bool judge_card(const struct number_window *w, struct mask_span *out)
{
	static const int shapes[][6] = { { 4, 4, 4, 4, 3 }, { 4, 4, 4, 4, 2 }, { 4, 4, 4, 4, 1 }, { 4, 4, 4, 4 }, { 4, 4, 4, 3 },
		{ 4, 4, 4, 2 }, { 4, 4, 4, 1 }, { 4, 6, 5 }, { 4, 6, 4 }, { 6, 13 }, { 6, 10 } };
	int n = 1, total = w->group[0].n;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]) && total < 13; i++) {
		n = groups_match(w, 0, shapes[i]);
		total = 0;
		for (int g = 0; g < n; g++)
			total += w->group[g].n;
		if (n)
			break;
		total = w->group[0].n;
	}
	if (n == 0 || total < 13 || total > 19 || w->group[n - 1].is_open)
		return false;
	return is_issued(w->digit, total) && has_luhn(w->digit, total) && span_of(w, MASK_BANK_CARD, n, false, out);
}

/* ---- 1 3 8 0 0 …: every digit by itself ---- */

/* One group of what was written digit by digit; false when it was not. */
static bool window_squeeze(const struct number_window *w, struct number_window *out)
{
	int n = 0;
	while (n < w->n && w->group[n].n == 1)
		n++;
	if (n < SPACED_FEWEST || (n < w->n && n < NUMBER_GROUPS) || w->follows_group)
		return false;
	*out = *w;
	out->group[0] = w->group[n - 1];
	out->group[0].from = w->group[0].from;
	out->group[0].first = 0;
	out->group[0].n = n;
	out->n = 1;
	return true;
}

static bool judge(const struct number_window *w, struct mask_span *out)
{
	if (w->group[0].n < 2 || w->group[0].n >= GROUP_TOO_LONG || w->is_inside_word)
		return false;
	return judge_id_card(w, out) || judge_card(w, out) || judge_mobile(w, out);
}

bool number_judge(const struct number_window *w, struct mask_span *out)
{
	struct number_window squeezed;
	return judge(w, out) || (w->group[0].n == 1 && window_squeeze(w, &squeezed) && judge(&squeezed, out));
}
