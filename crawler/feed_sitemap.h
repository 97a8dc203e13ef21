/* Sitemaps as feeds: an address is an entry, news and video extensions give it title, date and words. Private to crawler/feed*.c. */
#ifndef EARSHOT_CRAWLER_FEED_SITEMAP_H
#define EARSHOT_CRAWLER_FEED_SITEMAP_H

#include "crawler/feed_xml.h"

/* Is it <urlset> or <sitemapindex>, by its canonical name? */
bool feed_is_sitemap(const char *name);
/* Version "sitemap" or "sitemapindex"; the entries of an index are the addresses of further sitemaps. */
void feed_read_sitemap(struct feed_scope *s, const struct xml_node *n);
/* A text with one web address a line and nothing else; false when it is none. */
bool feed_read_address_list(struct feed_scope *s, struct str text);

#endif
