/* The CSS of a style attribute, cleaned. Private to crawler/clean*.c. */
#ifndef EARSHOT_CRAWLER_CLEAN_STYLE_H
#define EARSHOT_CRAWLER_CLEAN_STYLE_H

#include "common/base/buf.h"

/* Appends the declarations that are listed and harmless, "color: red; width: 2em;", or nothing. */
void clean_style(struct buf *out, struct str style);

#endif
