/* The open elements of a page while it is read, and what HTML5 means by one being "in scope". Places count from 1 (the root) to
 * `depth` (the innermost); 0 = none. */
#ifndef EARSHOT_BASE_HTML_STACK_H
#define EARSHOT_BASE_HTML_STACK_H

#include <earshot/limits.h>

#include "common/base/dom_build.h"
#include "common/base/html_token.h"

/* html_element.def explains them. */
enum html_trait {
	HTML_VOID = 1,
	HTML_SPECIAL = 2,
	HTML_SCOPE = 4,
	HTML_ENDS_P = 8,
	HTML_BLOCK = 16,
	HTML_HEAD = 32,
	HTML_RAW = 64,
	HTML_DECODED = 128,
	HTML_INLINE = 256,
	HTML_FOREIGN = 512,
	HTML_LEAVES = 1024,
	HTML_HOLDS = 2048,
};

/* Where the search for an open element ends. */
enum html_scope {
	HTML_SCOPE_ANY, /* at a HTML_SCOPE element */
	HTML_SCOPE_BUTTON, /* also at a button */
	HTML_SCOPE_LIST, /* also at a list */
	HTML_SCOPE_TABLE, /* at a table or template only */
};

/* An open element. What the searches want to know of those around it is noted when it opens, so that a deep page costs no more
 * than a flat one. */
struct html_level {
	uint32_t node; /* in dom->node */
	uint16_t special, scope; /* places of the innermost HTML_SPECIAL and HTML_SCOPE elements up to and with this one */
	bool is_foreign; /* what it holds is SVG or MathML */
	bool ends_late; /* its end tag came while blocks inside were open: it closes with them */
};

struct html_stack {
	struct dom_build *build;
	uint32_t depth, deepest;
	uint8_t tag[LIMIT_HTML_DEPTH + 2];
	struct html_level level[LIMIT_HTML_DEPTH + 2]; /* [0] is the document */
	uint32_t nopen[TAG__N];
	char lower[HTML_NAME_BYTES]; /* of html_stack_lower() */
};

extern const uint16_t html_traits_of[TAG__N];

static inline unsigned html_traits(enum dom_tag tag)
{
	return html_traits_of[tag];
}

static inline enum dom_tag html_stack_tag(const struct html_stack *s, uint32_t at)
{
	return (enum dom_tag)s->tag[at];
}

static inline enum dom_tag html_stack_top(const struct html_stack *s)
{
	return (enum dom_tag)s->tag[s->depth];
}

void html_stack_init(struct html_stack *s, struct dom_build *b);
/* A name in lower case, until the next call. */
struct str html_stack_lower(struct html_stack *s, struct str name);
/* A name as written, looked up. Until the next look-up, attributes' names included. */
const struct dom_name *html_stack_name(struct html_stack *s, struct str name);

/* Beyond LIMIT_HTML_DEPTH an element is opened and closed at once: what it holds hangs beside it. */
void html_stack_open(struct html_stack *s, const struct dom_name *name);
void html_stack_open_named(struct html_stack *s, struct str name);
void html_stack_close(struct html_stack *s); /* the innermost */
void html_stack_close_to(struct html_stack *s, uint32_t depth); /* until so many are open */
void html_stack_end_late(struct html_stack *s, uint32_t at);

bool html_stack_is_foreign(const struct html_stack *s); /* in SVG or MathML? */
bool html_stack_is_open(const struct html_stack *s, enum dom_tag tag); /* anywhere */
uint32_t html_stack_find(const struct html_stack *s, enum dom_tag tag, enum html_scope scope); /* place, 0 = none */
uint32_t html_stack_find_name(const struct html_stack *s, const struct dom_name *name); /* the innermost of any name */
uint32_t html_stack_find_table(const struct html_stack *s); /* the innermost table, unless a template stands between */
bool html_stack_has_blocks(const struct html_stack *s, uint32_t at); /* is anything special open inside of it? */

#endif
