/* Where a page says when: dates in attributes and in short texts, for the records reader. */
#include "crawler/dates.h"
#include "crawler/extract_records.h"

#include <ctype.h>
#include <string.h>

#define DATE_TEXT 120 /* longer texts tell a story */
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
		if (!isdigit((unsigned char)s.p[i]))
			return false;
	return true;
}

static bool may_be_date(struct str s)
{
	static const char *const words[] = { "昨", "今", "前", "刚", "剛", "day", "ago", "now", NULL };

	if (s.n < 2 || s.n > DATE_TEXT)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]))
			return true;
	for (const char *const *w = words; *w; w++)
		if (str_find(s, str_of(*w)) >= 0)
			return true;
	return false;
}

static bool is_date(struct str s)
{
	const struct date_context context = { .now_ms = DATE_NOW };
	struct date date;

	if (is_number(s)) /* a bare number in a text is a count */
		return false;
	return dates_parse(s, &context, &date);
}

static bool is_edge(unsigned char c)
{
	return isspace(c) || (ispunct(c) && c != '+' && c != '-');
}

/* Spaces (with U+00A0 and U+3000), bullets and punctuation at both ends go. */
static struct str edges_cut(struct str s)
{
	static const char *const marks[] = { "\u00a0", "\u3000", "»", "«", "·", "•", "—", "–", "：", "｜", "，", "、", "†",
		NULL };
	bool again = true;

	while (again && s.n) {
		again = false;
		if (is_edge((unsigned char)s.p[0])) {
			s = str_from(s, 1);
			again = true;
		} else if (is_edge((unsigned char)s.p[s.n - 1]) && s.p[s.n - 1] != '.') {
			s.n--;
			again = true;
		}
		for (const char *const *m = marks; *m; m++) {
			const struct str mark = str_of(*m);
			if (str_starts(s, mark)) {
				s = str_from(s, mark.n);
				again = true;
			} else if (str_ends(s, mark)) {
				s.n -= mark.n;
				again = true;
			}
		}
	}
	return s;
}

/* A part of a text that is a date: the whole, or what stands behind or before a mark that pages put between things. */
static bool date_in(struct str text, struct str *out)
{
	static const char *const marks[] = { "»", "·", "•", "|", "—", "–", " - ", "\u3000", "\n", "：", " on ", " at ", ": ",
		", ", "/ ", "#", "(", "（", NULL };
	const struct str s = edges_cut(text);

	if (!may_be_date(s))
		return false;
	*out = s;
	if (is_date(s))
		return true;
	for (const char *const *m = marks; *m; m++) {
		const ptrdiff_t at = str_find(s, str_of(*m));
		struct str before, behind;

		if (at < 0)
			continue;
		before = edges_cut(str_first(s, (size_t)at));
		behind = edges_cut(str_from(s, (size_t)at + strlen(*m)));
		*out = may_be_date(behind) && is_date(behind) ? behind : before;
		if (out->p == behind.p || (may_be_date(before) && is_date(before)))
			return true;
	}
	return false;
}

static bool value_date(struct str value, bool may_be_number, struct str *out)
{
	value = str_trim(value);
	if (value.n < 6 || !may_be_date(value))
		return false;
	if (!is_number(value))
		return date_in(value, out);
	*out = value;
	return may_be_number && (value.n == 10 || value.n == 13);
}

static bool attribute_date(const struct dom *d, uint32_t node, struct str *out)
{
	for (uint32_t i = 0; i < d->node[node].nattributes; i++) {
		const struct dom_attribute *a = &d->attribute[d->node[node].attribute + i];

		for (size_t k = 0; k < sizeof(attributes) / sizeof(*attributes); k++)
			if (str_eq(a->name, attributes[k].name) && value_date(a->value, attributes[k].is_number, out))
				return true;
	}
	return false;
}

/* An element whose text is short and in pieces: <span>5 May 2019</span>, <span>10:11</span>. */
static bool pieces_date(const struct extract *x, uint32_t node, struct str *out)
{
	const struct dom_node *e = &x->dom->node[node];

	if (e->end - node < 3 || e->end - node > 8)
		return false;
	return date_in(dom_text(x->a, x->dom, node), out);
}

static bool find_date(const struct extract *x, uint32_t node, struct str *out)
{
	const struct dom_node *e = &x->dom->node[node];

	if (e->tag == TAG_TEXT)
		return date_in(e->text, out);
	if (attribute_date(x->dom, node, out))
		return true;
	return e->tag == TAG_TIME && pieces_date(x, node, out);
}

bool records_has_date(const struct extract *x, uint32_t node)
{
	struct str date;

	return find_date(x, node, &date);
}

bool records_read_date(const struct extract *x, uint32_t node, struct extract_post *post)
{
	struct str written;
	const uint32_t parent = x->dom->node[node].parent;

	if (!find_date(x, node, &written))
		return false;
	post->published = written;
	post->published_ms = -1;
	if (!extract_date(x, written, &post->published_ms, &post->day_only))
		post->published_ms = -1;
	/* The day alone, and the time in the piece beside it. */
	if (post->day_only && x->dom->node[node].tag == TAG_TEXT && pieces_date(x, parent, &written) &&
		extract_date(x, written, &post->published_ms, &post->day_only))
		post->published = written;
	return true;
}
