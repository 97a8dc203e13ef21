/* Who wrote a page: its data, its meta elements, its byline; in this order, as each is less sure than the one before. */
#include "crawler/extract_article.h"
#include "crawler/extract_meta.h"

#include <string.h>

#define BYLINE_NODES 80 /* of an element that is a byline and not a page about an author */
#define BYLINE_LINES 30 /* behind the heading of the page, in which "By Jane Doe" is looked for */
#define BYLINE_BYTES 80 /* of a line that is one */
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

static uint32_t heading_of(const struct dom *d)
{
	for (uint32_t i = 1; i < d->n; i++)
		if (d->node[i].tag == TAG_H1)
			return i;
	return 1;
}

static bool begins_byline(struct str line)
{
	static const char *const heads[] = { "by ", "by:", "written by", "posted by", "article by", "story by", "words by",
		"author:", "contributor:", "contributors:" };
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (str_istarts(line, str_of(heads[i])))
			return true;
	return false;
}

/* "Written by", the name in the next line. */
static bool is_label(struct str line)
{
	static const char *const labels[] = { "by", "by:", "written by", "written by:", "posted by", "posted by:", "article by",
		"author", "author:", "words by", "contributor:", "contributors:" };
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (str_ieq(line, str_of(labels[i])))
			return true;
	return false;
}

/* A line "By Jane Doe", at most so many lines below the heading; far from it, the line has to say more than "by". */
static struct str from_byline(struct article *p, uint32_t lines, bool is_far)
{
	const uint32_t heading = heading_of(p->dom), from = p->first[heading] > 3 ? p->first[heading] - 3 : 0;
	for (uint32_t i = from; i < p->nlines && i - from < lines; i++) {
		const struct article_line *l = &p->line[i];
		if ((l->roles & (ROLE_COMMENT | ROLE_UNSEEN)) || (is_far && str_istarts(l->text, STR("by"))))
			continue;
		const bool is_next = is_label(l->text) && i + 1 < p->nlines;
		if (!is_next && (!begins_byline(l->text) || l->size > BYLINE_BYTES))
			continue;
		const struct str name = meta_name(p->x->a, is_next ? l[1].text : l->text, !is_next);
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

/* twitter:label1 "Written by", twitter:data1 "Jane Doe". */
static struct str from_labels(const struct extract *x)
{
	static const char *const pairs[][2] = { { "twitter:label1", "twitter:data1" }, { "twitter:label2", "twitter:data2" } };
	for (size_t i = 0; i < 2; i++)
		if (str_ieq(meta_content(x, pairs[i][0]), STR("Written by")))
			return meta_name(x->a, meta_content(x, pairs[i][1]), true);
	return STR("");
}

static struct str from_meta(const struct extract *x)
{
	for (size_t i = 0; i < NNAMES; i++) {
		const struct str name = meta_name(x->a, meta_content(x, names[i]), true);
		if (name.n > 0)
			return name;
	}
	return from_labels(x);
}

static bool is_site(const struct extract *x, const struct jsonld_article *ld, struct str name)
{
	const struct str squeezed = meta_squeezed(x->a, name, 100);
	return str_eq(squeezed, meta_squeezed(x->a, ld->site, 100)) ||
	       str_eq(squeezed, meta_squeezed(x->a, meta_content(x, "og:site_name"), 100));
}

/* From the page as people see it. */
static struct str from_page(struct article *p, struct str meta)
{
	struct str name = from_han(p, META_BYLINE_AUTHOR);
	if (name.n == 0)
		name = from_han(p, META_BYLINE_REPORTER);
	if (name.n == 0)
		name = from_closing(p);
	if (name.n == 0)
		name = meta;
	if (name.n == 0)
		name = from_elements(p, heading_of(p->dom));
	if (name.n == 0)
		name = from_byline(p, p->nlines, true);
	return name.n > 0 ? name : from_han(p, META_BYLINE_EDITOR);
}

struct str meta_author(const struct extract *x, const struct jsonld_article *ld)
{
	struct article p = article_read(x);
	const struct str byline = from_byline(&p, BYLINE_LINES, false);
	if (byline.n > 0)
		return byline;
	const struct str said = meta_name(x->a, ld->author, true);
	if (said.n > 0 && !is_site(x, ld, said))
		return said;
	const struct str meta = from_meta(x);
	const bool is_weak = meta.n == 0 || is_site(x, ld, meta);
	const struct str name = from_page(&p, is_weak ? STR("") : meta);
	if (name.n > 0)
		return name;
	return meta.n > 0 ? meta : said;
}
