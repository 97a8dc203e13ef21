/* The parts of the article reader: a page as lines, what each line is by the names of the elements around it, the element that
 * holds the article, and the lines of it that are kept. Sizes are bytes of UTF-8 without white space: a Chinese sentence and its
 * English translation have about as many, so one threshold serves both. All of it lives in the arena of the extraction. */
#ifndef EARSHOT_CRAWLER_EXTRACT_ARTICLE_H
#define EARSHOT_CRAWLER_EXTRACT_ARTICLE_H

#include "crawler/extract.h"

#define META_MAX 150 /* a longer line in a byline block is text all the same */
#define META_MARKS 3 /* and one with so many marks */

/* What a node is, by its tag and the words in its class, id, role and itemprop. The roles of a line are those of all elements
 * around it. */
enum article_role {
	ROLE_LINK = 1 << 0,
	ROLE_HEADING = 1 << 1,
	ROLE_ITEM = 1 << 2, /* of a list */
	ROLE_CELL = 1 << 3, /* of a table */
	ROLE_CAPTION = 1 << 4,
	ROLE_PRE = 1 << 5, /* white space counts */
	ROLE_BOILER = 1 << 6, /* navigation, sharing, related pages, advertisements … */
	ROLE_COMMENT = 1 << 7, /* of readers */
	ROLE_META = 1 << 8, /* byline, date, source, tags */
	ROLE_CONTENT = 1 << 9, /* may hold the article: content, post, story */
	ROLE_BODY = 1 << 10, /* says that it holds the article: articleBody, entry-content, TRS_Editor */
	ROLE_HIDDEN = 1 << 11, /* a script, a button: no line is made of it */
	ROLE_TITLE = 1 << 12, /* the title of the page, h1 */
	ROLE_SURE = 1 << 14, /* with ROLE_BODY: a name that is used for nothing else */
	ROLE_UNSEEN = 1 << 13, /* hidden by style or attribute; scripts may show it later */
};

/* What the first words of a line say about it. */
enum article_phrase { PHRASE_NONE, PHRASE_NOISE, PHRASE_END, PHRASE_BYLINE, PHRASE_COMMENTS };

/* Text between two borders of blocks, white space folded. */
struct article_line {
	uint32_t node, block; /* the text node it begins with; the block element it stands in */
	struct str text;
	uint32_t size, link; /* bytes without white space; those in links */
	uint16_t links, marks; /* links; commas, full stops and the like */
	unsigned roles; /* enum article_role */
	enum article_phrase phrase; /* what its words say */
};

struct article {
	const struct extract *x;
	const struct dom *dom;
	unsigned *role; /* of each node */
	uint32_t *first; /* of each node: the first line that begins in or behind it; n + 1 of them */
	struct article_line *line;
	uint32_t nlines;
	struct str title; /* of the page, squeezed (extract_meta.h) */
	bool *known; /* lines that the page's own data hold, too: JSON-LD, description */
	uint32_t main; /* the one <main> that holds the page's heading, 0 = none */
	double *plain; /* sums over the lines before: bytes outside links; nlines + 1 of them */
	double *value; /* the same of article_value() */
};

/* The page as lines with their settled roles (role, first, line, nlines, plain, main); made once a page when x->memo is there. Who
 * changes a line makes a copy of the list first. */
struct article article_read(const struct extract *x);
/* Its lines before anything is settled: their text and sizes. */
const struct article *article_lines(const struct extract *x);
/* Roles by the words of class, id, role and itemprop; `memo` keeps what was found, as pages repeat their names. */
struct article_names;
struct article_names *article_names_new(struct arena *a);
unsigned article_names_role(struct article_names *names, struct str words);
unsigned article_role_of(struct article_names *names, const struct dom *d, uint32_t node);
/* For article_read(): hands the roles down to the lines; a role that would drop most of the page is not believed. */
void article_roles_settle(struct article *p);
/* The element that holds the article, and which lines of it; root 0 when no line speaks for one. */
struct article_span {
	uint32_t root, from, to;
};
struct article_span article_root(struct article *p);
/* Marks the lines that `body`, squeezed (extract_meta.h), holds; gives the part of it that they cover, 0 … 1. */
double article_known_mark(struct article *p, struct str body);
/* The same over the lines of a span alone. */
double article_known_share(const struct article *p, const struct article_span *s, struct str body);
/* The lines that are kept, joined by line breaks. */
struct str article_text(struct article *p, const struct article_span *s, bool known_only);
struct article_phrases;
const struct article_phrases *article_phrases(void);
enum article_phrase article_phrase(const struct article_phrases *p, struct str text);

static inline double article_plain(const struct article *p, uint32_t node)
{
	return p->plain[p->first[p->dom->node[node].end]] - p->plain[p->first[node]];
}

#endif
