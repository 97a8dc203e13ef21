/* The address of the next page of a thread, told by what pagers have in common: rel=next, the words for it, numbers that go up. */
#include "crawler/extract.h"

#include "common/base/url.h"

#include <string.h>

#define LABEL_BYTES 48 /* of a link's text: longer ones are no pager's */
#define NUMBER_DIGITS 7

/* What says that a link leads to the next page, weakest first. */
enum sign { SIGN_NONE, SIGN_ARROW, SIGN_NUMBER, SIGN_CLASS, SIGN_WORD, SIGN_REL };

#define WORD(literal)                                                                                                            \
	{                                                                                                                        \
		literal, sizeof(literal) - 1                                                                                     \
	}
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static const struct str next_words[] = { WORD("next"), WORD("next page"), WORD("go to next page"), WORD("next comments"),
	WORD("more comments"), WORD("下一页"), WORD("下页"), WORD("下一頁"), WORD("下頁"), WORD("后一页"), WORD("後一頁"),
	WORD("后页"), WORD("更多评论"), WORD("更多評論"), WORD("更多回复"), WORD("更多回覆") };
/* What stands beside "next" when it leads to other things than a page of the same. */
static const struct str other_words[] = { WORD("topic"), WORD("thread"), WORD("article"), WORD("post"), WORD("question"),
	WORD("chapter"), WORD("主题"), WORD("主題"), WORD("篇"), WORD("帖"), WORD("话题"), WORD("話題"), WORD("文章"),
	WORD("章") };
static const struct str arrows[] = { WORD("›"), WORD("»"), WORD(">"), WORD("→"), WORD("▶"), WORD("❯") };
static const struct str around[] = { WORD(" "), WORD("\t"), WORD("\n"), WORD("\r"), WORD("\xc2\xa0"), WORD("\xe3\x80\x80"),
	WORD("["), WORD("]"), WORD("("), WORD(")"), WORD("【"), WORD("】"), WORD("."), WORD("…") };

/* ---- texts ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Stands in no arrow and around no word. */
static bool is_plain(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static size_t starts_with_one(struct str s, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n && s.n > 0 && !is_plain(s.p[0]); i++)
		if (str_starts(s, list[i]))
			return list[i].n;
	return 0;
}

static size_t ends_with_one(struct str s, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n && s.n > 0 && !is_plain(s.p[s.n - 1]); i++)
		if (str_ends(s, list[i]))
			return list[i].n;
	return 0;
}

/* Without blanks, brackets and arrows that point on; *narrows: how many of those. */
static struct str bare(struct str s, int *narrows)
{
	*narrows = 0;
	for (size_t n = 1; n > 0;) {
		n = starts_with_one(s, around, COUNT(around));
		s = str_from(s, n);
		const size_t back = ends_with_one(s, around, COUNT(around));
		s = str_first(s, s.n - back);
		const size_t arrow = ends_with_one(s, arrows, COUNT(arrows));
		s = str_first(s, s.n - arrow);
		*narrows += arrow > 0;
		n += back + arrow;
	}
	return s;
}

static bool is_next_word(struct str text)
{
	int narrows;
	text = bare(text, &narrows);
	for (size_t i = 0; i < COUNT(next_words) && text.n > 0; i++)
		if (str_ieq(text, next_words[i]))
			return true;
	return false;
}

/* Bytes with which other_words begin. */
static bool may_begin_other(unsigned char c)
{
	return c >= 0xE4 || (c | 0x20) == 't' || (c | 0x20) == 'a' || (c | 0x20) == 'p' || (c | 0x20) == 'q' || (c | 0x20) == 'c';
}

static bool names_other_things(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		for (size_t k = 0; k < COUNT(other_words) && may_begin_other((unsigned char)text.p[i]); k++)
			if (str_istarts(str_from(text, i), other_words[k]))
				return true;
	return false;
}

/* The text below, as far as a pager's goes; "" when it is longer. */
static struct str label_of(const struct dom *d, uint32_t node, char *out)
{
	size_t n = 0;
	for (uint32_t i = node + 1; i < d->node[node].end; i++) {
		const struct str text = d->node[i].tag == TAG_TEXT ? str_trim(d->node[i].text) : STR("");
		if (text.n > LABEL_BYTES - n)
			return STR("");
		if (text.n > 0)
			memcpy(out + n, text.p, text.n);
		n += text.n;
	}
	return (struct str){ out, n };
}

/* ---- numbers ---- */

/* Digits alone; -1 when it is something else. */
static int64_t number_of(struct str s)
{
	int64_t n = -1;
	if (s.n == 0 || s.n > NUMBER_DIGITS || !is_digit(s.p[0]) || !str_to_i64(s, &n))
		return -1;
	return n;
}

/* The one number in "?page=2", "_2", "page-2/"; -1 when there is none, or more than one. */
static int64_t only_number(struct str s)
{
	size_t from = 0;
	while (from < s.n && !is_digit(s.p[from]))
		from++;
	size_t to = from;
	while (to < s.n && is_digit(s.p[to]))
		to++;
	for (size_t i = to; i < s.n; i++)
		if (is_digit(s.p[i]))
			return -1;
	return number_of((struct str){ s.p + from, to - from });
}

/* Where two addresses differ, numbers whole: "thread-7-1-1" and "thread-7-2-1" say 1 and 2. */
struct change {
	struct str was, is;
};

