/* Character references of HTML, by name and by number. */
#include "common/base/entity.h"

#include "common/base/utf8.h"

#include <stddef.h>
#include <string.h>

/* All names one behind the other, so that a row is eight bytes and the loader has nothing to do. */
struct entity_names {
#define ENTITY(name, cp) char n_##name[sizeof(#name)];
#define LEGACY(name, cp) ENTITY(name, cp)
#define PAIR(name, cp, second) ENTITY(name, cp)
#include "common/base/entities.def"
#undef ENTITY
#undef LEGACY
#undef PAIR
};

static const struct entity_names names = {
#define ENTITY(name, cp) #name,
#define LEGACY(name, cp) ENTITY(name, cp)
#define PAIR(name, cp, second) ENTITY(name, cp)
#include "common/base/entities.def"
#undef ENTITY
#undef LEGACY
#undef PAIR
};

struct entity_row {
	uint16_t name, second; /* offset in names; the character behind, 0 = none */
	unsigned cp : 24;
	bool is_legacy : 1;
};

static const struct entity_row rows[] = {
#define ROW(name, cp, second, is_legacy) { offsetof(struct entity_names, n_##name), second, cp, is_legacy },
#define ENTITY(name, cp) ROW(name, cp, 0, false)
#define LEGACY(name, cp) ROW(name, cp, 0, true)
#define PAIR(name, cp, second) ROW(name, cp, second, false)
#include "common/base/entities.def"
#undef ENTITY
#undef LEGACY
#undef PAIR
};

/* What the numbers 128…159 are taken for; 0 = the control character itself. */
static const uint16_t windows_1252[32] = { 0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
	0x0153, 0, 0x017E, 0x0178 };

#define LEGACY_BYTES 6 /* frac14 */
#define NAME_BYTES 31 /* CounterClockwiseContourIntegral */

static const char *name_of(const struct entity_row *row)
{
	return (const char *)&names + row->name;
}

static const struct entity_row *row_of(struct str name)
{
	size_t low = 0, high = sizeof(rows) / sizeof(rows[0]);

	if (name.n == 0 || name.n > NAME_BYTES)
		return NULL;
	while (low < high) {
		const size_t middle = (low + high) / 2;
		const int order = str_cmp(str_of(name_of(&rows[middle])), name);
		if (order == 0)
			return &rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static const struct entity nothing = { 0, 0 };

static struct entity entity_of(const struct entity_row *row)
{
	return row ? (struct entity){ row->cp, row->second } : nothing;
}

/* The four of nearly all references. */
static uint32_t frequent(struct str name)
{
	if (name.n == 2 && name.p[1] == 't')
		return name.p[0] == 'l' ? '<' : name.p[0] == 'g' ? '>' : 0;
	if (name.n == 3 && memcmp(name.p, "amp", 3) == 0)
		return '&';
	return name.n == 4 && memcmp(name.p, "quot", 4) == 0 ? '"' : 0;
}

struct entity entity_named(struct str name)
{
	const uint32_t known = frequent(name);

	return known ? (struct entity){ known, 0 } : entity_of(row_of(name));
}

size_t entity_legacy(struct str s, struct entity *out)
{
	for (size_t n = s.n < LEGACY_BYTES ? s.n : LEGACY_BYTES; n > 1; n--) {
		const struct entity_row *row = row_of(str_first(s, n));
		*out = entity_of(row);
		if (row && row->is_legacy)
			return n;
	}
	*out = nothing;
	return 0;
}

void entity_add(struct buf *out, struct entity character)
{
	utf8_add(out, character.cp);
	if (character.second != 0)
		utf8_add(out, character.second);
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static int digit_of(char c, uint32_t base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (base == 16 && c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

uint32_t entity_windows_1252(uint32_t byte)
{
	return byte >= 0x80 && byte < 0xA0 && windows_1252[byte - 0x80] ? windows_1252[byte - 0x80] : byte;
}

static uint32_t character_of(uint32_t number)
{
	if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000) || number == 0xFFFE || number == 0xFFFF)
		return UTF8_REPLACEMENT;
	if (number < 0x20 && number != '\t' && number != '\n' && number != '\r')
		return UTF8_REPLACEMENT;
	return entity_windows_1252(number);
}

static size_t read_number(struct str s, bool strict, struct entity *out)
{
	const bool is_hex = s.n > 2 && (s.p[2] == 'x' || s.p[2] == 'X');
	const uint32_t base = is_hex ? 16 : 10;
	size_t at = is_hex ? 3 : 2;
	const size_t start = at;
	uint32_t number = 0;

	for (; at < s.n; at++) {
		const int digit = digit_of(s.p[at], base);
		if (digit < 0)
			break;
		if (number <= 0x10FFFF)
			number = number * base + (uint32_t)digit;
	}
	if (at == start)
		return 0;
	*out = (struct entity){ character_of(number), 0 };
	if (at < s.n && s.p[at] == ';')
		return at + 1;
	return strict ? 0 : at;
}

size_t entity_read(struct str s, bool strict, struct entity *out)
{
	size_t at = 1;

	if (s.n < 3 || s.p[0] != '&')
		return 0;
	if (s.p[1] == '#')
		return read_number(s, strict, out);
	if (!is_alnum(s.p[1]))
		return 0;
	while (at < s.n && at <= NAME_BYTES && is_alnum(s.p[at]))
		at++;
	const struct str name = { s.p + 1, at - 1 };
	if (at < s.n && s.p[at] == ';') {
		*out = entity_named(name);
		return out->cp ? at + 1 : 0;
	}
	/* "&copy2024" in a URL is a parameter, not a sign. */
	if (strict || (at < s.n && (is_alnum(s.p[at]) || s.p[at] == '=')))
		return 0;
	return entity_legacy(name, out) == name.n ? at : 0;
}
