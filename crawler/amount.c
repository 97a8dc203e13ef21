/* Reading counts and star ratings from the words around them. */
#include "crawler/amount.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number with thousands separators and a decimal point; *rest is what stands behind it. */
static bool number(struct str s, double *out, struct str *rest)
{
	size_t i = 0;
	double value = 0, unit = 1;
	while (i < s.n && !is_digit(s.p[i]))
		i++;
	if (i == s.n)
		return false;
	for (; i < s.n && value < 1e15; i++) {
		const bool grouped =
			s.p[i] == ',' && i + 3 < s.n && is_digit(s.p[i + 1]) && is_digit(s.p[i + 2]) && is_digit(s.p[i + 3]);
		if (is_digit(s.p[i]))
			value = value * 10 + (s.p[i] - '0');
		else if (!grouped)
			break;
	}
	if (i + 1 < s.n && s.p[i] == '.' && is_digit(s.p[i + 1]))
		for (i++; i < s.n && is_digit(s.p[i]); i++)
			value += (s.p[i] - '0') * (unit /= 10);
	*out = value;
	*rest = str_from(s, i);
	return true;
}

static double unit_of(struct str behind)
{
	static const struct {
		const char *word;
		double worth;
	} units[] = { { "k", 1e3 }, { "K", 1e3 }, { "m", 1e6 }, { "M", 1e6 }, { "千", 1e3 }, { "万", 1e4 }, { "萬", 1e4 },
		{ "w", 1e4 }, { "W", 1e4 }, { "亿", 1e8 }, { "億", 1e8 } };
	behind = str_trim(behind);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		const struct str word = str_of(units[i].word);
		const struct str next = str_from(behind, word.n);
		/* "3 months" are no millions */
		const bool ends = word.n > 1 || next.n == 0 || !((next.p[0] | 32) >= 'a' && (next.p[0] | 32) <= 'z');
		if (str_starts(behind, word) && ends)
			return units[i].worth;
	}
	return 1;
}

bool amount_read(struct str s, int64_t *out)
{
	double value = 0;
	struct str rest;
	if (!number(s, &value, &rest) || (str_trim(s).n != 0 && str_trim(s).p[0] == '-'))
		return false;
	value *= unit_of(rest);
	if (value > 1e15)
		return false;
	*out = (int64_t)(value + 0.5);
	return true;
}

static size_t count(struct str s, const char *star)
{
	size_t n = 0;
	for (ptrdiff_t at = str_find(s, str_of(star)); at >= 0; at = str_find(s, str_of(star))) {
		n++;
		s = str_from(s, (size_t)at + strlen(star));
	}
	return n;
}

static float in_range(double stars)
{
	return stars >= 0.5 && stars <= 5 ? (float)(stars < 1 ? 1 : stars) : 0;
}

/* "out of 5", "/ 10", "von 5", "满分5分": what the number is a part of; 0 = not said. */
static double scale_of(struct str rest)
{
	static const char *const words[] = { "out of", "of", "/", "von", "sur", "满分", "滿分", "分/", "共" };
	double scale = 0;
	struct str behind;
	rest = str_trim(rest);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_istarts(rest, str_of(words[i])))
			return number(str_from(rest, strlen(words[i])), &scale, &behind) ? scale : 0;
	return 0;
}

float amount_stars(struct str s)
{
	double value = 0;
	struct str rest;
	const size_t full = count(s, "★") + count(s, "⭐");
	if (full != 0)
		return in_range((double)full);
	if (!number(s, &value, &rest))
		return 0;
	if (str_starts(str_trim(rest), STR("%")))
		return in_range(value / 20);
	const double scale = scale_of(rest);
	if (scale > 0)
		return in_range(value * 5 / scale);
	if (value > 5 && value <= 50 && (int64_t)value % 5 == 0)
		return in_range(value / 10); /* star40, allstar45 */
	return in_range(value);
}
