/* Which element of a page holds the article: the one whose lines, weighed for and against, sum up highest. */
#include "crawler/extract_article.h"

#define SHORT_LINE 30 /* bytes; shorter ones without a mark are labels */
#define PLAIN_LINE 80 /* without a mark: rather a label than a sentence */
#define LONG_LINE 1500 /* more of one line does not count: terms of use, data in the text */
#define BOILER_SHARE_MAX 0.4 /* of the page's text: what holds more is not left out because of its name */
#define COMMENT_SHARE_MAX 0.8
#define COMMENTS_AFTER 300 /* bytes of sentences before a heading of comments */
#define UNSEEN_SHARE_MAX 0.7
#define CAPTION_SHARE_MAX 0.2
#define OUTSIDE_MAIN 0.1 /* of its value is left to a line outside of the one <main> that holds the heading */
#define MAIN_OF_BEST 0.5
#define BODY_WEIGHT 1.7
#define KNOWN_BONUS 2 /* times the size of a line that the page's own data hold, too */
#define KEEPS_AMONG_LINKS 0.08 /* the same when the rest of the page is teasers … */
#define LINKS_OF_REST 0.2 /* … of which so much is links */
#define HEADINGS_OF_REST 3 /* … or it has so many linked headings */
#define LEAST_NAMED 150 /* bytes */
#define PART_OF_NAMED 0.15 /* of the largest: parts of one article in elements of their own */
#define RUN_OF_BEST 1.3 /* a run of lines that is so much better than any element is taken instead */
#define KEEPS_OF_BEST 0.9 /* a deeper element that has so much of the best sum is preferred */
#define KEEPS_NAMED 0.4 /* the same for one that says it holds the article */

/* ---- roles ---- */

static void sum_plain(struct article *p)
{
	p->plain = arena_list(p->x->a, double, p->nlines + 1);
	for (uint32_t i = 0; i < p->nlines; i++)
		p->plain[i + 1] = p->plain[i] + (double)(p->line[i].size - p->line[i].link);
}

/* Elements around the page's heading or its <main> are not boilerplate, whatever they are called. */
static bool *mark_holders(const struct article *p)
{
	bool *holds = arena_list(p->x->a, bool, p->dom->n);
	for (uint32_t i = 1; i < p->dom->n; i++) {
		const enum dom_tag tag = p->dom->node[i].tag;
		if (tag != TAG_H1 && tag != TAG_MAIN)
			continue;
		for (uint32_t up = p->dom->node[i].parent; up != 0 && !holds[up]; up = p->dom->node[up].parent)
			holds[up] = true;
	}
	return holds;
}

static unsigned believed(const struct article *p, uint32_t node, bool holds_main, double total)
{
	unsigned role = p->role[node];
	const double share = total > 0 ? article_plain(p, node) / total : 0;
	if ((role & ROLE_BOILER) && (holds_main || share > BOILER_SHARE_MAX))
		role &= ~(unsigned)ROLE_BOILER;
	if ((role & ROLE_COMMENT) && (holds_main || share > COMMENT_SHARE_MAX))
		role &= ~(unsigned)ROLE_COMMENT;
	if ((role & ROLE_UNSEEN) && share > UNSEEN_SHARE_MAX)
		role &= ~(unsigned)ROLE_UNSEEN;
	if ((role & ROLE_CAPTION) && share > CAPTION_SHARE_MAX)
		role &= ~(unsigned)ROLE_CAPTION;
	if ((role & ROLE_META) && share > 0.2)
		role &= ~(unsigned)ROLE_META;
	return role;
}

/* The one <article> with the page's heading in it says as much as a name does. */
static void name_the_article(struct article *p, const bool *holds)
{
	uint32_t found = 0;
	for (uint32_t i = 1; i < p->dom->n; i++) {
		if (p->dom->node[i].tag != TAG_ARTICLE || !holds[i])
			continue;
		if (found != 0)
			return;
		found = i;
	}
	if (found != 0)
		p->role[found] |= ROLE_BODY;
}

/* Behind a heading "Comments", with an article before it, readers write. */
static void mark_comments(struct article *p)
{
	double before = 0;
	bool is_behind = false;
	for (uint32_t i = 0; i < p->nlines; i++) {
		struct article_line *l = &p->line[i];
		if (!is_behind && before >= COMMENTS_AFTER && l->link == 0 && l->phrase == PHRASE_COMMENTS)
			is_behind = true;
		if (is_behind)
			l->roles |= ROLE_COMMENT;
		else if (!(l->roles & (ROLE_BOILER | ROLE_UNSEEN)) && l->marks > 1)
			before += l->size - l->link;
	}
}

