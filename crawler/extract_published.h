/* When a page was published: what its sources say, ranked. Private to crawler/extract_published*.c.
 *
 * Every source offers what it found; within a rank the one nearest to the headline wins, then the first. A rank is asked only when
 * no better one has an answer. Days outside of 1995 … fetch time + 1 day are no answers. */
#ifndef EARSHOT_CRAWLER_EXTRACT_PUBLISHED_H
#define EARSHOT_CRAWLER_EXTRACT_PUBLISHED_H

#include "crawler/dates.h"
#include "crawler/extract.h"

enum published_rank {
	PUBLISHED_DATA, /* JSON-LD datePublished of what the page is about */
	PUBLISHED_META, /* article:published_time and its relatives */
	PUBLISHED_MARKED, /* itemprop=datePublished, time[pubdate], class "published", 发布时间： near the headline */
	PUBLISHED_ADDRESS, /* /2024/06/03/ */
	PUBLISHED_BYLINE, /* a time element or something called a date near the headline */
	PUBLISHED_CREATED, /* dc.created, dateCreated, uploadDate */
	PUBLISHED_NEAR, /* a date in the text near the headline */
	PUBLISHED_FAR, /* something called a date, further behind the headline: the first post of a thread */
	PUBLISHED_SCRIPT, /* "publishTime":… in a script */
	PUBLISHED_RELATIVE, /* 3小时前, "yesterday" near the headline */
	PUBLISHED_MODIFIED, /* dateModified, og:updated_time, 更新时间 */
	PUBLISHED_TEXT, /* any date in the text */
	PUBLISHED_MARGIN, /* and in navigation, comments, footers */
	PUBLISHED__N
};

struct sighting {
	bool is_set;
	struct str written;
	struct date date;
	uint32_t distance; /* from the headline, in nodes */
};

struct published {
	const struct extract *x;
	struct date_context dates;
	uint32_t headline; /* node, 0 = not found */
	struct sighting best[PUBLISHED__N];
};

/* `written` has to be a date as a whole. `node` is where it stands, p->headline for what has no place in the text. */
void published_offer(struct published *p, enum published_rank rank, struct str written, uint32_t node);
/* The same for a date that is read already. */
void published_offer_date(
	struct published *p, enum published_rank rank, struct str written, const struct date *date, uint32_t node);
/* Nodes between the headline and `node`; what stands in front of it counts as further away. */
uint32_t published_distance(const struct published *p, uint32_t node);

/* What a name says about the date it bears: article:published_time, pubDate, entry-date, last-modified. */
enum published_name {
	NAME_NONE,
	NAME_PUBLISHED,
	NAME_CREATED,
	NAME_MODIFIED,
	NAME_DATE,
	NAME_OTHER /* of something else: joinDate */
};
enum published_name published_name(struct str name);

void published_scan_meta(struct published *p);
void published_scan_scripts(struct published *p);
void published_scan_address(struct published *p);
void published_scan_body(struct published *p);
bool published_is_day_first(const struct extract *x);

#endif
