/* XML feeds: the pieces of the reader. Private to crawler/feed*.c. */
#ifndef EARSHOT_CRAWLER_FEED_XML_H
#define EARSHOT_CRAWLER_FEED_XML_H

#include "common/base/xml.h"
#include "crawler/feed_model.h"

#define FEED_NAME_BYTES 64

/* Canonical name of an element, lower case: "title", "dc:creator", "media:thumbnail". Every namespace that feeds have ever
 * used for their own elements counts as none. "" when the namespace is unknown or the name is too long. */
struct feed_name {
	char text[FEED_NAME_BYTES];
};
struct feed_name feed_name_of(const struct xml_node *n);
/* The canonical prefix of a namespace URI: "" for a feed's own, NULL for an unknown one. */
const char *feed_namespace_prefix(struct str uri);

/* An attribute's value in any namespace, "" when absent. */
struct str feed_attribute(const struct feed_scope *s, const struct xml_node *n, const char *local_name);
/* Applies an element's xml:base and xml:lang to what is inherited; give them back with a copy of the scope. */
void feed_enter(struct feed_scope *s, const struct xml_node *n);
/* A text construct: type, mode, base64, inline markup; `default_type` is a MIME type. */
struct feed_text feed_read_text(struct feed_scope *s, const struct xml_node *n, const char *default_type);
/* Trimmed text of an element. */
struct str feed_read_plain(struct feed_scope *s, const struct xml_node *n);
struct str feed_child_text(struct feed_scope *s, const struct xml_node *n, const char *name);
bool feed_looks_like_html(struct str text);

/* Puts one child of a feed, an entry or a source where it belongs. */
void feed_read_element(struct feed_scope *s, const struct xml_node *n, const char *name);
void feed_read_children(struct feed_scope *s, const struct xml_node *n);

/* Reads a parsed document into s->feed; false when there is no feed in it. */
bool feed_read_xml(struct feed_scope *s, const struct xml *x);

#endif
