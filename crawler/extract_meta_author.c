/* Who wrote a page: its data, its meta elements, its byline; in this order, as each is less sure than the one before. */
#include "crawler/extract_article.h"
#include "crawler/extract_meta.h"

#include <string.h>

#define BYLINE_NODES 80 /* of an element that is a byline and not a page about an author */
#define BYLINE_LINES 30 /* behind the heading of the page, in which "By Jane Doe" is looked for */
#define LINE_MAX_BYTES 200 /* of a Chinese line in which a name stands at the end or the beginning */

static const char *const names[] = { "author", "article:author", "byl", "parsely-author", "dc.creator", "dcterms.creator",
	"sailthru.author", "citation_author", "shareaholic:article_author_name", "article:author_name", "mediaid",
	"og:article:author" };
#define NNAMES (sizeof names / sizeof *names)

static bool has_part(struct str s, const char *part)
{
	const size_t n = strlen(part);
	for (size_t i = 0; i + n <= s.n; i++)
		if (strncasecmp(s.p + i, part, n) == 0)
			return true;
	return false;
}

/* 2: the markup says it is the author; 1: the class does; 0: neither. */
static int grade_of(const struct dom *d, uint32_t node)
{
	const struct dom_node *n = &d->node[node];
	int grade = 0;
	for (uint16_t i = 0; i < n->nattributes; i++) {
		const struct dom_attribute *at = &d->attribute[n->attribute + i];
		const bool is_said = str_eqc(at->name, "itemprop") || str_eqc(at->name, "rel");
		if (is_said && (str_ieq(at->value, STR("author")) || str_ieq(at->value, STR("creator"))))
			return 2;
		const bool is_name = str_eqc(at->name, "class") || str_eqc(at->name, "id") || str_eqc(at->name, "data-testid");
		if (is_name && (has_part(at->value, "author") || has_part(at->value, "byline") || has_part(at->value, "writer")))
			grade = 1;
	}
	return grade;
}

/* The first line of the element that is a name. */
static struct str name_below(const struct extract *x, uint32_t node, bool is_told)
{
	struct str rest = dom_text(x->a, x->dom, node), line;
	for (int i = 0; i < 6 && str_split(&rest, '\n', &line); i++) {
		const struct str name = meta_name(x->a, line, is_told);
		if (name.n > 0)
			return name;
	}
	return STR("");
}

static uint32_t line_of_node(const struct article *p, uint32_t node)
{
	const uint32_t line = p->first[node];
	return line < p->nlines ? line : p->nlines - 1;
}

/* Elements that are called author: behind the heading first, else anywhere. */
static struct str from_elements(struct article *p, uint32_t heading)
{
	const struct dom *d = p->dom;
	struct str found = STR("");
	int best = 0;
	for (uint32_t i = 1; i < d->n; i++) {
		const bool is_short = d->node[i].end - i <= BYLINE_NODES;
		const int grade = d->node[i].tag == TAG_TEXT || !is_short || d->node[i].tag == TAG_META ? 0 : grade_of(d, i);
		if (grade == 0 || p->nlines == 0 || (p->line[line_of_node(p, i)].roles & ROLE_COMMENT))
			continue;
		const int worth = grade + (i >= heading ? 2 : 0);
		if (worth <= best)
			continue;
		const struct str name = name_below(p->x, i, grade == 2);
		if (name.n == 0)
			continue;
		found = name;
		best = worth;
	}
	return found;
}

/* A line "By Jane Doe" below the heading. */
static struct str from_byline(struct article *p, uint32_t heading)
{
	const uint32_t from = p->first[heading] > 3 ? p->first[heading] - 3 : 0;
	for (uint32_t i = from; i < p->nlines && i < from + BYLINE_LINES; i++) {
		const struct article_line *l = &p->line[i];
		const bool is_by = str_istarts(l->text, STR("by ")) || str_istarts(l->text, STR("by:")) ||
				   str_istarts(l->text, STR("written by")) || str_istarts(l->text, STR("posted by")) ||
				   str_istarts(l->text, STR("author:"));
		if (!is_by || l->size > 80)
			continue;
		const struct str name = meta_name(p->x->a, l->text, true);
		if (name.n > 0)
			return name;
	}
	return STR("");
}

/* The beginning and the end of a long line: bylines stand there. */
static struct str from_han_line(struct str line, enum meta_byline kind)
{
	if (line.n <= LINE_MAX_BYTES)
		return meta_name_han(line, kind);
	const struct str head = str_cut_utf8(line, LINE_MAX_BYTES / 2);
	struct str tail = str_from(line, line.n - LINE_MAX_BYTES / 2);
	while (tail.n > 0 && ((unsigned char)tail.p[0] & 0xC0) == 0x80)
		tail = str_from(tail, 1);
	const struct str name = meta_name_han(head, kind);
	return name.n > 0 ? name : meta_name_han(tail, kind);
}

static bool is_readable(const struct article_line *l)
{
	return (l->roles & (ROLE_COMMENT | ROLE_UNSEEN)) == 0;
}

static struct str from_han(const struct article *p, enum meta_byline kind)
{
	struct str name = STR("");
	for (uint32_t i = 0; i < p->nlines && name.n == 0; i++)
		if (is_readable(&p->line[i]))
			name = from_han_line(p->line[i].text, kind);
	return name;
}

static struct str from_closing(const struct article *p)
{
	struct str name = STR("");
	for (uint32_t i = p->nlines; i-- > 0 && name.n == 0;)
		if (is_readable(&p->line[i]) && p->line[i].link == 0)
			name = meta_name_closing(p->line[i].text);
	return name;
}

static struct str from_meta(const struct extract *x)
{
	for (size_t i = 0; i < NNAMES; i++) {
		const struct str name = meta_name(x->a, meta_content(x, names[i]), true);
		if (name.n > 0)
			return name;
	}
	return STR("");
}

static uint32_t heading_of(const struct dom *d)
{
	for (uint32_t i = 1; i < d->n; i++)
		if (d->node[i].tag == TAG_H1)
			return i;
	return 1;
}

static bool is_site(const struct extract *x, const struct meta_ld *ld, struct str name)
{
	const struct str squeezed = meta_squeezed(x->a, name, 100);
	return str_eq(squeezed, meta_squeezed(x->a, ld->site, 100)) ||
	       str_eq(squeezed, meta_squeezed(x->a, meta_content(x, "og:site_name"), 100));
}

/* From the page as people see it. */
static struct str from_page(const struct extract *x, struct str meta)
{
	struct article p = { .x = x, .dom = x->dom };
	article_lines_make(&p);
	article_roles_settle(&p);
	const uint32_t heading = heading_of(x->dom);
	struct str name = from_han(&p, META_BYLINE_AUTHOR);
	if (name.n == 0)
		name = from_han(&p, META_BYLINE_REPORTER);
	if (name.n == 0)
		name = from_closing(&p);
	if (name.n == 0)
		name = meta;
	if (name.n == 0)
		name = from_byline(&p, heading);
	if (name.n == 0)
		name = from_elements(&p, heading);
	return name.n > 0 ? name : from_han(&p, META_BYLINE_EDITOR);
}

struct str meta_author(const struct extract *x, const struct meta_ld *ld)
{
	const struct str said = meta_name(x->a, ld->author, true);
	if (said.n > 0 && !is_site(x, ld, said))
		return said;
	const struct str meta = from_meta(x);
	const bool is_weak = meta.n == 0 || is_site(x, ld, meta);
	const struct str name = from_page(x, is_weak ? STR("") : meta);
	if (name.n > 0)
		return name;
	return meta.n > 0 ? meta : said;
}
