/* XML and HTML trees over libxml2, which sees cleaned input only: see tree_clean.h for what is taken out before. */
#include "common/base/tree.h"

#include <earshot/limits.h>

#include "common/base/tree_clean.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <string.h>

/* Text cannot be longer than the document, and that is at most a body whose every byte took three on its way to UTF-8. */
#define TEXT_MAX (3 * (size_t)LIMIT_BODY_BYTES)

struct tree {
	xmlDocPtr doc;
};

/* `struct node` is never defined: a node is libxml2's, seen through this pair. */
static const xmlNode *inner(const struct node *n)
{
	return (const xmlNode *)(const void *)n;
}

static const struct node *outer(const xmlNode *n)
{
	return (const struct node *)(const void *)n;
}

static struct str borrowed(const xmlChar *s)
{
	return str_of((const char *)s);
}

static const xmlNode *first_element(const xmlNode *n)
{
	while (n && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}

/* Some of libxml2's complaints pass by the options that silence it and would go to standard error. */
static void ignore_error(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

static struct tree *tree_of(xmlDocPtr doc, struct err *e)
{
	struct tree *t;

	if (!doc || !xmlDocGetRootElement(doc)) {
		xmlFreeDoc(doc);
		err_set(e, REJECT, "the document holds no element at all: it is no XML or HTML");
		return NULL;
	}
	t = xmlMalloc(sizeof(*t));
	if (!t) {
		xmlFreeDoc(doc);
		err_set(e, STOP, "out of memory for a document tree");
		return NULL;
	}
	t->doc = doc;
	return t;
}

/* Escaping can lengthen a text (& becomes &amp;), a hostile one by five; twice the size is plenty for all others. */
static void init_cleaned(struct buf *b, struct str bytes)
{
	buf_init(b, 2 * bytes.n + 65536);
}

struct tree *tree_parse_xml(struct str utf8, bool *ill_formed, struct err *e)
{
	const int options = XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_NOCDATA |
			    XML_PARSE_COMPACT;
	struct tree_report report;
	struct buf cleaned;
	xmlParserCtxtPtr parser;
	xmlDocPtr doc = NULL;

	xmlSetStructuredErrorFunc(NULL, ignore_error);
	init_cleaned(&cleaned, utf8);
	tree_clean_xml(&cleaned, utf8, &report);
	parser = xmlNewParserCtxt();
	if (parser && report.any_element)
		doc = xmlCtxtReadMemory(parser, cleaned.p, (int)cleaned.n, NULL, "UTF-8", options);
	*ill_formed = report.ill_formed || cleaned.overflow || !parser || !parser->wellFormed;
	xmlFreeParserCtxt(parser);
	buf_release(&cleaned);
	return tree_of(doc, e);
}

struct tree *tree_parse_html(struct str utf8, struct err *e)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
			    HTML_PARSE_COMPACT | HTML_PARSE_NODEFDTD;
	struct buf cleaned;
	xmlDocPtr doc = NULL;

	xmlSetStructuredErrorFunc(NULL, ignore_error);
	init_cleaned(&cleaned, utf8);
	tree_clean_html(&cleaned, utf8);
	if (cleaned.n > 0)
		doc = htmlReadMemory(cleaned.p, (int)cleaned.n, NULL, "UTF-8", options);
	buf_release(&cleaned);
	return tree_of(doc, e);
}

void tree_free(struct tree *t)
{
	if (!t)
		return;
	xmlFreeDoc(t->doc);
	xmlFree(t);
}

void tree_library_release(void)
{
	xmlCleanupParser();
}

/* --- walking ------------------------------------------------------------------------------------------------------- */

const struct node *tree_root(const struct tree *t)
{
	return outer(xmlDocGetRootElement(t->doc));
}

struct str node_name(const struct node *n)
{
	return borrowed(inner(n)->name);
}

struct str node_namespace(const struct node *n)
{
	return inner(n)->ns ? borrowed(inner(n)->ns->href) : str_of("");
}

const struct node *node_parent(const struct node *n)
{
	const xmlNode *parent = inner(n)->parent;

	return parent && parent->type == XML_ELEMENT_NODE ? outer(parent) : NULL;
}

const struct node *node_first(const struct node *n)
{
	return outer(first_element(inner(n)->children));
}

const struct node *node_next(const struct node *n)
{
	return outer(first_element(inner(n)->next));
}

/* --- attributes ---------------------------------------------------------------------------------------------------- */

static struct str attribute_value(struct arena *a, const xmlAttr *attribute)
{
	struct buf value;
	struct str copy;

	if (!attribute->children)
		return str_of("");
	if (!attribute->children->next)
		return arena_copy(a, borrowed(attribute->children->content));
	buf_init(&value, LIMIT_BODY_BYTES);
	for (const xmlNode *part = attribute->children; part; part = part->next)
		buf_adds(&value, borrowed(part->content));
	copy = arena_copy(a, buf_str(&value));
	buf_release(&value);
	return copy;
}

struct str node_attribute(struct arena *a, const struct node *n, const char *local_name)
{
	const xmlAttr *found = NULL;

	for (const xmlAttr *x = inner(n)->properties; x; x = x->next) {
		if (strcmp((const char *)x->name, local_name) != 0)
			continue;
		if (!found || !x->ns)
			found = x;
	}
	return found ? attribute_value(a, found) : str_of("");
}

struct str node_attribute_ns(struct arena *a, const struct node *n, const char *uri, const char *local_name, bool *present)
{
	for (const xmlAttr *x = inner(n)->properties; x; x = x->next) {
		const char *own = x->ns && x->ns->href ? (const char *)x->ns->href : "";
		if (strcmp((const char *)x->name, local_name) != 0 || strcmp(own, uri) != 0)
			continue;
		*present = true;
		return attribute_value(a, x);
	}
	*present = false;
	return str_of("");
}

/* --- text and markup ----------------------------------------------------------------------------------------------- */

/* The next node in document order below `top`; `skip_children` leaves the present node's out. */
static const xmlNode *next_below(const xmlNode *top, const xmlNode *n, bool skip_children)
{
	if (!skip_children && n->type == XML_ELEMENT_NODE && n->children)
		return n->children;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

static bool is_text(const xmlNode *n)
{
	return (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content;
}

struct str node_text(struct arena *a, const struct node *n)
{
	const xmlNode *top = inner(n);
	struct buf text;
	struct str copy;

	if (!top->children)
		return str_of("");
	if (is_text(top->children) && !top->children->next)
		return arena_copy(a, borrowed(top->children->content));
	buf_init(&text, TEXT_MAX);
	for (const xmlNode *x = top->children; x; x = next_below(top, x, false)) {
		if (is_text(x))
			buf_adds(&text, borrowed(x->content));
	}
	copy = arena_copy(a, buf_str(&text));
	buf_release(&text);
	return copy;
}

static void add_escaped(struct buf *out, struct str s, bool is_attribute)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '&')
			buf_addz(out, "&amp;");
		else if (s.p[i] == '<')
			buf_addz(out, "&lt;");
		else if (s.p[i] == '>')
			buf_addz(out, "&gt;");
		else if (s.p[i] == '"' && is_attribute)
			buf_addz(out, "&quot;");
		else
			buf_addc(out, s.p[i]);
	}
}

