/* Reading sums of money, and whether they are large: numbers, their scale, their currency. */
#include "detector/money.h"

#include "common/base/utf8.h"

#include <string.h>

#define LARGE 1000.0 /* dollars, pounds, euros; other currencies by the table */
#define MOST_DIGITS 9 /* longer runs are order and card numbers */
#define PAID_BYTES 12u /* from a word of paying to the number without a currency: two characters between them */

/* `least` of the unit is a large sum. Longer spellings first. */
struct currency {
	const char *name;
	double least;
};

static const struct currency before[] = {
	{ "hk$", 8 * LARGE },
	{ "nt$", 25 * LARGE },
	{ "rmb", 5 * LARGE },
	{ "cny", 5 * LARGE },
	{ "usd", LARGE },
	{ "gbp", LARGE },
	{ "eur", LARGE },
	{ "$", LARGE },
	{ "£", LARGE },
	{ "€", LARGE },
	{ "¥", 5 * LARGE },
	{ "￥", 5 * LARGE },
};

static const struct currency behind[] = {
	{ "元", 5 * LARGE },
	{ "块", 5 * LARGE },
	{ "人民币", 5 * LARGE },
	{ "rmb", 5 * LARGE },
	{ "yuan", 5 * LARGE },
	{ "cny", 5 * LARGE },
	{ "大洋", 5 * LARGE },
	{ "美元", LARGE },
	{ "美金", LARGE },
	{ "刀", LARGE },
	{ "欧元", LARGE },
	{ "英镑", LARGE },
	{ "港币", 8 * LARGE },
	{ "港元", 8 * LARGE },
	{ "台币", 25 * LARGE },
	{ "dollar", LARGE },
	{ "bucks", LARGE },
	{ "usd", LARGE },
	{ "pound", LARGE },
	{ "quid", LARGE },
	{ "gbp", LARGE },
	{ "euro", LARGE },
	{ "£", LARGE },
	{ "€", LARGE },
	{ "$", LARGE },
};

static const struct {
	const char *name;
	double factor;
	bool is_money; /* "two grand" */
} scales[] = {
	{ "thousand", 1e3, false },
	{ "million", 1e6, false },
	{ "billion", 1e9, false },
	{ "grand", 1e3, true },
	{ "千", 1e3, false },
	{ "万", 1e4, false },
	{ "亿", 1e8, false },
	{ "k", 1e3, false },
	{ "w", 1e4, false },
	{ "m", 1e6, false },
};

/* Words behind which a bare number is a sum in yuan … */
static const char *const paying[] = {
	"花",
	"交",
	"付",
	"充",
	"骗",
	"赔",
	"亏",
	"刷",
	"转",
	"押金",
	"定金",
	"订金",
	"尾款",
	"损失",
	"学费",
	"会费",
	"卡里",
};

/* … and what may follow it there: anything else may be what is counted (三万人, 一万步). */
static const char *const after_bare[] = { ",", ".", "!", "?", ";", " ", "。", "、", "的", "买", "都", "不", "没", "还", "全" };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct number {
	size_t from, to; /* bytes; to == from: there is none */
	double value;
	bool is_money; /* its scale says so */
};

