/* Where a page says when: dates in attributes and in short texts, for the records reader. */
#include "common/base/bytes.h"
#include "crawler/dates.h"
#include "crawler/extract_records.h"

#include <ctype.h>
#include <string.h>

#define DATE_TEXT 120 /* longer texts tell a story */
#define DATE_WORDS 40 /* the same of moments without a digit */
#define DATE_NOW 1700000000000 /* any moment: whether a text is a date does not hang on it */

/* Attributes that say moments; numbers alone are dates only where the name says so. */
static const struct {
	struct str name;
	bool is_number;
} attributes[] = {
	{ { "datetime", 8 }, true },
	{ { "title", 5 }, false },
	{ { "data-time", 9 }, true },
	{ { "data-timestamp", 14 }, true },
	{ { "data-date", 9 }, true },
	{ { "data-utime", 10 }, true },
	{ { "data-original-title", 19 }, false },
	{ { "data-datetime", 13 }, true },
	{ { "data-epoch", 10 }, true },
	{ { "content", 7 }, false },
};

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!records_is_digit(s.p[i]))
			return false;
	return true;
}

#ifdef __SSE2__
static inline __m128i digit(__m128i x, __m128i next)
{
	(void)next;
	return bytes_range(x, '0', 10);
}
#endif

static bool has_digit(struct str s)
{
	size_t at = 0;

#ifdef __SSE2__
	at = bytes_until(s, at, digit);
#endif
	while (at < s.n && !records_is_digit(s.p[at]))
		at++;
	return at < s.n;
}

/* A digit, or one of the few words of moments without: 昨天, 刚刚, "an hour ago", "just now", Monday. */
static bool may_be_date(struct str s)
{
	static const struct str words[] = { { "昨", 3 }, { "今", 3 }, { "前", 3 }, { "刚", 3 }, { "剛", 3 }, { "day", 3 },
		{ "ago", 3 }, { "now", 3 } };

	if (s.n < 2 || s.n > DATE_TEXT)
		return false;
	if (has_digit(s))
		return true;
	if (s.n > DATE_WORDS)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_find(s, words[i]) >= 0)
			return true;
	return false;
}

/* Texts of one shape (their digits aside) are dates together or not: the answer is remembered, as a page repeats its shapes. */
struct shape_part {
	uint64_t shape; /* of a whole text; 0 = free */
	uint8_t from, n; /* the date in it; n = 0: there is none */
};

#define SHAPE_PARTS 256 /* of texts that are remembered, the last one of each slot */

struct records_shapes {
	struct shape_part part[SHAPE_PARTS];
	struct arena *arena;
	uint64_t *slot; /* hash of the shape, its lowest bit the answer; 0 = free */
	size_t n, room; /* room: a power of two, at most LIMIT_RECORDS_SHAPES */
};

#define FIRST_SHAPES 128

struct records_shapes *records_shapes_new(struct arena *a)
{
	struct records_shapes *shapes = arena_new(a, struct records_shapes);

	shapes->arena = a;
	shapes->slot = arena_list(a, uint64_t, FIRST_SHAPES);
	shapes->room = FIRST_SHAPES;
	return shapes;
}

/* Where the shape stands, or would stand. */
static uint64_t *shape_slot(const struct records_shapes *shapes, uint64_t shape)
{
	size_t i = (size_t)(shape >> 13) % shapes->room;

	while (shapes->slot[i] && (shapes->slot[i] & ~1ull) != shape)
		i = (i + 1) % shapes->room;
	return &shapes->slot[i];
}

static void shape_keep(struct records_shapes *shapes, uint64_t shape, bool is)
{
	const struct records_shapes old = *shapes;

	if (shapes->n == shapes->room / 2 && shapes->room < LIMIT_RECORDS_SHAPES) {
		shapes->room *= 2;
		shapes->slot = arena_list(shapes->arena, uint64_t, shapes->room);
		for (size_t i = 0; i < old.room; i++)
			if (old.slot[i])
				*shape_slot(shapes, old.slot[i] & ~1ull) = old.slot[i];
	}
	if (shapes->n >= shapes->room / 2)
		return;
	*shape_slot(shapes, shape) = shape | is;
	shapes->n++;
}

static uint64_t shape_of(struct str s)
{
	uint64_t h = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (records_is_digit(s.p[i]) ? '0' : (unsigned char)s.p[i])) * 0x100000001b3ull;
	return (h << 1) | 2;
}

static bool is_date(struct records_shapes *shapes, struct str s)
{
	const struct date_context context = { .now_ms = DATE_NOW };
	struct date date;

	if (is_number(s)) /* a bare number in a text is a count */
		return false;
	const uint64_t shape = shape_of(s), known = *shape_slot(shapes, shape);
	if (known)
		return known & 1;
	const bool is = dates_parse(s, &context, &date);
	shape_keep(shapes, shape, is);
	return is;
}

static bool is_edge(unsigned char c)
{
	return isspace(c) || (ispunct(c) && c != '+' && c != '-');
}

