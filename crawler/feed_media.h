/* Elements whose attributes or children are kept as they are: images, media, generators. Private to crawler/feed*.c. */
#ifndef EARSHOT_CRAWLER_FEED_MEDIA_H
#define EARSHOT_CRAWLER_FEED_MEDIA_H

#include "crawler/feed_xml.h"

/* {"href":…,"title":…}: the known attributes, and the text as "title" or "content". */
void feed_read_attributes(struct feed_scope *s, const struct xml_node *n, const char *key);
/* {"title":…,"link":…}: the texts of the children; url is called href. */
void feed_read_object(struct feed_scope *s, const struct xml_node *n, const char *key);
/* One more object of attributes in the list under `key`. */
void feed_read_media(struct feed_scope *s, const struct xml_node *n, const char *key);
/* {"href":…} under "image". */
void feed_set_extra_image(struct feed_scope *s, struct str href);
/* media:restriction: its text is a list of countries. */
void feed_read_restriction(struct feed_scope *s, const struct xml_node *n, const char *key);
/* Podlove's chapters: {"version":…,"chapters":[{"start":…,"title":…}]}; the first list of an entry counts. */
void feed_read_chapters(struct feed_scope *s, const struct xml_node *n, const char *key);
void feed_read_generator(struct feed_scope *s, const struct xml_node *n);

#endif
