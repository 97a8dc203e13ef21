/* libxml2 as a builder of struct dom. `html`: UTF-8 without NUL, at most LIMIT_HTML_BYTES, repaired (dom_repair.h). */
#ifndef EARSHOT_BASE_TREE_DOM_H
#define EARSHOT_BASE_TREE_DOM_H

#include "common/base/dom_build.h"

void tree_dom_html(struct dom_build *b, struct str html);

#endif