/* The one <main>, when it holds the page's heading. */
static uint32_t main_of(const struct article *p)
{
	uint32_t found = 0;
	bool has_heading = false;
	for (uint32_t i = 1; i < p->dom->n; i++) {
		const bool is_inside = found != 0 && i < p->dom->node[found].end;
		if (p->dom->node[i].tag == TAG_MAIN && found != 0 && !is_inside)
			return 0;
		if (p->dom->node[i].tag == TAG_MAIN && found == 0)
			found = i;
		has_heading |= is_inside && p->dom->node[i].tag == TAG_H1;
	}
	return has_heading ? found : 0;
}

void article_roles_settle(struct article *p)
{
	const struct dom *d = p->dom;
	sum_plain(p);
	const double total = p->plain[p->nlines];
	const bool *holds = mark_holders(p);
	unsigned *all = arena_list(p->x->a, unsigned, d->n);
	const struct article_phrases *phrases = article_phrases();
	name_the_article(p, holds);
	for (uint32_t i = 1; i < d->n; i++) {
		const unsigned around = all[d->node[i].parent];
		const unsigned own = p->role[i] == 0 ? 0 : believed(p, i, holds[i], total);
		all[i] = around | own;
	}
	for (uint32_t i = 0; i < p->nlines; i++) {
		p->line[i].roles = all[p->line[i].block];
		p->line[i].phrase = article_phrase(phrases, p->line[i].text);
	}
	p->main = main_of(p);
	mark_comments(p);
}

/* ---- weighing ---- */

static double value_of(const struct article_line *l)
{
	const double size = l->size, link = l->link;
	if (l->roles & (ROLE_BOILER | ROLE_COMMENT | ROLE_UNSEEN))
		return -5 - 0.25 * (size < 300 ? size : 300);
	if (link > size / 2)
		return -15 - 0.5 * (link < 200 ? link : 200);
	if (l->roles & ROLE_CAPTION || ((l->roles & ROLE_META) && l->size < META_MAX && l->marks < META_MARKS))
		return 0;
	if (l->roles & ROLE_HEADING)
		return 5;
	if (l->size < SHORT_LINE && l->marks == 0)
		return l->roles & (ROLE_ITEM | ROLE_CELL | ROLE_BODY) ? 0 : -5;
	if (l->phrase != PHRASE_NONE)
		return -10;
	const double plain = (size < LONG_LINE ? size : LONG_LINE) - 2 * link;
	return l->marks == 0 && l->size < PLAIN_LINE ? plain * 0.3 : plain;
}

/* Lines that the page's own names or data call the article count more. */
static double weight_of(const struct article *p, uint32_t line, double value)
{
	if (value > 0 && (p->line[line].roles & ROLE_BODY))
		value *= BODY_WEIGHT;
	if (value > 0 && p->main != 0 && (p->line[line].node < p->main || p->line[line].node >= p->dom->node[p->main].end))
		value *= OUTSIDE_MAIN;
	return value + (p->known[line] ? KNOWN_BONUS * p->line[line].size : 0);
}

static void sum_values(struct article *p)
{
	p->value = arena_list(p->x->a, double, p->nlines + 1);
	for (uint32_t i = 0; i < p->nlines; i++)
		p->value[i + 1] = p->value[i] + weight_of(p, i, value_of(&p->line[i]));
}

static double value_below(const struct article *p, uint32_t node)
{
	return p->value[p->first[p->dom->node[node].end]] - p->value[p->first[node]];
}

static bool may_be_root(const struct article *p, uint32_t node)
{
	const enum dom_tag tag = p->dom->node[node].tag;
	return tag != TAG_TEXT && !(p->role[node] & ROLE_HIDDEN) && p->first[p->dom->node[node].end] > p->first[node];
}

static uint32_t best_of(const struct article *p)
{
	uint32_t best = 0;
	double most = 0;
	for (uint32_t i = 1; i < p->dom->n; i++) {
		if (!may_be_root(p, i))
			continue;
		const double value = value_below(p, i);
		if (value >= most && value > 0) {
			best = i;
			most = value;
		}
	}
	return best;
}

/* The deepest element that holds both. */
static uint32_t common_of(const struct dom *d, uint32_t one, uint32_t two)
{
	while (one != 0 && !(one <= two && two < d->node[one].end))
		one = d->node[one].parent;
	return one;
}

