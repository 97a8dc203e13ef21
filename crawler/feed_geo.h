/* Places of entries: GeoRSS (simple and GML) as the GeoJSON object that feedparser calls "where". Private to crawler/feed*.c. */
#ifndef EARSHOT_CRAWLER_FEED_GEO_H
#define EARSHOT_CRAWLER_FEED_GEO_H

#include "crawler/feed_xml.h"

/* georss:point, line, polygon, box: numbers are latitude, longitude; the object has them the other way round. */
void feed_read_geo(struct feed_scope *s, const struct xml_node *n, const char *type);
/* georss:where and gml:Point, LineString, Polygon: the first list of positions below. */
void feed_read_gml(struct feed_scope *s, const struct xml_node *n);

#endif
