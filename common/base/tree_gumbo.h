/* Gumbo as a builder of struct dom: exactly the tree that HTML5 asks for, at a third of libxml2's speed. */
#ifndef EARSHOT_BASE_TREE_GUMBO_H
#define EARSHOT_BASE_TREE_GUMBO_H

#include "common/base/dom_build.h"

/* false when the page would need more memory than is given to one: `b` is then as it was. `html`: UTF-8, at most
 * LIMIT_HTML_BYTES. */
bool tree_gumbo_html(struct dom_build *b, struct str html);

#endif
