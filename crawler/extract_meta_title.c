/* The title of a page: what it calls itself, without the name of the site. */
#include "crawler/extract_meta.h"

#include "common/base/utf8.h"

#include <string.h>

#define BEFORE_BAR_MIN 8 /* bytes */
#define HEADING_MAX 400 /* bytes; longer ones are paragraphs */
#define LONE_MIN 4 /* bytes */
#define TOLD_MAX 2000 /* bytes of letters that are compared */
#define TOLD_SHARE 0.5 /* of a heading's words */
#define WORD_LEAST 3 /* letters */
#define TITLE_MIN 3 /* bytes; shorter ones are icons */

/* Between a title and the name of the site. The longest first where one holds another. */
static const char *const separators[] = { " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", "｜", "——", "--",
	"_", "|", " : ", "-" };
#define NSEPARATORS (sizeof separators / sizeof *separators)

static struct str last_part(struct str title, struct str separator, struct str *before)
{
	for (size_t at = title.n; at-- > 0;) {
		if (title.p[at] != separator.p[0] || !str_starts(str_from(title, at), separator))
			continue;
		*before = str_trim(str_first(title, at));
		return str_trim(str_from(title, at + separator.n));
	}
	return STR("");
}

static struct str first_part(struct str title, struct str separator, struct str *behind)
{
	const ptrdiff_t at = str_find(title, separator);
	if (at < 0)
		return STR("");
	*behind = str_trim(str_from(title, (size_t)at + separator.n));
	return str_trim(str_first(title, (size_t)at));
}

static bool is_same(struct arena *a, struct str one, struct str two)
{
	const struct str x = meta_squeezed(a, one, 300), y = meta_squeezed(a, two, 300);
	return x.n > 0 && str_eq(x, y);
}

static bool holds_squeezed(struct str all, struct str part)
{
	return part.n > 0 && str_find(all, part) >= 0;
}

static bool holds(struct arena *a, struct str all, struct str part)
{
	const struct str x = meta_squeezed(a, all, 400), y = meta_squeezed(a, part, 300);
	return y.n > 0 && str_find(x, y) >= 0;
}

/* A part that is the site's name goes, in front or behind. */
static struct str without_site(struct arena *a, struct str title, struct str site)
{
	struct str rest;
	for (size_t i = 0; site.n > 0 && i < NSEPARATORS; i++) {
		if (is_same(a, last_part(title, str_of(separators[i]), &rest), site) && rest.n >= TITLE_MIN)
			return rest;
		if (is_same(a, first_part(title, str_of(separators[i]), &rest), site) && rest.n >= TITLE_MIN)
			return rest;
	}
	return title;
}

/* Nothing is known of the site: the last part goes when it is much shorter than what stands before. A bare - or | between letters
 * may belong to a word, in Chinese it does not. */
static struct str without_tail(struct str title)
{
	for (int round = 0; round < 3; round++) {
		struct str best = title;
		for (size_t i = 0; i < NSEPARATORS; i++) {
			struct str before;
			const struct str part = last_part(title, str_of(separators[i]), &before);
			const bool is_bare = strcmp(separators[i], "-") == 0;
			if (is_bare && part.n > 0 && (unsigned char)before.p[before.n - 1] < 0x80)
				continue;
			if (part.n > 0 && before.n >= 8 && before.n > part.n && before.n < best.n)
				best = before;
			if (best.n < title.n)
				break;
		}
		if (best.n == title.n)
			return title;
		title = best;
	}
	return title;
}

/* Is `part` what stands before or behind one of the separators? */
static bool is_part(struct arena *a, struct str title, struct str part)
{
	for (size_t i = 0; i < NSEPARATORS; i++) {
		struct str rest = title, before = title;
		for (int round = 0; round < 3 && before.n > 0; round++) {
			rest = before;
			if (last_part(rest, str_of(separators[i]), &before).n == 0)
				break;
			if (is_same(a, before, part))
				return true;
		}
	}
	return is_same(a, title, part);
}

/* The heading that the <title> holds: a part of it, or the longest that is much of it. */
static struct str heading_in(const struct extract *x, struct str title, struct str site)
{
	const struct dom *d = x->dom;
	struct str found = STR("");
	for (uint32_t i = 1; i < d->n; i++) {
		if (d->node[i].tag != TAG_H1 && d->node[i].tag != TAG_H2)
			continue;
		const struct str text = str_trim(dom_text(x->a, d, i));
		if (text.n < TITLE_MIN || text.n >= HEADING_MAX || is_same(x->a, text, site))
			continue;
		if (d->node[i].tag == TAG_H1 && is_part(x->a, title, text))
			return text;
		if (text.n * 10 >= title.n * 4 && text.n > found.n && holds(x->a, title, text))
			found = text;
	}
	return found;
}