/* Bytes of the mark at one end of the text that is no part of a date; 0 = none. */
static size_t mark_at(struct str s, bool at_end)
{
	static const struct str marks[] = { { "\u00a0", 2 }, { "\u3000", 3 }, { "»", 2 }, { "«", 2 }, { "·", 2 }, { "•", 3 },
		{ "—", 3 }, { "–", 3 }, { "：", 3 }, { "｜", 3 }, { "，", 3 }, { "、", 3 }, { "†", 3 }, { "（", 3 },
		{ "）", 3 } };
	const unsigned char c = (unsigned char)s.p[at_end ? s.n - 1 : 0];

	if (c == '-' && !at_end) /* "- 2 years ago", but not "-2" */
		return s.n > 1 && s.p[1] == ' ';
	if (c < 0x80)
		return is_edge(c) && !(at_end && c == '.');
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (at_end ? str_ends(s, marks[i]) : str_starts(s, marks[i]))
			return marks[i].n;
	return 0;
}

/* Spaces (with U+00A0 and U+3000), bullets and punctuation at both ends go. */
static struct str edges_cut(struct str s)
{
	size_t n = 1;

	while (n && s.n) {
		n = mark_at(s, false);
		s = str_from(s, n);
	}
	for (n = 1; n && s.n; s.n -= n)
		n = mark_at(s, true);
	return s;
}

/* What pages put between a moment and other things. */
static const struct str between[] = { { "»", 2 }, { "·", 2 }, { "•", 3 }, { "|", 1 }, { "—", 3 }, { "–", 3 }, { " - ", 3 },
	{ "\u3000", 3 }, { "\n", 1 }, { "：", 3 }, { " on ", 4 }, { " at ", 4 }, { ": ", 2 }, { ", ", 2 }, { "/ ", 2 },
	{ "#", 1 }, { "(", 1 }, { "（", 3 } };

static bool part_date(struct records_shapes *shapes, struct str part, struct str *out)
{
	*out = edges_cut(part);
	return may_be_date(*out) && is_date(shapes, *out);
}

/* A part of a text that is a date: the whole, or what stands behind or before such a mark. */
static bool find_part(struct records_shapes *shapes, struct str text, struct str *out)
{
	if (part_date(shapes, text, out))
		return true;
	for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++) {
		const ptrdiff_t at = str_find(text, between[i]);

		if (at >= 0 && (part_date(shapes, str_from(text, (size_t)at + between[i].n), out) ||
				       part_date(shapes, str_first(text, (size_t)at), out)))
			return true;
	}
	return false;
}

/* Where the date stands in texts of one shape. */
static bool date_in(struct records_shapes *shapes, struct str text, struct str *out)
{
	text = str_trim(text);
	if (!may_be_date(text))
		return false;
	const uint64_t shape = shape_of(text);
	struct shape_part *known = &shapes->part[(shape >> 13) % SHAPE_PARTS];
	if (known->shape == shape) {
		*out = (struct str){ text.p + known->from, known->n };
		return known->n > 0;
	}
	const bool is = find_part(shapes, text, out);
	if (shapes->n < LIMIT_RECORDS_SHAPES / 2) /* else an answer may hang on the digits */
		*known = (struct shape_part){ shape, is ? (uint8_t)(out->p - text.p) : 0, is ? (uint8_t)out->n : 0 };
	return is;
}

static bool value_date(struct records_shapes *shapes, struct str value, bool may_be_number, struct str *out)
{
	value = str_trim(value);
	if (value.n < 6 || !may_be_date(value))
		return false;
	if (!is_number(value))
		return date_in(shapes, value, out);
	*out = value;
	return may_be_number && (value.n == 10 || value.n == 13);
}

static bool attribute_date(const struct records_marks *m, uint32_t node, struct str *out)
{
	const struct dom *d = m->d;

	for (uint32_t i = 0; i < d->node[node].nattributes; i++) {
		const struct dom_attribute *a = &d->attribute[d->node[node].attribute + i];
		const char first = a->name.n > 0 ? a->name.p[0] : 0;

		if (first != 'd' && first != 't' && first != 'c') /* as none of them begins */
			continue;
		for (size_t k = 0; k < sizeof(attributes) / sizeof(*attributes); k++)
			if (str_eq(a->name, attributes[k].name) && value_date(m->shapes, a->value, attributes[k].is_number, out))
				return true;
	}
	return false;
}

/* An element whose text is short and in pieces: <span>5 May 2019</span>, <span>10:11</span>. */
static bool pieces_date(const struct records_marks *m, uint32_t node, struct str *out)
{
	const struct dom_node *e = &m->d->node[node];

	if (e->end - node < 3 || e->end - node > 8)
		return false;
	return date_in(m->shapes, dom_text(m->x->a, m->d, node), out);
}

static bool find_date(const struct records_marks *m, uint32_t node, struct str *out)
{
	const struct dom_node *e = &m->d->node[node];

	if (e->tag == TAG_TEXT)
		return date_in(m->shapes, e->text, out);
	if (attribute_date(m, node, out))
		return true;
	return e->tag == TAG_TIME && pieces_date(m, node, out);
}

bool records_has_date(const struct records_marks *m, uint32_t node)
{
	struct str date;

	return find_date(m, node, &date);
}

bool records_read_date(const struct records_marks *m, uint32_t node, struct extract_post *post)
{
	struct str written;
	const uint32_t parent = m->d->node[node].parent;

	if (!find_date(m, node, &written))
		return false;
	post->published = written;
	post->published_ms = -1;
	if (!extract_date(m->x, written, &post->published_ms, &post->day_only))
		post->published_ms = -1;
	/* The day alone, and the time in the piece beside it. */
	if (post->day_only && m->d->node[node].tag == TAG_TEXT && pieces_date(m, parent, &written) &&
		extract_date(m->x, written, &post->published_ms, &post->day_only))
		post->published = written;
	return true;
}
