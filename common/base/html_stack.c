/* The open elements of a page while it is read. */
#include "common/base/html_stack.h"

#include <string.h>

#define VOID HTML_VOID
#define SPECIAL HTML_SPECIAL
#define SCOPE HTML_SCOPE
#define ENDS_P HTML_ENDS_P
#define BLOCK HTML_BLOCK
#define HEAD HTML_HEAD
#define RAW HTML_RAW
#define DECODED HTML_DECODED
#define INLINE HTML_INLINE
#define FOREIGN HTML_FOREIGN
#define LEAVES HTML_LEAVES
#define HOLDS HTML_HOLDS

const uint16_t html_traits_of[TAG__N] = {
#define ELEMENT(tag, traits) [TAG_##tag] = (uint16_t)(traits),
#include "common/base/html_element.def"
#undef ELEMENT
};

void html_stack_init(struct html_stack *s, struct dom_build *b)
{
	*s = (struct html_stack){ .build = b };
}

struct str html_stack_lower(struct html_stack *s, struct str name)
{
	const size_t n = str_cut_utf8(name, sizeof(s->lower)).n;

	for (size_t i = 0; i < n; i++) {
		const char c = name.p[i];
		s->lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	return (struct str){ s->lower, n };
}

const struct dom_name *html_stack_name(struct html_stack *s, struct str name)
{
	return dom_build_name(s->build, html_stack_lower(s, name));
}

/* --- opening and closing ------------------------------------------------------------------------------------------- */

static bool holds_foreign(const struct html_level *outer, enum dom_tag tag)
{
	const unsigned traits = html_traits(tag);

	if (traits & HTML_FOREIGN)
		return true;
	return outer->is_foreign && !(traits & HTML_HOLDS) && tag != TAG_TITLE;
}

static void note_level(struct html_stack *s, enum dom_tag tag)
{
	const struct html_level *outer = &s->level[s->depth - 1];
	const unsigned traits = html_traits(tag);

	s->level[s->depth] = (struct html_level){
		.node = s->build->open,
		.special = traits & HTML_SPECIAL ? (uint16_t)s->depth : outer->special,
		.scope = traits & HTML_SCOPE ? (uint16_t)s->depth : outer->scope,
		.is_foreign = holds_foreign(outer, tag),
	};
}

void html_stack_open(struct html_stack *s, const struct dom_name *name)
{
	const enum dom_tag tag = name->tag;

	if (s->depth == LIMIT_HTML_DEPTH)
		html_stack_close(s);
	dom_build_open(s->build, name);
	s->depth++;
	s->deepest = s->depth > s->deepest ? s->depth : s->deepest;
	s->tag[s->depth] = (uint8_t)tag;
	s->nopen[tag]++;
	note_level(s, tag);
}

void html_stack_open_named(struct html_stack *s, struct str name)
{
	html_stack_open(s, dom_build_name(s->build, name));
}

static void close_one(struct html_stack *s)
{
	dom_build_close(s->build);
	s->nopen[s->tag[s->depth]]--;
	s->depth--;
}

void html_stack_close_to(struct html_stack *s, uint32_t depth)
{
	while (s->depth > depth)
		close_one(s);
	while (s->depth > 0 && s->level[s->depth].ends_late)
		close_one(s);
}

void html_stack_close(struct html_stack *s)
{
	html_stack_close_to(s, s->depth > 0 ? s->depth - 1 : 0);
}

void html_stack_end_late(struct html_stack *s, uint32_t at)
{
	s->level[at].ends_late = true;
}

/* --- asking -------------------------------------------------------------------------------------------------------- */

#define SAME_NAMES 16 /* of unknown elements: further out is not looked, nothing real is nested so deep */

bool html_stack_is_foreign(const struct html_stack *s)
{
	return s->level[s->depth].is_foreign;
}

bool html_stack_is_open(const struct html_stack *s, enum dom_tag tag)
{
	return s->nopen[tag] > 0;
}

/* The innermost of a tag at or outside of a place; 0 = none. */
static uint32_t find_from(const struct html_stack *s, enum dom_tag tag, uint32_t from)
{
	const uint8_t *found = s->nopen[tag] > 0 ? memrchr(s->tag + 1, (int)tag, from) : NULL;

	return found ? (uint32_t)(found - s->tag) : 0;
}

/* Where the search of a scope ends: the place of the innermost element that what it looks for must not stand outside of. */
static uint32_t border_of(const struct html_stack *s, enum html_scope scope)
{
	const uint32_t any = s->level[s->depth].scope;
	uint32_t own = 0;

	if (scope == HTML_SCOPE_TABLE)
		return find_from(s, TAG_TEMPLATE, s->depth);
	if (scope == HTML_SCOPE_BUTTON)
		own = find_from(s, TAG_BUTTON, s->depth);
	if (scope == HTML_SCOPE_LIST) {
		const uint32_t ul = find_from(s, TAG_UL, s->depth), ol = find_from(s, TAG_OL, s->depth);
		own = ul > ol ? ul : ol;
	}
	return own > any ? own : any;
}

uint32_t html_stack_find(const struct html_stack *s, enum dom_tag tag, enum html_scope scope)
{
	uint32_t at = find_from(s, tag, s->depth);

	while (at > 0 && s->level[at].ends_late)
		at = find_from(s, tag, at - 1);
	return at >= border_of(s, scope) ? at : 0;
}

uint32_t html_stack_find_name(const struct html_stack *s, const struct dom_name *name)
{
	uint32_t at = find_from(s, name->tag, s->depth);

	if (name->tag != TAG_OTHER)
		return at;
	for (int looked = 0; at > 0 && looked < SAME_NAMES; looked++) {
		if (str_eq(s->build->dom->node[s->level[at].node].name, name->name))
			return at;
		at = find_from(s, TAG_OTHER, at - 1);
	}
	return 0;
}

uint32_t html_stack_find_table(const struct html_stack *s)
{
	return html_stack_find(s, TAG_TABLE, HTML_SCOPE_TABLE);
}

bool html_stack_has_blocks(const struct html_stack *s, uint32_t at)
{
	return s->level[s->depth].special > at;
}
