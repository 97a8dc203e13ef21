/* HTML guarded before a tree builder sees it: one linear pass, memory bound by the input. */
#ifndef EARSHOT_BASE_TREE_CLEAN_H
#define EARSHOT_BASE_TREE_CLEAN_H

#include "common/base/buf.h"

/* Attributes beyond LIMIT_XML_ATTRIBUTES of a tag are left out, all else is copied. */
void tree_clean_html(struct buf *out, struct str utf8);

#endif
