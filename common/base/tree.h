/* The plain text of HTML fragments. Pages are read by common/base/dom.h, XML by common/base/xml.h. */
#ifndef EARSHOT_BASE_TREE_H
#define EARSHOT_BASE_TREE_H

#include "common/base/arena.h"
#include "common/base/buf.h"

/* Text of an HTML fragment for people: tags out, block elements break lines, script/style/noscript dropped, entities
 * decoded, white space folded. */
struct str tree_html_to_text(struct arena *a, struct str html);

#endif
