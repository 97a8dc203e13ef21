/* Foreign XML as a flat tree, read in one linear pass that recovers what it can. There is no document type in it: no entity is
 * ever declared, expanded or fetched, and what a DTD says is passed over unread; HTML's named characters are known.
 * Tags are balanced, stray & and < are text, U+0080 … U+009F are windows-1252, and depth, attributes a tag and the number of
 * nodes are capped. The first thing that was wrong is told in `why`.
 *
 * Nodes belong to the tree and are gone with xml_release(); names and values point into the document or into the tree.
 * What xml_text() and xml_keep() give outlives it: that lives in the caller's arena or in the document's bytes. */
#ifndef EARSHOT_BASE_XML_H
#define EARSHOT_BASE_XML_H

#include "common/base/arena.h"
#include "common/base/buf.h"

#define XML_NODES_MAX 500000 /* elements, attributes and pieces of text; the largest real feed we saw has 60,000 elements */

/* One declaration of a prefix. Everything in its scope shares it, so a reader may remember in `meaning` what it makes of it. */
struct xml_namespace {
	struct str prefix, uri;
	const char *meaning;
	bool has_meaning;
};

struct xml_attribute {
	struct str name; /* local; with its prefix when that was never declared */
	struct str value; /* references decoded */
	struct xml_namespace *ns; /* NULL: none */
};

struct xml_node {
	bool is_text;
	uint16_t nattributes;
	struct str name; /* of an element: local, with its prefix when that was never declared; else the text */
	struct xml_namespace *ns; /* NULL: none */
	struct xml_node *parent, *first, *next;
	struct xml_attribute *attributes;
};

struct xml {
	struct xml_node *root;
	struct str document;
	bool ill_formed;
	const char *why; /* a constant; NULL when nothing was wrong */
	struct str default_uri; /* what the root element's xmlns says, "" = nothing */
	struct arena arena;
};

/* `utf8` must be valid UTF-8 (common/base/charset.h makes it) and outlive the tree. REJECT when there is no element in it; call
 * xml_release() in any case. */
enum outcome xml_read(struct xml *x, struct str utf8, struct err *e) MUST_CHECK;
void xml_release(struct xml *x);

struct str xml_uri(const struct xml_node *n); /* of the namespace; "" when none */
const struct xml_node *xml_first(const struct xml_node *n); /* first element below */
const struct xml_node *xml_next(const struct xml_node *n); /* next element beside */
/* In any namespace, one without a namespace first; "" when absent. Points into the tree or the document. */
struct str xml_attribute(const struct xml_node *n, const char *local_name);
bool xml_attribute_ns(const struct xml_node *n, const char *uri, const char *local_name, struct str *value);
/* All text below, as written; references are decoded. */
struct str xml_text(struct arena *a, const struct xml *x, const struct xml_node *n);
struct str xml_keep(struct arena *a, const struct xml *x, struct str s); /* a name or value so that it outlives the tree */
void xml_inner_markup(struct buf *out, const struct xml_node *n); /* serialised children (xhtml content of Atom) */

#endif
