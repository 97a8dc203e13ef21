/* Street addresses in English: a number, a name, a word for a street, perhaps a flat, a city, a state and its code. */
#include "common/base/utf8.h"
#include "common/text/mask_house.h"
#include "common/text/mask_number.h"

#define NAME_WORDS 4
#define CITY_WORDS 3

static const char *const streets[] = { "street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "drive",
	"dr", "court", "ct", "way", "place", "pl", "terrace", "square", "sq", "parkway", "pkwy", "highway", "hwy", "close",
	"crescent", "circle", "trail", "gardens", "row", "grove", NULL };
/* Everyday words, too: 5 Star Drive, 2024 Honda Drive. */
static const char *const everyday[] = { "drive", "way", "place", "close", "row", "circle", "trail", "square", "court", "grove",
	"gardens", NULL };
static const char *const flats[] = { "apt", "apartment", "suite", "ste", "unit", "flat", "room", "floor", "#", NULL };

/* The word at `at`: letters, digits, apostrophes; *at moves behind it. */
static struct str word_read(struct str text, size_t *at)
{
	const size_t from = *at;
	while (*at < text.n) {
		const char c = text.p[*at];
		const bool is_inner = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '\'' ||
				      (c == '-' && *at > from);
		if (!is_inner)
			break;
		++*at;
	}
	return (struct str){ text.p + from, *at - from };
}

static bool is_listed(struct str word, const char *const *list)
{
	for (; *list; list++)
		if (str_ieq(word, str_of(*list)))
			return true;
	return false;
}

static bool is_capital(struct str word)
{
	return word.n > 0 && word.p[0] >= 'A' && word.p[0] <= 'Z';
}

/* Elm, 42nd, N, MacArthur: as names of streets are written. */
static bool is_street_name(struct str word)
{
	return is_capital(word) || (word.n >= 3 && word.p[0] >= '0' && word.p[0] <= '9' && str_ends(word, STR("th"))) ||
	       str_ends(word, STR("1st")) || str_ends(word, STR("2nd")) || str_ends(word, STR("3rd"));
}

static size_t skip(struct str text, size_t at, const char *these)
{
	while (at < text.n && strchr(these, text.p[at]) && text.p[at] != '\0')
		at++;
	return at;
}

/* Behind the street: ", Apt 4B". */
static size_t with_flat(struct str text, size_t end)
{
	size_t at = skip(text, end, " ,.");
	size_t word_end = at;
	struct str word = word_read(text, &word_end);
	if (at < text.n && text.p[at] == '#') {
		word = STR("#");
		word_end = at + 1;
	}
	if (at == end || !is_listed(word, flats))
		return end;
	at = skip(text, word_end, " .#");
	word_end = at;
	word = word_read(text, &word_end);
	return word.n >= 1 && word.n <= 6 ? word_end : end;
}

/* Behind that: ", Springfield, IL 62704"; a city alone is no one's home and may stay. */
static size_t with_city(struct str text, size_t end)
{
	size_t at = end;
	for (int i = 0; i < CITY_WORDS; i++) {
		at = skip(text, at, " ,");
		const struct str word = word_read(text, &at);
		if (!is_capital(word))
			return end;
		if (word.n != 2 || word.p[1] < 'A' || word.p[1] > 'Z' || i == 0)
			continue;
		size_t code = skip(text, at, " ");
		const struct str digits = word_read(text, &code);
		return digits.n >= 5 && digits.p[0] >= '0' && digits.p[0] <= '9' ? code : at;
	}
	return end;
}

static bool is_number(struct str word)
{
	size_t digits = 0;
	while (digits < word.n && word.p[digits] >= '0' && word.p[digits] <= '9')
		digits++;
	return digits >= 1 && digits <= 5 &&
	       (digits == word.n || (digits + 1 == word.n && value_is_letter((unsigned char)word.p[digits])));
}

static bool is_doubtful(struct str number, struct str street)
{
	const bool is_year = number.n == 4 && (str_starts(number, STR("19")) || str_starts(number, STR("20")));
	return is_listed(street, everyday) && (number.n == 1 || is_year);
}

bool house_find_english(struct str text, size_t at, struct mask_value *out)
{
	size_t end = at;
	const uint32_t before = value_before(text, at);
	const struct str number = word_read(text, &end);
	if (!is_number(number) || value_is_letter(before) || before == '.' || before == '$' || before == '/' || before == '-')
		return false;
	for (int words = 0; words <= NAME_WORDS; words++) {
		const size_t next = skip(text, end, " .");
		if (next == end || next >= text.n)
			return false;
		end = next;
		const struct str word = word_read(text, &end);
		if (words > 0 && is_listed(word, streets)) {
			if (is_doubtful(number, word))
				return false;
			end = with_city(text, with_flat(text, end));
			*out = (struct mask_value){ MASK_ADDRESS, at, end };
			return true;
		}
		if (!is_street_name(word))
			return false;
	}
	return false;
}
