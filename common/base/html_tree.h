/* The quick builder of struct dom: HTML5's tree construction as far as it goes without moving nodes, so that a page is built in
 * one pass, front to back. Text, its order and the nesting of blocks, lists, tables and sections are HTML5's. Not done: the
 * reopening of formatting elements (<b><p></b>), which only matters for looks, and the moving of what stands in a table outside
 * of its cells: such a page is `exotic`, and HTML5's own tree is better taken from gumbo. */
#ifndef EARSHOT_BASE_HTML_TREE_H
#define EARSHOT_BASE_HTML_TREE_H

#include "common/base/dom_build.h"

/* `html`: UTF-8 without NUL. *exotic: why HTML5 would build another tree, a constant, NULL when it would not. */
void html_tree_read(struct dom_build *b, struct str html, const char **exotic);

#endif
