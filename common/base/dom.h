/* A page as a flat list of nodes in document order: what every reader of HTML walks. Made by any tree builder (our own as a
 * rule, gumbo where a page needs it exact), so that readers do not know which. Everything lives in the arena given to dom_read();
 * strings are UTF-8. Node 0 is the document itself. A node's subtree is the nodes node + 1 … end - 1: no recursion is needed. */
#ifndef EARSHOT_BASE_DOM_H
#define EARSHOT_BASE_DOM_H

#include "common/base/arena.h"
#include "common/base/buf.h"

/* Elements that readers ask for by name (dom_tags.def), TAG_OTHER for all others, TAG_TEXT for text. */
enum dom_tag {
	TAG_OTHER,
	TAG_TEXT,
#define TAG(id, name) TAG_##id,
#include "common/base/dom_tags.def"
#undef TAG
	TAG__N
};

struct dom_attribute {
	struct str name, value; /* name in lower case */
};

struct dom_node {
	enum dom_tag tag;
	uint32_t parent, end; /* indices; end: the first node behind the subtree */
	uint32_t previous; /* sibling before, 0 = none; the next sibling is node `end`, while end < dom->node[parent].end */
	uint16_t depth, nattributes;
	uint32_t attribute; /* first of them in dom->attribute */
	struct str name; /* of an element, lower case */
	struct str text; /* of TAG_TEXT, references decoded, as written; "" else */
};

struct dom {
	struct dom_node *node;
	uint32_t n;
	struct dom_attribute *attribute;
	uint32_t nattributes;
	bool cut; /* a cap was met: there is more than this */
	const char *builder; /* "earshot" or "gumbo" */
	const char *exotic; /* why HTML5 builds another tree than "earshot", a constant; NULL when it does not */
};

enum dom_builder {
	DOM_BUILDER_AUTO, /* ours, and gumbo for what is exotic */
	DOM_BUILDER_QUICK, /* ours (html_tree.h) */
	DOM_BUILDER_GUMBO,
};

/* HTML in UTF-8 (common/base/charset.h makes it). Never fails so far: what is beyond LIMIT_HTML_BYTES is not read (dom->cut), an
 * empty page has an empty body. */
enum outcome dom_read(struct arena *a, struct str html, enum dom_builder builder, struct dom *out, struct err *e) MUST_CHECK;

/* NULL when the node has none of that name. */
const struct dom_attribute *dom_attribute_find(const struct dom *d, uint32_t node, struct str name);

/* The value of an attribute, "" when absent; borrowed from the dom. Inline, so that the length of a literal name is known. */
static inline struct str dom_attribute(const struct dom *d, uint32_t node, const char *name)
{
	const struct dom_attribute *found = dom_attribute_find(d, node, str_of(name));

	return found ? found->value : (struct str){ "", 0 };
}

static inline bool dom_has_attribute(const struct dom *d, uint32_t node, const char *name)
{
	return dom_attribute_find(d, node, str_of(name)) != NULL;
}

/* Is `token` one of the white-space separated tokens of the class attribute (ASCII case as written)? */
bool dom_has_class(const struct dom *d, uint32_t node, struct str token);
/* All text below, as people see it: block elements and <br> break lines, white space folded, script, style, template, head and
 * hidden things left out. */
struct str dom_text(struct arena *a, const struct dom *d, uint32_t node);
/* The same for several ways of leaving things out: a node for which `skip` is true is passed over with all below it. */
struct str dom_text_without(struct arena *a, const struct dom *d, uint32_t node, bool (*skip)(const void *context, uint32_t node),
	const void *context);
bool dom_is_block(enum dom_tag tag);

#endif