/* Is this the site's name, or what stands behind the last separator of the <title>? */
static bool is_of_site(struct arena *a, struct str title, struct str heading, struct str site)
{
	if (is_same(a, heading, site))
		return true;
	for (size_t i = 0; i < NSEPARATORS; i++) {
		struct str before;
		const struct str part = last_part(title, str_of(separators[i]), &before);
		if (part.n > 0 && before.n >= part.n && holds(a, part, heading) && !holds(a, before, heading))
			return true;
	}
	return false;
}

/* The next word of three letters at least, or one character beyond ASCII; "" at the end. */
static struct str word_at(struct str s, size_t *at)
{
	while (*at < s.n) {
		size_t from = *at;
		if ((unsigned char)s.p[from] >= 0x80) {
			(void)utf8_next(s, at);
			return (struct str){ s.p + from, *at - from };
		}
		while (*at < s.n && ((s.p[*at] | 0x20) >= 'a' && (s.p[*at] | 0x20) <= 'z'))
			(*at)++;
		if (*at - from >= WORD_LEAST)
			return (struct str){ s.p + from, *at - from };
		*at += *at == from;
	}
	return STR("");
}

/* The part of its words that the page says of itself elsewhere, in its title, to who shares it, or in its address. */
static double told_elsewhere(struct arena *a, struct str heading, struct str told)
{
	double all = 0, found = 0;
	for (size_t at = 0;;) {
		const struct str word = word_at(heading, &at);
		if (word.n == 0)
			return all > 0 ? found / all : 0;
		all += (double)word.n;
		found += holds_squeezed(told, meta_squeezed(a, word, word.n)) ? (double)word.n : 0;
	}
}

/* The one h1 that is about what the page says it is about, which a title made for searches need not repeat word for word. */
static struct str lone_heading(const struct extract *x, struct str title, struct str social, struct str site)
{
	struct arena *a = x->a;
	const struct str all = arena_printf(a, "%.*s %.*s %.*s", STR_FMT(title), STR_FMT(social), STR_FMT(x->page->url));
	const struct str told = meta_squeezed(a, all, TOLD_MAX);
	struct str found = STR("");
	for (uint32_t i = 1; i < x->dom->n; i++) {
		if (x->dom->node[i].tag != TAG_H1)
			continue;
		const struct str text = str_trim(dom_text(a, x->dom, i));
		if (text.n < LONE_MIN || text.n >= HEADING_MAX || is_of_site(a, title, text, site) || is_same(a, text, found))
			continue;
		if (told_elsewhere(a, text, told) < TOLD_SHARE)
			continue;
		if (found.n > 0)
			return STR("");
		found = text;
	}
	return found;
}

static struct str line_of(struct arena *a, struct str s)
{
	char *out = arena_raw(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r' ? ' ' : s.p[i];
	return (struct str){ out, s.n };
}

/* What stands behind a bar is a site or its section, even in a title for sharing. */
static struct str without_bars(struct str title)
{
	struct str before;
	for (int round = 0; round < 3; round++) {
		if (last_part(title, STR(" | "), &before).n == 0 || before.n < BEFORE_BAR_MIN)
			return title;
		title = before;
	}
	return title;
}

struct str meta_title(const struct extract *x, const struct jsonld_article *ld)
{
	struct str site = meta_content(x, "og:site_name");
	if (site.n == 0)
		site = ld->site;
	const struct str page = meta_text_of(x, TAG_TITLE), h1 = meta_text_of(x, TAG_H1);
	struct str social = meta_content(x, "og:title");
	if (social.n == 0)
		social = meta_content(x, "twitter:title");
	const struct str said = page.n > 0 ? page : social;
	struct str heading = lone_heading(x, page, social, site);
	if (heading.n == 0)
		heading = heading_in(x, said, site);
	if (heading.n > 0)
		return line_of(x->a, heading);
	if (social.n > 0)
		return without_bars(without_site(x->a, social, site));
	if (ld->headline.n > 0)
		return ld->headline;
	if (page.n == 0)
		return line_of(x->a, h1);
	const struct str cut = without_site(x->a, page, site);
	return line_of(x->a, cut.n < page.n ? cut : without_tail(page));
}
