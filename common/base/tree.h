/* XML and HTML trees: the only place with libxml2. Hostile bytes are normal: no network, no external entities, no
 * entity expansion, attributes per tag and depth are capped before and while parsing (LIMIT_XML_*), input must be UTF-8
 * already (common/base/charset.h). A tree is owned by the caller; nodes and strings are borrowed from it. */
#ifndef EARSHOT_BASE_TREE_H
#define EARSHOT_BASE_TREE_H

#include "common/base/arena.h"
#include "common/base/buf.h"

struct tree;
struct node; /* an element; text is reached through its element */

struct tree *tree_parse_xml(struct str utf8, bool *ill_formed, struct err *e); /* recovers what it can; sets *ill_formed */
struct tree *tree_parse_html(struct str utf8, struct err *e);
void tree_free(struct tree *t);
void tree_library_release(void); /* at process end, so that leak checkers stay silent */

const struct node *tree_root(const struct tree *t);
struct str node_name(const struct node *n); /* local name as written (XML) or lower case (HTML) */
struct str node_namespace(const struct node *n); /* URI; "" when none */
const struct node *node_parent(const struct node *n);
const struct node *node_first(const struct node *n);
const struct node *node_next(const struct node *n); /* next element sibling */
struct str node_attribute(struct arena *a, const struct node *n, const char *local_name); /* any namespace; "" when absent */
/* With a namespace URI, or "" for attributes without one. */
struct str node_attribute_ns(struct arena *a, const struct node *n, const char *uri, const char *local_name, bool *present);
struct str node_text(struct arena *a, const struct node *n); /* all text below, CDATA included, as written */
void node_inner_markup(struct buf *out, const struct node *n); /* serialised children (xhtml content of Atom) */
/* Text of an HTML fragment for people: tags out, block elements break lines, script/style/noscript dropped, entities
 * decoded, white space folded. */
struct str tree_html_to_text(struct arena *a, struct str html);

#endif