/* HTML's elements without content: the only ones that readers of HTML let close themselves. */
static bool is_void(const xmlChar *name)
{
	static const char *const names[] = { "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
		"source", "track", "wbr" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp((const char *)name, names[i]) == 0)
			return true;
	}
	return false;
}

static void add_start_tag(struct buf *out, const xmlNode *n)
{
	buf_addc(out, '<');
	buf_adds(out, borrowed(n->name));
	for (const xmlAttr *x = n->properties; x; x = x->next) {
		buf_addc(out, ' ');
		if (x->ns && x->ns->prefix) {
			buf_adds(out, borrowed(x->ns->prefix));
			buf_addc(out, ':');
		}
		buf_adds(out, borrowed(x->name));
		buf_addz(out, "=\"");
		for (const xmlNode *part = x->children; part; part = part->next)
			add_escaped(out, borrowed(part->content), true);
		buf_addc(out, '"');
	}
	buf_addz(out, !n->children && is_void(n->name) ? " />" : ">");
}

static void add_end_tag(struct buf *out, const xmlNode *n)
{
	if (!n->children && is_void(n->name))
		return;
	buf_addz(out, "</");
	buf_adds(out, borrowed(n->name));
	buf_addc(out, '>');
}

void node_inner_markup(struct buf *out, const struct node *n)
{
	const xmlNode *top = inner(n);
	const xmlNode *x = top->children;

	while (x) {
		if (is_text(x))
			add_escaped(out, borrowed(x->content), false);
		if (x->type == XML_ELEMENT_NODE)
			add_start_tag(out, x);
		if (x->type == XML_ELEMENT_NODE && x->children) {
			x = x->children;
			continue;
		}
		/* Nothing below (any more): close this one and all that end here. */
		if (x->type == XML_ELEMENT_NODE)
			add_end_tag(out, x);
		while (!x->next && x->parent != top) {
			x = x->parent;
			add_end_tag(out, x);
		}
		x = x->next;
	}
}