static bool is_digit(struct str s, size_t at)
{
	return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* ---- digits: 12,000 and 1.2万 and 3k ---- */

static bool is_thousands_comma(struct str s, size_t at)
{
	return s.p[at] == ',' && is_digit(s, at + 1) && is_digit(s, at + 2) && is_digit(s, at + 3) && !is_digit(s, at + 4);
}

static struct number digits_at(struct str s, size_t from)
{
	struct number n = { .from = from, .to = from };
	int ndigits = 0;
	for (; n.to < s.n; n.to++) {
		if (!is_digit(s, n.to) && !is_thousands_comma(s, n.to))
			break;
		if (s.p[n.to] != ',' && ++ndigits <= MOST_DIGITS)
			n.value = n.value * 10 + (s.p[n.to] - '0');
	}
	if (ndigits > MOST_DIGITS)
		n.value = 0;
	double step = 0.1;
	if (n.to < s.n && s.p[n.to] == '.' && is_digit(s, n.to + 1))
		for (n.to++; is_digit(s, n.to); n.to++, step /= 10)
			n.value += step * (s.p[n.to] - '0');
	return n;
}

/* A Latin name must not go on: "5 months" are no millions. */
static bool stands_here(struct str s, size_t at, const char *spelt)
{
	const struct str name = str_of(spelt);
	if (!str_starts(str_from(s, at), name))
		return false;
	size_t end = at + name.n;
	const bool is_latin = (unsigned char)name.p[0] < 0x80 && name.p[0] != '$';
	return !is_latin || name.n >= 4 || end >= s.n || !utf8_is_word(utf8_next(s, &end));
}

static size_t space_skip(struct str s, size_t at)
{
	return at < s.n && s.p[at] == ' ' ? at + 1 : at;
}

static void number_scale(struct str s, struct number *n)
{
	const size_t at = space_skip(s, n->to);
	for (size_t i = 0; i < COUNT(scales); i++)
		if (stands_here(s, at, scales[i].name)) {
			n->value *= scales[i].factor;
			n->to = at + strlen(scales[i].name);
			n->is_money = scales[i].is_money;
			return;
		}
}

/* ---- English numerals before a scale: two grand, a few thousand ---- */

static struct number words_at(struct str s, size_t from)
{
	static const struct {
		const char *name;
		double value;
	} words[] = { { "a ", 1 }, { "one ", 1 }, { "two ", 2 }, { "three ", 3 }, { "four ", 4 }, { "five ", 5 }, { "six ", 6 },
		{ "seven ", 7 }, { "eight ", 8 }, { "nine ", 9 }, { "ten ", 10 }, { "twelve ", 12 }, { "fifteen ", 15 },
		{ "twenty ", 20 }, { "thirty ", 30 }, { "forty ", 40 }, { "fifty ", 50 }, { "few ", 3 }, { "couple ", 2 },
		{ "couple of ", 2 }, { "several ", 3 }, { "hundred ", 100 } };
	struct number n = { .from = from, .to = from };
	if (from > 0 && s.p[from - 1] != ' ')
		return n;
	for (size_t i = 0; i < COUNT(words); i++) {
		if (words[i].name[0] != s.p[from] || !str_starts(str_from(s, from), str_of(words[i].name)))
			continue;
		const size_t end = from + strlen(words[i].name);
		struct number scaled = { .from = from, .to = end - 1, .value = words[i].value };
		number_scale(s, &scaled);
		if (scaled.to > end)
			return scaled;
	}
	return n;
}

/* ---- Chinese numerals: 八千, 一万二, 十几万 ---- */

/* 1…9 for a numeral, 10, 100 … for a place, 0 for neither. 几 and 数 stand for five: a few thousand are thousands. */
static double numeral(uint32_t cp)
{
	switch (cp) {
	case 0x4E00: /* 一 */
		return 1;
	case 0x4E8C: /* 二 */
	case 0x4E24: /* 两 */
		return 2;
	case 0x4E09: /* 三 */
		return 3;
	case 0x56DB: /* 四 */
		return 4;
	case 0x4E94: /* 五 */
	case 0x51E0: /* 几 */
	case 0x6570: /* 数 */
		return 5;
	case 0x516D: /* 六 */
		return 6;
	case 0x4E03: /* 七 */
		return 7;
	case 0x516B: /* 八 */
		return 8;
	case 0x4E5D: /* 九 */
		return 9;
	case 0x5341: /* 十 */
		return 10;
	case 0x767E: /* 百 */
		return 100;
	case 0x5343: /* 千 */
		return 1e3;
	case 0x4E07: /* 万 */
		return 1e4;
	case 0x4EBF: /* 亿 */
		return 1e8;
	default:
		return 0;
	}
}

/* Sum of what is above the last 万 or 亿, of what is below it, and the last numeral that waits for its place. */
struct tally {
	double above, below, waiting, place;
};

static void tally_add(struct tally *t, double value)
{
	if (value < 10) {
		t->waiting = value;
		return;
	}
	if (value < 1e4) {
		t->below += (t->waiting > 0 ? t->waiting : 1) * value;
	} else {
		const double factor = t->below + t->waiting;
		t->above = (t->above + (factor > 0 ? factor : 1)) * value;
		t->below = 0;
	}
	t->place = value;
	t->waiting = 0;
}

static struct number numerals_at(struct str s, size_t from)
{
	struct number n = { .from = from, .to = from };
	struct tally t = { .place = 10 };
	for (size_t at = from; at < s.n;) {
		const uint32_t cp = utf8_next(s, &at);
		const double value = numeral(cp);
		if (value == 0 && cp != 0x96F6) /* 零 */
			break;
		if (value > 0)
			tally_add(&t, value);
		n.to = at;
	}
	n.value = t.above + t.below + t.waiting * t.place / 10; /* the 二 of 一万二 is two thousand */
	return n;
}

/* ---- is it money, and how much ---- */

static bool has_before(struct str s, size_t at, const char *name)
{
	return str_ends(str_first(s, at), str_of(name));
}

static double least_before(struct str s, size_t at)
{
	const size_t end = at > 0 && s.p[at - 1] == ' ' ? at - 1 : at;
	for (size_t i = 0; i < COUNT(before); i++)
		if (has_before(s, end, before[i].name))
			return before[i].least;
	return 0;
}

/* 多, 余 and 来 between the number and its currency: 八千多块. */
static size_t more_skip(struct str s, size_t at)
{
	static const char *const more[] = { "多", "余", "来" };
	for (size_t i = 0; i < COUNT(more); i++)
		if (str_starts(str_from(s, at), str_of(more[i])))
			return at + strlen(more[i]);
	return at;
}

static double least_behind(struct str s, size_t at)
{
	at = space_skip(s, at);
	for (size_t i = 0; i < COUNT(behind); i++)
		if (stands_here(s, at, behind[i].name))
			return behind[i].least;
	return 0;
}

static bool is_paid(struct str s, const struct number *n, size_t end)
{
	bool stands_alone = end >= s.n;
	for (size_t i = 0; i < COUNT(after_bare) && !stands_alone; i++)
		stands_alone = str_starts(str_from(s, end), str_of(after_bare[i]));
	const struct str near = str_from(str_first(s, n->from), n->from > PAID_BYTES ? n->from - PAID_BYTES : 0);
	for (size_t i = 0; i < COUNT(paying) && stands_alone; i++)
		if (str_find(near, str_of(paying[i])) >= 0)
			return true;
	return false;
}

static bool number_is_large(struct str s, const struct number *n)
{
	if (n->value < LARGE)
		return false;
	const size_t end = more_skip(s, n->to);
	double least = least_before(s, n->from);
	if (least == 0)
		least = least_behind(s, end);
	if (least == 0 && n->is_money)
		least = LARGE;
	if (least == 0 && is_paid(s, n, end))
		least = 5 * LARGE;
	return least > 0 && n->value >= least;
}

static struct number number_at(struct str s, size_t at)
{
	if (is_digit(s, at)) {
		struct number n = digits_at(s, at);
		n.to = more_skip(s, n.to);
		number_scale(s, &n);
		return n;
	}
	if (s.p[at] >= 'a' && s.p[at] <= 't')
		return words_at(s, at);
	/* the lead bytes of the numerals: U+4xxx to U+7xxx */
	if ((unsigned char)s.p[at] >= 0xE4 && (unsigned char)s.p[at] <= 0xE7)
		return numerals_at(s, at);
	return (struct number){ .from = at, .to = at };
}

bool money_is_large(struct str text)
{
	for (size_t at = 0; at < text.n;) {
		const struct number n = number_at(text, at);
		if (n.to > n.from && number_is_large(text, &n))
			return true;
		if (n.to > at)
			at = n.to;
		else
			(void)utf8_next(text, &at);
	}
	return false;
}
