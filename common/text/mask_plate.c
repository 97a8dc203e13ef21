/* Number plates (GA 36): province, letter of the office, five characters, six for new-energy cars. */
#include "common/text/mask_plate.h"

#include "common/base/utf8.h"
#include "common/text/mask_number.h"

#define SERIAL_MOST 6
#define LOOK_BACK 9 /* characters from a digit back to the province: serial, two separators, office */

static const char provinces[] = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
static const char words_too[] = "新云青宁贵"; /* 新MATE60: characters that stand before Latin words, too */

static bool is_one_of(struct str text, size_t at, const char *list)
{
	if (!value_is_han(text, at))
		return false;
	for (; *list; list += 3)
		if (memcmp(text.p + at, list, 3) == 0)
			return true;
	return false;
}

static uint32_t narrow(uint32_t cp)
{
	return cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp;
}

/* I and O are not given out. */
static bool is_plate_letter(uint32_t cp)
{
	const uint32_t c = narrow(cp) & ~0x20u;
	return narrow(cp) >= 'A' && c >= 'A' && c <= 'Z' && c != 'I' && c != 'O';
}

static bool is_plate_separator(uint32_t cp)
{
	return cp == 0xB7 || cp == 0x2022 || cp == 0x30FB || cp == '.' || value_is_separator(cp);
}

/* The province character in front of the digit at `at`; text.n when there is none. */
static size_t province_before(struct str text, size_t at)
{
	size_t from = at;
	for (int i = 0; i < LOOK_BACK; i++) {
		const uint32_t cp = value_before(text, from);
		if (cp == 0)
			return text.n;
		from -= cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
		if (is_one_of(text, from, provinces))
			return from;
		if (!is_plate_letter(cp) && !is_plate_separator(cp))
			return text.n;
	}
	return text.n;
}

struct serial {
	int n, ndigits;
	char c[SERIAL_MOST];
};

/* Behind the office's letter; returns the byte behind the last character. */
static size_t serial_read(struct serial *s, struct str text, size_t at)
{
	size_t end = at;
	while (at < text.n && s->n < SERIAL_MOST) {
		const uint32_t cp = utf8_next(text, &at);
		const int digit = number_digit(cp);
		if (s->n == 0 && is_plate_separator(cp))
			continue;
		if (digit < 0 && !is_plate_letter(cp))
			break;
		s->c[s->n++] = (char)(digit >= 0 ? '0' + digit : (int)(narrow(cp) & ~0x20u));
		s->ndigits += digit >= 0;
		end = at;
	}
	if (s->n == 4 && is_one_of(text, end, "挂学警港澳领")) {
		s->n = 5;
		end += 3;
	}
	return end;
}

/* New-energy plates carry their letter (D, F and those after them) first or last. */
static bool is_green(const struct serial *s)
{
	return (s->c[0] >= 'A' && s->c[0] <= 'K') || (s->c[5] >= 'A' && s->c[5] <= 'K');
}

bool plate_find(struct str text, size_t at, struct mask_value *out)
{
	const size_t from = province_before(text, at);
	struct serial s = { 0 };
	size_t office = from + 3;
	if (from == text.n)
		return false;
	if (value_is_separator(value_at(text, office)))
		(void)utf8_next(text, &office);
	if (office >= text.n || !is_plate_letter(utf8_next(text, &office)))
		return false;
	const size_t end = serial_read(&s, text, office);
	const uint32_t after = value_at(text, end);
	if (s.n < 5 || value_is_letter(after) || number_digit(after) >= 0 || (s.n == 6 && !is_green(&s)))
		return false;
	const bool is_sure = s.ndigits >= 3 || value_is_labelled(text, from, LABEL_PLATE);
	if (s.ndigits == 0 || (!is_sure && is_one_of(text, from, words_too)))
		return false;
	*out = (struct mask_value){ MASK_PLATE, from, end };
	return true;
}
