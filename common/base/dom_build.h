/* Makes a struct dom from the events of a tree builder: open, attribute, text, close. Keeps the caps (LIMIT_HTML_NODES,
 * LIMIT_HTML_DEPTH, LIMIT_XML_ATTRIBUTES), joins neighbouring text, copies every string into the arena. Never fails: what is
 * beyond a cap is left out and dom->cut says so. */
#ifndef EARSHOT_BASE_DOM_BUILD_H
#define EARSHOT_BASE_DOM_BUILD_H

#include "common/base/dom.h"

#define DOM_BUILD_NAMES 256 /* a power of two */

/* A name as it stays in the arena. */
struct dom_name {
	struct str name;
	enum dom_tag tag;
};

struct dom_build {
	struct arena *arena;
	struct dom *dom;
	uint32_t node_cap, attribute_cap;
	uint32_t open; /* the innermost open element; its `end` is its last child until it is closed */
	uint32_t skipped; /* open elements beyond LIMIT_HTML_DEPTH */
	char *bytes; /* text and values are written here one behind the other */
	size_t used, cap;
	struct dom_name names[DOM_BUILD_NAMES]; /* what was asked last, each in the place of its hash */
};

/* `html` only tells how much room is likely to be needed. */
void dom_build_init(struct dom_build *b, struct arena *a, struct str html, struct dom *out);
/* A name in lower case, looked up; valid until the next look-up. */
const struct dom_name *dom_build_name(struct dom_build *b, struct str name);
void dom_build_open(struct dom_build *b, const struct dom_name *name);
void dom_build_attribute(struct dom_build *b, struct str name, struct str value); /* of the element opened last */
void dom_build_text(struct dom_build *b, struct str text);
void dom_build_close(struct dom_build *b);
void dom_build_end(struct dom_build *b); /* closes what is open */
/* Is a cap of nodes met? The builder may stop then. */
bool dom_build_is_full(const struct dom_build *b);

#endif
