/* Which lines of the article's element are the article: what is left when bylines, shares, lists of links and the blocks behind
 * the end are out. */
#include "crawler/extract_article.h"

#include <earshot/limits.h>

#include "crawler/dates.h"
#include "crawler/extract_meta.h"

#include <string.h>

#define HEADING_MIN 10 /* bytes squeezed */
#define DATE_MAX 40
#define END_MIN 0.3 /* a heading of related pages ends the article when so much of it stands before */
#define TAIL_MAX 0.35 /* and no more than this behind it */

struct kept {
	struct article *p;
	uint32_t from, to;
	bool *drop; /* of each line from `from` */
	double total; /* bytes outside links */
	size_t asked; /* lines that were asked whether they are dates */
};

static bool is_linked(const struct article_line *l)
{
	if (l->link * 10 < l->size * 7)
		return false;
	return l->size < 200 || l->link * 10 > l->size * 9;
}

/* A line that says nothing itself. */
static bool is_noise(const struct article_line *l)
{
	if (l->roles & (ROLE_BOILER | ROLE_COMMENT | ROLE_UNSEEN | ROLE_CAPTION))
		return true;
	if ((l->roles & ROLE_META) && l->size < META_MAX && l->marks < META_MARKS)
		return true;
	return l->phrase == PHRASE_NOISE || l->phrase == PHRASE_BYLINE;
}

static void drop_noise(struct kept *k)
{
	for (uint32_t i = k->from; i < k->to; i++)
		k->drop[i - k->from] = is_noise(&k->p->line[i]);
}

/* Lists and boxes of links: most of what they hold leads elsewhere, and no sentence stands between. */
static void drop_link_blocks(struct kept *k, uint32_t root)
{
	const struct article *p = k->p;
	for (uint32_t i = root + 1; i < p->dom->node[root].end; i++) {
		const enum dom_tag tag = p->dom->node[i].tag;
		const uint32_t from = p->first[i], to = p->first[p->dom->node[i].end];
		if (tag == TAG_TEXT || from >= to || from < k->from || to > k->to || !dom_is_block(tag))
			continue;
		double size = 0, link = 0;
		unsigned links = 0;
		for (uint32_t j = from; j < to; j++) {
			size += p->line[j].size;
			link += p->line[j].link;
			links += p->line[j].links;
		}
		if (link < size * 0.6 || (links < 2 && to - from > 1) || size > k->total * 0.4)
			continue;
		for (uint32_t j = from; j < to; j++)
			k->drop[j - k->from] |= links >= 2 || is_linked(&p->line[j]);
		i = p->dom->node[i].end - 1;
	}
}

/* What stands behind "Related articles" when the article is over there. */
static void cut_tail(struct kept *k)
{
	const struct article *p = k->p;
	for (uint32_t i = k->from; i < k->to; i++) {
		const double before = p->plain[i] - p->plain[k->from], behind = p->plain[k->to] - p->plain[i];
		if (p->line[i].phrase != PHRASE_END)
			continue;
		k->drop[i - k->from] = true;
		if (before < k->total * END_MIN || behind > k->total * TAIL_MAX)
			continue;
		for (uint32_t j = i; j < k->to; j++)
			k->drop[j - k->from] = true;
		return;
	}
}

static bool may_be_date(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return str_find(s, STR("月")) >= 0;
}

/* A heading that the title of the page holds, or a date alone. */
static bool is_about_page(struct kept *k, const struct article_line *l)
{
	const struct date_context when = { .now_ms = 0, .zone_minutes = 0 };
	struct date date;
	if (l->roles & ROLE_TITLE)
		return true;
	if ((l->roles & ROLE_HEADING) && k->p->title.n > 0) {
		const struct str heading = meta_squeezed(k->p->x->a, l->text, 300);
		if (heading.n >= HEADING_MIN && str_find(k->p->title, heading) >= 0)
			return true;
	}
	return l->size < DATE_MAX && l->size >= 6 && may_be_date(l->text) && k->asked++ < LIMIT_ARTICLE_DATES &&
	       dates_parse(l->text, &when, &date);
}

/* The page's heading at the top, and headings with nothing below them at the end. */
static void drop_headings(struct kept *k)
{
	for (uint32_t i = k->from; i < k->to; i++)
		if (is_about_page(k, &k->p->line[i]))
			k->drop[i - k->from] = true;
	for (uint32_t i = k->to; i > k->from; i--) {
		if (k->drop[i - 1 - k->from])
			continue;
		if (!(k->p->line[i - 1].roles & ROLE_HEADING))
			return;
		k->drop[i - 1 - k->from] = true;
	}
}

static struct str join(const struct kept *k)
{
	size_t n = 1;
	for (uint32_t i = k->from; i < k->to; i++)
		n += k->drop[i - k->from] ? 0 : k->p->line[i].text.n + 1;
	char *out = arena_raw(k->p->x->a, n);
	size_t at = 0;
	for (uint32_t i = k->from; i < k->to; i++) {
		const struct str text = k->p->line[i].text;
		if (k->drop[i - k->from])
			continue;
		if (at > 0)
			out[at++] = '\n';
		memcpy(out + at, text.p, text.n);
		at += text.n;
	}
	return (struct str){ out, at };
}

/* The page's own data tell the article: what they do not hold goes, but for headings and lists. */
static void drop_unknown(struct kept *k)
{
	for (uint32_t i = k->from; i < k->to; i++)
		k->drop[i - k->from] = !k->p->known[i] && !(k->p->line[i].roles & ROLE_HEADING);
}

struct str article_text(struct article *p, const struct article_span *s, bool known_only)
{
	struct kept k = { .p = p, .from = s->from, .to = s->to };
	k.drop = arena_list(p->x->a, bool, k.to - k.from + 1);
	k.total = p->plain[k.to] - p->plain[k.from];
	if (known_only) {
		drop_unknown(&k);
	} else {
		drop_noise(&k);
		drop_link_blocks(&k, s->root);
		cut_tail(&k);
	}
	drop_headings(&k);
	return join(&k);
}
