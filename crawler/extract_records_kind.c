/* Lists that look like posts and are none: links to other pages with teasers, comments below an article. */
#include "crawler/extract_records.h"

#include <string.h>

#define HEADLINE_WEIGHT 12 /* shorter links are no headlines */
#define ARTICLE_WEIGHT 1000 /* bytes of letters; posts that open a thread are shorter as a rule */
#define TEASER_RATIO 6 /* a teaser is at most so many times as long as its headline */

/* Links of a thread lead into it: to the same page, or to one whose address goes on from it. */
static bool leads_away(const struct records_marks *m, uint32_t node)
{
	const struct str url = extract_url(m->x, str_trim(dom_attribute(m->d, node, "href")));

	return url.n && !records_is_within(m, url);
}

static bool is_anchor(const struct records_marks *m, uint32_t node)
{
	return records_between(m->dates, node, m->d->node[node].end) || records_between(m->users, node, m->d->node[node].end);
}

/* The weight of the longest link that leads to another page and is no person, before the body or in it; 0 = none. */
static uint32_t headline(const struct records_marks *m, const struct records_range *r, uint32_t *at)
{
	uint32_t best = 0, before = 0;

	for (uint32_t i = r->start; i < r->end && before < 4 * HEADLINE_WEIGHT; i++) {
		const uint32_t weight = records_between(m->linked, i, m->d->node[i].end);

		before += m->plain[i + 1] - m->plain[i];
		if (m->d->node[i].tag != TAG_A || weight < HEADLINE_WEIGHT || weight <= best || is_anchor(m, i))
			continue;
		if (!leads_away(m, i))
			continue;
		best = weight;
		*at = i;
	}
	return best;
}

/* Does a heading that leads away open the record? */
static bool is_titled(const struct records_marks *m, const struct records_range *r)
{
	for (uint32_t i = r->start; i < r->end; i++) {
		const enum dom_tag tag = m->d->node[i].tag;

		if (tag != TAG_H1 && tag != TAG_H2 && tag != TAG_H3 && tag != TAG_H4)
			continue;
		for (uint32_t k = i + 1; k < m->d->node[i].end; k++)
			if (m->d->node[k].tag == TAG_A)
				return leads_away(m, k) && !is_anchor(m, k);
		return m->d->node[m->d->node[i].parent].tag == TAG_A && leads_away(m, m->d->node[i].parent);
	}
	return false;
}

/* Does the record begin with its headline, nothing said before it? */
static bool is_opened_by(const struct records_marks *m, const struct records_range *r, uint32_t link)
{
	return link < r->body && !records_between(m->plain, r->start, link);
}

static bool is_voice(const struct records_marks *m, const struct records_range *r)
{
	uint32_t node = r->body;

	for (int i = 0; i < 6 && node >= r->root && node; i++, node = m->d->node[node].parent)
		if (m->flag[node] & RECORDS_VOICE)
			return true;
	return m->flag[r->root] & RECORDS_VOICE;
}

static size_t voices(const struct records_marks *m, const struct records_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		n += is_voice(m, &set->record[i]);
	return n;
}

bool records_is_list(const struct records_marks *m, const struct records_set *set)
{
	size_t headlines = 0;

	for (size_t i = 0; i < set->n; i++) {
		const struct records_range *r = &set->record[i];
		uint32_t at = 0;
		const uint32_t weight = headline(m, r, &at);

		headlines += weight && (is_titled(m, r) || is_opened_by(m, r, at) ||
					       records_between(m->plain, r->start, r->end) < TEASER_RATIO * weight + 100);
	}
	return 2 * headlines > set->n && 2 * voices(m, set) < set->n;
}

/* ---- below an article ---- */

static bool has_type(struct str s)
{
	static const char *const types[] = { "\"NewsArticle\"", "\"BlogPosting\"", "\"Article\"", "\"ReportageNewsArticle\"",
		NULL };

	for (const char *const *t = types; *t; t++)
		if (str_find(s, str_of(*t)) >= 0)
			return true;
	return false;
}

static bool has_part(struct str url, const char *const *parts)
{
	for (; *parts; parts++)
		if (str_find(url, str_of(*parts)) >= 0)
			return true;
	return false;
}

bool records_is_thread_address(struct str url)
{
	static const char *const parts[] = { "forum", "thread", "topic", "bbs", "question", "tieba", "viewtopic", "/ask", NULL };

	return has_part(url, parts);
}

/* Where people talk, if not of threads alone: news sites have reviews and a community as well. */
static bool says_talk(struct str url)
{
	static const char *const parts[] = { "discussion", "community", "/t/", "/d/", "answers", "review", "comments", NULL };

	return records_is_thread_address(url) || has_part(url, parts);
}

/* Does the page call itself an article: og:type, JSON-LD, or the marks of blogs around its text? */
static bool is_article_page(const struct records_marks *m)
{
	for (uint32_t i = 1; i < m->d->n; i++) {
		const struct dom_node *e = &m->d->node[i];

		if (e->tag == TAG_META && str_eqc(dom_attribute(m->d, i, "property"), "og:type") &&
			str_eqc(dom_attribute(m->d, i, "content"), "article"))
			return true;
		if (e->tag == TAG_SCRIPT && str_find(dom_attribute(m->d, i, "type"), STR("ld+json")) >= 0 && i + 1 < m->d->n &&
			has_type(m->d->node[i + 1].text))
			return true;
		if (e->nattributes > 0 && str_find(dom_attribute(m->d, i, "class"), STR("entry")) >= 0 &&
			(dom_has_class(m->d, i, STR("hentry")) || dom_has_class(m->d, i, STR("entry-content"))))
			return true;
	}
	return false;
}

static uint32_t body_weight(const struct records_marks *m, const struct records_range *r)
{
	return records_between(m->plain, r->body, m->d->node[r->body].end);
}

/* The heaviest node between the top of the page and the first record that holds none of them. */
static uint32_t weight_before(const struct records_marks *m, const struct records_set *set)
{
	const uint32_t end = set->record[0].start;
	uint32_t best = 0;

	for (uint32_t i = 1; i < end;) {
		const uint32_t next = m->d->node[i].end;

		if (next > end) {
			i++;
			continue;
		}
		if (records_between(m->plain, i, next) > best &&
			records_between(m->plain, i, next) > 2 * records_between(m->linked, i, next))
			best = records_between(m->plain, i, next);
		i = next;
	}
	return best;
}

bool records_is_below_article(const struct records_marks *m, const struct records_set *set)
{
	const bool is_commented = 2 * voices(m, set) > set->n;
	const uint32_t first = body_weight(m, &set->record[0]);
	uint32_t all = 0;

	for (size_t i = 0; i < set->n; i++)
		all += body_weight(m, &set->record[i]);
	if (says_talk(m->x->page->url))
		return false;
	if (!set->has_opening && weight_before(m, set) > ARTICLE_WEIGHT && weight_before(m, set) * (set->n + 1) > 4 * all)
		return true;
	if (set->has_opening) /* long, or at least twice as long as all that is said to it */
		return (first > ARTICLE_WEIGHT && (is_commented || is_article_page(m))) ||
		       (3 * first > 2 * all && is_article_page(m));
	return is_article_page(m) && (is_commented || 2 * first > all);
}