static struct change change_of(struct str a, struct str b)
{
	size_t head = 0, tail = 0;
	const size_t least = a.n < b.n ? a.n : b.n;
	while (head < least && a.p[head] == b.p[head])
		head++;
	while (tail < least - head && a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	const bool digits_meet = (head < a.n && is_digit(a.p[head])) || (head < b.n && is_digit(b.p[head]));
	while (head > 0 && digits_meet && is_digit(a.p[head - 1]))
		head--;
	while (tail > 0 && is_digit(a.p[a.n - tail]))
		tail--;
	return (struct change){ { a.p + head, a.n - head - tail }, { b.p + head, b.n - head - tail } };
}

/* A page's number, or how many posts are before it, going up from one address to the other. */
struct step {
	int64_t from, to; /* from: -1 = the first page has no number */
};

static bool step_of(struct str here, struct str there, struct step *out)
{
	const struct change c = change_of(here, there);
	*out = (struct step){ number_of(c.was), number_of(c.is) };
	if (out->from >= 0)
		return out->to > out->from;
	out->to = only_number(c.is);
	return only_number(c.was) < 0 && c.was.n <= sizeof "index" - 1 && c.is.n <= LABEL_BYTES && out->to > 0;
}

/* Does a link that is called `label` lead one page on? Pages counted from 1, from 0, or by the posts before them. */
static bool is_one_on(struct step s, int64_t label)
{
	const int64_t before = s.from < 0 ? 0 : s.from;
	if (label < 2)
		return false;
	if (s.to == label && label == (s.from < 0 ? 1 : s.from) + 1)
		return true;
	return s.to % (label - 1) == 0 && s.to == before + s.to / (label - 1);
}

/* ---- links ---- */

static bool has_rel_next(const struct dom *d, uint32_t node)
{
	struct str rest = dom_attribute(d, node, "rel"), token;
	while (str_split(&rest, ' ', &token))
		if (str_ieq(token, STR("next")))
			return true;
	return false;
}

/* next, nxt, pager-next, nextPage …; of a link that is switched off: false. */
static bool has_class_next(const struct dom *d, uint32_t node)
{
	struct str rest = dom_attribute(d, node, "class"), token;
	bool is_next = false;
	while (str_split(&rest, ' ', &token)) {
		bool next = false, page = false;
		for (size_t i = 0; i < token.n; i++) {
			next |= str_istarts(str_from(token, i), STR("next"));
			page |= str_istarts(str_from(token, i), STR("pag"));
			if (str_istarts(str_from(token, i), STR("disabled")))
				return false;
		}
		is_next |= str_ieq(token, STR("next")) || str_ieq(token, STR("nxt")) || (next && page);
	}
	return is_next;
}

static enum sign sign_of(const struct dom *d, uint32_t node, struct str label, int64_t *number)
{
	int narrows = 0;
	const struct str title = dom_attribute(d, node, "title"), aria = dom_attribute(d, node, "aria-label");
	*number = -1;
	if (d->node[node].tag == TAG_LINK)
		return has_rel_next(d, node) && !names_other_things(title) ? SIGN_REL : SIGN_NONE;
	const struct str text = bare(label, &narrows);
	if (names_other_things(label) || names_other_things(title))
		return SIGN_NONE;
	if (has_rel_next(d, node))
		return SIGN_REL;
	if (is_next_word(label) || is_next_word(aria) || (is_next_word(title) && number_of(text) < 0))
		return SIGN_WORD;
	*number = number_of(text);
	if (*number < 0 && (has_class_next(d, node) || has_class_next(d, d->node[node].parent)))
		return SIGN_CLASS;
	return *number >= 0 ? SIGN_NUMBER : text.n == 0 && narrows == 1 ? SIGN_ARROW : SIGN_NONE;
}

static struct str place_of(struct arena *a, const struct url *u)
{
	return u->query.n > 0 ? arena_printf(a, "%.*s?%.*s", STR_FMT(u->path), STR_FMT(u->query)) : u->path;
}

/* Whether `to` can be another page of what stands at `from`, for a link that is called the next one in this way. */
static bool leads_on(struct arena *a, const struct url *from, const struct url *to, enum sign sign, int64_t label)
{
	struct step step = { -1, -1 };
	const struct str here = place_of(a, from), there = place_of(a, to);
	if (!str_eq(from->host, to->host) || str_eq(here, there))
		return false;
	const bool goes_up = step_of(here, there, &step);
	if (sign == SIGN_NUMBER)
		return goes_up && is_one_on(step, label);
	if (sign == SIGN_ARROW)
		return goes_up && (is_one_on(step, step.to) || is_one_on(step, step.to + 1));
	return goes_up || str_eq(from->path, to->path);
}

static bool is_other_page(struct arena *a, const struct url *here, struct str told)
{
	struct url there;
	return told.n > 0 && url_parse(a, told, STR(""), &there, NULL) == OK && str_eq(here->host, there.host) &&
	       !str_eq(place_of(a, here), place_of(a, &there));
}

struct str extract_next(const struct extract *x, struct str told)
{
	const struct dom *d = x->dom;
	char bytes[LABEL_BYTES];
	struct url here, there;
	struct str best = STR("");
	enum sign best_sign = SIGN_NONE;
	if (url_parse(x->a, x->page->url, STR(""), &here, NULL) != OK)
		return best;
	if (is_other_page(x->a, &here, told))
		return told;
	for (uint32_t i = 1; i < d->n; i++) {
		int64_t number;
		if (d->node[i].tag != TAG_A && d->node[i].tag != TAG_LINK)
			continue;
		const enum sign sign = sign_of(d, i, label_of(d, i, bytes), &number);
		const struct str href = sign > best_sign ? str_trim(dom_attribute(d, i, "href")) : STR("");
		if (href.n == 0 || href.p[0] == '#' || url_parse(x->a, href, x->base, &there, NULL) != OK)
			continue;
		if (!leads_on(x->a, &here, &there, sign, number))
			continue;
		best = there.href;
		best_sign = sign;
	}
	return best;
}
