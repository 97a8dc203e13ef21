/* Gumbo's tree as a struct dom. */
#include "common/base/tree_gumbo.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"

#include <gumbo.h>
#include <setjmp.h>
#include <string.h>

/* Gumbo neither caps its memory nor bears to be refused any, so that a refusal leaves it by longjmp(). Everything it takes comes
 * from one arena and dies with it: nothing is given back piece by piece. */
struct gumbo_memory {
	struct arena arena;
	jmp_buf refused;
};

static void *take(void *context, size_t size)
{
	struct gumbo_memory *m = context;

	if (size > LIMIT_HTML_TREE_BYTES || m->arena.used + size > LIMIT_HTML_TREE_BYTES)
		longjmp(m->refused, 1);
	return arena_raw(&m->arena, size);
}

static void give_back(void *context, void *p)
{
	(void)context;
	(void)p;
}

/* Impossible character references come out as impossible UTF-8. */
static struct str repaired(struct dom_build *b, const char *s)
{
	return utf8_repair(b->arena, str_of(s));
}

static bool has_children(const GumboNode *n)
{
	return n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static void open_unknown(struct dom_build *b, const GumboElement *element)
{
	GumboStringPiece tag = element->original_tag;
	char lowered[64];
	struct str name;

	gumbo_tag_from_original_text(&tag);
	name = str_cut_utf8((struct str){ tag.data, tag.length }, sizeof(lowered));
	for (size_t i = 0; i < name.n; i++)
		lowered[i] = lower(name.p[i]);
	dom_build_open(b, dom_build_name(b, (struct str){ lowered, name.n }));
}

static void open_element(struct dom_build *b, const GumboElement *element)
{
	if (element->tag == GUMBO_TAG_UNKNOWN)
		open_unknown(b, element);
	else
		dom_build_open(b, dom_build_name(b, str_of(gumbo_normalized_tagname(element->tag))));
	for (unsigned int i = 0; i < element->attributes.length; i++) {
		const GumboAttribute *attribute = element->attributes.data[i];
		dom_build_attribute(b, repaired(b, attribute->name), repaired(b, attribute->value));
	}
}

/* Enters a node; its children are to be walked when it has any. */
static void enter(struct dom_build *b, const GumboNode *n)
{
	if (has_children(n))
		open_element(b, &n->v.element);
	else if (n->type != GUMBO_NODE_COMMENT)
		dom_build_text(b, repaired(b, n->v.text.text));
}

static void walk(struct dom_build *b, const GumboNode *top)
{
	const GumboNode *n = top;

	while (!dom_build_is_full(b)) {
		enter(b, n);
		if (has_children(n) && n->v.element.children.length > 0) {
			n = n->v.element.children.data[0];
			continue;
		}
		for (;;) {
			if (has_children(n))
				dom_build_close(b);
			if (n == top)
				return;
			if (n->index_within_parent + 1 < n->parent->v.element.children.length)
				break;
			n = n->parent;
		}
		n = n->parent->v.element.children.data[n->index_within_parent + 1];
	}
}

bool tree_gumbo_html(struct dom_build *b, struct str html)
{
	struct gumbo_memory memory;
	GumboOptions options = kGumboDefaultOptions;
	const GumboOutput *output;

	arena_init(&memory.arena, 2 * (size_t)LIMIT_HTML_TREE_BYTES);
	if (setjmp(memory.refused) != 0) {
		arena_release(&memory.arena);
		return false;
	}
	options.allocator = take;
	options.deallocator = give_back;
	options.userdata = &memory;
	options.max_errors = 0;
	output = gumbo_parse_with_options(&options, html.p, html.n);
	walk(b, output->root);
	arena_release(&memory.arena);
	return true;
}