/* The element that says it holds the article: the common one, when its parts say so one by one. 0 = none that holds enough. */
/* Headings that are links, and the share of links: what stands around `inner` are teasers of other pages. */
static bool is_among_teasers(const struct article *p, uint32_t root, uint32_t inner)
{
	const struct dom_node *node = p->dom->node;
	double size = 1, link = 0;
	int headings = 0;
	for (uint32_t i = p->first[root]; i < p->first[node[root].end]; i++) {
		const struct article_line *l = &p->line[i];
		if (i >= p->first[inner] && i < p->first[node[inner].end])
			continue;
		size += l->size;
		link += l->link;
		headings += (l->roles & ROLE_HEADING) && l->link > l->size / 2;
	}
	return link / size >= LINKS_OF_REST || headings >= HEADINGS_OF_REST;
}

/* A small element is believed to hold the article when it alone says so for sure, or all around it leads to other pages. */
static bool is_enough(const struct article *p, uint32_t root, uint32_t named, bool is_alone)
{
	const double part = value_below(p, named) / value_below(p, root);
	if (part >= KEEPS_NAMED)
		return true;
	return part >= KEEPS_AMONG_LINKS && article_plain(p, named) >= LEAST_NAMED &&
	       (is_alone || is_among_teasers(p, root, named));
}

/* The element that says with `role` that it holds the article: the common one, when its parts say so one by one. 0 = none that
 * holds enough. */
static uint32_t named_in(const struct article *p, uint32_t root, unsigned role)
{
	const struct dom *d = p->dom;
	double most = 0;
	uint32_t named = 0, n = 0;
	for (uint32_t i = root + 1; i < d->node[root].end; i++)
		if ((p->role[i] & role) && may_be_root(p, i) && value_below(p, i) > most)
			most = value_below(p, i);
	for (uint32_t i = root + 1; most > 0 && i < d->node[root].end; i++) {
		if (!(p->role[i] & role) || !may_be_root(p, i) || value_below(p, i) < most * PART_OF_NAMED)
			continue;
		named = named == 0 ? i : common_of(d, named, i);
		n++;
		i = d->node[i].end - 1;
	}
	return named != 0 && is_enough(p, root, named, n == 1 && (role & ROLE_SURE)) ? named : 0;
}

/* The deepest element in `root` that holds nearly all of it; one with the right name is believed with less. */
static uint32_t narrowed(const struct article *p, uint32_t root)
{
	const double all = value_below(p, root);
	uint32_t named = named_in(p, root, ROLE_SURE);
	if (named == 0)
		named = named_in(p, root, ROLE_BODY);
	uint32_t best = root;
	for (uint32_t i = root + 1; i < p->dom->node[root].end; i++)
		if (may_be_root(p, i) && value_below(p, i) >= all * KEEPS_OF_BEST)
			best = i;
	return named != 0 ? named : best;
}

/* An element around <main> holds no more of the article than that does. */
static uint32_t within_main(const struct article *p, uint32_t best)
{
	const bool is_around = p->main != 0 && best < p->main && p->main < p->dom->node[best].end;
	return is_around && value_below(p, p->main) >= value_below(p, best) * MAIN_OF_BEST ? p->main : best;
}

/* The run of lines with the highest sum, whatever elements they are in. */
static struct article_span best_run(const struct article *p)
{
	struct article_span best = { 0, 0, 0 };
	double most = 0;
	uint32_t from = 0;
	for (uint32_t i = 1; i <= p->nlines; i++) {
		if (p->value[i] - p->value[from] > most) {
			most = p->value[i] - p->value[from];
			best = (struct article_span){ 0, from, i };
		}
		if (p->value[i] < p->value[from])
			from = i;
	}
	return best;
}

/* The deepest element around the lines of a run. */
static uint32_t holder_of(const struct article *p, const struct article_span *run)
{
	uint32_t node = p->line[run->from].block;
	const uint32_t last = p->line[run->to - 1].node;
	while (node != 0 && p->dom->node[node].end <= last)
		node = p->dom->node[node].parent;
	return node;
}

struct article_span article_root(struct article *p)
{
	sum_values(p);
	struct article_span run = best_run(p);
	const uint32_t best = best_of(p);
	const double run_value = run.to > run.from ? p->value[run.to] - p->value[run.from] : 0;
	if (run_value > 0 && (best == 0 || run_value > value_below(p, best) * RUN_OF_BEST)) {
		run.root = holder_of(p, &run);
		return run;
	}
	if (best == 0)
		return (struct article_span){ 0, 0, p->nlines };
	const uint32_t root = narrowed(p, within_main(p, best));
	return (struct article_span){ root, p->first[root], p->first[p->dom->node[root].end] };
}
